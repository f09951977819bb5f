//! A label that came with the patient (`meta.security`) stands on the whole chart, whichever of
//! its entries came before the patient, with it, or after it.

use crate::app::{NOON, TestStore, import, somebody};
use record::{Context, LabelMask, PatientKey, Role, SensitiveClass};
use serde_json::{Value, json};
use store::ResourceRow;
use store::quality::Failing;

fn patient(labelled: bool) -> Value {
    let mut patient = json!({"resourceType": "Patient", "id": "p", "birthDate": "1961-07-09",
        "meta": {"lastUpdated": "2026-01-01T00:00:00Z"},
        "name": [{"family": "Quill", "given": ["Ada"]}],
        "identifier": [{"system": "urn:mrn", "value": "100002"}]});
    if labelled {
        patient["meta"]["security"] =
            json!([{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "CEL"}]);
        patient["meta"]["lastUpdated"] = "2026-02-01T00:00:00Z".into();
    }
    patient
}

fn entries() -> Vec<Value> {
    let subject = json!({"reference": "Patient/p"});
    vec![
        json!({"resourceType": "Encounter", "id": "e", "status": "finished", "subject": subject,
            "class": {"code": "IMP"},
            "period": {"start": "2026-02-01T10:00:00Z", "end": "2026-02-04T10:00:00Z"}}),
        json!({"resourceType": "Observation", "id": "o", "status": "final", "subject": subject,
            "code": {"text": "zebrafish"}, "encounter": {"reference": "Encounter/e"}}),
        json!({"resourceType": "DocumentReference", "id": "d", "status": "current",
            "subject": subject, "type": {"text": "Letter"}, "description": "zebrafish",
            "content": [{"attachment": {"contentType": "text/plain", "data": "S25lZQ=="}}]}),
    ]
}

fn bundle(entries: &[Value]) -> String {
    let entries: Vec<Value> = entries.iter().map(|one| json!({"resource": one})).collect();
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string()
}

/// What came in, file after file, as it stands then.
fn imported(files: &[&[Value]]) -> TestStore {
    let test = TestStore::new();
    for entries in files {
        import(&test.store, &[("chart.json", &bundle(entries))]);
    }
    test
}

fn rows(test: &TestStore, context: &Context) -> Vec<ResourceRow> {
    let look = test.store.look(context, |view| {
        let patient = view.patient_key("p")?.expect("the patient is held");
        view.chart_list(patient, &[], 100)
    });
    look.unwrap()
}

/// Nobody who isn't cleared meets anything of the chart, wherever they look.
fn assert_hidden(test: &TestStore, how: &str) {
    let system = Context::system("test", NOON);
    let all = rows(test, &system);
    assert_eq!(all.len(), 4, "{how}");
    for row in &all {
        assert!(row.labels.contains(SensitiveClass::Vip), "{how}: {}", row.kind);
    }
    let key = test.store.look(&system, |view| view.patient_key("p")).unwrap().unwrap();
    let encounter = all.iter().find(|row| row.kind == "Encounter").unwrap().resource;
    let sentence = "The code is missing.";
    test.store
        .write(&system, |t| {
            let failing = Failing { check: "test", resource: encounter, patient: key, sentence };
            t.quality_open(&failing)
        })
        .unwrap();
    let plain = somebody(7, Role::Technician);
    assert!(rows(test, &plain).is_empty(), "{how}: the chart, and what a release chooses from");
    assert_hidden_elsewhere(test, &plain, key, encounter, how);
    let cleared = Context { cleared: LabelMask::ALL, ..plain };
    assert_eq!(rows(test, &cleared).len(), 4, "{how}: one who is cleared sees it");
    let result = test.store.verify(&system).unwrap();
    assert!(result.is_whole(), "{how}: {:?}", result.breaks);
}

fn assert_hidden_elsewhere(
    test: &TestStore,
    plain: &Context,
    patient: PatientKey,
    encounter: record::ResourceKey,
    how: &str,
) {
    let store = &test.store;
    let word = ["zebrafish".to_owned()];
    store
        .look(plain, |view| {
            assert!(view.text_find(&word, None, 10)?.is_empty(), "{how}: full text");
            assert!(view.quality_list("open", None, 10)?.is_empty(), "{how}: findings");
            assert!(view.report_encounters(&[encounter])?.is_empty(), "{how}: rows of a report");
            assert!(view.report_patients(&[patient])?.is_empty(), "{how}: patients of a report");
            assert!(view.resource("Observation", "o")?.is_none(), "{how}: by id");
            Ok::<_, store::Error>(())
        })
        .unwrap();
    let opened = ::app::chart::identity(store, plain, patient);
    assert!(matches!(opened, Err(::app::Error::NotFound)), "{how}: the chart's page");
    let searched = ::app::chart::search(store, plain, patient, "zebrafish");
    assert!(matches!(searched, Err(::app::Error::NotFound)), "{how}: the chart's search");
    for words in ["quill", "100002", "1961-07-09"] {
        let found = ::app::find::patients(store, plain, words).unwrap();
        assert!(found.patients.is_empty(), "{how}: Find {words}");
    }
}

#[test]
fn a_label_sent_with_the_patient_covers_the_chart_in_every_order() {
    let (labelled, plain, entries) = ([patient(true)], [patient(false)], entries());
    let after: Vec<Value> = entries.iter().chain(&labelled).cloned().collect();
    let before: Vec<Value> = labelled.iter().chain(&entries).cloned().collect();
    assert_hidden(&imported(&[&before]), "the patient first");
    assert_hidden(&imported(&[&after]), "the patient last");
    assert_hidden(&imported(&[&entries, &labelled]), "the patient in a later file");
    assert_hidden(&imported(&[&labelled, &entries]), "the entries in a later file");
    assert_hidden(&imported(&[&plain, &entries, &labelled]), "the patient labelled later");
    let mut older = patient(true);
    older["meta"]["lastUpdated"] = "2025-01-01T00:00:00Z".into();
    let taken = imported(&[&plain, &entries, &[older.clone()]]);
    assert_hidden(&taken, "an older version says the label");
}

#[test]
fn a_label_that_was_ended_is_not_put_back_by_an_older_version() {
    let mut older = patient(true);
    older["meta"]["lastUpdated"] = "2025-01-01T00:00:00Z".into();
    let test = imported(&[&[patient(false)], &[older.clone()]]);
    let system = Context::system("test", NOON);
    test.store
        .write(&system, |t| {
            let patient = t.patient_key("p")?.expect("the patient is held");
            let label = t.label_list(patient)?[0].id;
            t.label_end(label)
        })
        .unwrap();
    import(&test.store, &[("chart.json", &bundle(&[older]))]);
    assert_eq!(rows(&test, &somebody(7, Role::Technician)).len(), 1);
}
