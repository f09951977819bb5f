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
    assert!(list.contains("isn't reviewed") && list.contains(&document), "{list}");
    let page = shown(&app, &document).await;
    assert!(page.contains("data-note") && page.contains("Knee"), "{page}");

    let odd = app.post(DESK, &format!("{document}/span"), "part=0&start=9&end=9").await;
    assert_eq!(odd.status, 422);
    assert_eq!(faults(&odd.text), Vec::<String>::new());
    let fields = "part=0&start=0&end=4&reason=confidence";
    let marked = app.post(DESK, &format!("{document}/span"), fields).await;
    assert_eq!(marked.status, 303, "{}", marked.text);
    let page = shown(&app, &marked.location).await;
    assert!(page.contains("Told in confidence") && page.contains("164.524(a)(2)(v)"), "{page}");
    let early = app.post(DESK, &format!("{review}/finish"), "").await;
    assert_eq!(early.status, 422);
    let done = app.post(DESK, &format!("{document}/reviewed"), "do=done").await;
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
