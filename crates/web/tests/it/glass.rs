//! A hidden chart: absent, opened by broken glass for a while, reviewed.

use crate::app::TestApp;
use record::Role::{PrivacyOfficer, Technician};

const CLERK: Option<record::Role> = Some(Technician);
const OFFICER: Option<record::Role> = Some(PrivacyOfficer);
const FITS: &str = "mrn=100002&birth_date=1961-07-09&kind=emergency&reason=unconscious+in+the+ED";

#[tokio::test]
async fn broken_glass_opens_one_chart_for_two_hours_and_is_reviewed() {
    let app = TestApp::new();
    let chart = format!("/chart/{}", app.hidden.patient.0);
    assert_eq!(app.get(CLERK, &chart).await.status, 404);
    assert!(app.post(CLERK, "/find", "q=quill").await.text.contains("Nobody was found"));

    let broken = app.post(CLERK, "/glass", FITS).await;
    assert_eq!((broken.status.as_u16(), broken.location.as_str()), (303, chart.as_str()));
    let opened = app.get(CLERK, &chart).await;
    assert!(opened.text.contains("Quill") && opened.text.contains("Glass broken"));
    assert_eq!(app.get(Some(record::Role::Coder), &chart).await.status, 404, "to one person only");

    let work = app.get(OFFICER, "/work").await;
    assert!(work.text.contains("Review broken glass"));
    let list = app.get(OFFICER, "/audit/glass").await;
    let at = list.text.find("/audit/glass/").unwrap();
    let review: String = list.text[at..].chars().take_while(|c| !"\"<".contains(*c)).collect();
    let page = app.get(OFFICER, &review).await;
    assert!(page.text.contains("unconscious in the ED") && page.text.contains("chart.open"));
    assert_eq!(app.post(OFFICER, &review, "outcome=inappropriate").await.status, 422);
    assert_eq!(app.post(OFFICER, &review, "outcome=appropriate&note=ok").await.status, 303);
    assert_eq!(app.post(OFFICER, &review, "outcome=inappropriate&note=no").await.status, 409);
    assert!(!app.get(OFFICER, "/work").await.text.contains("Review broken glass"));
}

#[tokio::test]
async fn glass_that_should_not_have_been_broken_closes_at_its_review() {
    let app = TestApp::new();
    let chart = format!("/chart/{}", app.hidden.patient.0);
    assert_eq!(app.post(CLERK, "/glass", FITS).await.status, 303);
    assert_eq!(app.get(CLERK, &chart).await.status, 200);
    let list = app.get(OFFICER, "/audit/glass").await;
    let at = list.text.find("/audit/glass/").unwrap();
    let review: String = list.text[at..].chars().take_while(|c| !"\"<".contains(*c)).collect();
    let judged = app.post(OFFICER, &review, "outcome=inappropriate&note=Not+a+patient+of+theirs");
    assert_eq!(judged.await.status, 303);
    assert_eq!(app.get(CLERK, &chart).await.status, 404, "at once, not after two hours");
}

#[tokio::test]
async fn broken_glass_closes_by_itself() {
    let app = TestApp::new();
    let chart = format!("/chart/{}", app.hidden.patient.0);
    app.post(CLERK, "/glass", FITS).await;
    for _ in 0..13 {
        app.wait_seconds(600);
        app.get(CLERK, "/account").await;
    }
    assert_eq!(app.get(CLERK, &chart).await.status, 404);
}

#[tokio::test]
async fn who_is_not_hidden_and_who_does_not_exist_get_the_same_words() {
    let app = TestApp::new();
    let other = FITS.replace("100002", "100001").replace("1961-07-09", "1957-03-04");
    let nobody = FITS.replace("1961-07-09", "1961-07-10");
    let sentence = "No hidden chart fits this record number";
    for fields in [&other, &nobody] {
        let answer = app.post(CLERK, "/glass", fields).await;
        assert!(answer.text.contains(sentence) && answer.status == 422);
    }
    for _ in 0..3 {
        app.post(CLERK, "/glass", &nobody).await;
    }
    let after = app.post(CLERK, "/glass", FITS).await;
    assert!(after.text.contains("Too many attempts"), "guessing numbers is no way in");
}

