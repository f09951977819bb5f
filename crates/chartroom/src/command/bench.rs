//! `chartroom bench`: how fast this machine is with a store of a given size.

use crate::bench::clients::{Asked, CONNECTIONS, Measured, run as ask};
use crate::bench::machine::{
    folder_bytes, memory_bytes, memory_bytes_of, percentile, process_time, sync_times,
};
use crate::site::{context, now};
use anyhow::{Context as _, Result};
use app::import::{Progress, Source};
use clap::Args;
use record::{Context, LabelMask, PatientKey, Private, Role};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Location, Store};
use synthetic::{Charts, Options};

/// Options of `chartroom bench`.
#[derive(Args)]
pub struct Arguments {
    /// Patients of the synthetic hospital.
    #[arg(long, default_value_t = 10_000)]
    patients: u64,
    /// Stop taking in at so many resources.
    #[arg(long)]
    resources: Option<u64>,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Folder for the store, on the disk to be measured; it is removed at the end.
    #[arg(long)]
    folder: Option<PathBuf>,
}

/// What a peer did on such a machine: Helios FHIR Server 0.2.7 on SQLite with 51,600 resources,
/// without a sync for each commit and without an audit trail.
const PEER: &[(&str, &str)] = &[
    ("import", "1,000 to 1,300 /s"),
    ("read", "12,000 to 15,000 /s"),
    ("create", "550 /s"),
    ("search", "190 to 930 /s at 8 to 40 ms"),
];

/// Patients taken in at once, as one file.
const PATIENTS_AT_ONCE: usize = 200;

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let parent = arguments.folder.clone().unwrap_or_else(std::env::temp_dir);
    let folder = parent.join(format!("chartroom-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("can't make {}", folder.display()))?;
    let result = measure(arguments, &folder);
    let _ = std::fs::remove_dir_all(&folder);
    result.map(|()| ExitCode::SUCCESS)
}

fn measure(arguments: &Arguments, folder: &Path) -> Result<()> {
    let (p50, p99) = sync_times(folder)?;
    println!("fdatasync of 4 KiB         p50 {} p99 {}", shown(p50), shown(p99));
    let data = folder.join("data");
    let location = Location::Directory(data.clone());
    let store = Store::create(&location, &folder.join("keys"), &context("bench"))?;
    let resources = fill(arguments, &store)?;
    println!("bytes per resource         {}", folder_bytes(&data) / resources.max(1));
    drop(store);
    println!("memory at rest             {} MB", memory_at_rest(folder)? >> 20);
    let store = Store::open(&location, &folder.join("keys"))?;
    let token = record::hash::hex(&store::keys::random::<24>()?);
    let hash = app::fhir::token_hash(&token);
    let scopes = "system/*.*";
    store.write(&context("bench"), |transaction| {
        transaction.client_create("bench", hash, Role::Technician, scopes, LabelMask::NONE)
    })?;
    let store = Arc::new(store);
    charts(&store, arguments.seconds)?;
    let names = patients(&store)?;
    let address = serve(&store)?;
    over_http(address, &token, Duration::from_secs(arguments.seconds), &names)?;
    println!("memory under load          {} MB", memory_bytes() >> 20);
    println!("\nA peer on such a machine (Helios FHIR Server 0.2.7, SQLite, no sync, no audit):");
    for (what, figure) in PEER {
        println!("{what:<26} {figure}");
    }
    Ok(())
}

/// Memory of a server that has just come up on the store, in bytes: another process, since this
/// one still holds what the filling left.
fn memory_at_rest(folder: &Path) -> Result<u64> {
    let mut server = Command::new(std::env::current_exe()?)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.join("data"))
        .arg("--keys")
        .arg(folder.join("keys"))
        .stdout(Stdio::piped())
        .spawn()?;
    let output = server.stdout.take().context("the output is piped")?;
    let up = BufReader::new(output).lines().next();
    let bytes = memory_bytes_of(&server.id().to_string());
    server.kill()?;
    server.wait()?;
    up.context("the server did not come up")??;
    Ok(bytes)
}

