//! Deficiencies from the discharge to verification, through the pages.

use crate::app::{Answered, NOON, TestApp, put};
use crate::markup::faults;
use ::app::completion::{HandForm, Part, delinquent_rows, find, list, mine, open_by_hand};
use integrity::NoticeLevel;
use record::Role::{self, *};
use record::{Context, Instant, ResourceKey};
use serde_json::json;
use store::deficiency::{DeficiencyFilter, DeficiencyRow};

const DAY_SECONDS: i64 = 86_400;

async fn page(app: &TestApp, role: Role, path: &str) -> String {
    let answer = app.get(Some(role), path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    assert_eq!(faults(&answer.text), Vec::<String>::new(), "{path}");
    answer.text
}

fn system() -> Context {
    Context::system("test", NOON)
}

/// The deficiencies of an encounter, closed ones too, as one who sees everything sees them.
fn rows(app: &TestApp, encounter: i64) -> Vec<DeficiencyRow> {
    let filter = DeficiencyFilter {
        encounter: Some(ResourceKey(encounter)),
        with_closed: true,
        ..DeficiencyFilter::default()
    };
    app.store.look(&system(), |view| view.deficiency_list(&filter, 100)).unwrap()
}

fn told(rows: &[DeficiencyRow]) -> Vec<String> {
    let line = |row: &DeficiencyRow| {
        format!("{} {} {}", row.document_name, row.kind.as_str(), row.state.as_str())
    };
    rows.iter().map(line).collect()
}

fn one<'r>(rows: &'r [DeficiencyRow], name: &str, kind: &str) -> &'r DeficiencyRow {
    rows.iter().find(|row| row.document_name == name && row.kind.as_str() == kind).unwrap()
}

