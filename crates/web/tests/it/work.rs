//! My work and the supervisor's side of it, over HTTP.

use crate::app::TestApp;
use axum::http::StatusCode;
use record::Role::{self, *};
use store::work::NewWork;

/// The coding item of the chart that everyone may open.
fn coding_item(app: &TestApp) -> i64 {
    let context = record::Context::system("test", crate::app::NOON);
    let found = app.store.look(&context, |view| view.work_about("code-encounter", app.own.coding));
    found.unwrap().unwrap().id
}

#[tokio::test]
async fn each_item_says_the_sum_behind_its_place() {
    let app = TestApp::new();
    let context = record::Context::system("test", crate::app::NOON);
    let wrote = app.store.write(&context, |transaction| {
        let id = transaction.work_open(&NewWork {
            kind: "deficiency-desk",
            subject: 77,
            patient: None,
            role: Role::Coder,
            due_at: Some(crate::app::NOON.plus_seconds(-40 * 86_400)),
            reason: "A summary is missing.",
        })?;
        transaction.work_weigh(id, true, Some(3_000_000))
    });
    wrote.unwrap();
    let page = app.get(Some(Coder), "/work").await;
    assert_eq!(page.status, StatusCode::OK);
    let stat = page.text.find("A summary is missing").expect("the item with a clinician waiting");
    let coding = page.text.find("Code the inpatient stay of").expect("the encounter to code");
    assert!(stat < coding, "150 points for a clinician who waits come first");
    assert!(page.text.contains("A treating clinician waits for it"));
    assert!(page.text.contains("<strong>+150</strong>"));
    assert!(page.text.contains("<strong>+30</strong>"), "30,000 dollars");
    let only = app.get(Some(Coder), "/work?kind=coding").await.text;
    assert!(only.contains("Code the inpatient stay of") && !only.contains("A summary is missing"));
}

#[tokio::test]
async fn a_supervisor_assigns_to_those_who_may_do_it() {
    let app = TestApp::new();
    let item = coding_item(&app);
    let person = |role: Role| app.person(role);
    let fields = format!("item={item}&person={}", person(Analyst));
    let refused = app.post(Some(Supervisor), "/work/assign", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("do not let them code encounters"), "{}", refused.text);
    let fields = format!("item={item}&person={}", person(Coder));
    assert_eq!(
        app.post(Some(Supervisor), "/work/assign", &fields).await.status,
        StatusCode::SEE_OTHER
    );
    let team =
        app.get(Some(Supervisor), &format!("/work/team?person={}", person(Coder))).await.text;
    assert!(team.contains("Code the inpatient stay of"), "listed by person");
    let back = format!("item={item}&person=0");
    assert_eq!(
        app.post(Some(Supervisor), "/work/assign", &back).await.status,
        StatusCode::SEE_OTHER
    );
    let team =
        app.get(Some(Supervisor), &format!("/work/team?person={}", person(Coder))).await.text;
    assert!(!team.contains("Code the inpatient stay of"));
    assert!(team.contains("withheld"), "the hidden chart's item is counted and told");
}

#[tokio::test]
async fn who_is_away_is_said_where_work_is_assigned() {
    let app = TestApp::new();
    let fields = format!("person={}&from=2026-03-02&until=2026-03-06", app.person(Coder));
    assert_eq!(
        app.post(Some(Supervisor), "/work/absences", &fields).await.status,
        StatusCode::SEE_OTHER
    );
    let team = app.get(Some(Supervisor), "/work/team").await.text;
    assert!(team.contains("(away today)"));
    let wrong = format!("person={}&from=2026-03-02&until=2026-02-01", app.person(Coder));
    let wrong = app.post(Some(Supervisor), "/work/absences", &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("must not lie before the first"));
}
