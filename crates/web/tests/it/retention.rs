//! Retention from the list to the certificate, through its pages: two persons, a hold, a chart
//! that changed, the card that is left, and a chart destroyed with everything of every desk.

use crate::app::{NOON, TestApp, put};
use crate::markup::faults;
use integrity::DestructionState;
use integrity::destruction::{Carried, Done, Holdings};
use record::Role::{self, *};
use record::{Actor, Context, Instant, PatientKey};
use serde_json::json;
use store::destruction::DestructionOrder;
use store::destruction_case::DestructionBody;

/// A destruction of a chart that stands so; made once.
pub fn case(app: &TestApp, patient: PatientKey, part: &str) -> i64 {
    let context = Context::system("test", NOON);
    let states: &[&str] = match part {
        "case" => &["proposed", "rejected", "stopped"],
        part => &[part],
    };
    let known = app.store.look(&context, |view| view.destruction_list(states, i64::MAX, 9));
    if let Some((known, _)) = known.unwrap().into_iter().find(|(c, _)| c.patient == patient) {
        return known.id;
    }
    if part == "case" {
        // A destroyed one can't be made beside one that is under way.
        case(app, patient, "destroyed");
    }
    let by = |role: Role| Actor::Person { id: app.person(role) };
    let carried = Carried {
        proposed_by: by(Technician),
        witness: by(PrivacyOfficer),
        by: by(Technician),
        at: NOON,
        method: "The key was forgotten.".to_owned(),
        done: Done::default(),
    };
    let state = match part {
        "destroyed" => DestructionState::Destroyed { carried, explained: None },
        "incomplete" => {
            DestructionState::Incomplete { carried, differences: vec!["A file.".to_owned()] }
        }
        _ => DestructionState::Proposed { by: by(Technician) },
    };
    let proposed = DestructionState::Proposed { by: by(Technician) };
    let listed = Holdings::default();
    let body = DestructionBody { state: proposed, listed, governing: Vec::new() };
    let made = app.store.write(&context, |t| {
        let id = t.destruction_create(patient, "2020-01-01", &body)?;
        if part != "case" {
            let mut row = t.destruction(id)?.unwrap();
            row.body.state = state;
            row.destroyed_at = Some(NOON);
            t.destruction_save(&row, "carried out")?;
        }
        Ok::<_, store::Error>(id)
    });
    made.unwrap()
}

/// A chart of an adult who was here last in 2001, with a file.
fn old(app: &TestApp) -> PatientKey {
    let context = Context::system("test", NOON);
    let subject = json!({"reference": "Patient/old"});
    let made = app.store.write(&context, |t| {
        put(
            t,
            &json!({"resourceType": "Patient", "id": "old", "birthDate": "1930-02-03",
            "name": [{"family": "Oldfield", "given": ["Ada"]}], "gender": "female"}),
        )?;
        put(
            t,
            &json!({"resourceType": "Encounter", "id": "old-e", "status": "finished",
            "class": {"code": "IMP"}, "subject": subject,
            "reasonCode": [{"text": "zebra fever"}],
            "period": {"start": "2001-03-04T10:00:00Z", "end": "2001-03-09T10:00:00Z"}}),
        )?;
        put(
            t,
            &json!({"resourceType": "Condition", "id": "old-c", "subject": subject,
            "encounter": {"reference": "Encounter/old-e"}, "code": {"text": "zebra fever"}}),
        )?;
        let key = t.patient_key("old")?.unwrap();
        let blob = app.store.blob_stage(t, store::SITE_UNIT, b"a scan of a letter")?;
        app.store.blob_move(t, blob, key)?;
        Ok::<_, store::Error>(key)
    });
    made.unwrap()
}

/// The first destruction of a chart that the list of a part opens.
async fn listed(app: &TestApp, part: &str) -> Option<String> {
    let page = app.get(Some(Supervisor), &format!("/retention/list/{part}")).await;
    assert_eq!(faults(&page.text), Vec::<String>::new());
    let at = page.text.find("href=\"/retention/")?;
    let links = page.text[at..].split("href=\"/retention/").skip(1);
    let ids = links.filter_map(|rest| rest.split('"').next());
    ids.map(str::to_owned).find(|id| id.parse::<i64>().is_ok())
}