/// Admits the patient to the provider of the tests and discharges them three days later.
async fn discharged(app: &TestApp) -> i64 {
    let (own, provider) = (app.own.patient.0, app.person(Provider));
    let admit =
        format!("class=IMP&start=2026-02-24+08:00&location=4+West&attending=person:{provider}");
    let answer = app.post(Some(Registrar), &format!("/patient/{own}/admit"), &admit).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let shown = page(app, Registrar, &format!("/patient/{own}")).await;
    let stay = shown.split("/encounter/").nth(1).and_then(|rest| rest.split('/').next()).unwrap();
    let stay: i64 = stay.parse().unwrap();
    let fields = "shown_version=1&at=2026-02-27+10:00&disposition=01";
    let answer = app.post(Some(Registrar), &format!("/encounter/{stay}/discharge"), fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    stay
}

fn wrote(row: &DeficiencyRow, loinc: &str) -> String {
    format!(
        "changes={}&how=write&loinc={loinc}&event_time=2026-02-27+10:00&text=Went+home+well.",
        row.changes
    )
}

#[tokio::test]
async fn a_discharge_without_a_summary_opens_what_is_wanting_and_it_is_completed() {
    let app = TestApp::new();
    let stay = discharged(&app).await;
    assert_eq!(
        told(&rows(&app, stay)),
        [
            "History and physical missing-document pending",
            "Discharge summary missing-document pending",
        ]
    );
    let mine = page(&app, Provider, "/completion/mine").await;
    assert!(mine.contains("Discharge summary") && mine.contains("Delinquent"));
    let work = page(&app, Provider, "/work").await;
    assert!(work.contains("Missing: Discharge summary"));
    assert!(!page(&app, Coder, "/work").await.contains("Missing: Discharge summary"));

    let all = rows(&app, stay);
    let summary = one(&all, "Discharge summary", "missing-document");
    let at = format!("/completion/{}", summary.id);
    let shown = page(&app, Provider, &at).await;
    assert!(shown.contains("due within 30 days of discharge"), "{shown}");
    assert!(shown.contains("42 CFR 482.24(c)(4)(vii)"));
    let consultation = wrote(summary, "11488-4");
    let wrong = app.post(Some(Provider), &format!("{at}/complete"), &consultation).await;
    assert_eq!(wrong.status, 422, "a consultation is no discharge summary");
    let empty = wrote(summary, "18842-5").replace("Went+home+well.", "");
    assert_eq!(app.post(Some(Provider), &format!("{at}/complete"), &empty).await.status, 422);
    let done =
        app.post(Some(Provider), &format!("{at}/complete"), &wrote(summary, "18842-5")).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(done.location.starts_with("/completion/") && done.location != at, "the next one");
    assert_eq!(rows(&app, stay)[1].state.as_str(), "completed");
    let chart = page(&app, Technician, &format!("/chart/{}/documents", app.own.patient.0)).await;
    assert!(chart.contains("Discharge summary") && chart.contains("authenticated"));

    let desk = page(&app, Technician, "/completion").await;
    assert!(desk.contains("Discharge summary"));
    let verify = format!("changes={}&do=verify", summary.changes + 1);
    let own = app.post(Some(Provider), &format!("{at}/act"), &verify).await;
    assert_eq!(own.status, 403, "nobody verifies what is theirs");
    let verified = app.post(Some(Technician), &format!("{at}/act"), &verify).await;
    assert_eq!(verified.status, 303, "{}", verified.text);
    assert_eq!(rows(&app, stay)[1].state.as_str(), "verified");
    let late = app.post(Some(Technician), &format!("{at}/act"), &verify).await;
    assert_eq!(late.status, 409);
    let history = page(&app, Technician, &at).await;
    assert!(history.contains("Provider of the tests") && history.contains("Verified, by"));
    assert!(!page(&app, Provider, "/work").await.contains("Missing: Discharge summary"));
}

#[tokio::test]
async fn a_transcribed_note_leaves_its_signature_wanting_until_it_is_given() {
    let app = TestApp::new();
    let stay = discharged(&app).await;
    let encounter = app.store.look(&system(), |v| v.resource_by_key(ResourceKey(stay))).unwrap();
    let fields = format!(
        "loinc=18842-5&event_time=2026-02-27+10:00&text=Home&author=person:{}&encounter=Encounter/{}",
        app.person(Provider),
        encounter.unwrap().fhir_id
    );
    let form = format!("/chart/{}/new/note", app.own.patient.0);
    let entered = app.post(Some(Technician), &form, &fields).await;
    assert_eq!(entered.status, 303, "{}", entered.text);
    let note: i64 = entered.location.rsplit('/').next().unwrap().parse().unwrap();
    let all = rows(&app, stay);
    assert_eq!(one(&all, "Discharge summary", "missing-document").state.as_str(), "verified");
    let signature = one(&all, "Discharge summary", "missing-signature");
    assert_eq!(signature.state.as_str(), "pending");
    let signed = app.post(Some(Provider), &format!("/authenticate/{note}/1"), "").await;
    assert_eq!(signed.status, 303, "{}", signed.text);
    let all = rows(&app, stay);
    let signature = one(&all, "Discharge summary", "missing-signature");
    assert_eq!(signature.state.as_str(), "completed", "by the provider's own act");
    // What the record showed and no longer shows is wanting again.
    let error = "shown_version=2&reason=wrong+patient";
    let marked = app.post(Some(Technician), &format!("/entry/{note}/error"), error).await;
    assert_eq!(marked.status, 303, "{}", marked.text);
    let all = rows(&app, stay);
    assert_eq!(one(&all, "Discharge summary", "missing-document").state.as_str(), "pending");
}

#[tokio::test]
async fn a_document_from_outside_is_signed_or_filed_and_an_import_closes_what_it_brings() {
    let app = TestApp::new();
    let stay = discharged(&app).await;
    let encounter = app.store.look(&system(), |v| v.resource_by_key(ResourceKey(stay))).unwrap();
    let encounter = format!("Encounter/{}", encounter.unwrap().fhir_id);
    let document = |id: &str, code: &str, status: &str, encounter: Option<&str>| {
        let mut out = json!({"resourceType": "DocumentReference", "id": id, "status": "current",
            "docStatus": status, "subject": {"reference": "Patient/own"},
            "type": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "date": "2026-02-27T12:00:00Z",
            "author": [{"display": "Provider of the tests"}],
            "content": [{"attachment": {"contentType": "text/plain", "data": "SG9tZQ=="}}]});
        if let Some(encounter) = encounter {
            out["context"] = json!({"encounter": [{"reference": encounter}]});
        }
        out
    };
    let later = Context::system("test", NOON.plus_seconds(60));
    app.wait_seconds(60);
    let hp = document("hp", "34117-2", "preliminary", Some(&encounter));
    let summary = document("ds", "18842-5", "final", None);
    app.store
        .write(&later, |t| {
            put(t, &hp)?;
            put(t, &summary)
        })
        .unwrap();
    let found = find(&app.store, &later, None).unwrap();
    assert_eq!((found.opened_count, found.met_count), (1, 1));
    let all = rows(&app, stay);
    assert_eq!(one(&all, "History and physical", "missing-document").state.as_str(), "verified");
    let signature = one(&all, "History and physical", "missing-signature");
    let at = format!("/completion/{}", signature.id);
    let version = "shown_version=9";
    let stale = format!("changes={}&how=sign&{version}", signature.changes);
    assert_eq!(app.post(Some(Provider), &format!("{at}/complete"), &stale).await.status, 409);
    let sign = stale.replace(version, "shown_version=1");
    let done = app.post(Some(Provider), &format!("{at}/complete"), &sign).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(
        one(&rows(&app, stay), "History and physical", "missing-signature").state.as_str(),
        "completed"
    );

    let missing = one(&all, "Discharge summary", "missing-document");
    let at = format!("/completion/{}", missing.id);
    assert!(page(&app, Technician, &at).await.contains("It is in the chart already"));
    let key = app.store.look(&later, |view| view.resource("DocumentReference", "ds")).unwrap();
    let fields = format!("changes={}&document={}", missing.changes, key.unwrap().resource.0);
    let filed = app.post(Some(Technician), &format!("{at}/file"), &fields).await;
    assert_eq!(filed.status, 303, "{}", filed.text);
    assert_eq!(
        one(&rows(&app, stay), "Discharge summary", "missing-document").state.as_str(),
        "verified"
    );
}

#[tokio::test]
async fn not_mine_goes_to_the_desk_which_says_whose_it_is() {
    let app = TestApp::new();
    let id = app.own.deficiency;
    let at = format!("/completion/{id}");
    let without = app.post(Some(Provider), &format!("{at}/decline"), "changes=0").await;
    assert_eq!(without.status, 422);
    assert_eq!(faults(&without.text), Vec::<String>::new());
    let fields = "changes=0&reason=Dr.+Nwosu+dictated+it";
    assert_eq!(app.post(Some(Provider), &format!("{at}/decline"), fields).await.status, 303);
    assert!(page(&app, Technician, "/work").await.contains("decide whose it is"));
    assert!(!page(&app, Provider, "/completion/mine").await.contains(&at));
    let nobody = "changes=1&do=reassign&reason=As+said";
    assert_eq!(app.post(Some(Technician), &format!("{at}/act"), nobody).await.status, 422);
    let to = "changes=1&do=reassign&reason=As+said&name=Dr.+Ada+Nwosu";
    assert_eq!(app.post(Some(Technician), &format!("{at}/act"), to).await.status, 303);
    let shown = page(&app, Technician, &at).await;
    assert!(shown.contains("Dr. Ada Nwosu") && shown.contains("Reassigned"));
    let waive = "changes=2&do=waive&reason=Left+the+staff";
    let refused = app.post(Some(Technician), &format!("{at}/act"), waive).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Only a supervisor waives"));
    assert_eq!(app.post(Some(Supervisor), &format!("{at}/act"), waive).await.status, 303);
    let reopen = "changes=3&do=reopen&reason=Came+back";
    assert_eq!(app.post(Some(Technician), &format!("{at}/act"), reopen).await.status, 303);
}

#[tokio::test]
async fn what_is_hidden_is_absent_and_counted() {
    let app = TestApp::new();
    let (own, hidden) = (app.own.encounter, app.hidden.encounter);
    assert!(!rows(&app, hidden).is_empty());
    for path in ["/completion/list/open", "/completion/list/charts", "/completion/mine"] {
        let role = if path.ends_with("mine") { Provider } else { Technician };
        let shown = page(&app, role, path).await;
        assert!(shown.contains("Roe") && !shown.contains("Quill"), "{path}");
    }
    let open = page(&app, Technician, "/completion/list/open").await;
    assert!(open.contains("more are counted and not listed"));
    let chart = page(&app, Technician, &format!("/chart/{}", app.own.patient.0)).await;
    assert!(chart.contains(&format!("/completion/chart/{own}")));
    // A document that is hidden is not missing, and what it lacks is not told.
    let document = json!({"resourceType": "DocumentReference", "id": "secret", "status": "current",
        "docStatus": "preliminary", "subject": {"reference": "Patient/own"},
        "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": "PSY"}]},
        "type": {"coding": [{"system": "http://loinc.org", "code": "18842-5"}]},
        "date": "2026-02-04T12:00:00Z",
        "context": {"encounter": [{"reference": "Encounter/own-e"}]}});
    let later = Context::system("test", NOON.plus_seconds(60));
    let key = app.store.write(&later, |t| put(t, &document)).unwrap();
    app.store
        .write(&later, |t| {
            let class = record::SensitiveClass::Vip;
            t.label_put(app.own.patient, Some(ResourceKey(key)), class, "asked")
        })
        .unwrap();
    find(&app.store, &later, None).unwrap();
    let all = rows(&app, own);
    assert_eq!(one(&all, "Discharge summary", "missing-document").state.as_str(), "verified");
    let signature = one(&all, "Discharge summary", "missing-signature");
    let at = format!("/completion/{}", signature.id);
    assert_eq!(app.get(Some(Technician), &at).await.status, 404);
    let shown = page(&app, Technician, &format!("/completion/chart/{own}")).await;
    assert!(!shown.contains(&format!("{at}\"")));
}

