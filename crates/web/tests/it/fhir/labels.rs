//! A label that a client sends with a patient stands on the whole chart at once.

use super::{get, send, site};
use crate::app::TestApp;
use axum::http::StatusCode;
use record::Role;
use serde_json::{Value, json};

fn patient(labelled: bool) -> Value {
    let mut patient = json!({"resourceType": "Patient", "id": "sent", "birthDate": "1961-07-09",
        "name": [{"family": "Zander", "given": ["Ada"]}],
        "identifier": [{"system": "urn:mrn", "value": "777"}]});
    if labelled {
        patient["meta"] = json!({"security": [
            {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "HIV"},
        ]});
    }
    patient
}

async fn put(app: &TestApp, resource: &Value) {
    let (kind, id) = (resource["resourceType"].as_str(), resource["id"].as_str());
    let line = format!("PUT /{}/{}", kind.unwrap(), id.unwrap());
    let got = send(app, "all", &line, &[], &resource.to_string()).await;
    assert!(got.status.is_success(), "{line}: {}", got.text);
}

fn entries() -> Vec<Value> {
    let subject = json!({"reference": "Patient/sent"});
    vec![
        json!({"resourceType": "Encounter", "id": "sent-e", "status": "finished",
            "subject": subject, "class": {"code": "IMP"}}),
        json!({"resourceType": "Observation", "id": "sent-o", "status": "final",
            "subject": subject, "code": {"coding": [{"system": "urn:c", "code": "x"}]},
            "encounter": {"reference": "Encounter/sent-e"}}),
        json!({"resourceType": "DocumentReference", "id": "sent-d", "status": "current",
            "subject": subject, "type": {"text": "Letter"},
            "content": [{"attachment": {"contentType": "text/plain", "data": "S25lZQ=="}}]}),
    ]
}

async fn assert_hidden(app: &TestApp, how: &str) {
    let reads = [
        "/Patient/sent",
        "/Observation/sent-o",
        "/Observation/sent-o/_history",
        "/Observation/sent-o/_history/1",
        "/DocumentReference/sent-d",
        "/Encounter/sent-e",
    ];
    for path in reads {
        assert_eq!(get(app, "plain", path).await.status, StatusCode::NOT_FOUND, "{how}: {path}");
        assert_eq!(get(app, "all", path).await.status, StatusCode::OK, "{how}: {path}");
    }
    let searches = [
        "/Patient?name=zander",
        "/Patient?identifier=777",
        "/Observation?patient=sent",
        "/Observation?encounter=sent-e",
        "/Observation?code=urn:c|x",
        "/Observation?_id=sent-o",
        "/DocumentReference?patient=Patient/sent",
        "/Encounter?patient=sent",
    ];
    for path in searches {
        assert!(get(app, "plain", path).await.ids().is_empty(), "{how}: {path}");
        assert_eq!(get(app, "all", path).await.ids().len(), 1, "{how}: {path}");
    }
    let system = record::Context::system("test", crate::app::NOON);
    let key = app.store.look(&system, |view| view.patient_key("sent")).unwrap().unwrap().0;
    let chart = format!("/chart/{key}");
    let technician = Some(Role::Technician);
    for path in ["", "/notes"] {
        let page = app.get(technician, &format!("{chart}{path}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{how}: the chart's page {path}");
    }
    let page = app.post(technician, &format!("{chart}/search"), "text=letter").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "{how}: the chart's search");
}

