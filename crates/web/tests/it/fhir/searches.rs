//! Searches over a small set of resources: what is asked, what is found.

use super::{Got, get, send, site};
use crate::app::{NOON, TestApp, put};
use record::Context;
use serde_json::{Value, json};

fn resources() -> Vec<Value> {
    let patient = |id: &str, family: &str, given: &str, born: &str, mrn: &str| {
        json!({"resourceType": "Patient", "id": id, "birthDate": born, "gender": "female",
            "active": true, "name": [{"family": family, "given": [given]}],
            "identifier": [{"system": "urn:mrn", "value": mrn}]})
    };
    let observation = |id: &str, patient: &str, code: &str, status: &str, at: &str| {
        json!({"resourceType": "Observation", "id": id, "status": status,
            "subject": {"reference": format!("Patient/{patient}")},
            "encounter": {"reference": format!("Encounter/e-{patient}")},
            "performer": [{"reference": "Practitioner/dr"}],
            "category": [{"coding": [{"system": "urn:cat", "code": "vital-signs"}]}],
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "effectiveDateTime": at})
    };
    let encounter = |id: &str, patient: &str| {
        json!({"resourceType": "Encounter", "id": id, "status": "finished",
            "subject": {"reference": format!("Patient/{patient}")},
            "class": {"system": "urn:class", "code": "IMP"},
            "period": {"start": "2025-01-01T00:00:00Z", "end": "2025-01-05T00:00:00Z"}})
    };
    vec![
        patient("ann", "Müller-Vance", "Ann Lee", "1980-03-04", "77"),
        patient("ben", "Mulder", "Ben", "1980", "78"),
        patient("cyn", "de la Cruz", "Cynthia", "1991-12-31", "79"),
        json!({"resourceType": "Practitioner", "id": "dr", "name": [{"family": "Mulder"}]}),
        encounter("e-ann", "ann"),
        observation("o1", "ann", "8867-4", "final", "2025-01-02T10:00:00Z"),
        observation("o2", "ann", "8867-4", "preliminary", "2025-02-02"),
        observation("o3", "ben", "29463-7", "final", "2025-03"),
        json!({"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/ben"},
            "code": {"coding": [{"code": "bare"}]}, "onsetDateTime": "2024-06-01"}),
    ]
}

fn filled() -> TestApp {
    let app = site();
    let context = Context::system("test", NOON);
    app.store
        .write(&context, |t| {
            resources().iter().try_for_each(|resource| put(t, resource).map(|_| ()))
        })
        .unwrap();
    app
}

