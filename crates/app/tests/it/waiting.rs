//! What waits: the weights behind the order of My work, work that is one item for many rows, and
//! encounters that wait for codes from the moment they end.

use crate::app::{NOON, TestStore, import, somebody};
use ::app::fhir::Caller;
use ::app::file_text::{ReadText, read};
use record::{Actor, Context, LabelMask, Role};
use serde_json::{Value, json};
use std::sync::Arc;
use store::work::WorkItem;

fn system() -> Context {
    Context::system("test", NOON)
}

fn encounter(id: &str, status: &str) -> Value {
    json!({"resourceType": "Encounter", "id": id, "status": status,
        "subject": {"reference": "Patient/p"},
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
        "period": {"start": "2026-02-01T10:00:00Z", "end": "2026-02-04T10:00:00Z"}})
}

fn claim(dollars: f64) -> Value {
    json!({"resourceType": "Claim", "id": "bill", "status": "active", "use": "claim",
        "patient": {"reference": "Patient/p"},
        "item": [{"sequence": 1, "encounter": [{"reference": "Encounter/e"}]}],
        "total": {"value": dollars, "currency": "USD"}})
}

/// The open item of coding the one encounter.
fn coding_item(test: &TestStore) -> Option<WorkItem> {
    let look = test.store.look(&system(), |view| {
        let Some(row) = view.resource("Encounter", "e")? else { return Ok(None) };
        match view.coding_about(row.resource)? {
            Some(coding) => view.work_about("code-encounter", coding),
            None => Ok(None),
        }
    });
    look.map_err(|error: store::Error| error.to_string()).unwrap()
}

#[test]
fn what_is_not_billed_weighs_in_when_it_comes_and_when_it_changes() {
    let test = TestStore::new();
    test.patient("p", "Roe", "Jane", "1957-03-04");
    test.put(&encounter("e", "finished"));
    test.put(&claim(45_123.10));
    ::app::coding::find_work(&test.store, &system(), None).unwrap();
    assert_eq!(coding_item(&test).unwrap().waiting_cents, Some(4_512_310));
    test.put(&claim(50_000.0));
    test.put(&json!({"resourceType": "ChargeItem", "id": "other", "status": "billable",
        "subject": {"reference": "Patient/p"}, "context": {"reference": "Encounter/x"},
        "code": {"text": "Bed"}, "priceOverride": {"value": 9, "currency": "USD"}}));
    ::app::coding::find_work(&test.store, &system(), None).unwrap();
    assert_eq!(coding_item(&test).unwrap().waiting_cents, Some(5_000_000));
    let queue = ::app::work::list(&test.store, &somebody(7, Role::Coder), 7, None).unwrap();
    let terms: Vec<_> =
        queue.items[0].priority.terms.iter().map(|term| term.name.as_str()).collect();
    assert!(terms.contains(&"money"), "{terms:?}");
    assert!(test.store.verify(&system()).unwrap().is_whole());
}

#[test]
fn an_encounter_that_the_api_finishes_waits_for_codes_at_once() {
    let test = TestStore::new();
    test.patient("p", "Roe", "Jane", "1957-03-04");
    test.put(&encounter("e", "in-progress"));
    assert_eq!(coding_item(&test), None);
    let caller = Caller {
        client: store::person::Client {
            id: 1,
            name: "clinic".to_owned(),
            role: Role::Technician,
            scopes: "system/*.*".to_owned(),
            cleared: LabelMask::ALL,
            created_at: NOON,
            ended_at: None,
        },
        base: String::new(),
        context: Context {
            actor: Actor::Client { id: 1 },
            cleared: LabelMask::ALL,
            ..somebody(0, Role::Technician)
        },
    };
    let body = encounter("e", "finished").to_string();
    let (tell, told) = std::sync::mpsc::channel();
    let tell = move |written| tell.send(written).unwrap();
    ::app::fhir::update(&test.store, &caller, "Encounter", "e", body.as_bytes(), None, tell);
    told.recv().unwrap().unwrap();
    assert!(coding_item(&test).is_some(), "it waits for its codes");
    let reviewed = test.store.look(&system(), |view| {
        let row = view.resource("Encounter", "e")?.expect("it is held");
        view.completion_review(row.resource)
    });
    assert!(reviewed.unwrap().is_some(), "it was held against the rules of completion");
}

