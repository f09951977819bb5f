//! Each interaction and each of its errors.

use super::{client, get, send, site};
use crate::app::NOON;
use record::{Context, LabelMask, Role};
use serde_json::json;

const OBSERVATION: &str = r#"{"resourceType":"Observation","status":"preliminary",
    "subject":{"reference":"Patient/own"},"code":{"text":"weight"},
    "valueQuantity":{"value":70.10}}"#;

#[tokio::test]
async fn the_statement_of_capability_needs_no_token() {
    let app = site();
    let got = send(&app, "nobody", "GET /metadata", &[], "").await;
    assert_eq!(got.status, 200);
    let statement = got.json();
    assert_eq!(statement["fhirVersion"], "4.0.1");
    let resources = statement["rest"][0]["resource"].as_array().unwrap();
    let patient = resources.iter().find(|one| one["type"] == "Patient").unwrap();
    let names: Vec<&str> = patient["searchParam"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| parameter["name"].as_str().unwrap())
        .collect();
    for name in ["_id", "_lastUpdated", "birthdate", "family", "given", "identifier", "name"] {
        assert!(names.contains(&name), "{name}");
    }
}

#[tokio::test]
async fn a_resource_lives_through_its_versions() {
    let app = site();
    let made = send(&app, "plain", "POST /Observation", &[], OBSERVATION).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let location = format!("http://example.org/fhir/Observation/{id}/_history/1");
    assert_eq!(made.header("location"), location);
    assert_eq!(made.header("etag"), "W/\"1\"");
    assert_eq!(made.header("last-modified"), "Mon, 02 Mar 2026 12:00:00 GMT");

    let read = get(&app, "plain", &format!("/Observation/{id}")).await;
    assert_eq!((read.status.as_u16(), read.text.contains("70.10")), (200, true), "{}", read.text);
    assert_eq!(read.json()["meta"]["versionId"], "1");
    let known = ["if-none-match: W/\"1\""];
    let same = send(&app, "plain", &format!("GET /Observation/{id}"), &known, "").await;
    assert_eq!((same.status.as_u16(), same.text.as_str()), (304, ""));

    let put = format!("PUT /Observation/{id}");
    let mut next = made.json();
    next["valueQuantity"]["value"] = json!(71);
    let stale = send(&app, "plain", &put, &["if-match: W/\"7\""], &next.to_string()).await;
    assert_eq!((stale.status.as_u16(), stale.issue().as_str()), (412, "conflict"));
    let put_2 = send(&app, "plain", &put, &["if-match: W/\"1\""], &next.to_string()).await;
    assert_eq!((put_2.status.as_u16(), put_2.header("etag")), (200, "W/\"2\""));
    let again = send(&app, "plain", &put, &[], &next.to_string()).await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (200, "W/\"2\""), "nothing new");

    let first = get(&app, "plain", &format!("/Observation/{id}/_history/1")).await;
    assert!(first.text.contains("70.10"));
    let none = get(&app, "plain", &format!("/Observation/{id}/_history/9")).await;
    assert_eq!(none.status, 404);

    let gone = send(&app, "plain", &format!("DELETE /Observation/{id}"), &[], "").await;
    assert_eq!((gone.status.as_u16(), gone.text.as_str()), (204, ""));
    let read = get(&app, "plain", &format!("/Observation/{id}")).await;
    assert_eq!((read.status.as_u16(), read.issue().as_str()), (410, "deleted"));
    let history = get(&app, "plain", &format!("/Observation/{id}/_history")).await.json();
    let methods: Vec<&str> = history["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["request"]["method"].as_str().unwrap())
        .collect();
    assert_eq!((history["total"].as_i64(), methods), (Some(3), vec!["DELETE", "PUT", "POST"]));
    assert!(!get(&app, "plain", "/Observation?code=weight").await.ids().contains(&id));
    let back = send(&app, "plain", &put, &[], &next.to_string()).await;
    assert_eq!((back.status.as_u16(), back.header("etag")), (201, "W/\"4\""));
}

