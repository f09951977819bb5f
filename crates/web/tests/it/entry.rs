//! Registration, encounters, entries, authentication and drafts, through the pages.

use crate::app::{Answered, TestApp};
use crate::markup::faults;
use axum::http::StatusCode;
use record::Role::{Provider, Registrar, Technician};

/// `/entry/12` and the like: the number at the end of where one is sent.
fn key(answer: &Answered) -> i64 {
    answer.location.rsplit('/').next().and_then(|key| key.parse().ok()).unwrap_or_else(|| {
        panic!("{} leads to {:?}: {}", answer.status, answer.location, answer.text)
    })
}

async fn page(app: &TestApp, role: record::Role, path: &str) -> String {
    let answer = app.get(Some(role), path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    assert_eq!(faults(&answer.text), Vec::<String>::new(), "{path}");
    answer.text
}

#[tokio::test]
async fn every_page_of_entry_holds_what_every_page_must() {
    let app = TestApp::new();
    let (own, note) = (app.own.patient.0, app.own.note);
    for kind in ["note", "diagnosis", "allergy", "medication", "immunization", "vital-signs"] {
        page(&app, Technician, &format!("/chart/{own}/new/{kind}")).await;
    }
    for act in ["correct", "error", "addendum", "late"] {
        page(&app, Technician, &format!("/entry/{note}/{act}")).await;
    }
    for event in ["transfer", "class", "discharge", "cancel"] {
        page(&app, Registrar, &format!("/encounter/{}/{event}", app.own.encounter)).await;
    }
    for path in ["", "/correct", "/admit"] {
        page(&app, Registrar, &format!("/patient/{own}{path}")).await;
    }
    page(&app, Registrar, "/register").await;
    page(&app, Technician, "/drafts").await;
    page(&app, Technician, &format!("/chart/{own}")).await;
    page(&app, Technician, &format!("/chart/{own}/diagnoses")).await;
    page(&app, Technician, &format!("/entry/{note}")).await;
    page(&app, Provider, "/authenticate").await;
}

const ROE: &str = "family=Roe&given=Jane&birth_date=1957-03-04&gender=female";

#[tokio::test]
async fn a_possible_duplicate_is_shown_before_anything_is_saved() {
    let app = TestApp::new();
    let shown = app.post(Some(Registrar), "/register", ROE).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown.text.contains("Nothing is saved yet") && shown.text.contains("100001"));
    assert_eq!(faults(&shown.text), Vec::<String>::new());
    let anyway = format!("{ROE}&anyway=twins");
    let saved = app.post(Some(Registrar), "/register", &anyway).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let work = page(&app, Registrar, "/work").await;
    assert!(work.contains("Judge a possible duplicate"));
    let other = "family=Zaleski&given=Otto&birth_date=1990-09-09&gender=male";
    let saved = app.post(Some(Registrar), "/register", other).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_hidden_chart_is_shown_as_far_as_the_decision_needs() {
    let app = TestApp::new();
    let quill = "family=Quill&given=Jane&birth_date=1961-07-09&gender=female";
    let shown = app.post(Some(Registrar), "/register", quill).await;
    assert!(shown.text.contains("This record is restricted"));
    assert!(!shown.text.contains("Use this one"));
    let entry = &app.trail(1)[0];
    assert_eq!(entry.action, "patient.duplicates");
}

#[tokio::test]
async fn a_stay_goes_from_admission_to_discharge() {
    let app = TestApp::new();
    let own = app.own.patient.0;
    let admit = |start: &str| {
        format!("class=IMP&start={start}&location=4+West&attending_name=Dr.+Ada+Nwosu")
    };
    let at = format!("/patient/{own}/admit");
    for (fields, words) in [
        (admit("2026-03-05+10:00"), "future"),
        (admit("2026-02-02+10:00"), "two beds"),
        (admit("2026-03-01"), "needs its time"),
    ] {
        let refused = app.post(Some(Registrar), &at, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(refused.text.contains(words), "{words}");
    }
    let admitted = app.post(Some(Registrar), &at, &admit("2026-03-01+08:00")).await;
    assert_eq!(admitted.status, StatusCode::SEE_OTHER, "{}", admitted.text);
    let shown = page(&app, Registrar, &format!("/patient/{own}")).await;
    let stay = shown.split("/encounter/").nth(1).and_then(|rest| rest.split('/').next()).unwrap();
    let discharge = format!("/encounter/{stay}/discharge");
    for (fields, status) in [
        ("shown_version=1&at=2026-02-28+10:00&disposition=01", 422),
        ("shown_version=1&at=2026-03-02+06:00&disposition=99", 422),
        ("shown_version=7&at=2026-03-02+06:00&disposition=01", 409),
        ("shown_version=1&at=2026-03-02+06:00&disposition=01", 303),
        ("shown_version=2&at=2026-03-02+06:30&disposition=01", 422),
    ] {
        let answer = app.post(Some(Registrar), &discharge, fields).await;
        assert_eq!(answer.status.as_u16(), status, "{fields}");
    }
}

#[tokio::test]
async fn a_diagnosis_is_entered_corrected_and_authenticated_and_keeps_its_history() {
    let app = TestApp::new();
    let (own, provider) = (app.own.patient.0, app.person(Provider));
    let form = format!("/chart/{own}/new/diagnosis");
    let fields =
        format!("words=Asthma&is_problem=yes&clinical_status=active&author=person:{provider}");
    let entry = key(&app.post(Some(Technician), &form, &fields).await);
    let shown = page(&app, Technician, &format!("/entry/{entry}")).await;
    assert!(shown.contains("Provider of the tests") && shown.contains("Technician of the tests"));
    let correct = format!("/entry/{entry}/correct");
    let changed = fields.replace("Asthma", "Bronchitis");
    let without = app.post(Some(Technician), &correct, &format!("{changed}&shown_version=1")).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    let with = format!("{changed}&shown_version=1&reason=misread");
    assert_eq!(key(&app.post(Some(Technician), &correct, &with).await), entry);
    let late = app.post(Some(Technician), &correct, &with).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let waiting = page(&app, Provider, "/authenticate").await;
    assert!(waiting.contains("Bronchitis"));
    let old = app.post(Some(Provider), &format!("/authenticate/{entry}/1"), "").await;
    assert_eq!(old.status, StatusCode::CONFLICT, "nobody signs what they have not read");
    let signed = app.post(Some(Provider), &format!("/authenticate/{entry}/2"), "").await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER);
    let shown = page(&app, Technician, &format!("/entry/{entry}")).await;
    assert!(shown.contains("Asthma") && shown.contains("misread") && shown.contains("Version 3"));
}

#[tokio::test]
async fn a_corrected_note_stays_readable() {
    let app = TestApp::new();
    let note = app.own.note;
    let fields = "loinc=11506-3&event_time=2026-03-01+10:00&text=The+left+knee&\
                  author_name=Dr.+Ada+Nwosu&shown_version=1&reason=wrong+side";
    let new = key(&app.post(Some(Technician), &format!("/entry/{note}/correct"), fields).await);
    assert_ne!(new, note);
    let shown = page(&app, Technician, &format!("/entry/{note}")).await;
    assert!(shown.contains("Knee") && shown.contains("superseded by its correction: wrong side"));
    let found = app
        .post(Some(Technician), &format!("/chart/{}/search", app.own.patient.0), "words=left+knee")
        .await;
    assert!(found.text.contains(&format!("/entry/{new}")));
}

#[tokio::test]
async fn drafts_are_found_again_and_two_versions_are_both_kept() {
    let app = TestApp::new();
    let own = app.own.patient.0;
    let at = format!("/drafts/{own}/diagnosis-{own}");
    let first = app.post(Some(Technician), &at, "words=Asth").await;
    assert_eq!(first.status, StatusCode::NO_CONTENT);
    app.wait_seconds(60);
    let form = page(&app, Technician, &format!("/chart/{own}/new/diagnosis")).await;
    assert!(form.contains("Asth") && form.contains("restored"));
    let other = app.post(Some(Technician), &at, "words=Gout").await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    let both = page(&app, Technician, &at).await;
    assert!(both.contains("Asth") && both.contains("Gout"));
    let chosen = app.post(Some(Technician), &format!("{at}/choose"), "choice=other").await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER);
    assert!(page(&app, Technician, &chosen.location).await.contains("Gout"));
    assert!(page(&app, Technician, "/drafts").await.contains("Diagnosis"));
    assert_eq!(app.post(None, &at, "words=x").await.status, StatusCode::UNAUTHORIZED);
}