#[tokio::test]
async fn a_label_on_an_encounter_hides_all_that_belongs_to_it_and_leaves_the_chart_open() {
    let app = TestApp::new();
    let (patient, encounter) = (app.own.patient.0, app.own.encounter);
    let labels = format!("/chart/{patient}/labels");
    let entry = app.get(OFFICER, &format!("/entry/{encounter}")).await.text;
    let put = format!("{labels}?entry={encounter}");
    assert!(entry.contains(&put), "the page of the encounter leads to its labels");
    let page = app.get(OFFICER, &put).await.text;
    assert!(page.contains("that belongs to this encounter"), "{page}");
    let at = |part: &str| format!("/chart/{patient}/{part}");
    let condition = format!("/entry/{}", app.own.condition);
    let glass = format!("/chart/{patient}/glass");
    let before = app.get(CLERK, &at("diagnoses")).await.text;
    assert!(before.contains("Sprain of the knee") && before.contains(&glass));
    let fields = format!("entry={encounter}&class=vip&source=asked+by+the+patient");
    assert_eq!(app.post(OFFICER, &labels, &fields).await.status, 303);
    let trail = &app.trail(1)[0];
    assert_eq!(trail.action, "label.put");
    assert!(trail.detail.contains(&format!("encounter/{encounter}")), "{}", trail.detail);
    // Gone with the encounter: the entry, its work, its count. The chart and its letter stay.
    assert_eq!(app.get(CLERK, &condition).await.status, 404);
    assert_eq!(app.get(CLERK, &format!("/entry/{encounter}")).await.status, 404);
    assert!(!app.get(CLERK, &at("diagnoses")).await.text.contains("Sprain of the knee"));
    assert_eq!(app.get(CLERK, &format!("/entry/{}", app.own.note)).await.status, 200);
    let coder = app.get(Some(record::Role::Coder), "/work").await.text;
    assert!(!coder.contains("Code the inpatient stay of"));
    assert!(!app.get(OFFICER, &labels).await.text.contains("one encounter"), "nor is the label");
    // The glass of the open chart is offered whatever is hidden in it, and opens all of it.
    assert!(app.get(CLERK, &at("diagnoses")).await.text.contains(&glass), "a way from the chart");
    let refused = app.post(CLERK, &glass, "kind=emergency&reason=short").await;
    assert!(refused.status == 422 && refused.text.contains("value=\"emergency\" checked"));
    let why = "kind=continuity&reason=the+receiving+hospital+asks";
    let broken = app.post(CLERK, &glass, why).await;
    assert_eq!((broken.status.as_u16(), broken.location), (303, format!("/chart/{patient}")));
    let opened = app.get(CLERK, &at("diagnoses")).await.text;
    assert!(opened.contains("Sprain of the knee") && opened.contains("Glass broken"));
    assert!(!opened.contains(&glass), "it is open already");
    assert_eq!(app.get(CLERK, &condition).await.status, 200);
    let timeline = app.get(CLERK, &format!("/chart/{patient}")).await.text;
    assert!(timeline.contains(&format!("/entry/{encounter}\"")), "{timeline}");
    let coder = Some(record::Role::Coder);
    assert_eq!(app.get(coder, &condition).await.status, 404, "to one person only");
    assert!(app.get(OFFICER, "/work").await.text.contains("Review broken glass"));
    assert!(app.get(OFFICER, "/audit/glass").await.text.contains("Treatment that goes on"));
    app.wait_seconds(3 * 3600);
    assert_ne!(app.get(CLERK, &condition).await.status, 200, "it closes by itself");
}