async fn propose(app: &TestApp, patient: PatientKey) -> String {
    let fields = format!("patient={}", patient.0);
    let done = app.post(Some(Technician), "/retention/propose", &fields).await;
    assert_eq!((done.status.as_u16(), &done.location[..]), (303, "/retention?proposed=1"));
    format!("/retention/{}", listed(app, "proposed").await.unwrap())
}

fn is_whole(app: &TestApp) {
    let result = app.store.verify(&Context::system("test", NOON.plus_seconds(99))).unwrap();
    assert_eq!(result.breaks, Vec::<String>::new());
}

#[tokio::test]
async fn a_chart_is_destroyed_by_two_persons_and_its_card_stays() {
    let app = TestApp::new();
    let patient = old(&app);
    let page = app.get(Some(Technician), "/retention").await;
    assert_eq!(faults(&page.text), Vec::<String>::new());
    for words in ["Oldfield", "9 Mar 2006", "42 CFR 482.24(b)(1)", "3 entries, 3 versions"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert!(!page.text.contains("Roe"), "a chart of this year is kept");
    let fields = format!("patient={}", app.own.patient.0);
    let kept = app.post(Some(Technician), "/retention/propose", &fields).await;
    assert!(kept.status.is_client_error() && kept.text.contains("It must be kept until"));
    let case = propose(&app, patient).await;
    assert!(!app.get(Some(Technician), "/retention").await.text.contains("Oldfield"));
    for role in [Supervisor, PrivacyOfficer] {
        let work = app.get(Some(role), "/work").await;
        assert!(work.text.contains("Approve the destruction of a chart"), "{role}");
    }
    // The technician who proposed it may not approve; nor may anybody carry it out yet.
    let at = |word: &str| format!("{case}/{word}");
    let carry = "changes=0&paper=none&detail=";
    assert_eq!(app.post(Some(Technician), &at("approve"), "changes=0").await.status, 403);
    let early = app.post(Some(Technician), &at("carry-out"), carry).await;
    assert!(early.text.contains("Another person has to approve it first."), "{}", early.text);
    let approved = app.post(Some(Supervisor), &at("approve"), "changes=0").await;
    assert!(approved.location.ends_with("?done=yes"));
    assert!(app.get(Some(Technician), "/work").await.text.contains("Carry out the destruction"));
    assert!(!app.get(Some(PrivacyOfficer), "/work").await.text.contains("Approve the destruction"));
    let carry = "changes=1&paper=shredded&detail=Volume+1,+Shred+Ltd,+1+Mar+2026";
    let own = app.post(Some(Supervisor), &at("carry-out"), carry).await;
    assert!(own.text.contains("You are its witness."), "{}", own.text);
    let silent = "changes=1&paper=shredded&detail=";
    let silent = app.post(Some(Technician), &at("carry-out"), silent).await;
    assert_eq!(silent.status, 422);
    assert_eq!(faults(&silent.text), Vec::<String>::new());
    let done = app.post(Some(Technician), &at("carry-out"), carry).await;
    assert!(done.location.ends_with("?done=yes"), "{} {}", done.status, done.text);
    let page = app.get(Some(PrivacyOfficer), &case).await;
    assert_eq!(faults(&page.text), Vec::<String>::new());
    for words in ["What was destroyed is what was listed", "Volume 1, Shred Ltd", "Technician of"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let paper = app.get(Some(Supervisor), &at("certificate")).await;
    assert!(paper.status.is_success() && paper.text.starts_with("%PDF"));
    card_is_left(&app, patient).await;
    is_whole(&app);
}

async fn card_is_left(app: &TestApp, patient: PatientKey) {
    let found = app.post(Some(Registrar), "/find", "q=oldfield").await;
    assert!(found.text.contains("chart destroyed on 2 Mar 2026 under 42 CFR 482.24(b)(1)"));
    let chart = format!("/chart/{}", patient.0);
    for path in [chart.clone(), format!("{chart}/diagnoses"), format!("{chart}/everything")] {
        let card = app.get(Some(Technician), &path).await;
        assert_eq!(faults(&card.text), Vec::<String>::new());
        for words in ["Index card", "Chart destroyed on 2 Mar 2026", "Certificate"] {
            assert!(card.text.contains(words), "{path} {words}");
        }
        assert!(!card.text.contains("zebra"), "nothing of why is left");
    }
    let context = Context::system("test", NOON);
    let gone = app.store.look(&context, |view| view.resource("Condition", "old-c")).unwrap();
    assert_eq!(gone, None);
    // Who comes back has a chart again, which says that there was one before.
    let back = json!({"resourceType": "Condition", "id": "back", "code": {"text": "cough"},
        "subject": {"reference": "Patient/old"}});
    app.store.write(&context, |t| put(t, &back).map(|_| ())).unwrap();
    let again = app.get(Some(Technician), &chart).await;
    assert!(again.text.contains("The chart before was destroyed on 2 Mar 2026"));
    assert!(again.text.contains("cough"));
}

#[tokio::test]
async fn a_hold_or_a_change_in_between_stops_it() {
    let app = TestApp::new();
    let patient = old(&app);
    let case = propose(&app, patient).await;
    let hold = format!("/chart/{}/holds", patient.0);
    app.post(Some(PrivacyOfficer), &hold, "reason=A+claim").await;
    let stopped = app.post(Some(Supervisor), &format!("{case}/approve"), "changes=0").await;
    assert!(stopped.location.ends_with("?done=stopped"));
    assert!(app.get(Some(Supervisor), &case).await.text.contains("A legal hold stands: A claim"));
    let page = app.get(Some(Technician), "/retention").await;
    assert!(page.text.contains("Oldfield") && page.text.contains("A legal hold stands"));
    assert!(!page.text.contains("Propose the chosen"), "what is held can't be chosen");
    let context = Context::system("test", NOON);
    let end = |t: &mut store::Transaction<'_>| {
        let holds = t.hold_list(patient)?;
        t.hold_end(holds[0].id)
    };
    app.store.write(&context, end).unwrap();
    let case = propose(&app, patient).await;
    let approve = app.post(Some(PrivacyOfficer), &format!("{case}/approve"), "changes=0").await;
    assert!(approve.location.ends_with("?done=yes"));
    let late = json!({"resourceType": "Condition", "id": "late", "code": {"text": "cough"},
        "subject": {"reference": "Patient/old"}});
    app.store.write(&context, |t| put(t, &late).map(|_| ())).unwrap();
    let carry = "changes=1&paper=none&detail=";
    let stopped = app.post(Some(Technician), &format!("{case}/carry-out"), carry).await;
    assert!(stopped.location.ends_with("?done=stopped"), "{}", stopped.text);
    assert!(app.get(Some(Supervisor), &case).await.text.contains("The chart changed"));
    is_whole(&app);
}

#[tokio::test]
async fn a_chart_with_a_hidden_entry_is_withheld_and_counted() {
    let app = TestApp::new();
    let patient = old(&app);
    let context = Context::system("test", NOON);
    let label = |t: &mut store::Transaction<'_>| {
        let entry = t.resource("Condition", "old-c")?.unwrap().resource;
        t.label_put(patient, Some(entry), record::SensitiveClass::Vip, "asked").map(|_| ())
    };
    app.store.write(&context, label).unwrap();
    let page = app.get(Some(Technician), "/retention").await;
    assert!(!page.text.contains("Oldfield"));
    assert!(page.text.contains("1 more in this list hold what you may not see"));
    let fields = format!("patient={}", patient.0);
    assert_eq!(app.post(Some(Technician), "/retention/propose", &fields).await.status, 404);
}

#[tokio::test]
async fn a_chart_with_rows_of_every_desk_goes_whole_and_no_page_breaks() {
    let app = TestApp::new();
    let context = Context::system("test", NOON);
    let order = DestructionOrder { witness: "W", method: "key forgotten", statement: "schedule" };
    app.store.patient_destroy(&context, app.own.patient, &order).unwrap();
    is_whole(&app);
    for (role, path) in [
        (Supervisor, "/work"),
        (Coder, "/coding"),
        (Supervisor, "/release"),
        (Supervisor, "/release/list/all"),
        (Supervisor, "/completion"),
        (Technician, "/identity"),
        (Technician, "/integrity"),
        (Supervisor, "/reports?range=month&month=2026-02"),
        (Supervisor, "/reports/discharges?month=2026-02"),
    ] {
        let page = app.get(Some(role), path).await;
        assert!(page.status.as_u16() < 500, "{path}: {}", page.text);
    }
    app::integrity::recheck_due(&app.store, &Context::system("test", Instant(NOON.0 + 1))).unwrap();
    app::completion::find(&app.store, &context, None).unwrap();
    app::coding::find_work(&app.store, &context, None).unwrap();
    is_whole(&app);
}
