//! The release desk through its pages: from the letter to the choice of documents.

use crate::app::TestApp;
use crate::markup::faults;
use ::redaction::PagePixels;
use record::{Context, Private, Role};

const DESK: Option<Role> = Some(Role::ReleaseSpecialist);

async fn shown(app: &TestApp, path: &str) -> String {
    let answer = app.get(DESK, path).await;
    assert_eq!(answer.status, 200, "{path}");
    assert_eq!(faults(&answer.text), Vec::<String>::new(), "{path}");
    answer.text
}

/// The revision that a page's forms carry.
fn changes_shown(page: &str) -> i64 {
    let at = page.find("name=\"revision\" value=\"").expect("a form of the page") + 23;
    let rest = &page[at..];
    rest[..rest.find('"').unwrap()].parse().unwrap()
}

/// Posts a form of a request's page, with the revision that the page shows now.
async fn post(app: &TestApp, at: &str, to: &str, fields: &str) -> crate::app::Answered {
    let revision = changes_shown(&shown(app, at).await);
    app.post(DESK, &format!("{at}/{to}"), &format!("revision={revision}&{fields}")).await
}

#[tokio::test]
async fn a_patients_request_goes_from_the_letter_to_its_documents() {
    let app = TestApp::new();
    let letters = shown(&app, "/release/letters").await;
    assert!(letters.contains("a.txt"));
    let letter = shown(&app, &format!("/release/letters/{}", app.document)).await;
    assert!(letter.contains("A letter about knees."));
    let form = shown(&app, &format!("/release/new?document={}", app.document)).await;
    assert!(form.contains("A letter about knees."), "read beside the form");
    let lacking = app.post(DESK, "/release/new", "kind=individual&received=2026-03-09").await;
    assert_eq!(lacking.status, 422);
    assert!(lacking.text.contains("lies in the future") && lacking.text.contains("error-summary"));
    let fields = format!(
        "kind=individual&name=Jane+Roe&address=1+Main+St&channel=mail&received=2026-03-01\
         &asked_for=The+letter+about+my+knee&document={}",
        app.document
    );
    let logged = app.post(DESK, "/release/new", &fields).await;
    assert_eq!(logged.status, 303, "{}", logged.text);
    let at = logged.location;
    assert!(!shown(&app, "/release/letters").await.contains("a.txt"), "it left the queue");

    let page = shown(&app, &at).await;
    assert!(page.contains("No record is shown before the patient is identified"));
    assert!(page.contains("45 CFR 164.524(b)(2)") && page.contains("31 Mar 2026"));
    let early = app.get(DESK, &format!("{at}/documents")).await;
    assert_eq!(early.status, 422);
    let found = app.post(DESK, &format!("{at}/find"), "q=roe").await;
    assert!(found.text.contains("100001") && !found.text.contains("Quill"), "{}", found.text);
    let patient = app.own.patient.0;
    let identified = post(&app, &at, "identify", &format!("patient={patient}")).await;
    assert_eq!(identified.status, 303, "{}", identified.text);

    assert_eq!(post(&app, &at, "act", "do=validate").await.status, 422, "no basis yet");
    assert_eq!(post(&app, &at, "basis", "basis=access").await.status, 303);
    let form = post(&app, &at, "act", "do=hold&reason=form").await;
    assert!(form.text.contains("No signed form may be asked for"), "{}", form.text);
    let who = "identity=photo-id&authority=themselves";
    assert_eq!(post(&app, &at, "verify", who).await.status, 303);
    let answers = "answer-individual=yes&answer-directive=no";
    assert_eq!(post(&app, &at, "answers", answers).await.status, 303);
    let validated = post(&app, &at, "act", "do=validate").await;
    assert_eq!(validated.status, 303, "{}", validated.text);

    let choosing = shown(&app, &format!("{at}/documents")).await;
    assert!(choosing.contains("may go") && choosing.contains("does not apply here"));
    let revision = changes_shown(&choosing);
    let item = app.own.note;
    let fields = format!("revision={revision}&item={item}");
    let chosen = app.post(DESK, &format!("{at}/documents"), &fields).await;
    assert_eq!(chosen.status, 303, "{}", chosen.text);
    assert_eq!(post(&app, &at, "act", "do=start-review").await.status, 303);
    let early = post(&app, &at, "act", "do=deliver&how=mail&to=Jane+Roe").await;
    assert_eq!(early.status, 422, "nothing goes out before the second person's check");
    let page = shown(&app, &at).await;
    assert!(page.contains("goes out") && page.contains("Sensitive review"));
    assert!(shown(&app, "/release/list/preparing").await.contains("R-2026-"));
    let work = shown(&app, "/work").await;
    assert!(work.contains("Answer a request") && work.contains("decide on sensitive content"));
}