#[tokio::test]
async fn clocks_run_to_delinquency_and_the_report_reads_them() {
    let app = TestApp::new();
    let stay = discharged(&app).await;
    let summary = rows(&app, stay).pop().unwrap();
    // Discharged 2026-02-27 10:00 in New York; the clocks go forward meanwhile.
    let due = summary.due_at.map(|due| due.0 / 1_000_000 * 1_000_000).map(Instant);
    assert_eq!(due, Instant::parse("2026-03-29T14:00:00Z"));
    let provider = Context {
        actor: record::Actor::Person { id: app.person(Provider) },
        roles: vec![Provider],
        ..Context::system("test", NOON.plus_seconds(29 * DAY_SECONDS))
    };
    let waits = mine(&app.store, &provider).unwrap();
    assert_eq!(waits.notice, NoticeLevel::Suspension, "the history and physical is long due");
    let of_summary = waits.listed.iter().find(|one| one.row.id == summary.id).unwrap();
    assert_eq!(of_summary.notice, NoticeLevel::Delinquent, "by some hours");
    let at = |day: &str| Instant::parse(&format!("{day}T00:00:00Z")).unwrap();
    let delinquent = |day: &str| {
        let context = Context::system("test", at(day));
        let found = app.store.look(&context, |view| delinquent_rows(view, at(day))).unwrap();
        found.iter().any(|row| row.id == stay.to_string())
    };
    assert!(!delinquent("2026-02-25"), "24 hours have not passed");
    assert!(delinquent("2026-02-26"));
    let later = Context::system("test", at("2026-05-01"));
    let (standing, late, _) = list(&app.store, &later, Part::Delinquent).unwrap();
    assert!(late.iter().any(|one| one.row.id == summary.id));
    let load = standing.loads.iter().find(|load| load.account == Some(app.person(Provider)));
    let load = load.unwrap();
    assert!(load.delinquent_charts_count >= 1 && load.suspension_charts_count >= 1);
}