#[tokio::test]
async fn the_legal_record_is_never_removed() {
    let app = site();
    let body = OBSERVATION.replace("preliminary", "final");
    let id = send(&app, "plain", "POST /Observation", &[], &body).await.json()["id"].clone();
    let at = format!("/Observation/{}", id.as_str().unwrap());
    let deleted = send(&app, "plain", &format!("DELETE {at}"), &[], "").await;
    assert_eq!((deleted.status.as_u16(), deleted.header("etag")), (200, "W/\"2\""));
    let read = get(&app, "plain", &at).await.json();
    assert_eq!(read["status"], "entered-in-error");
    let again = send(&app, "plain", &format!("DELETE {at}"), &[], "").await;
    assert_eq!((again.status.as_u16(), again.issue().as_str()), (409, "conflict"));
    let chart = send(&app, "all", "DELETE /Patient/own", &[], "").await;
    assert_eq!(chart.status, 409, "the chart has entries");
}

#[tokio::test]
async fn requests_that_do_not_hold_are_told_why() {
    let app = site();
    let patient = r#"{"resourceType":"Patient"}"#;
    let deep =
        format!("{{\"resourceType\":\"Patient\",\"x\":{}{}}}", "[".repeat(300), "]".repeat(300));
    let other = r#"{"resourceType":"Patient","id":"other"}"#;
    let orphan = OBSERVATION.replace("Patient/own", "Patient/nobody");
    let hidden = OBSERVATION.replace("Patient/own", "Patient/hidden");
    let table: Vec<(&str, &[&str], &str, u16, &str)> = vec![
        ("GET /Patient/none", &[], "", 404, "not-found"),
        ("GET /Patient/hidden", &[], "", 404, "not-found"),
        ("GET /Patient/hidden/_history", &[], "", 404, "not-found"),
        ("GET /Patient/hidden/_history/1", &[], "", 404, "not-found"),
        ("GET /Planet/1", &[], "", 404, "not-supported"),
        ("GET /Patient?_count=x", &[], "", 400, "invalid"),
        ("GET /Patient?birthdate=yesterday", &[], "", 400, "invalid"),
        ("GET /Patient?name:soundex=a", &[], "", 400, "not-supported"),
        ("GET /Patient?nonsense=1", &["prefer: handling=strict"], "", 400, "not-supported"),
        ("GET /Patient?_page=abc", &[], "", 400, "invalid"),
        ("GET /Patient/own", &["accept: application/fhir+xml"], "", 406, "not-supported"),
        ("GET /Patient?_format=xml", &[], "", 406, "not-supported"),
        ("POST /Patient", &["content-type: text/plain"], patient, 415, "not-supported"),
        ("POST /Patient", &[], "{", 400, "structure"),
        ("POST /Patient", &[], &deep, 400, "structure"),
        ("POST /Patient", &[], r#"{"resourceType":"Basic"}"#, 400, "invalid"),
        ("POST /Patient", &[], r#"{"resourceType":"Planet"}"#, 400, "structure"),
        ("POST /Patient", &["if-none-exist: nonsense=1"], patient, 400, "not-supported"),
        ("POST /Observation", &[], &orphan, 422, "business-rule"),
        ("POST /Observation", &[], &hidden, 422, "business-rule"),
        ("PUT /Patient/own", &[], other, 400, "invalid"),
        ("PUT /Patient/other", &[], other, 405, "not-supported"),
        ("PUT /Patient/other", &["if-match: W/\"1\""], other, 412, "conflict"),
        ("PUT /Patient/other", &["if-match: x"], other, 400, "invalid"),
        ("DELETE /Patient/hidden", &[], "", 404, "not-found"),
        ("DELETE /Patient/own", &[], "", 405, "not-supported"),
        ("POST /Patient/_search", &["content-type: text/plain"], "", 415, "not-supported"),
    ];
    for (line, headers, body, status, issue) in table {
        let got = send(&app, "plain", line, headers, body).await;
        let answer = (got.status.as_u16(), got.issue());
        assert_eq!(answer, (status, issue.to_owned()), "{line}: {}", got.text);
        assert_eq!(got.header("content-type"), "application/fhir+json");
    }
    let large = "x".repeat((16 << 20) + 1);
    assert_eq!(send(&app, "plain", "POST /Patient", &[], &large).await.status, 413);
}

#[tokio::test]
async fn ids_may_be_chosen_by_those_from_whom_nothing_is_hidden() {
    let app = site();
    let body = r#"{"resourceType":"Patient","id":"chosen"}"#;
    let made = send(&app, "all", "PUT /Patient/chosen", &[], body).await;
    assert_eq!((made.status.as_u16(), made.header("etag")), (201, "W/\"1\""));
    assert_eq!(get(&app, "plain", "/Patient/chosen").await.status, 200);
}

#[tokio::test]
async fn a_conditional_create_makes_one() {
    let app = site();
    let body = r#"{"resourceType":"Patient","identifier":[{"system":"urn:x","value":"1"}]}"#;
    let once = ["if-none-exist: identifier=urn:x|1"];
    let first = send(&app, "plain", "POST /Patient", &once, body).await;
    let second = send(&app, "plain", "POST /Patient", &once, body).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 200));
    assert_eq!(first.json()["id"], second.json()["id"]);
    send(&app, "plain", "POST /Patient", &[], body).await;
    let third = send(&app, "plain", "POST /Patient", &once, body).await;
    assert_eq!((third.status.as_u16(), third.issue().as_str()), (412, "conflict"));
}