#[tokio::test]
async fn a_request_leads_to_the_scan_that_it_came_with() {
    let app = TestApp::new();
    let scan = PagePixels::new(40, 30, vec![230; 40 * 30 * 3]).unwrap().to_png();
    let context = Context::system("test", crate::app::NOON);
    let letter = app.store.write(&context, |t| {
        let blob = app.store.blob_stage(t, store::SITE_UNIT, &scan)?;
        t.document_create(blob, "image/png", &Private::new("scan.png"))
    });
    let letter = letter.unwrap().public_id;
    let fields = format!(
        "kind=attorney&name=Pat+Quimby&channel=mail&received=2026-03-01&asked_for=All+letters\
         &document={letter}"
    );
    let logged = app.post(DESK, "/release/new", &fields).await;
    assert_eq!(logged.status, 303, "{}", logged.text);
    let at = format!("/release/letters/{letter}");
    let link = format!("href=\"{at}\"");
    let request = shown(&app, &logged.location).await;
    assert!(request.contains(&link) && request.contains("Its letter"), "{request}");
    let opened = shown(&app, &at).await;
    assert!(opened.contains(&format!("href=\"{}\"", logged.location)), "and back");
    assert!(opened.contains(&format!("{at}/page/1")), "{opened}");
    assert_eq!(app.get(DESK, &format!("{at}/page/1")).await.status, 200);
    let again = app.post(DESK, "/release/new", &fields).await;
    assert_eq!(again.status, 409, "a letter belongs to one request");
    // It stays with its request when that is over.
    let back = post(&app, &logged.location, "act", "do=cancel&reason=Withdrawn").await;
    assert_eq!(back.status, 303, "{}", back.text);
    assert!(shown(&app, &logged.location).await.contains(&link));
    assert_eq!(app.get(DESK, &format!("{at}/page/1")).await.status, 200);
}

#[tokio::test]
async fn a_defective_authorization_is_held_and_its_letter_can_be_printed_and_sent() {
    let app = TestApp::new();
    let logged = app
        .post(
            DESK,
            "/release/new",
            "kind=attorney&name=Pat+Quimby&organization=Quimby+Law&address=2+Elm+St&channel=fax\
             &asked_for=All&received=2026-03-01&purpose=Lawsuit",
        )
        .await;
    let at = logged.location;
    let patient = app.own.patient.0;
    post(&app, &at, "identify", &format!("patient={patient}")).await;
    post(&app, &at, "basis", "basis=authorization").await;
    let who = "identity=directory&authority=named-in-form&document=Form+of+1+Mar+2026";
    post(&app, &at, "verify", who).await;
    let answers = "answer-description=yes&answer-expired=&day-expired=2026-02-01\
                   &answer-signature=no";
    assert_eq!(post(&app, &at, "answers", answers).await.status, 303);
    let refused = post(&app, &at, "act", "do=validate").await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("isn&#39;t satisfied") || refused.text.contains("isn't satisfied")
    );
    let held = post(&app, &at, "act", "do=hold&reason=missing").await;
    assert_eq!(held.status, 303, "{}", held.text);
    let page = shown(&app, &at).await;
    assert!(page.contains("On hold") && page.contains("What is missing from the request"));
    let href = page.find("/release/letter/").expect("a link to the letter");
    let letter = &page[href..href + page[href..].find('"').unwrap()];
    let text = shown(&app, letter).await;
    assert!(text.contains("2 Elm St") && text.contains("The authorization has expired"));
    assert!(text.contains("45 CFR 164.508(b)(2)(i)") && text.contains("Print"));
    let sent = app.post(DESK, &format!("{letter}/sent"), "").await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let list = shown(&app, "/release/list/on-hold").await;
    assert!(list.contains("Pat Quimby") && list.contains("31 Mar 2026"));
}

#[tokio::test]
async fn every_page_of_the_desk_is_sound() {
    let app = TestApp::new();
    let mine = &app.own.release;
    let (patient, note) = (app.own.patient.0, app.own.note);
    for at in [
        "/release".to_owned(),
        "/release/list/ended".to_owned(),
        format!("/release/{}", mine.request),
        format!("/release/{}/documents", mine.request),
        format!("/release/{}", mine.denied),
        format!("/release/letter/{}", mine.letter),
        format!("/release/accounting/{patient}"),
    ] {
        shown(&app, &at).await;
    }
    let denial = app.get(Some(Role::Provider), &format!("/release/{}/denial", mine.denied)).await;
    assert_eq!(faults(&denial.text), Vec::<String>::new());
    assert!(denial.text.contains("A threat was recorded"));
    let hidden = shown(&app, "/release").await;
    assert!(!hidden.contains("Quill"), "hidden is absent");
    let asked = format!("/release/asked/{}/give", mine.asked);
    let given = app.post(DESK, &asked, "").await;
    let letter = shown(&app, &given.location).await;
    assert!(letter.contains("County Health") && letter.contains("Reportable disease"));
    let refused = format!("revision=2&item={note}");
    let at = format!("/release/{}/documents", mine.request);
    let refused = app.post(DESK, &at, &refused).await;
    assert!(refused.text.contains("while the request is"), "{}", refused.text);
}
