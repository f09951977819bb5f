//! What is asked over HTTP, from one connection and from many, and how the answers are told.

use super::clients::{Asked, Measured, Server, run};
use anyhow::Result;
use serde_json::json;
use std::time::Duration;

/// Connections of the measurement under load.
const CONNECTIONS: usize = 64;
/// Less of the machine's time than this unused: the processors are what limits.
const IDLE_MIN: f64 = 0.15;

/// FHIR id and family name of the patients by whom is measured.
pub type Patients = [(String, String)];

type Ask<'a> = Box<dyn Fn(usize, usize) -> Asked + Sync + 'a>;

/// Measures each kind of request.
pub fn measure(server: Server<'_>, lasting: Duration, patients: &Patients) -> Result<()> {
    println!("from one connection:");
    for (what, ask) in requests(patients) {
        let measured = run(server, 1, lasting / 2, &ask)?;
        println!(
            "{what:<26} p50 {} p99 {}  ({} of the server's processors each)",
            shown(measured.p50),
            shown(measured.p99),
            shown(measured.server_time()),
        );
    }
    println!("from {CONNECTIONS} connections:");
    for (what, ask) in requests(patients) {
        tell(what, &run(server, CONNECTIONS, lasting, &ask)?);
    }
    Ok(())
}

fn requests(patients: &Patients) -> Vec<(&'static str, Ask<'_>)> {
    let any = move |client: usize, n: usize| &patients[(client * 7919 + n * 31) % patients.len()];
    let get = |path: String| Asked { method: "GET", path, body: String::new() };
    vec![
        ("read", Box::new(move |client, n| get(format!("/fhir/Patient/{}", any(client, n).0)))),
        (
            "search by name",
            Box::new(move |client, n| {
                let family = any(client, n).1.replace(' ', "%20");
                get(format!("/fhir/Patient?name={family}&_count=10"))
            }),
        ),
        (
            "search by patient",
            Box::new(move |client, n| {
                get(format!("/fhir/Observation?patient={}&_count=10", any(client, n).0))
            }),
        ),
        ("create", Box::new(move |client, n| pulse(&any(client, n).0, n))),
    ]
}

/// A new observation of a patient.
fn pulse(patient: &str, n: usize) -> Asked {
    let body = json!({
        "resourceType": "Observation", "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
        "subject": {"reference": format!("Patient/{patient}")},
        "effectiveDateTime": "2025-01-02T03:04:05Z",
        "valueQuantity": {"value": 60 + n % 40, "unit": "/min"},
    });
    Asked { method: "POST", path: "/fhir/Observation".into(), body: body.to_string() }
}

fn tell(what: &str, measured: &Measured) {
    println!(
        "{what:<26} {:.0} /s  p50 {} p99 {}  (processors: server {:.1}, clients {:.1}; {} of the \
         server's each; {})",
        measured.per_second,
        shown(measured.p50),
        shown(measured.p99),
        measured.server_cpu,
        measured.clients_cpu,
        shown(measured.server_time()),
        limit(measured),
    );
}

/// What kept it from being faster.
fn limit(measured: &Measured) -> &'static str {
    let all = std::thread::available_parallelism().map_or(1, usize::from) as f64;
    let own = (measured.server_cpu + measured.clients_cpu) / all;
    match measured.idle < IDLE_MIN {
        true if own < 1.0 - IDLE_MIN => "limited by the processors, which other programs use too",
        true => "limited by the processors",
        false => "limited by waiting for the disk",
    }
}

/// A time in milliseconds.
pub fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}