/// Takes synthetic charts in; returns how many resources there are.
fn fill(arguments: &Arguments, store: &Store) -> Result<u64> {
    let today = now().date_in(&jiff::tz::TimeZone::UTC);
    let options = Options { patients: arguments.patients, seed: 1, today };
    let mut charts = Charts::new(options);
    let mut pending = charts.site();
    let (mut resources, mut taking) = (0, Duration::ZERO);
    let cpu = process_time();
    let mut making = Duration::ZERO;
    loop {
        let began = process_time();
        let next: Vec<_> = charts.by_ref().take(PATIENTS_AT_ONCE).collect();
        let is_last = next.is_empty();
        pending.extend(next.into_iter().flat_map(|chart| chart.resources));
        let lines: Vec<String> = pending.drain(..).map(|resource| resource.to_string()).collect();
        let text = lines.join("\n").into_bytes();
        making += process_time() - began;
        let name = Private::new("charts.ndjson");
        let source = Source { name, read: Box::new(|| Ok(text.clone())) };
        let began = Instant::now();
        let summary = app::import::run(store, &context("bench"), &[source], &Silent)?;
        taking += began.elapsed();
        resources += summary.created;
        if is_last || arguments.resources.is_some_and(|most| resources >= most) {
            break;
        }
    }
    let processors = (process_time() - cpu - making).as_secs_f64() / taking.as_secs_f64();
    println!(
        "import                     {:.0} resources/s ({resources} in {:.1} s, {processors:.1} \
         processors)",
        resources as f64 / taking.as_secs_f64(),
        taking.as_secs_f64()
    );
    Ok(resources)
}

struct Silent;

impl Progress for Silent {
    fn bytes_done(&self, _: u64) {}
    fn finding(&self, _: &Private, _: usize, _: &str) {}
}

/// The patients by whom is measured: key, FHIR id, family name. Those whom a client without any
/// clearance may not see are left out.
fn patients(store: &Store) -> Result<Vec<(PatientKey, String, String)>> {
    let uncleared = Context { cleared: LabelMask::NONE, ..context("bench") };
    let rows = store.look(&uncleared, |view| {
        let every = store::find::TermKeys { keys: Vec::new(), prefix: Some("n:".into()) };
        view.patient_find(&[every], 5000)
    })?;
    let of_row = |row: store::find::PatientRow| {
        let family = row.name.reveal().split(',').next().unwrap_or_default().to_owned();
        (row.patient, row.fhir_id, family)
    };
    Ok(rows.into_iter().map(of_row).collect())
}

/// Opens charts one after another, as the workbench does, each audited.
fn charts(store: &Store, seconds: u64) -> Result<()> {
    let (patients, mut times) = (patients(store)?, Vec::new());
    let end = Instant::now() + Duration::from_secs(seconds);
    for (patient, _, _) in patients.iter().cycle() {
        let began = Instant::now();
        let context = Context::system("bench", now());
        app::chart::timeline(store, &context, *patient)?;
        times.push(began.elapsed());
        if Instant::now() > end {
            break;
        }
    }
    let (p50, p99) = (percentile(&mut times, 50), percentile(&mut times, 99));
    println!("chart open                 p50 {} p99 {}", shown(p50), shown(p99));
    Ok(())
}

fn serve(store: &Arc<Store>) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let site = web::Site {
        store: store.clone(),
        now: Arc::new(now),
        demonstration: false,
        secure: false,
        render_page: super::page::renderer()?,
    };
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(async move {
            let router = web::router(site).into_make_service();
            axum_server::from_tcp(listener)?.serve(router).await
        })
    });
    Ok(address)
}

fn over_http(
    address: SocketAddr,
    token: &str,
    lasting: Duration,
    patients: &[(PatientKey, String, String)],
) -> Result<()> {
    println!("from {CONNECTIONS} connections:");
    let any = |client: usize, n: usize| &patients[(client * 7919 + n * 31) % patients.len()];
    let get = |path: String| Asked { method: "GET", path, body: String::new() };
    let reads = ask(address, token, lasting, |client, n| {
        get(format!("/fhir/Patient/{}", any(client, n).1))
    })?;
    tell("read", &reads);
    let by_name = ask(address, token, lasting, |client, n| {
        get(format!("/fhir/Patient?name={}&_count=10", any(client, n).2.replace(' ', "%20")))
    })?;
    tell("search by name", &by_name);
    let by_patient = ask(address, token, lasting, |client, n| {
        get(format!("/fhir/Observation?patient={}&_count=10", any(client, n).1))
    })?;
    tell("search by patient", &by_patient);
    let creates = ask(address, token, lasting, |client, n| Asked {
        method: "POST",
        path: "/fhir/Observation".into(),
        body: json!({
            "resourceType": "Observation", "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
            "subject": {"reference": format!("Patient/{}", any(client, n).1)},
            "effectiveDateTime": "2025-01-02T03:04:05Z",
            "valueQuantity": {"value": 60 + n % 40, "unit": "/min"},
        })
        .to_string(),
    })?;
    tell("create", &creates);
    Ok(())
}

fn tell(what: &str, measured: &Measured) {
    println!(
        "{what:<26} {:.0} /s  p50 {} p99 {}  (processors: server {:.1}, clients {:.1})",
        measured.per_second,
        shown(measured.p50),
        shown(measured.p99),
        measured.server_cpu,
        measured.clients_cpu
    );
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}
