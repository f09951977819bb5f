//! A document on its way: found whose, indexed, shown in the chart, taken back, set aside.

use crate::app::TestApp;
use record::Role::{Coder, Registrar, Technician};

const CLERK: Option<record::Role> = Some(Technician);

#[tokio::test]
async fn a_document_is_indexed_and_the_index_taken_back() {
    let app = TestApp::new();
    let page = format!("/documents/{}", app.document);
    let queue = app.get(CLERK, "/documents").await;
    assert!(queue.text.contains(&page) && queue.text.contains("a.txt"));
    let opened = app.get(CLERK, &page).await;
    assert!(opened.text.contains("A letter about knees."));

    let found = app.post(CLERK, &format!("{page}/patient"), "q=roe+100001").await;
    let chosen = format!("{page}?patient={}", app.own.patient.0);
    assert!(found.text.contains(&chosen), "{}", found.text);
    let form = app.get(CLERK, &chosen).await;
    assert!(form.text.contains("100001") && form.text.contains("Roe, Jane"));

    let fields = format!(
        "patient={}&loinc=18842-5&date=2026-02-01&encounter={}&then=next",
        app.own.patient.0, app.own.encounter
    );
    let unsure = app.post(CLERK, &format!("{page}/index"), &fields).await;
    assert_eq!(unsure.status, 422);
    assert!(unsure.text.contains("two identifiers"), "the guard against the wrong patient");
    let done = app.post(CLERK, &format!("{page}/index"), &format!("{fields}&same=yes")).await;
    assert_eq!(
        (done.status.as_u16(), done.location.starts_with("/documents?done=indexed")),
        (303, true)
    );
    let chart = app.get(Some(Coder), &format!("/chart/{}/documents", app.own.patient.0)).await;
    assert!(chart.text.contains("Discharge summary"));
    assert_eq!(app.get(Some(Coder), &page).await.status, 200, "readers see it in the chart");
    assert_eq!(app.get(Some(Registrar), &page).await.status, 403);
    let search = format!("/chart/{}/search", app.own.patient.0);
    let before = app.post(Some(Coder), &search, "words=knees").await;
    assert!(!before.text.contains("Discharge summary"), "its words are read later");
    let context = record::Context::system("background", crate::app::NOON);
    let reader: ::app::file_text::ReadText = std::sync::Arc::new(::app::file_text::read);
    while ::app::background::tick(&app.store, &context, &reader).unwrap() {}
    let found = app.post(Some(Coder), &search, "words=knees").await;
    assert!(found.text.contains("Discharge summary"), "{}", found.text);
    assert!(app.get(CLERK, "/documents").await.text.contains("No document waits"));

    assert_eq!(app.post(CLERK, &format!("{page}/unindex"), "").await.status, 303);
    assert!(app.get(CLERK, "/documents").await.text.contains(&page));
    let chart = app.get(Some(Coder), &format!("/chart/{}/documents", app.own.patient.0)).await;
    assert!(chart.text.contains("entered-in-error") || chart.text.contains("ntered in error"));

    assert_eq!(app.post(CLERK, &format!("{page}/aside"), "reason=blank").await.status, 303);
    let aside = app.get(CLERK, "/documents?state=set-aside").await;
    assert!(aside.text.contains("Blank page"));
    assert_eq!(app.post(CLERK, &format!("{page}/take-back"), "").await.status, 303);
    let context = record::Context::system("verify", crate::app::NOON);
    let verified = app.store.verify(&context).unwrap();
    assert!(verified.is_whole(), "{:?}", verified.breaks);
}

#[tokio::test]
async fn what_is_brought_twice_is_held_once() {
    let app = TestApp::new();
    let file = "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"b.txt\"\r\n\r\n\
                A letter about elbows.\r\n--x--\r\n";
    let first = app.post(CLERK, "/documents/new", file).await;
    assert!(first.text.contains("b.txt"));
    let second = app.post(CLERK, "/documents/new", file).await;
    assert!(second.text.contains("1 held before"), "{}", second.text);
}
