//! Quality checks from the faulty row to its mending, and verification, through the pages.

use crate::app::{NOON, TestApp};
use crate::fhir::{self, client, send};
use crate::markup::faults;
use record::Role::{self, *};
use record::{Context, LabelMask, SensitiveClass};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use store::quality::QualityFinding;
use store::{Location, Store};

/// The site with a client that writes records, as a laboratory or another hospital would.
fn site() -> TestApp {
    let app = TestApp::new();
    client(&app, "sender", Role::Technician, "system/*.*", LabelMask::ALL);
    app
}

fn context() -> Context {
    Context::system("test", NOON)
}

/// Sends a resource by the API; returns its key.
async fn put(app: &TestApp, resource: Value) -> i64 {
    let (kind, id) = (resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
    let line = format!("PUT /{kind}/{id}");
    let headers = ["content-type: application/fhir+json"];
    let got = send(app, "sender", &line, &headers, &resource.to_string()).await;
    assert!(got.status.is_success(), "{line}: {} {}", got.status, got.text);
    let row = app.store.look(&context(), |view| view.resource(kind, id));
    row.unwrap().unwrap().resource.0
}

/// Does all background work that is due so many seconds after noon.
fn work_off(app: &TestApp, seconds: i64) {
    let context = Context::system("background", NOON.plus_seconds(seconds));
    let reader: ::app::file_text::ReadText = std::sync::Arc::new(::app::file_text::read);
    for _ in 0..50 {
        if !::app::background::tick(&app.store, &context, &reader).unwrap() {
            return;
        }
    }
    panic!("the background never ends");
}

/// Asks for a run at the desk and lets the background do it.
async fn run(app: &TestApp) {
    let asked = app.post(Some(Technician), "/integrity/run", "").await;
    assert_eq!(asked.location, "/integrity", "{}", asked.text);
    work_off(app, 0);
}

/// What is known of one entry by one check.
fn known(app: &TestApp, check: &str, resource: i64) -> Option<QualityFinding> {
    let key = record::ResourceKey(resource);
    let all = app.store.look(&context(), |view| view.quality_known(&[], &[key])).unwrap();
    all.into_iter().find(|finding| finding.check == check)
}

fn state(app: &TestApp, check: &str, resource: i64) -> &'static str {
    known(app, check, resource).map_or("none", |finding| finding.state.as_str())
}

/// Whether the work of a finding is open, and whose it is.
fn work_of(app: &TestApp, finding: &QualityFinding) -> Option<Role> {
    let item = app.store.look(&context(), |view| view.work_about("quality-finding", finding.id));
    item.unwrap().map(|item| item.role)
}

async fn shown(app: &TestApp, role: Role, path: &str) -> String {
    let answer = app.get(Some(role), path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    assert_eq!(faults(&answer.text), Vec::<String>::new(), "{path}");
    answer.text
}

/// The finding is open, is this role's work, and its page leads to the place of mending.
async fn found(app: &TestApp, check: &str, resource: i64, role: Role, place: &str) -> i64 {
    assert_eq!(state(app, check, resource), "open", "{check}");
    let finding = known(app, check, resource).unwrap();
    assert_eq!(work_of(app, &finding), Some(role), "{check}");
    let page = shown(app, role, &format!("/integrity/findings/{}", finding.id)).await;
    assert!(page.contains("Why it matters") && page.contains("Mend it"), "{check}");
    assert!(page.contains(&format!("href=\"{place}\"")), "{check}: no way to {place}");
    let queue = shown(app, role, "/work").await;
    assert!(queue.contains(&format!("/integrity/findings/{}", finding.id)), "{check}");
    finding.id
}

/// The finding is mended and its work is gone.
async fn mended(app: &TestApp, check: &str, resource: i64, role: Role) {
    assert_eq!(state(app, check, resource), "fixed", "{check}");
    let finding = known(app, check, resource).unwrap();
    assert_eq!(work_of(app, &finding), None, "{check}");
    let page = shown(app, role, &format!("/integrity/findings/{}", finding.id)).await;
    assert!(page.contains("the check ran again and passed"), "{check}");
}

fn patient(id: &str, name: Value, born: Option<&str>, mrn: &str) -> Value {
    let mut patient = json!({"resourceType": "Patient", "id": id, "gender": "female",
        "name": [name], "identifier": [{"system": "urn:mrn", "value": mrn,
            "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203",
                                 "code": "MR"}]}}]});
    if let Some(born) = born {
        patient["birthDate"] = json!(born);
    }
    patient
}