#[tokio::test]
async fn tokens_roles_and_scopes_are_asked() {
    let app = site();
    client(&app, "registers", Role::Registrar, "system/*.*", LabelMask::NONE);
    client(&app, "reads", Role::Technician, "system/Patient.read", LabelMask::NONE);
    client(&app, "keeps", Role::Administrator, "system/*.*", LabelMask::ALL);
    let patient = r#"{"resourceType":"Patient"}"#;
    let table = [
        ("nobody", "GET /Patient/own", "", 401),
        ("registers", "GET /Patient/own", "", 200),
        ("registers", "GET /Condition/own-c", "", 403),
        ("registers", "POST /Patient", patient, 201),
        ("reads", "GET /Patient/own", "", 200),
        ("reads", "GET /Condition/own-c", "", 403),
        ("reads", "POST /Patient", patient, 403),
        ("keeps", "GET /Patient/own", "", 403),
        ("plain", "GET /Condition/own-c", "", 200),
        ("plain", "GET /Condition/hidden-c", "", 404),
        ("all", "GET /Condition/hidden-c", "", 200),
    ];
    for (token, line, body, status) in table {
        let before = app.trail(1)[0].entry;
        let got = send(&app, token, line, &[], body).await;
        assert_eq!(got.status.as_u16(), status, "{token} {line}: {}", got.text);
        let entry = app.trail(1).remove(0);
        assert!(entry.entry > before, "{token} {line} left no audit entry");
        assert_eq!(entry.outcome == "refused", matches!(status, 401 | 403), "{token} {line}");
        assert!(!entry.target.contains("Roe") && !entry.detail.contains("Roe"));
    }
    let wrong = get(&app, "nobody", "/Patient/own").await;
    assert!(wrong.header("www-authenticate").contains("invalid_token"));
    let context = Context::system("test", NOON);
    let clients = app.store.look(&context, |view| view.client_list()).unwrap();
    let plain = clients.iter().find(|client| client.name == "plain").unwrap().id;
    app.store.write(&context, |t| t.client_end(plain)).unwrap();
    assert_eq!(get(&app, "plain", "/Patient/own").await.status, 401);
}

#[tokio::test]
async fn every_request_names_its_patients_in_the_trail() {
    let app = site();
    let own = app.own.patient;
    for path in ["/Patient/own", "/Condition/own-c", "/Patient?name=roe", "/Condition?patient=own"]
    {
        assert_eq!(get(&app, "plain", path).await.status, 200);
        let entry = app.trail(1).remove(0);
        assert_eq!(entry.patients, [own], "{path}");
        assert!(!entry.detail.contains("roe"), "{}", entry.detail);
    }
}
