//! A legal hold through its page: put, seen in the banner, ended once.

use crate::app::TestApp;
use crate::markup::faults;
use record::Role;

const DESK: Option<Role> = Some(Role::PrivacyOfficer);

#[tokio::test]
async fn a_hold_is_put_seen_and_ended_once() {
    let app = TestApp::new();
    let path = format!("/chart/{}/holds", app.own.patient.0);
    let page = app.get(DESK, &path).await;
    assert!(page.text.contains("No hold was put on this chart"));
    let empty = app.post(DESK, &path, "reason=").await;
    assert_eq!(empty.status, 422);
    assert_eq!(faults(&empty.text), Vec::<String>::new());
    assert_eq!(app.post(DESK, &path, "reason=Notice+of+a+claim").await.status, 303);
    assert_eq!(app.trail(1)[0].action, "hold.put");
    let page = app.get(DESK, &path).await;
    assert_eq!(faults(&page.text), Vec::<String>::new());
    assert!(page.text.contains("Notice of a claim") && page.text.contains("Legal hold"));
    let at = page.text.find("/holds/").expect("a form that ends it") + 7;
    let id = &page.text[at..at + page.text[at..].find('/').unwrap()];
    let end = format!("{path}/{id}/end");
    assert_eq!(app.post(DESK, &end, "").await.status, 303);
    assert_eq!(app.post(DESK, &end, "").await.status, 409, "an end stands");
    assert!(app.get(DESK, &path).await.text.contains("ended"));
}
