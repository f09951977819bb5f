//! Two sites that differ only in a hidden patient answer one who may not see it alike, byte for
//! byte, whatever is asked.
//!
//! What a site draws at random (new ids, sealed addresses) is compared by its length and by its
//! place of first appearance.

mod requests;

use super::{Got, client, send};
use crate::app::{NOON, TestApp, put};
use axum::http::StatusCode;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use record::{Context, LabelMask, Role, SensitiveClass};
use requests::{Asked, asked};
use serde_json::json;
use std::collections::HashMap;
use store::Transaction;

/// Requests of one run.
const REQUESTS_MAX: usize = 16;
/// Runs; `PROPTEST_CASES` asks for others.
const CASES: u32 = 40;

/// A chart that everybody may see.
fn visible_chart(transaction: &mut Transaction<'_>) -> Result<(), store::Error> {
    let subject = json!({"reference": "Patient/vis"});
    let resources = [
        json!({"resourceType": "Patient", "id": "vis", "birthDate": "1970-01-01",
            "name": [{"family": "Twin", "given": ["Vi"]}],
            "identifier": [{"system": "urn:mrn", "value": "v"}]}),
        json!({"resourceType": "Observation", "id": "vis-o", "status": "preliminary",
            "subject": subject, "code": {"coding": [{"system": "urn:c", "code": "x"}]},
            "effectiveDateTime": "2025-01-01"}),
        json!({"resourceType": "Encounter", "id": "vis-e", "status": "finished",
            "subject": subject, "class": {"code": "AMB"},
            "identifier": [{"system": "urn:stays", "value": "1"}]}),
        json!({"resourceType": "DocumentReference", "id": "vis-d", "status": "current",
            "subject": subject,
            "content": [{"attachment": {"contentType": "text/plain", "data": "S25lZQ=="}}]}),
    ];
    resources.iter().try_for_each(|resource| put(transaction, resource).map(|_| ()))
}

/// The same kinds of entries, in a chart of a person in the public eye.
fn hidden_chart(transaction: &mut Transaction<'_>) -> Result<(), store::Error> {
    let subject = json!({"reference": "Patient/veiled"});
    let resources = [
        json!({"resourceType": "Patient", "id": "veiled", "birthDate": "1970-01-01",
            "name": [{"family": "Twin", "given": ["Vera"]}],
            "identifier": [{"system": "urn:mrn", "value": "h"}]}),
        json!({"resourceType": "Observation", "id": "veiled-o", "status": "final",
            "subject": subject, "code": {"coding": [{"system": "urn:c", "code": "x"}]},
            "performer": [{"reference": "Patient/vis"}], "effectiveDateTime": "2025-01-01"}),
        json!({"resourceType": "Encounter", "id": "veiled-e", "status": "finished",
            "subject": subject, "class": {"code": "IMP"}}),
        json!({"resourceType": "DocumentReference", "id": "veiled-d", "status": "current",
            "subject": subject,
            "content": [{"attachment": {"contentType": "text/plain", "url": "Binary/veiled-f"}}]}),
        json!({"resourceType": "Binary", "id": "veiled-f", "contentType": "text/plain",
            "data": "S25lZQ=="}),
    ];
    resources.iter().try_for_each(|resource| put(transaction, resource).map(|_| ()))?;
    let patient = transaction.patient_key("veiled")?.expect("it was just put");
    transaction.label_put(patient, None, SensitiveClass::Vip, "asked").map(|_| ())
}

/// A hidden encounter of the chart that everybody may see, with an entry and a document.
fn hidden_encounter(transaction: &mut Transaction<'_>) -> Result<(), store::Error> {
    let subject = json!({"reference": "Patient/vis"});
    let stay = json!({"reference": "Encounter/stay-e"});
    let resources = [
        json!({"resourceType": "Encounter", "id": "stay-e", "status": "finished",
            "subject": subject, "class": {"code": "AMB"},
            "identifier": [{"system": "urn:stays", "value": "7"}]}),
        json!({"resourceType": "Observation", "id": "stay-o", "status": "final",
            "subject": subject, "encounter": stay, "effectiveDateTime": "2025-01-01",
            "code": {"coding": [{"system": "urn:c", "code": "x"}]}}),
        json!({"resourceType": "DocumentReference", "id": "stay-d", "status": "current",
            "subject": subject, "context": {"encounter": [stay]},
            "content": [{"attachment": {"contentType": "text/plain", "url": "Binary/stay-f"}}]}),
        json!({"resourceType": "Binary", "id": "stay-f", "contentType": "text/plain",
            "data": "S25lZQ=="}),
        json!({"resourceType": "Provenance", "id": "stay-v", "recorded": "2026-01-01T00:00:00Z",
            "target": [{"reference": "Patient/vis"}, {"reference": "Encounter/stay-e"}],
            "agent": [{"who": {"display": "Somebody"}}]}),
    ];
    resources.iter().try_for_each(|resource| put(transaction, resource).map(|_| ()))?;
    let patient = transaction.patient_key("vis")?.expect("it was put before");
    let encounter = transaction.resource("Encounter", "stay-e")?.expect("it was just put");
    let on = Some(encounter.resource);
    transaction.label_put(patient, on, SensitiveClass::Vip, "asked").map(|_| ())
}