fn stay(id: &str, patient: &str, class: &str, start: &str, end: Option<&str>) -> Value {
    let mut stay = json!({"resourceType": "Encounter", "id": id,
        "status": if end.is_some() { "finished" } else { "in-progress" },
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": class},
        "subject": {"reference": format!("Patient/{patient}")}, "period": {"start": start}});
    if let Some(end) = end {
        stay["period"]["end"] = json!(end);
    }
    stay
}

fn key_of(app: &TestApp, id: &str) -> i64 {
    app.store.look(&context(), |view| view.patient_key(id)).unwrap().unwrap().0
}

const ROE: &str = "shown_version=1&family=Nakata&given=Hana&gender=female\
                   &birth_date=1971-05-06&reason=passport&confirm=yes";

#[tokio::test]
async fn names_and_birth_dates_are_mended_at_registration() {
    let app = site();
    let name = json!({"family": "Unknown", "given": ["Unknown"]});
    let row = put(&app, patient("p", name, None, "200001")).await;
    let hana = json!({"family": "Ode", "given": ["Ruth"]});
    let late = put(&app, patient("q", hana, Some("2062-09-10"), "200002")).await;
    run(&app).await;
    let (p, q) = (key_of(&app, "p"), key_of(&app, "q"));
    let at = |key: i64| format!("/patient/{key}/correct");
    found(&app, "name_placeholder", row, Registrar, &at(p)).await;
    found(&app, "birth_date_missing", row, Registrar, &at(p)).await;
    found(&app, "birth_date_impossible", late, Registrar, &at(q)).await;

    let half = ROE.replace("Nakata", "Unknown").replace("Hana", "Unknown");
    let done = app.post(Some(Registrar), &at(p), &half).await;
    assert_eq!(done.status, 303, "{}", done.text);
    mended(&app, "birth_date_missing", row, Registrar).await;
    assert_eq!(state(&app, "name_placeholder", row), "open", "only what is mended closes");
    let whole = ROE.replace("shown_version=1", "shown_version=2");
    let done = app.post(Some(Registrar), &at(p), &whole).await;
    assert_eq!(done.status, 303, "{}", done.text);
    mended(&app, "name_placeholder", row, Registrar).await;
    let right = "shown_version=1&family=Ode&given=Ruth&gender=female&birth_date=1962-09-10\
                 &reason=typed+wrong&confirm=yes";
    let done = app.post(Some(Registrar), &at(q), right).await;
    assert_eq!(done.status, 303, "{}", done.text);
    mended(&app, "birth_date_impossible", late, Registrar).await;
}

#[tokio::test]
async fn times_and_dispositions_are_mended_at_the_encounter() {
    let app = site();
    let name = json!({"family": "Tarn", "given": ["Ida"]});
    put(&app, patient("t", name, Some("1950-01-02"), "200003")).await;
    let turned = stay("t1", "t", "IMP", "2026-02-05T10:00:00Z", Some("2026-02-01T10:00:00Z"));
    let turned = put(&app, turned).await;
    let open = put(&app, stay("t2", "t", "EMER", "2026-01-02T10:00:00Z", None)).await;
    let bare = stay("t3", "t", "IMP", "2026-01-10T10:00:00Z", Some("2026-01-12T10:00:00Z"));
    let bare = put(&app, bare).await;
    let twice = stay("t4", "t", "IMP", "2026-01-11T10:00:00Z", Some("2026-01-13T10:00:00Z"));
    let twice = put(&app, twice).await;
    run(&app).await;
    let at = |key: i64| format!("/encounter/{key}/correct");
    found(&app, "discharge_before_admission", turned, Registrar, &at(turned)).await;
    let leave = format!("/encounter/{open}/discharge");
    found(&app, "stay_open_too_long", open, Registrar, &leave).await;
    found(&app, "disposition_missing", bare, Registrar, &at(bare)).await;
    found(&app, "stays_overlap", twice, Registrar, &at(twice)).await;

    let form = shown(&app, Registrar, &at(turned)).await;
    assert!(form.contains("2026-02-05 05:00"), "the kept times, on the facility's clock");
    let wrong = "shown_version=1&class=IMP&start=2026-02-05+05:00&end=2026-02-01+05:00\
                 &disposition=01&reason=turned";
    assert_eq!(app.post(Some(Registrar), &at(turned), wrong).await.status, 422);
    let right = wrong.replace("end=2026-02-01", "end=2026-02-08");
    let done = app.post(Some(Registrar), &at(turned), &right).await;
    assert_eq!(done.status, 303, "{}", done.text);
    mended(&app, "discharge_before_admission", turned, Registrar).await;
    let fields = "shown_version=1&at=2026-01-02+12:00&disposition=01";
    let done = app.post(Some(Registrar), &leave, fields).await;
    assert_eq!(done.status, 303, "{}", done.text);
    mended(&app, "stay_open_too_long", open, Registrar).await;
    let fields = "shown_version=1&class=IMP&start=2026-01-12+08:00&end=2026-01-13+05:00\
                  &disposition=01&reason=typed+wrong";
    let done = app.post(Some(Registrar), &at(twice), fields).await;
    assert_eq!(done.status, 303, "{}", done.text);
    mended(&app, "stays_overlap", twice, Registrar).await;
    let fields = "shown_version=1&class=IMP&start=2026-01-10+05:00&end=2026-01-12+05:00\
                  &disposition=03&reason=was+left+out";
    let done = app.post(Some(Registrar), &at(bare), fields).await;
    assert_eq!(done.status, 303, "{}", done.text);
    mended(&app, "disposition_missing", bare, Registrar).await;
}

