//! An entry that names its patient or encounter by a name which only a later import explains:
//! whatever comes first, the charts are the same.

use crate::app::{NOON, TestStore, import, somebody};
use record::{Context, Role, SensitiveClass};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::destruction::DestructionOrder;

const URN: &str = "urn:uuid:6a1f7f6e-0000-4000-8000-000000000001";
const STAY: &str = "urn:uuid:6a1f7f6e-0000-4000-8000-000000000002";

fn people() -> String {
    let patient = json!({"resourceType": "Patient", "birthDate": "1961-07-09",
        "name": [{"family": "Quill", "given": ["Ada"]}],
        "identifier": [{"system": "urn:mrn", "value": "100002"}]});
    let encounter = json!({"resourceType": "Encounter", "status": "finished",
        "class": {"code": "IMP"}, "subject": {"reference": URN},
        "identifier": [{"system": "urn:stays", "value": "77"}]});
    let request = json!({"method": "POST", "url": "Patient"});
    json!({"resourceType": "Bundle", "type": "transaction", "entry": [
        {"fullUrl": URN, "resource": patient, "request": request},
        {"fullUrl": STAY, "resource": encounter,
            "request": {"method": "POST", "url": "Encounter"}},
    ]})
    .to_string()
}

fn entries() -> String {
    let lines = [
        json!({"resourceType": "Observation", "id": "by-urn", "status": "final",
            "code": {"text": "zebrafish"}, "subject": {"reference": URN},
            "encounter": {"reference": STAY}, "valueQuantity": {"value": 1.50}}),
        json!({"resourceType": "Condition", "id": "by-search", "code": {"text": "Sprain"},
            "subject": {"reference": "Patient?identifier=urn:mrn|100002"},
            "encounter": {"reference": "Encounter?identifier=urn:stays|77"}}),
        json!({"resourceType": "Procedure", "id": "by-number", "status": "completed",
            "subject": {"reference": "Patient?identifier=100002"}}),
        json!({"resourceType": "Procedure", "id": "by-nothing", "status": "completed",
            "subject": {"reference": "Patient?identifier=none"}}),
    ];
    lines.map(|line| line.to_string()).join("\n")
}

/// Of each resource, its patient and its encounter by FHIR id.
fn charts(test: &TestStore) -> BTreeMap<String, (Option<String>, Option<String>)> {
    let system = Context::system("test", NOON);
    let look = test.store.look(&system, |view| {
        let patients: BTreeMap<_, _> = (view.resource_page(0, 100)?.into_iter())
            .filter(|row| row.kind == "Patient")
            .map(|row| (row.patient, row.fhir_id))
            .collect();
        let rows = view.resource_page(0, 100)?;
        let place = |row: &store::ResourceRow| {
            (row.patient.map(|_| patients[&row.patient].clone()), row.encounter.clone())
        };
        Ok::<_, store::Error>(
            rows.iter().map(|row| (format!("{}/{}", row.kind, row.fhir_id), place(row))).collect(),
        )
    });
    look.unwrap()
}

fn exported(test: &TestStore) -> BTreeMap<String, Vec<String>> {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let system = Context::system("test", NOON);
    ::app::export::run(&test.store, &system, &mut |file, line| {
        files.entry(file.to_owned()).or_default().push(line.to_owned());
        Ok(())
    })
    .unwrap();
    files.values_mut().for_each(|lines| lines.sort());
    files
}

#[test]
fn two_imports_in_both_orders_make_the_same_charts() {
    let (people, entries) = (people(), entries());
    let (first, second) = (TestStore::new(), TestStore::new());
    import(&first.store, &[("people.json", &people)]);
    let said = import(&first.store, &[("entries.ndjson", &entries)]);
    assert_eq!(said.len(), 1, "{said:?}");
    let said = import(&second.store, &[("entries.ndjson", &entries)]);
    assert_eq!(said.len(), 6, "{said:?}");
    assert!(said[0].contains("comes to that chart once it is taken in"), "{said:?}");
    assert!(import(&second.store, &[("people.json", &people)]).is_empty());

    let held = charts(&second);
    assert_eq!(charts(&first), held);
    let id = &URN["urn:uuid:".len()..];
    let stay = &STAY["urn:uuid:".len()..];
    let place = |one: &str| (held[one].0.as_deref(), held[one].1.as_deref());
    assert_eq!(place("Observation/by-urn"), (Some(id), Some(stay)));
    assert_eq!(place("Condition/by-search"), (Some(id), Some(stay)));
    assert_eq!(place("Procedure/by-number"), (Some(id), None));
    assert_eq!(place("Procedure/by-nothing"), (None, None));
    assert_eq!(exported(&first), exported(&second));
    let system = Context::system("test", NOON);
    for test in [&first, &second] {
        let result = test.store.verify(&system).unwrap();
        assert!(result.is_whole(), "{:?}", result.breaks);
    }
    // What was written stays as it was, and comes again as the same.
    let kept = second.store.look(&system, |view| {
        let row = view.resource("Observation", "by-urn")?.expect("it is held");
        view.resource_value(&row)
    });
    assert_eq!(kept.unwrap()["subject"]["reference"], URN);
    import(&second.store, &[("entries.ndjson", &entries)]);
    assert_eq!(charts(&second), held);
}

#[test]
fn what_came_before_its_patient_is_labelled_and_destroyed_with_the_patient() {
    let test = TestStore::new();
    import(&test.store, &[("entries.ndjson", &entries())]);
    let mut bundle: Value = serde_json::from_str(&people()).unwrap();
    bundle["entry"][0]["resource"]["meta"] =
        json!({"security": [{"system": "urn:chartroom:label", "code": "vip"}]});
    import(&test.store, &[("people.json", &bundle.to_string())]);
    let plain = somebody(7, Role::Technician);
    let shown = |id: &str, kind: &str| {
        test.store.look(&plain, |view| view.resource(kind, id)).unwrap().is_some()
    };
    assert!(!shown("by-urn", "Observation") && !shown("by-search", "Condition"));
    assert!(!shown("by-number", "Procedure") && shown("by-nothing", "Procedure"));
    let system = Context::system("test", NOON);
    let row = test.store.look(&system, |view| view.resource("Observation", "by-urn")).unwrap();
    let row = row.unwrap();
    assert!(row.labels.contains(SensitiveClass::Vip));
    let order = DestructionOrder {
        witness: "R. Witness",
        method: "key forgotten",
        statement: "in the ordinary course of business",
    };
    let destroyed = test.store.patient_destroy(&system, row.patient.unwrap(), &order).unwrap();
    assert_eq!(destroyed.versions_count, 5);
    let result = test.store.verify(&system).unwrap();
    assert!(result.is_whole(), "{:?}", result.breaks);
    assert_eq!(result.resources_count, 3, "what was nobody's, and the card with its encounter");
}
