//! Two sites that differ only in a hidden patient answer one who may not see it alike, byte for
//! byte, whatever is asked.
//!
//! What a site draws at random (new ids, sealed addresses) is compared by its length and by its
//! place of first appearance.

use super::{Got, client, send};
use crate::app::{NOON, TestApp, put};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use record::{Context, LabelMask, Role, SensitiveClass};
use serde_json::json;
use std::collections::HashMap;
use store::Transaction;

/// Requests of one run.
const REQUESTS_MAX: usize = 12;
/// Runs.
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

/// A request: method and path, a header, a body.
#[derive(Clone, Debug)]
struct Asked {
    line: String,
    header: Option<&'static str>,
    body: String,
}

fn path() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(vec![
        "Patient",
        "Observation",
        "Encounter",
        "DocumentReference",
        "Binary",
        "Provenance",
    ]);
    let id = prop::sample::select(vec![
        "vis", "vis-o", "veiled", "veiled-o", "veiled-e", "none", "stay-e", "stay-o", "stay-d",
        "stay-f", "stay-v",
    ]);
    (kind, id).prop_map(|(kind, id)| format!("/{kind}/{id}"))
}

fn search() -> impl Strategy<Value = String> {
    let kind =
        prop::sample::select(vec!["Patient", "Observation", "Encounter", "Binary", "Provenance"]);
    let part = prop::sample::select(vec![
        "name=twin",
        "family:exact=Twin",
        "given=vera",
        "given=v",
        "family:contains=win",
        "identifier=h",
        "identifier=urn:mrn|",
        "birthdate=1970",
        "birthdate=ge1960",
        "patient=veiled",
        "patient=vis,veiled",
        "subject=Patient/veiled",
        "encounter=veiled-e",
        "encounter=Encounter/stay-e",
        "identifier=urn:stays|7",
        "code=x",
        "code=urn:c|",
        "status=final,preliminary",
        "status:not=final",
        "date=2025",
        "_id=veiled,vis",
        "_id=stay-f,stay-v",
        "_lastUpdated=2026",
        "_count=1",
        "_count=0",
        "_total=accurate",
        "_sort=_lastUpdated",
        "_sort=-date",
        "_sort=birthdate",
        "_sort=-_id",
        "_include=Observation:subject",
        "_include=Observation:performer",
        "nonsense=veiled",
    ]);
    (kind, prop::collection::vec(part, 0..4))
        .prop_map(|(kind, parts)| format!("/{kind}?{}", parts.join("&")))
}

fn body() -> impl Strategy<Value = String> {
    let patient = prop::sample::select(vec!["vis", "veiled", "none"]);
    let id = prop::sample::select(vec!["vis", "vis-o", "veiled", "veiled-o", "none", "stay-o"]);
    let encounter =
        prop::sample::select(vec!["", "", "Encounter/stay-e", "Encounter?identifier=urn:stays|7"]);
    let parts = (patient, id.clone(), "[a-c]", encounter);
    let observation = parts.prop_map(|(patient, id, code, encounter)| {
        let mut entry = json!({"resourceType": "Observation", "id": id, "status": "preliminary",
            "code": {"coding": [{"code": code}]},
            "subject": {"reference": format!("Patient/{patient}")}});
        if !encounter.is_empty() {
            entry["encounter"] = json!({"reference": encounter});
        }
        entry.to_string()
    });
    let person = (id, "[hvn]").prop_map(|(id, number)| {
        json!({"resourceType": "Patient", "id": id, "name": [{"family": "Twin"}],
            "identifier": [{"system": "urn:mrn", "value": number}]})
        .to_string()
    });
    let about = prop::sample::select(vec![
        "Observation/vis-o",
        "Observation/stay-o",
        "DocumentReference/stay-d",
        "Binary/stay-f",
        "Observation/none",
    ]);
    let said = (any::<bool>(), about).prop_map(|(names_patient, about)| {
        let mut targets = vec![json!({"reference": about})];
        if names_patient {
            targets.push(json!({"reference": "Patient/vis"}));
        }
        json!({"resourceType": "Provenance", "id": "none", "target": targets,
            "recorded": "2026-01-01T00:00:00Z", "agent": [{"who": {"display": "Me"}}]})
        .to_string()
    });
    prop_oneof![3 => observation, 2 => person, 1 => said]
}

fn asked() -> impl Strategy<Value = Asked> {
    let plain = |line: String| Asked { line, header: None, body: String::new() };
    let condition = prop::sample::select(vec![
        None,
        Some("if-none-exist: identifier=h"),
        Some("if-none-exist: identifier=urn:mrn|v"),
        Some("if-none-exist: name=twin"),
        Some("prefer: handling=strict"),
    ]);
    let version =
        prop::sample::select(vec![None, Some("if-match: W/\"1\""), Some("if-match: W/\"2\"")]);
    let form = Some("content-type: application/x-www-form-urlencoded");
    prop_oneof![
        2 => path().prop_map(move |path| plain(format!("GET {path}"))),
        1 => path().prop_map(move |path| plain(format!("GET {path}/_history"))),
        1 => path().prop_map(move |path| plain(format!("GET {path}/_history/1"))),
        4 => search().prop_map(move |path| plain(format!("GET {path}"))),
        2 => search().prop_map(move |path| {
            let (kind, query) = path.split_once('?').expect("a search has a query");
            Asked { line: format!("POST {kind}/_search"), header: form, body: query.to_owned() }
        }),
        3 => (body(), condition).prop_map(|(body, header)| {
            let value: serde_json::Value = serde_json::from_str(&body).expect("it is JSON");
            let kind = value["resourceType"].as_str().expect("it has one").to_owned();
            Asked { line: format!("POST /{kind}"), header, body }
        }),
        3 => (body(), version.clone()).prop_map(|(body, header)| {
            let value: serde_json::Value = serde_json::from_str(&body).expect("it is JSON");
            let text = |name: &str| value[name].as_str().expect("it has one").to_owned();
            let line = format!("PUT /{}/{}", text("resourceType"), text("id"));
            Asked { line, header, body }
        }),
        2 => (path(), version).prop_map(|(path, header)| {
            Asked { line: format!("DELETE {path}"), header, body: String::new() }
        }),
    ]
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
    let bundle = got.json();
    let links = bundle["link"].as_array()?.clone();
    let next = links.iter().find(|link| link["relation"] == "next")?;
    Some(next["url"].as_str()?.trim_start_matches("http://example.org/fhir").to_owned())
}

async fn compare(requests: &[Asked]) -> Result<(), TestCaseError> {
    let sites = [site(false), site(true)];
    let mut names = [HashMap::new(), HashMap::new()];
    for asked in requests {
        let mut lines = [asked.line.clone(), asked.line.clone()];
        loop {
            let headers: Vec<&str> = asked.header.into_iter().collect();
            let mut answers = Vec::new();
            let mut next = Vec::new();
            for ((app, line), names) in sites.iter().zip(&lines).zip(&mut names) {
                let got = send(app, "plain", line, &headers, &asked.body).await;
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
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
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