#[tokio::test]
async fn a_label_sent_with_the_patient_covers_what_came_before_and_after() {
    let created = site();
    put(&created, &patient(true)).await;
    for entry in entries() {
        put(&created, &entry).await;
    }
    assert_hidden(&created, "created with the label").await;

    let updated = site();
    put(&updated, &patient(false)).await;
    for entry in entries() {
        put(&updated, &entry).await;
    }
    assert_eq!(get(&updated, "plain", "/Observation?patient=sent").await.ids(), ["sent-o"]);
    put(&updated, &patient(true)).await;
    assert_hidden(&updated, "updated with the label").await;

    let last = site();
    for entry in entries() {
        put(&last, &entry).await;
    }
    put(&last, &patient(true)).await;
    assert_hidden(&last, "the patient after the entries").await;
    // A later version that doesn't say it doesn't lift it: a person ends a label.
    put(&last, &patient(false)).await;
    let sent = get(&last, "plain", "/Observation?patient=sent").await;
    assert!(sent.ids().is_empty(), "{}", sent.text);
}

#[tokio::test]
async fn a_name_for_a_hidden_patient_says_nothing() {
    let app = site();
    put(&app, &patient(true)).await;
    let named = |name: &str| {
        json!({"resourceType": "Observation", "status": "final", "code": {"text": "x"},
            "subject": {"reference": name}})
    };
    let mut told = Vec::new();
    for name in ["Patient?identifier=777", "Patient?identifier=none", "urn:uuid:none"] {
        let body = named(name).to_string();
        let got = send(&app, "plain", "POST /Observation", &[], &body).await;
        told.push((got.status, got.text));
    }
    assert_eq!(told[0].0, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    let body = named("Patient?identifier=777").to_string();
    let got = send(&app, "all", "POST /Observation", &[], &body).await;
    assert_eq!(got.status, StatusCode::CREATED);
    assert_eq!(get(&app, "all", "/Observation?patient=sent").await.ids().len(), 1);
    assert!(get(&app, "plain", "/Observation?patient=sent").await.ids().is_empty());
}

/// What is about an entry, and a file that an entry holds, are of its chart.
#[tokio::test]
async fn files_and_provenance_are_hidden_with_the_chart() {
    let file = |id: &str| {
        json!({"resourceType": "Binary", "id": id, "contentType": "text/plain",
        "data": "S25lZQ=="})
    };
    let held = json!({"resourceType": "DocumentReference", "id": "sent-h", "status": "current",
        "subject": {"reference": "Patient/sent"},
        "content": [{"attachment": {"contentType": "text/plain", "url": "Binary/sent-b"}}]});
    let mut kept = file("sent-k");
    kept["securityContext"] = json!({"reference": "DocumentReference/sent-h"});
    let about = json!({"resourceType": "Provenance", "id": "sent-v",
        "recorded": "2026-01-01T00:00:00Z", "target": [{"reference": "DocumentReference/sent-h"}],
        "agent": [{"who": {"display": "Somebody"}}]});
    let parts = [file("sent-b"), kept, about, held];
    for backwards in [false, true] {
        let app = site();
        put(&app, &patient(true)).await;
        put(&app, &file("open-b")).await;
        let mut parts: Vec<&Value> = parts.iter().collect();
        if backwards {
            parts.reverse();
        }
        for part in parts {
            put(&app, part).await;
        }
        for path in ["/Binary/sent-b", "/Binary/sent-k", "/Provenance/sent-v"] {
            let got = get(&app, "plain", path).await;
            assert_eq!(got.status, StatusCode::NOT_FOUND, "{path} {backwards}: {}", got.text);
            assert_eq!(get(&app, "all", path).await.status, StatusCode::OK, "{path}");
        }
        assert_eq!(get(&app, "plain", "/Binary?_count=9").await.ids(), ["open-b"]);
        assert!(get(&app, "plain", "/Provenance?_count=9").await.ids().is_empty());
        let system = record::Context::system("test", crate::app::NOON);
        let result = app.store.verify(&system).unwrap();
        assert!(result.is_whole(), "{:?}", result.breaks);
        // One who is not cleared makes files and says what is about them, but of what is seen.
        let said = |target: &str| {
            json!({"resourceType": "Provenance", "recorded": "2026-01-01T00:00:00Z",
                "target": [{"reference": target}], "agent": [{"who": {"display": "Me"}}]})
        };
        let post = async |body: Value| {
            let line = format!("POST /{}", body["resourceType"].as_str().unwrap());
            let got = send(&app, "plain", &line, &[], &body.to_string()).await;
            (got.status, got.text)
        };
        assert_eq!(post(file("any")).await.0, StatusCode::CREATED);
        assert_eq!(post(said("Binary/open-b")).await.0, StatusCode::CREATED);
        let refused = post(said("DocumentReference/sent-h")).await;
        assert_eq!(refused.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(post(said("DocumentReference/nowhere")).await, refused);
    }
}

/// A hidden document of a chart that everybody may see: its file and what is said of it are as if
/// they were not held.
#[tokio::test]
async fn files_and_provenance_of_a_hidden_document_answer_like_missing_ones() {
    let app = site();
    put(&app, &patient(false)).await;
    let mut stay = entries().remove(0);
    stay["meta"] = json!({"security": [
        {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "HIV"}]});
    let said = |id: &str, of: &str| {
        json!({"resourceType": "Provenance", "id": id, "recorded": "2026-01-01T00:00:00Z",
            "target": [{"reference": "Patient/sent"}, {"reference": of}],
            "agent": [{"who": {"display": "Somebody"}}]})
    };
    let parts = [
        json!({"resourceType": "Binary", "id": "held", "contentType": "text/plain",
            "data": "S25lZQ=="}),
        json!({"resourceType": "DocumentReference", "id": "sent-h", "status": "current",
            "subject": {"reference": "Patient/sent"},
            "context": {"encounter": [{"reference": "Encounter/sent-e"}]},
            "content": [{"attachment": {"contentType": "text/plain", "url": "Binary/held"}}]}),
        said("told", "DocumentReference/sent-h"),
        stay.clone(),
    ];
    for part in &parts {
        put(&app, part).await;
    }
    for (kind, id) in [("Binary", "held"), ("Provenance", "told")] {
        let none = "none";
        for (hidden, missing) in [
            (format!("/{kind}/{id}"), format!("/{kind}/{none}")),
            (format!("/{kind}/{id}/_history"), format!("/{kind}/{none}/_history")),
            (format!("/{kind}/{id}/_history/1"), format!("/{kind}/{none}/_history/1")),
            (format!("/{kind}?_id={id}"), format!("/{kind}?_id={none}")),
        ] {
            let (got, other) =
                (get(&app, "plain", &hidden).await, get(&app, "plain", &missing).await);
            assert_eq!(got.status, other.status, "{hidden}");
            assert_eq!(got.headers, other.headers, "{hidden}");
            // The address of a page is sealed: only its length can be compared.
            let plain = |text: &str| text.split("_page=").next().map(|text| text.replace(id, none));
            assert_eq!(plain(&got.text), plain(&other.text), "{hidden}");
            assert_eq!(got.text.len(), other.text.len(), "{hidden}");
            assert_eq!(get(&app, "all", &hidden).await.status, StatusCode::OK, "{hidden}");
        }
        assert!(get(&app, "plain", &format!("/{kind}?_count=9")).await.ids().is_empty());
        assert_eq!(get(&app, "all", &format!("/{kind}?_count=9")).await.ids(), [id]);
    }
    // Nor is it told by what one may say of it, also together with what is seen.
    let mut told = Vec::new();
    for of in ["DocumentReference/sent-h", "DocumentReference/none", "Binary/held", "Binary/none"] {
        let mut body = said("x", of);
        body.as_object_mut().unwrap().remove("id");
        let got = send(&app, "plain", "POST /Provenance", &[], &body.to_string()).await;
        told.push((got.status, got.text));
    }
    assert_eq!(told[0].0, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    stay.as_object_mut().unwrap().remove("meta");
    put(&app, &stay).await;
    for path in ["/Binary/held", "/Provenance/told"] {
        assert_eq!(get(&app, "plain", path).await.status, StatusCode::OK, "{path}");
    }
}