#[tokio::test]
async fn a_deficiency_is_opened_by_hand_and_completed_by_an_addendum() {
    let app = TestApp::new();
    let encounter = app.own.encounter;
    let at = format!("/completion/chart/{encounter}");
    page(&app, Technician, &at).await;
    page(&app, Provider, &at).await;
    let fields = format!(
        "kind=missing-content&document={}&account={}&days=7&note=The+dose+is+not+stated.",
        app.own.note,
        app.person(Provider)
    );
    let without = fields.replace("days=7", "days=0");
    let refused: Answered = app.post(Some(Technician), &at, &without).await;
    assert_eq!(refused.status, 422);
    assert_eq!(faults(&refused.text), Vec::<String>::new());
    let opened = app.post(Some(Technician), &at, &fields).await;
    assert_eq!(opened.status, 303, "{}", opened.text);
    let shown = page(&app, Provider, &opened.location).await;
    assert!(shown.contains("The dose is not stated.") && shown.contains("addendum"));
    let id = opened.location.rsplit('/').next().unwrap();
    let done = app
        .post(
            Some(Provider),
            &format!("/completion/{id}/complete"),
            "changes=0&how=write&event_time=2026-03-02+06:00&text=5+mg+daily",
        )
        .await;
    assert_eq!(done.status, 303, "{}", done.text);
    let shown = page(&app, Technician, &opened.location).await;
    assert!(shown.contains("To verify"));
    for part in Part::ALL {
        page(&app, Technician, &format!("/completion/list/{}", part.as_str())).await;
    }
    let account = format!("/completion/provider/account-{}", app.person(Provider));
    page(&app, Supervisor, &account).await;
    assert_eq!(app.get(Some(Supervisor), "/completion/provider/account-1").await.status, 404);
}