fn site(with_hidden: bool) -> TestApp {
    let app = TestApp::new();
    client(&app, "plain", Role::Technician, "system/*.*", LabelMask::NONE);
    let context = Context::system("test", NOON);
    if with_hidden {
        app.store.write(&context, hidden_chart).unwrap();
    }
    app.store.write(&context, visible_chart).unwrap();
    if with_hidden {
        app.store.write(&context, hidden_encounter).unwrap();
    }
    app
}

/// What a site answered, with what it drew at random put as numbers in the order of appearance.
fn plainly(got: &Got, names: &mut HashMap<String, usize>) -> String {
    let mut headers: Vec<String> = got
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or("?")))
        .collect();
    headers.sort();
    let whole = format!("{}\n{}\n\n{}", got.status, headers.join("\n"), got.text);
    let mut out = String::with_capacity(whole.len());
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut word = String::new();
    for letter in whole.chars().chain(['\n']) {
        if is_part(letter) {
            word.push(letter);
            continue;
        }
        let is_id = word.len() == 36 && word.matches('-').count() >= 4;
        if is_id || word.len() > 100 {
            let next = names.len();
            let number = *names.entry(word.clone()).or_insert(next);
            out.push_str(&format!("<{number} of {}>", word.len()));
        } else {
            out.push_str(&word);
        }
        word.clear();
        out.push(letter);
    }
    out
}

/// Follows the pages of a search on both sites.
fn next_of(got: &Got) -> Option<String> {
    let bundle: serde_json::Value = serde_json::from_str(&got.text).ok()?;
    let links = bundle["link"].as_array()?.clone();
    let next = links.iter().find(|link| link["relation"] == "next")?;
    Some(next["url"].as_str()?.trim_start_matches("http://example.org/fhir").to_owned())
}

/// What the client made in a run: the newest id of each kind.
#[derive(Default)]
struct Made(HashMap<String, String>);

impl Made {
    /// Notes what an answer says was made.
    fn note(&mut self, got: &Got) {
        if got.status == StatusCode::CREATED {
            let parts: Vec<&str> = got.header("location").rsplit('/').collect();
            if let [_, _, id, kind, ..] = parts[..] {
                self.0.insert(kind.to_owned(), id.to_owned());
            }
        }
    }

    /// A text with what was made in the place of `@Kind`.
    fn fill(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for (kind, id) in &self.0 {
            filled = filled.replace(&format!("@{kind}"), id);
        }
        filled
    }
}

async fn compare(requests: &[Asked]) -> Result<(), TestCaseError> {
    let sites = [site(false), site(true)];
    let mut names = [HashMap::new(), HashMap::new()];
    let mut made = [Made::default(), Made::default()];
    for asked in requests {
        let mut lines = [0, 1].map(|site: usize| made[site].fill(&asked.line));
        let bodies = [0, 1].map(|site: usize| made[site].fill(&asked.body));
        loop {
            let headers: Vec<&str> = asked.header.into_iter().collect();
            let mut answers = Vec::new();
            let mut next = Vec::new();
            for (site, names) in names.iter_mut().enumerate() {
                let got = send(&sites[site], "plain", &lines[site], &headers, &bodies[site]).await;
                made[site].note(&got);
                answers.push(plainly(&got, names));
                next.push(next_of(&got));
            }
            prop_assert_eq!(&answers[0], &answers[1], "{:?}", asked);
            match (next.remove(0), next.remove(0)) {
                (Some(one), Some(other)) => lines = [format!("GET {one}"), format!("GET {other}")],
                _ => break,
            }
        }
    }
    Ok(())
}

#[test]
fn a_hidden_patient_changes_no_byte() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let cases = match std::env::var("PROPTEST_CASES") {
        Ok(_) => Config::default().cases,
        Err(_) => CASES,
    };
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let requests = prop::collection::vec(asked(), 1..REQUESTS_MAX);
    TestRunner::new(config)
        .run(&requests, |requests| runtime.block_on(compare(&requests)))
        .unwrap();
}

/// The property is worth nothing where one who may see the patient got the same answers.
#[tokio::test]
async fn one_who_is_cleared_sees_the_difference() {
    let app = site(true);
    client(&app, "all", Role::Technician, "system/*.*", LabelMask::ALL);
    for path in [
        "/Encounter/stay-e",
        "/Observation?encounter=stay-e",
        "/DocumentReference/stay-d",
        "/Binary?_id=stay-f",
        "/Provenance/stay-v",
    ] {
        let line = format!("GET {path}");
        let plain = send(&app, "plain", &line, &[], "").await.text;
        let all = send(&app, "all", &line, &[], "").await.text;
        assert!(all.contains("\"id\":\"stay") && !plain.contains("\"id\":\"stay"), "{path}");
    }
    for path in ["/Patient/veiled", "/Observation?patient=veiled", "/Patient?identifier=h"] {
        let line = format!("GET {path}");
        let plain = send(&app, "plain", &line, &[], "").await.text;
        let all = send(&app, "all", &line, &[], "").await.text;
        assert!(all.contains("veiled") && !plain.contains("\"id\":\"veiled"), "{path}");
    }
}
