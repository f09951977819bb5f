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
            subject: app.own.deficiency,
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

#[tokio::test]
async fn all_that_somebody_has_goes_over_at_once() {
    let app = TestApp::new();
    let item = coding_item(&app);
    let person = |role: Role| app.person(role);
    let fields = format!("item={item}&person={}", person(Coder));
    app.post(Some(Supervisor), "/work/assign", &fields).await;
    let of_coder = format!("person%3D{}", person(Coder));
    let page = app.get(Some(Supervisor), &format!("/work/team?person={}", person(Coder))).await;
    assert!(page.text.contains("All of this filter, ticked or not"));
    let everybody = app.get(Some(Supervisor), "/work/team").await.text;
    assert!(!everybody.contains("All of this filter"), "never everybody's work at once");
    let refused = app.post(Some(Supervisor), "/work/assign", "all=yes&of=&person=0").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Who may not do it gets nothing, and the page says why.
    let fields = format!("all=yes&of={of_coder}&person={}", person(Analyst));
    let left = app.post(Some(Supervisor), "/work/assign", &fields).await;
    assert_eq!(left.status, StatusCode::OK);
    assert!(left.text.contains("0 assigned. 1 stay where they are"), "{}", left.text);
    assert!(left.text.contains("do not let them code encounters"));
    let fields = format!("all=yes&of={of_coder}&person=0");
    let done = app.post(Some(Supervisor), "/work/assign", &fields).await;
    assert_eq!((done.status, &done.location[..]), (StatusCode::SEE_OTHER, "/work/team?assigned=1"));
    let team = app.get(Some(Supervisor), &done.location).await.text;
    assert!(team.contains("1 item assigned."));
    let context = record::Context::system("test", crate::app::NOON);
    let work = app.store.look(&context, |view| view.work_item(item)).unwrap().unwrap();
    assert_eq!(work.assigned_to, None);
}

#[tokio::test]
async fn nobody_gets_work_on_an_encounter_that_is_hidden_from_them() {
    let app = TestApp::new();
    app.add_veiled_encounter();
    let context = record::Context::system("test", crate::app::NOON);
    let all = app.store.look(&context, |view| view.work_list_all(100)).unwrap();
    let of_encounter = |(work, _): &&(store::work::WorkItem, Option<_>)| {
        work.kind == "code-encounter"
            && work.patient == Some(app.own.patient)
            && work.subject != app.own.coding
    };
    let item = all.iter().find(of_encounter).expect("the hidden encounter waits for codes").0.id;
    let shown = |cleared| app.store.look(&context, |view| view.work_shown_to(item, cleared));
    assert!(!shown(record::LabelMask::NONE).unwrap());
    assert!(shown(record::LabelMask::ALL).unwrap());
    let coder = app.get(Some(Coder), "/work?kind=coding").await.text;
    assert_eq!(coder.matches("Code the inpatient stay of").count(), 1, "{coder}");
}

#[tokio::test]
async fn a_request_for_continuing_care_stands_before_others() {
    use ::app::release as desk;
    use ::release::lifecycle::Action;
    let app = TestApp::new();
    let context = record::Context::system("test", crate::app::NOON);
    let form = desk::LogForm {
        kind: Some(::release::requester::RequesterKind::Provider),
        name: "County clinic".into(),
        channel: Some(store::release::Channel::Fax),
        asked_for: "The discharge summary".into(),
        received: "2026-03-02".into(),
        ..desk::LogForm::default()
    };
    let id = desk::log(&app.store, &context, &form).unwrap();
    let weight = || {
        let found = app.store.look(&context, |view| view.work_about("release-request", id));
        found.unwrap().expect("it is open").is_stat
    };
    let patient = app.own.patient;
    desk::act(&app.store, &context, id, 0, Action::Identify { patient }).unwrap();
    assert!(!weight(), "nobody has said yet why it is asked for");
    let basis = ::release::Basis::Treatment;
    desk::act(&app.store, &context, id, 1, Action::ChooseBasis { basis }).unwrap();
    assert!(weight(), "a treating clinician waits");
    let page = app.get(Some(ReleaseSpecialist), "/work?kind=release").await.text;
    assert!(page.contains("A treating clinician waits for it"));
    let basis = ::release::Basis::Access;
    desk::act(&app.store, &context, id, 2, Action::ChooseBasis { basis }).unwrap();
    assert!(!weight(), "the patient's own request has its clock");
}