#[tokio::test]
async fn searches_find_what_they_ask_for() {
    let app = filled();
    let table = [
        ("/Patient?_id=ann,ben", "ann ben"),
        ("/Patient?_id=nobody", ""),
        ("/Patient?identifier=77", "ann"),
        ("/Patient?identifier=urn:mrn|77", "ann"),
        ("/Patient?identifier=urn:other|77", ""),
        ("/Patient?identifier=urn:mrn|", "ann ben cyn own"),
        ("/Patient?family=mul", "ann ben"),
        ("/Patient?family=MUL&given=ann", "ann"),
        ("/Patient?family=muller", "ann"),
        ("/Patient?family=vance", "ann"),
        ("/Patient?family=cruz", "cyn"),
        ("/Patient?family=de%20la", "cyn"),
        ("/Patient?family=ulder", ""),
        ("/Patient?family:contains=ulde", "ben"),
        ("/Patient?family:exact=Mulder", "ben"),
        ("/Patient?family:exact=mulder", ""),
        ("/Patient?given=lee", "ann"),
        ("/Patient?name=cyn,ben", "ben cyn"),
        ("/Patient?name=ann&name=mul", "ann"),
        ("/Patient?name=quill", ""),
        ("/Patient?birthdate=1980", "ann ben"),
        ("/Patient?birthdate=1980-03-04", "ann"),
        ("/Patient?birthdate=ge1991", "cyn"),
        ("/Patient?birthdate=lt1980-03-04", "ben own"),
        ("/Patient?birthdate=gt1979&birthdate=lt1990", "ann ben"),
        ("/Patient?gender=male", ""),
        ("/Patient?active=true", "ann ben cyn"),
        ("/Practitioner?name=mulder", "dr"),
        ("/Observation?patient=ann", "o1 o2"),
        ("/Observation?patient=Patient/ann,Patient/ben", "o1 o2 o3"),
        ("/Observation?subject=http://example.org/fhir/Patient/ben", "o3"),
        ("/Observation?subject:Patient=ben", "o3"),
        ("/Observation?patient=hidden", ""),
        ("/Observation?patient=nobody", ""),
        ("/Observation?encounter=Encounter/e-ann", "o1 o2"),
        ("/Observation?code=8867-4", "o1 o2"),
        ("/Observation?code=http://loinc.org|8867-4", "o1 o2"),
        ("/Observation?code=http://loinc.org|", "o1 o2 o3"),
        ("/Observation?code=|8867-4", ""),
        ("/Condition?code=|bare", "c1"),
        ("/Observation?code=8867-4&status=final", "o1"),
        ("/Observation?status=final,preliminary", "o1 o2 o3"),
        ("/Observation?status:not=final", "o2"),
        ("/Observation?category=vital-signs&patient=ben", "o3"),
        ("/Observation?date=2025-01", "o1"),
        ("/Observation?date=2025-03-01", ""),
        ("/Observation?date=ge2025-02", "o2 o3"),
        ("/Observation?date=gt2025-02-01&date=lt2025-03", "o2"),
        ("/Observation?date=le2025-02-02", "o1 o2"),
        ("/Observation?date=sa2025-02", "o3"),
        ("/Observation?date=eb2025-02", "o1"),
        ("/Observation?date=ne2025-03", "o1 o2"),
        ("/Observation?patient=ann&date=2025-02-02", "o2"),
        ("/Encounter?date=2025-01-03&patient=ann", ""),
        ("/Encounter?date=2025-01&patient=ann", "e-ann"),
        ("/Encounter?date=gt2025-01-03&patient=ann", "e-ann"),
        ("/Encounter?class=IMP&status=finished", "e-ann own-e"),
        ("/Condition?onset-date=2024-06", "c1"),
        ("/Observation?_lastUpdated=2026-03-02", "o1 o2 o3"),
        ("/Observation?_lastUpdated=gt2026-03-02", ""),
        ("/Observation?_lastUpdated=le2026-03-02T12:00:00Z", "o1 o2 o3"),
        ("/Patient?family=quill", ""),
        ("/Patient?identifier=100002", ""),
    ];
    let mut wrong = Vec::new();
    for (path, expected) in table {
        let got = get(&app, "plain", path).await;
        let found = got.ids().join(" ");
        if found != expected {
            wrong.push(format!("{path}: expected [{expected}], got [{found}] {}", got.status));
        }
        let (kind, query) = path[1..].split_once('?').unwrap();
        let form = ["content-type: application/x-www-form-urlencoded"];
        let line = format!("POST /{kind}/_search");
        let posted = send(&app, "plain", &line, &form, query).await;
        assert_eq!(posted.ids().join(" "), found, "{path} by POST");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let all = get(&app, "all", "/Patient?family=quill").await;
    assert_eq!(all.ids(), ["hidden"]);
}

fn order(got: &Got) -> Vec<String> {
    let bundle = got.json();
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    entries.iter().map(|entry| entry["resource"]["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn answers_are_sorted_counted_and_included() {
    let app = filled();
    let table = [
        ("/Observation?_sort=date", "o1 o2 o3"),
        ("/Observation?_sort=-date", "o3 o2 o1"),
        ("/Patient?_sort=birthdate", "own ben ann cyn"),
        ("/Patient?_sort=-birthdate", "cyn ann ben own"),
        ("/Patient?_sort=family", "ben ann own cyn"),
        ("/Patient?_sort=_id", "ann ben cyn own"),
        ("/Patient?_sort=-_id", "own cyn ben ann"),
        ("/Observation?_id=o1&_include=Observation:patient", "o1 ann"),
        ("/Observation?_id=o1&_include=Observation:performer", "o1 dr"),
        ("/Observation?_id=o1&_include=Observation:encounter:Encounter", "o1 e-ann"),
    ];
    for (path, expected) in table {
        assert_eq!(order(&get(&app, "plain", path).await).join(" "), expected, "{path}");
    }
    let totals = [
        ("/Observation?patient=ann", json!(2)),
        ("/Observation?patient=ann&_count=1", json!(2)),
        ("/Observation?status=final&_count=1", Value::Null),
        ("/Observation?status=final&_count=1&_total=accurate", json!(2)),
        ("/Observation?patient=ann&_total=none", Value::Null),
        ("/Observation?_summary=count", json!(3)),
        ("/Patient?_count=0", json!(4)),
    ];
    for (path, total) in totals {
        assert_eq!(get(&app, "plain", path).await.json()["total"], total, "{path}");
    }
    let warned = get(&app, "plain", "/Observation?patient=ann&value-quantity=1").await;
    assert!(warned.text.contains("value-quantity is no search parameter"));
    assert_eq!(warned.ids(), ["o1", "o2"]);
}

/// Whether all that an address asks stands under its seal, whose letters are drawn at random.
fn is_sealed(url: &str) -> bool {
    url.split_once('?')
        .is_some_and(|(_, query)| query.starts_with("_page=") && !query.contains('&'))
}

/// Every order, page by page, gives each match once, and shows no search value in an address.
#[tokio::test]
async fn pages_follow_each_other() {
    let app = filled();
    let table = [
        "/Patient?birthdate=ge1900",
        "/Patient?name=mul,cru,roe&_sort=birthdate",
        "/Patient?name=mul",
        "/Observation?_sort=date",
        "/Observation?_sort=-date",
        "/Observation?code=http://loinc.org|",
        "/Observation?patient=ann,ben",
        "/Condition?",
        "/Condition?_sort=onset-date",
        "/Patient?_sort=-_lastUpdated",
        "/Patient?_sort=_id",
    ];
    for path in table {
        let whole = order(&get(&app, "plain", path).await);
        assert!(whole.len() >= 2, "{path}");
        let mut pages = Vec::new();
        let mut next = format!("{path}&_count=1");
        while !next.is_empty() {
            let got = get(&app, "plain", &next).await;
            assert_eq!(got.status, 200, "{path}");
            pages.extend(order(&got));
            let bundle = got.json();
            let links = bundle["link"].as_array().unwrap();
            let link = links.iter().find(|link| link["relation"] == "next");
            let url = link.map_or("", |link| link["url"].as_str().unwrap());
            assert!(url.is_empty() || is_sealed(url), "next shows a value: {url}");
            if path.contains("name=") {
                assert!(is_sealed(links[0]["url"].as_str().unwrap()), "self shows a name");
            }
            next = url.trim_start_matches("http://example.org/fhir").to_owned();
            assert!(pages.len() <= whole.len(), "{path} does not end");
        }
        assert_eq!(pages, whole, "{path}");
    }
}

/// A page's address is of no use to another client, and shows nothing that came meanwhile.
#[tokio::test]
async fn a_page_belongs_to_its_client_and_its_moment() {
    let app = filled();
    let first =
        get(&app, "plain", "/Patient?birthdate=ge1900&_count=3&_total=accurate").await.json();
    let next = first["link"][1]["url"].as_str().unwrap();
    let next = next.trim_start_matches("http://example.org/fhir").to_owned();
    assert_eq!(get(&app, "all", &next).await.status, 400);
    let late = r#"{"resourceType":"Patient","birthDate":"2001-01-01"}"#;
    send(&app, "plain", "POST /Patient", &[], late).await;
    let second = get(&app, "plain", &next).await;
    assert_eq!(second.ids().len(), 1, "four were there");
    assert_eq!(second.json()["total"], 4);
}

#[tokio::test]
async fn searches_by_patient_follow_a_merge_and_its_end() {
    let app = filled();
    let context = Context::system("test", NOON);
    let found = async || {
        let mut found = Vec::new();
        for path in [
            "/Observation?patient=ann",
            "/Observation?subject=Patient/ben",
            "/Observation?code=8867-4&patient=ben",
            "/Encounter?patient=ben",
            "/Observation?patient=cyn",
        ] {
            found.push(get(&app, "plain", path).await.ids().join(" "));
        }
        found
    };
    let apart = ["o1 o2", "o3", "", "", ""];
    assert_eq!(found().await, apart);
    let link = app.store.write(&context, |t| {
        let key =
            |view: &mut store::View<'_>, id| view.patient_key(id)?.ok_or(store::Error::NotFound);
        let (ann, ben) = (key(t, "ann")?, key(t, "ben")?);
        t.patient_link_create(ann, ben, "One person.")
    });
    let together = ["o1 o2 o3", "o1 o2 o3", "o1 o2", "e-ann", ""];
    assert_eq!(found().await, together, "under either record");
    let late = json!({"resourceType": "Observation", "id": "o4", "status": "final",
        "subject": {"reference": "Patient/ann"}});
    app.store.write(&context, |t| put(t, &late).map(|_| ())).unwrap();
    let together = ["o1 o2 o3 o4", "o1 o2 o3 o4", "o1 o2", "e-ann", ""];
    assert_eq!(found().await, together, "what comes in under the retired record, too");
    app.store.write(&context, |t| t.patient_link_end(link.unwrap(), "Two people.")).unwrap();
    let apart = ["o1 o2 o4", "o3", "", "", ""];
    assert_eq!(found().await, apart);
}