/// A chart with a letter of no kind.
fn faulty(number: usize) -> [Value; 2] {
    let id = format!("p{number}");
    [
        json!({"resourceType": "Patient", "id": id, "birthDate": format!("19{}-07-09", 50 + number),
            "gender": "female", "name": [{"family": format!("Quill{number}"), "given": ["Ada"]}],
            "identifier": [{"system": "urn:mrn", "value": format!("10000{number}")}]}),
        json!({"resourceType": "DocumentReference", "id": format!("d{number}"),
            "status": "current", "subject": {"reference": format!("Patient/{id}")},
            "content": [{"attachment": {"contentType": "text/plain", "data": "S25lZQ=="}}]}),
    ]
}

/// Runs all checks over everything.
fn check_all(test: &TestStore) {
    let asker = somebody(7, Role::Supervisor);
    ::app::integrity::ask(&test.store, &asker).unwrap();
    let background = Context::system("background", NOON);
    let reader: ReadText = Arc::new(read);
    for _ in 0..20 {
        if !::app::background::tick(&test.store, &background, &reader).unwrap() {
            return;
        }
    }
    panic!("the background never came to an end");
}

fn items(test: &TestStore, kind: &str) -> Vec<WorkItem> {
    let all = test.store.look(&system(), |view| view.work_list_all(10_000)).unwrap();
    let of_kind = all.into_iter().map(|(item, _)| item).filter(|item| item.kind == kind);
    of_kind.filter(|item| item.reason.contains("kind")).collect()
}

#[test]
fn rows_of_one_import_that_fail_one_check_are_one_piece_of_work() {
    let test = TestStore::new();
    let entries: Vec<Value> =
        (0..12).flat_map(faulty).map(|one| json!({"resource": one})).collect();
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
    import(&test.store, &[("hospital.json", &bundle.to_string())]);
    check_all(&test);
    let groups = items(&test, "quality-findings");
    assert_eq!(groups.len(), 1, "{groups:?}");
    assert!(items(&test, "quality-finding").is_empty());
    let group = groups[0].subject;
    let supervisor = somebody(7, Role::Supervisor);
    let (title, listed) = ::app::integrity::group(&test.store, &supervisor, group).unwrap();
    assert_eq!((listed.findings.len(), listed.withheld_count), (12, 0), "{title}");
    // Each is mended; with the last of them the work is done.
    for number in 0..12 {
        assert_eq!(items(&test, "quality-findings").len(), 1, "{number}");
        let mut document = faulty(number)[1].clone();
        document["type"] = json!({"coding": [{"system": "http://loinc.org", "code": "11488-4"}]});
        test.put(&document);
        let finding = &listed.findings[number].finding;
        ::app::integrity::check_again(&test.store, &supervisor, finding.id).unwrap();
    }
    assert!(items(&test, "quality-findings").is_empty());
    let result = test.store.verify(&system()).unwrap();
    assert!(result.is_whole(), "{:?}", result.breaks);
}

#[test]
fn only_encounters_of_which_something_was_written_are_held_against_the_rules_again() {
    let test = TestStore::new();
    test.patient("p", "Roe", "Jane", "1957-03-04");
    for number in 0..5 {
        test.put(&encounter(&format!("e{number}"), "finished"));
    }
    let find = || ::app::completion::find(&test.store, &system(), None).unwrap().encounters_count;
    assert_eq!(find(), 5);
    let mark = test.store.look(&system(), |view| view.completion_mark()).unwrap();
    assert!(mark > 0);
    assert_eq!(find(), 0);
    test.put(&encounter("e5", "finished"));
    assert_eq!(find(), 1);
    assert_eq!(find(), 0);
}