#[tokio::test]
async fn deaths_are_mended_on_the_patient() {
    let app = site();
    let name = json!({"family": "Falk", "given": ["Ove"]});
    let born_late = put(&app, patient("f", name, Some("1990-01-02"), "200004")).await;
    let mut died = stay("f1", "f", "IMP", "2026-02-05T10:00:00Z", Some("2026-02-07T10:00:00Z"));
    died["hospitalization"] = json!({"dischargeDisposition": {"coding": [{"code": "20"}]}});
    let died = put(&app, died).await;
    let before =
        put(&app, stay("f2", "f", "AMB", "1979-05-01T10:00:00Z", Some("1979-05-01T11:00:00Z")));
    let before = before.await;
    run(&app).await;
    let at = format!("/patient/{}/correct", key_of(&app, "f"));
    found(&app, "death_not_recorded", died, Registrar, &at).await;
    found(&app, "care_before_birth", before, Technician, &at).await;
    let fields = "shown_version=1&family=Falk&given=Ove&gender=female&birth_date=1930-01-02\
                  &deceased=2026-02-07&reason=certificate&confirm=yes";
    let done = app.post(Some(Registrar), &at, fields).await;
    assert_eq!(done.status, 303, "{}", done.text);
    mended(&app, "death_not_recorded", died, Registrar).await;
    mended(&app, "care_before_birth", before, Technician).await;
    assert_eq!(state(&app, "birth_date_impossible", born_late), "none");
}

