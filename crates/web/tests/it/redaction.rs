//! Review, packet and second person through their pages.

use crate::app::TestApp;
use crate::markup::faults;
use record::Role;

const DESK: Option<Role> = Some(Role::ReleaseSpecialist);
const SECOND: Option<Role> = Some(Role::Supervisor);

async fn shown(app: &TestApp, path: &str) -> String {
    let answer = app.get(DESK, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    assert_eq!(faults(&answer.text), Vec::<String>::new(), "{path}");
    answer.text
}

/// The revision that a page's forms carry.
fn saves_count(page: &str) -> &str {
    let at = page.find("name=\"revision\" value=\"").expect("a form of the page") + 23;
    &page[at..at + page[at..].find('"').unwrap()]
}

#[tokio::test]
async fn a_request_is_reviewed_packed_checked_and_downloaded() {
    let app = TestApp::new();
    let request = format!("/release/{}", app.own.release.reviewed);
    let review = format!("{request}/review");
    let document = format!("{review}/{}", app.own.release.document);
    let list = shown(&app, &review).await;
    assert!(list.contains("aren't reviewed") && list.contains(&document), "{list}");
    let page = shown(&app, &document).await;
    assert!(page.contains("data-note") && page.contains("Knee"), "{page}");

    let odd = app.post(DESK, &format!("{document}/span"), "part=0&start=9&end=9").await;
    assert_eq!(odd.status, 422);
    assert_eq!(faults(&odd.text), Vec::<String>::new());
    let fields = "part=0&start=5&end=9&reason=confidence";
    let marked = app.post(DESK, &format!("{document}/span"), fields).await;
    assert_eq!(marked.status, 303, "{}", marked.text);
    let page = shown(&app, &marked.location).await;
    assert!(page.contains("Told in confidence") && page.contains("164.524(a)(2)(v)"), "{page}");
    let early = app.post(DESK, &format!("{review}/finish"), "").await;
    assert_eq!(early.status, 422);
    let done = app.post(DESK, &format!("{document}/reviewed"), "do=done").await;
    let line = format!("{review}/{}", app.own.release.line);
    assert_eq!((done.status.as_u16(), done.location.as_str()), (303, line.as_str()));
    let lines = format!("{request}/lines/11450-4");
    assert_eq!(app.get(DESK, &line).await.location, lines, "a line is seen with its section");
    let alone = shown(&app, &format!("{line}?part=0&page=1")).await;
    assert!(alone.contains("data-note") && alone.contains("Sprain of the knee"), "{alone}");
    let page = shown(&app, &lines).await;
    assert!(page.contains("All lines reviewed, next") && !page.contains("Let stand"), "{page}");
    let odd = app.post(DESK, &format!("{lines}/decide"), "do=withhold:x").await;
    assert_eq!(odd.status, 422);
    assert_eq!(faults(&odd.text), Vec::<String>::new());
    for (word, shows) in [("withhold", "Let stand"), ("stand", "Withhold")] {
        let fields = format!("do={word}:{}&reason=confidence", app.own.release.line);
        let decided = app.post(DESK, &format!("{lines}/decide"), &fields).await;
        assert_eq!((decided.status.as_u16(), decided.location.as_str()), (303, lines.as_str()));
        assert!(shown(&app, &lines).await.contains(shows));
    }
    assert!(shown(&app, &review).await.contains("Diagnoses and problems, 1 line"));
    let done = app.post(DESK, &format!("{lines}/reviewed"), "do=done").await;
    assert_eq!((done.status.as_u16(), done.location.as_str()), (303, review.as_str()));
    let finished = app.post(DESK, &format!("{review}/finish"), "").await;
    assert_eq!(finished.location, format!("{request}/packet"), "{}", finished.text);

    let packet = format!("{request}/packet");
    assert!(shown(&app, &packet).await.contains("There is no packet yet"));
    let made = app.post(DESK, &format!("{packet}/make"), "").await;
    assert_eq!(made.status, 303, "{}", made.text);
    let page = shown(&app, &packet).await;
    assert!(page.contains("Verified") && page.contains("A second person checks it"), "{page}");
    let count = format!("revision={}", saves_count(&page));
    let own = app.post(DESK, &format!("{packet}/approve"), &count).await;
    assert_eq!(own.status, 422, "who prepared it doesn't check it");
    let early = app.get(DESK, &format!("{packet}/file")).await;
    assert_eq!(early.status, 422);
    let image = app.get(SECOND, &format!("{packet}/page/2")).await;
    assert_eq!(image.status, 200);
    let checked = app.post(SECOND, &format!("{packet}/approve"), &count).await;
    assert_eq!(checked.status, 303, "{}", checked.text);
    let file = app.get(DESK, &format!("{packet}/file")).await;
    assert!(file.status == 200 && file.text.starts_with("%PDF-1.7"));
    assert_eq!(app.trail(1)[0].action, "release.packet.download");
    assert!(shown(&app, &packet).await.contains("Record the delivery"));
    assert!(shown(&app, &request).await.contains("Deliver"));
}

#[tokio::test]
async fn sections_of_a_chart_are_chosen_beside_documents() {
    let app = TestApp::new();
    let request = format!("/release/{}", app.own.release.request);
    let verify = "revision=2&identity=photo-id&authority=themselves";
    assert_eq!(app.post(DESK, &format!("{request}/verify"), verify).await.status, 303);
    let answers = "revision=3&answer-individual=yes&answer-directive=no";
    assert_eq!(app.post(DESK, &format!("{request}/answers"), answers).await.status, 303);
    let validated = app.post(DESK, &format!("{request}/act"), "revision=4&do=validate").await;
    assert_eq!(validated.status, 303, "{}", validated.text);
    let documents = format!("{request}/documents");
    let page = shown(&app, &documents).await;
    assert!(page.contains("Diagnoses and problems") && page.contains("All that may go (1)"));
    let opened = shown(&app, &format!("{documents}?lines=11450-4")).await;
    assert!(opened.contains("Sprain of the knee") && opened.contains("the lines ticked below"));
    let fields = "revision=5&section-11450-4=all&section-46240-8=all";
    let chosen = app.post(DESK, &documents, fields).await;
    assert_eq!(chosen.status, 303, "{}", chosen.text);
    let page = shown(&app, &request).await;
    assert!(page.contains("Encounters") && page.contains("goes out"), "{page}");
}
