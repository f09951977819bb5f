//! What imports leave behind: findings with what to do next, as far as their reader may see;
//! addresses of other servers; files of whatever entry; what comes before what it is about.

use crate::app::{NOON, TestStore, import, somebody};
use ::app::import::{FindingKind, ImportPage, imports, open_import};
use record::{Context, Role, SensitiveClass};
use serde_json::{Value, json};

fn system() -> Context {
    Context::system("test", NOON)
}

fn page(test: &TestStore, context: &Context, at: usize) -> ImportPage {
    let all = imports(&test.store, context).unwrap();
    open_import(&test.store, context, all[at].run.id, None).unwrap()
}

fn kinds(page: &ImportPage) -> Vec<(&'static str, usize)> {
    page.kinds.iter().map(|(kind, count)| (kind.as_str(), *count)).collect()
}

fn observation(id: &str, patient: &str, day: u8) -> Value {
    json!({"resourceType": "Observation", "id": id, "status": "final",
        "meta": {"lastUpdated": format!("2026-01-{day:02}T00:00:00Z")},
        "code": {"text": format!("pulse of day {day}")}, "subject": {"reference": patient}})
}

#[test]
fn findings_are_kept_with_their_import_and_say_what_to_do() {
    let test = TestStore::new();
    test.patient("p", "Roe", "Jane", "1957-03-04");
    let good = observation("o", "Patient/p", 9).to_string();
    let bad = "{\"resourceType\":\"Observation\",\"id\":\"b\"\n";
    import(&test.store, &[("first.ndjson", &format!("{good}\n{bad}"))]);
    let older = observation("o", "Patient/p", 2).to_string();
    import(&test.store, &[("second.ndjson", &older), ("third.bin", "\u{1}\u{2}\u{0}")]);

    let supervisor = somebody(3, Role::Supervisor);
    let all = imports(&test.store, &supervisor).unwrap();
    assert_eq!(all.len(), 2);
    let names: Vec<&str> = all[0].paths.iter().map(|path| path.reveal()).collect();
    assert_eq!(names, ["second.ndjson", "third.bin"]);
    assert_eq!((all[1].kept.created, all[1].kept.findings), (1, 1));
    assert!(all.iter().all(|one| one.run.ended_at.is_some() && one.by.contains("Chartroom")));
    let first = page(&test, &supervisor, 1);
    assert_eq!(kinds(&first), [("bad-record", 1)]);
    let found = &first.findings[0];
    assert_eq!((found.file.reveal(), found.line), ("first.ndjson", 2));
    let second = page(&test, &supervisor, 0);
    assert_eq!(kinds(&second), [("unknown-format", 1), ("conflicts", 1)]);
    let conflicts = Some(FindingKind::Conflicts);
    let only = open_import(&test.store, &supervisor, second.import.run.id, conflicts).unwrap();
    assert_eq!(only.findings.len(), 1);
    assert!(only.findings[0].reason.contains("Observation o: This conflicts with version 1"));
    let refused = imports(&test.store, &somebody(4, Role::Coder));
    assert!(matches!(refused, Err(::app::Error::Forbidden(_))));
    assert!(test.store.verify(&system()).unwrap().is_whole());
}

#[test]
fn a_finding_about_a_hidden_chart_and_a_file_named_after_it_are_withheld() {
    let test = TestStore::new();
    let patient = test.patient("p", "Roe", "Jane", "1957-03-04");
    let now = observation("o", "Patient/p", 9).to_string();
    import(&test.store, &[("Roe_Jane.ndjson", &now)]);
    import(&test.store, &[("Roe_Jane.ndjson", &observation("o", "Patient/p", 2).to_string())]);
    let supervisor = somebody(3, Role::Supervisor);
    let seen = page(&test, &supervisor, 0);
    assert_eq!((seen.findings.len(), seen.withheld_count), (1, 0));
    assert_eq!(seen.import.paths.len(), 1);
    let label = |class| {
        test.store.write(&system(), |t| t.label_put(patient, None, class, "test").map(|_| ()))
    };
    label(SensitiveClass::Vip).unwrap();
    let seen = page(&test, &supervisor, 0);
    assert_eq!((seen.findings.len(), seen.withheld_count), (0, 1));
    assert!(kinds(&seen).is_empty() && seen.import.paths.is_empty());
    assert!(imports(&test.store, &supervisor).unwrap().iter().all(|one| one.paths.is_empty()));
    assert_eq!(page(&test, &system(), 0).findings.len(), 1);
}

/// FHIR id of the patient in whose chart an entry stands.
fn chart(test: &TestStore, kind: &str, id: &str) -> Option<String> {
    let found = test.store.look(&system(), |view| {
        let row = view.resource(kind, id)?.expect("it is held");
        let patients = view.resource_page(0, 1000)?;
        let mine = |one: &store::ResourceRow| one.kind == "Patient" && one.patient == row.patient;
        Ok::<_, store::Error>(patients.into_iter().find(mine).map(|one| one.fhir_id))
    });
    found.unwrap()
}