#[tokio::test]
async fn numbers_and_documents_are_mended_at_their_entry() {
    let app = site();
    let name = json!({"family": "Birk", "given": ["Lea"]});
    put(&app, patient("b", name, Some("1985-01-02"), "200005")).await;
    let pulse = put(
        &app,
        json!({"resourceType": "Observation", "id": "b1", "status": "final",
        "category": [{"coding": [{"code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
        "subject": {"reference": "Patient/b"}, "effectiveDateTime": "2026-02-01T10:00:00Z",
        "valueQuantity": {"value": 720, "code": "/min", "system": "http://unitsofmeasure.org"}}),
    )
    .await;
    let note = put(
        &app,
        json!({"resourceType": "DocumentReference", "id": "b2",
        "status": "current", "docStatus": "preliminary", "date": "2025-12-01T10:00:00Z",
        "subject": {"reference": "Patient/b"}, "type": {"text": "Letter"},
        "content": [{"attachment": {"contentType": "text/plain", "data": "S25lZQ=="}}]}),
    )
    .await;
    run(&app).await;
    let at = |key: i64| format!("/entry/{key}/correct");
    found(&app, "vital_sign_implausible", pulse, Technician, &at(pulse)).await;
    found(&app, "document_kind_missing", note, Technician, &at(note)).await;
    found(&app, "document_without_encounter", note, Technician, &at(note)).await;
    found(&app, "document_unsigned", note, Technician, &at(note)).await;

    let fields = "shown_version=1&taken_at=2026-02-01+05:00&pulse=72&author_name=Dr+Ek\
                  &reason=one+zero+too+many";
    let done = app.post(Some(Technician), &at(pulse), fields).await;
    assert_eq!(done.status, 303, "{}", done.text);
    mended(&app, "vital_sign_implausible", pulse, Technician).await;
    let fields = "shown_version=1&reason=of+another+site";
    let done = app.post(Some(Technician), &format!("/entry/{note}/error"), fields).await;
    assert_eq!(done.status, 303, "{}", done.text);
    for check in ["document_kind_missing", "document_without_encounter", "document_unsigned"] {
        mended(&app, check, note, Technician).await;
    }
}

#[tokio::test]
async fn two_records_that_share_a_number_pass_and_fail_together() {
    let app = site();
    let name = |family: &str| json!({"family": family, "given": ["Kim"]});
    let one = put(&app, patient("k", name("Lind"), Some("1985-01-02"), "300001")).await;
    let other = put(&app, patient("l", name("Lind"), Some("1985-01-02"), "300001")).await;
    run(&app).await;
    found(&app, "mrn_shared", one, Technician, "/identity").await;
    assert_eq!(state(&app, "patients_alike", one), "open");
    assert_eq!(state(&app, "patients_alike", other), "open");
    // The sender gives one its own number: the background sees it, and both are mended.
    put(&app, patient("l", name("Lind"), Some("1985-01-02"), "300002")).await;
    work_off(&app, 1);
    assert_eq!(
        (state(&app, "mrn_shared", one), state(&app, "mrn_shared", other)),
        ("fixed", "fixed")
    );
    assert_eq!(state(&app, "patients_alike", one), "open");
    // Somebody judges that they are one person, and the records become one.
    let found = app.post(Some(Technician), "/identity/find", "").await;
    assert_eq!(found.status, 303);
    let pairs = app.store.look(&context(), |view| view.duplicate_list(&["open"], 9)).unwrap();
    let low = record::PatientKey(key_of(&app, "k"));
    let pair = pairs.iter().find(|row| row.pair.low == low).unwrap();
    let fields =
        format!("changes={}&answer=same&reason=same+passport&keep={}", pair.changes, low.0);
    let judged = app.post(Some(Technician), &format!("/identity/{}/judge", pair.id), &fields).await;
    assert_eq!(judged.status, 303, "{}", judged.text);
    assert_eq!(state(&app, "patients_alike", one), "fixed");
    assert_eq!(state(&app, "patients_alike", other), "fixed");
}

#[tokio::test]
async fn what_is_hidden_is_absent() {
    let app = site();
    run(&app).await;
    let own = known(&app, "disposition_missing", app.own.encounter).unwrap();
    let hidden = known(&app, "disposition_missing", app.hidden.encounter).unwrap();
    for role in [Technician, Registrar, Supervisor] {
        for path in ["/integrity/list/open", "/integrity/checks/disposition_missing"] {
            let list = shown(&app, role, path).await;
            assert!(list.contains(&format!("/integrity/findings/{}", own.id)), "{path}");
            assert!(!list.contains(&format!("/integrity/findings/{}", hidden.id)), "{path}");
            assert!(!list.contains("Quill") && list.contains("that you may not see"), "{path}");
        }
        let path = format!("/integrity/findings/{}", hidden.id);
        assert_eq!(app.get(Some(role), &path).await.status, 404);
    }
    assert!(!shown(&app, Registrar, "/work").await.contains("Quill"));
    // A label on the encounter alone hides its finding too, in the queue as well.
    let at = Context::system("test", NOON);
    let key = record::ResourceKey(app.own.encounter);
    let put = |t: &mut store::Transaction<'_>| {
        t.label_put(app.own.patient, Some(key), SensitiveClass::Vip, "asked")
    };
    app.store.write(&at, put).unwrap();
    let path = format!("/integrity/findings/{}", own.id);
    assert_eq!(app.get(Some(Registrar), &path).await.status, 404);
    assert!(!shown(&app, Registrar, "/work").await.contains(&path));
}

#[tokio::test]
async fn a_finding_is_accepted_for_a_time() {
    let app = site();
    run(&app).await;
    let row = app.own.encounter;
    let finding = known(&app, "disposition_missing", row).unwrap();
    let at = format!("/integrity/findings/{}", finding.id);
    let accept = format!("{at}/accept");
    let fields = format!("changes={}&reason=&until=", finding.changes);
    let empty = app.post(Some(Supervisor), &accept, &fields).await;
    assert_eq!(empty.status, 422);
    assert_eq!(faults(&empty.text), Vec::<String>::new());
    let far = format!("changes={}&reason=known&until=2040-01-01", finding.changes);
    assert_eq!(app.post(Some(Supervisor), &accept, &far).await.status, 422);
    let fields =
        format!("changes={}&reason=Sent+by+another+site&until=2026-03-10", finding.changes);
    assert_eq!(app.post(Some(Supervisor), &accept, &fields).await.status, 303);
    assert_eq!(state(&app, "disposition_missing", row), "accepted");
    assert_eq!(work_of(&app, &finding), None, "it is nobody's work");
    assert!(shown(&app, Supervisor, &at).await.contains("Sent by another site"));
    assert!(shown(&app, Technician, "/integrity/list/accepted").await.contains(&at));
    run(&app).await;
    assert_eq!(state(&app, "disposition_missing", row), "accepted", "until its day");
    work_off(&app, 10 * 86_400);
    assert_eq!(state(&app, "disposition_missing", row), "open", "then it is work again");
    assert_eq!(work_of(&app, &finding), Some(Registrar));
}

#[tokio::test]
async fn runs_are_kept_with_their_counts() {
    let app = site();
    assert!(shown(&app, Analyst, "/integrity").await.contains("have not run yet"));
    run(&app).await;
    let again = app
        .post(
            Some(Technician),
            &format!(
                "/integrity/findings/{}/check",
                known(&app, "disposition_missing", app.own.encounter).unwrap().id
            ),
            "",
        )
        .await;
    assert!(again.location.contains("checked=1"));
    assert!(shown(&app, Technician, &again.location).await.contains("the row still fails"));
    run(&app).await;
    let overview = shown(&app, Analyst, "/integrity").await;
    assert!(overview.contains("Discharge disposition missing") && overview.contains("100.00 %"));
    let check = shown(&app, Analyst, "/integrity/checks/disposition_missing").await;
    assert!(check.contains("<svg") && check.contains("2 of 2 discharged stays"));
    let runs = app.store.look(&context(), |view| view.quality_runs(9)).unwrap();
    assert!(runs.len() >= 2 && runs[0].opened_count == 0 && runs[0].patients_done == 2);
    assert!(shown(&app, Analyst, "/integrity/runs").await.contains("Failing rows by run"));
    shown(&app, Analyst, &format!("/integrity/runs/{}", runs[0].id)).await;
}

#[tokio::test]
async fn a_break_is_named_and_is_the_privacy_officers_work() {
    let app = site();
    let asked = app.post(Some(Supervisor), "/integrity/verification", "").await;
    assert_eq!(asked.location, "/integrity/verification");
    assert!(shown(&app, Auditor, "/integrity/verification").await.contains("waits for its turn"));
    work_off(&app, 0);
    let page = shown(&app, Administrator, "/integrity/verification").await;
    assert!(page.contains("everything was as it was written") && page.contains("vouched for"));

    tamper(&app.store);
    app.post(Some(PrivacyOfficer), "/integrity/verification", "").await;
    work_off(&app, 0);
    assert!(shown(&app, PrivacyOfficer, "/integrity/verification").await.contains("breaks at the"));
    let run = app.store.look(&context(), |view| view.verification_list(1)).unwrap().remove(0);
    assert_eq!(run.breaks_count, 1, "{:?}", run.breaks);
    let at = format!("/integrity/verification/{}", run.id);
    let page = shown(&app, Supervisor, &at).await;
    assert!(page.contains(&run.breaks[0]) && run.breaks[0].starts_with("blob "), "{page}");
    let queue = shown(&app, PrivacyOfficer, "/work").await;
    assert!(queue.contains("Verification found breaks"));
    assert!(queue.contains("href=\"/integrity/verification\""));
    let review = format!("{at}/review");
    let empty = app.post(Some(PrivacyOfficer), &review, "note=").await;
    assert_eq!(empty.status, 422);
    let done = app.post(Some(PrivacyOfficer), &review, "note=A+person+with+the+disk").await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(shown(&app, Supervisor, &at).await.contains("A person with the disk"));
    assert!(!shown(&app, PrivacyOfficer, "/work").await.contains("Verification found breaks"));
}

/// What somebody with the disk could do: one bit of a stored file.
fn tamper(store: &Store) {
    let Location::Directory(folder) = store.location() else { panic!("a folder") };
    let first = |folder: &Path| fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let file = first(&first(&folder.join("blobs")));
    let mut bytes = fs::read(&file).unwrap();
    bytes[20] ^= 1;
    fs::write(&file, &bytes).unwrap();
}

#[tokio::test]
async fn nobody_waits_for_a_run_that_is_asked_for_twice() {
    let app = site();
    for _ in 0..3 {
        app.post(Some(Technician), "/integrity/run", "").await;
        app.post(Some(Supervisor), "/integrity/verification", "").await;
    }
    let count = |view: &mut store::View<'_>| {
        let runs = view.quality_runs(9)?.len();
        Ok::<_, store::Error>((runs, view.verification_list(9)?.len()))
    };
    assert_eq!(app.store.look(&context(), count).unwrap(), (1, 1));
    assert!(fhir::get(&app, "sender", "/Patient").await.status.is_success());
}