#[test]
fn a_person_without_the_right_opens_nothing_by_hand() {
    let app = TestApp::new();
    let form = HandForm { encounter: app.own.encounter, ..HandForm::default() };
    let coder = Context { roles: vec![Coder], ..system() };
    let coder = Context { actor: record::Actor::Person { id: app.person(Coder) }, ..coder };
    let refused = open_by_hand(&app.store, &coder, &form);
    assert!(matches!(refused, Err(::app::Error::Forbidden(_))));
}

#[tokio::test]
async fn a_stay_of_long_ago_is_held_against_the_rules_when_somebody_asks() {
    let app = TestApp::new();
    let stay = json!({"resourceType": "Encounter", "id": "old", "status": "finished",
        "subject": {"reference": "Patient/own"},
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
        "period": {"start": "2023-05-01T10:00:00Z", "end": "2023-05-04T10:00:00Z"}});
    let stay = app.store.write(&system(), |t| put(t, &stay)).unwrap();
    let asked = app.post(Some(Technician), "/completion/find", "").await;
    assert_eq!(asked.status, 303, "{}", asked.text);
    assert_eq!(told(&rows(&app, stay)), Vec::<String>::new());
    let wrong = app.post(Some(Technician), "/completion/find", "since=May").await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    let asked = app.post(Some(Technician), "/completion/find", "since=2023-05-04").await;
    assert_eq!(asked.location, "/completion?encounters=1&opened=2&met=0");
    assert_eq!(
        told(&rows(&app, stay)),
        [
            "History and physical missing-document pending",
            "Discharge summary missing-document pending",
        ]
    );
    assert!(page(&app, Technician, &asked.location).await.contains("2 deficiencies opened"));
}