#[test]
fn what_another_server_holds_under_the_same_id_is_not_ours() {
    let test = TestStore::new();
    test.patient("1", "Roe", "Jane", "1957-03-04");
    let lines = [
        observation("foreign", "https://other.example/fhir/Patient/1", 1),
        observation("ours", "Patient/1", 1),
    ];
    import(&test.store, &[("a.ndjson", &lines.map(|line| line.to_string()).join("\n"))]);
    assert_eq!(chart(&test, "Observation", "foreign"), None);
    assert_eq!(chart(&test, "Observation", "ours").as_deref(), Some("1"));

    // What a bundle's entries stand under is ours from then on; what is elsewhere is not.
    let bundle = |id: &str, patient: &str| {
        json!({"resourceType": "Bundle", "type": "collection", "entry": [{
            "fullUrl": format!("https://sender.example/r4/Observation/{id}"),
            "resource": observation(id, patient, 1)}]})
        .to_string()
    };
    let sent = bundle("sent", "https://sender.example/r4/Patient/1");
    let elsewhere = bundle("elsewhere", "https://other.example/fhir/Patient/1");
    import(&test.store, &[("b.json", &sent), ("c.json", &elsewhere)]);
    assert_eq!(chart(&test, "Observation", "sent").as_deref(), Some("1"));
    assert_eq!(chart(&test, "Observation", "elsewhere"), None);
    assert!(import(&test.store, &[("b.json", &sent)]).is_empty());
    assert!(test.store.verify(&system()).unwrap().is_whole());
}

#[test]
fn a_file_is_hidden_with_whatever_entry_holds_it() {
    let holders = [
        json!({"resourceType": "Observation", "id": "h", "status": "final",
            "subject": {"reference": "Patient/p"}, "code": {"text": "trace"},
            "derivedFrom": [{"reference": "Binary/f"}]}),
        json!({"resourceType": "QuestionnaireResponse", "id": "h", "status": "completed",
            "subject": {"reference": "Patient/p"}, "item": [{"linkId": "1",
                "answer": [{"valueAttachment": {"url": "Binary/f"}}]}]}),
        json!({"resourceType": "List", "id": "h", "status": "current", "mode": "snapshot",
            "subject": {"reference": "Patient/p"}, "entry": [{"item": {"reference": "Binary/f"}}]}),
    ];
    for holder in holders {
        let test = TestStore::new();
        test.patient("p", "Roe", "Jane", "1957-03-04");
        test.put(&json!({"resourceType": "Binary", "id": "f", "contentType": "text/plain",
            "data": "S25lZQ=="}));
        test.put(&holder);
        let kind = holder["resourceType"].as_str().unwrap();
        let entry = test.store.look(&system(), |view| view.resource(kind, "h")).unwrap().unwrap();
        let put = test.store.write(&system(), |t| {
            let class = SensitiveClass::Psychotherapy;
            t.label_put(entry.patient.unwrap(), Some(entry.resource), class, "test").map(|_| ())
        });
        put.unwrap();
        let technician = somebody(7, Role::Technician);
        let seen = test.store.look(&technician, |view| view.resource("Binary", "f")).unwrap();
        assert!(seen.is_none(), "{kind}");
        assert!(test.store.verify(&system()).unwrap().is_whole(), "{kind}");
    }
}

#[test]
fn a_statement_that_comes_before_many_entries_stands_in_their_chart() {
    let test = TestStore::new();
    test.patient("p", "Roe", "Jane", "1957-03-04");
    test.patient("q", "Doe", "John", "1960-01-01");
    let targets: Vec<Value> =
        (0..300).map(|n| json!({"reference": format!("Observation/o{n}")})).collect();
    let statement = json!({"resourceType": "Provenance", "id": "s", "target": targets,
        "recorded": "2026-01-01T00:00:00Z"});
    // The last of them come first; the first of all belongs to another patient.
    let entries = (0..300).rev().map(|n| {
        let patient = if n == 0 { "Patient/q" } else { "Patient/p" };
        observation(&format!("o{n}"), patient, 1).to_string()
    });
    let lines: Vec<String> = std::iter::once(statement.to_string()).chain(entries).collect();
    import(&test.store, &[("before.ndjson", &lines[..299].join("\n"))]);
    assert_eq!(chart(&test, "Provenance", "s").as_deref(), Some("p"));
    import(&test.store, &[("after.ndjson", &lines[299..].join("\n"))]);
    assert_eq!(chart(&test, "Provenance", "s").as_deref(), Some("q"));
    assert!(test.store.verify(&system()).unwrap().is_whole());
}
