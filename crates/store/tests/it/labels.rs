//! A label on an encounter stands on everything that belongs to it, however that came about, alike
//! on both engines; `verify` computes the same.

use crate::site::{Site, each_engine, note, patient};
use record::{LabelMask, PatientKey, ResourceKey, SensitiveClass};
use serde_json::{Value, json};
use store::{Action, Error, Prepared, ResourceRow};

fn encounter(id: &str, of: &str) -> Value {
    json!({"resourceType": "Encounter", "id": id, "status": "finished",
        "subject": {"reference": format!("Patient/{of}")}, "class": {"code": "AMB"},
        "identifier": [{"system": "urn:stays", "value": id}]})
}

/// A note of an encounter.
fn note_in(id: &str, of: &str, encounter: &str) -> Value {
    let mut note = note(id, of, "cough");
    note["encounter"] = json!({"reference": encounter});
    note
}

fn restricted(mut resource: Value) -> Value {
    resource["meta"]["security"] = json!([
        {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "CEL"}]);
    resource
}

fn put_label(site: &Site, patient: PatientKey, on: Option<ResourceKey>) -> i64 {
    site.store()
        .write(&site.context(), |t| t.label_put(patient, on, SensitiveClass::Vip, "test"))
        .unwrap()
}

fn end_label(site: &Site, label: i64) {
    site.store().write(&site.context(), |t| t.label_end(label)).unwrap();
}

/// Types and ids of what one who is cleared for nothing sees.
fn seen(site: &Site) -> Vec<String> {
    let page = site.store().look(&site.context_uncleared(), |view| view.resource_page(0, 100));
    let mut names: Vec<String> = page.unwrap().into_iter().map(|row| row.fhir_id).collect();
    names.sort();
    assert_eq!(site.breaks(), Vec::<String>::new());
    names
}

fn of(row: &ResourceRow) -> PatientKey {
    row.patient.expect("it belongs to a patient")
}

#[test]
fn a_label_on_an_encounter_covers_what_belongs_to_it() {
    each_engine(|site| {
        let chart = site.put(&patient("a", "Roe"));
        let stay = site.put(&encounter("e", "a"));
        site.put(&encounter("f", "a"));
        site.put(&note_in("n1", "a", "Encounter/e"));
        site.put(&note_in("n2", "a", "Encounter/f"));
        let label = put_label(site, of(&chart), Some(stay.resource));
        assert_eq!(seen(site), ["a", "f", "n2"]);
        // What comes later is covered; what moves to another encounter no longer is.
        site.put(&note_in("n3", "a", "Encounter/e"));
        assert_eq!(seen(site), ["a", "f", "n2"]);
        site.put(&note_in("n1", "a", "Encounter/f"));
        site.put(&note_in("n2", "a", "Encounter/e"));
        assert_eq!(seen(site), ["a", "f", "n1"]);
        end_label(site, label);
        assert_eq!(seen(site), ["a", "e", "f", "n1", "n2", "n3"]);
    });
}

#[test]
fn every_label_counts_by_itself() {
    each_engine(|site| {
        let chart = site.put(&patient("a", "Roe"));
        let stay = site.put(&encounter("e", "a"));
        let note = site.put(&note_in("n", "a", "Encounter/e"));
        let on_stay = put_label(site, of(&chart), Some(stay.resource));
        let on_note = put_label(site, of(&chart), Some(note.resource));
        let on_chart = put_label(site, of(&chart), None);
        assert_eq!(seen(site), Vec::<String>::new());
        end_label(site, on_chart);
        assert_eq!(seen(site), ["a"]);
        end_label(site, on_stay);
        assert_eq!(seen(site), ["a", "e"]);
        end_label(site, on_note);
        assert_eq!(seen(site), ["a", "e", "n"]);
    });
}

#[test]
fn what_an_encounter_says_of_itself_covers_in_every_order() {
    each_engine(|site| {
        site.put(&patient("a", "Roe"));
        site.put(&note_in("n1", "a", "Encounter/e"));
        assert_eq!(seen(site), ["a", "n1"], "the encounter is not held yet");
        site.put(&restricted(encounter("e", "a")));
        site.put(&note_in("n2", "a", "Encounter/e"));
        assert_eq!(seen(site), ["a"]);
        // A later version that says nothing opens it again.
        site.put(&encounter("e", "a"));
        assert_eq!(seen(site), ["a", "e", "n1", "n2"]);
        site.put(&restricted(encounter("e", "a")));
        assert_eq!(seen(site), ["a"]);
    });
}

#[test]
fn an_entry_that_names_its_encounter_is_covered_when_that_comes_in() {
    each_engine(|site| {
        let chart = site.put(&patient("a", "Roe"));
        site.put(&note_in("n", "a", "Encounter?identifier=urn:stays|e"));
        let stay = site.put(&restricted(encounter("e", "a")));
        assert_eq!(seen(site), ["a"]);
        site.put(&encounter("e", "a"));
        put_label(site, of(&chart), Some(stay.resource));
        assert_eq!(seen(site), ["a"]);
    });
}

#[test]
fn merging_and_unmerging_keep_what_an_encounter_hides() {
    each_engine(|site| {
        let one = site.put(&patient("a", "Roe"));
        let other = site.put(&patient("b", "Roe"));
        let stay = site.put(&encounter("e", "b"));
        site.put(&note_in("n", "b", "Encounter/e"));
        site.put(&note("free", "b", "cough"));
        put_label(site, of(&other), Some(stay.resource));
        let open = seen(site);
        assert_eq!(open, ["a", "b", "free"]);
        let link = site
            .store()
            .write(&site.context(), |t| t.patient_link_create(of(&other), of(&one), "one person"));
        assert_eq!(seen(site), open);
        let label = put_label(site, of(&one), None);
        assert_eq!(seen(site), Vec::<String>::new(), "a label on the chart covers both records");
        let link = link.unwrap();
        site.store().write(&site.context(), |t| t.patient_link_end(link, "two")).unwrap();
        assert_eq!(seen(site), ["b", "free"]);
        end_label(site, label);
        assert_eq!(seen(site), open);
    });
}

#[test]
fn labels_of_hidden_encounters_are_not_listed() {
    each_engine(|site| {
        let chart = site.put(&patient("a", "Roe"));
        let stay = site.put(&encounter("e", "a"));
        put_label(site, of(&chart), Some(stay.resource));
        let count = |context: &record::Context| {
            let listed = site.store().look(context, |view| view.label_history(of(&chart)));
            listed.map(|labels: Vec<_>| labels.len()).map_err(|error: Error| error.to_string())
        };
        assert_eq!(count(&site.context()), Ok(1));
        assert_eq!(count(&site.context_uncleared()), Ok(0));
        let cleared = record::Context {
            cleared: LabelMask::of(SensitiveClass::Vip),
            ..site.context_uncleared()
        };
        assert_eq!(count(&cleared), Ok(1));
    });
}

fn file(id: &str) -> Value {
    json!({"resourceType": "Binary", "id": id, "contentType": "text/plain", "data": "S25lZQ=="})
}

/// A document of patient `a` that holds this file.
fn holding(id: &str, file: &str) -> Value {
    let attachment = json!({"contentType": "text/plain", "url": format!("Binary/{file}")});
    json!({"resourceType": "DocumentReference", "id": id, "status": "current",
        "subject": {"reference": "Patient/a"}, "content": [{"attachment": attachment}]})
}

fn holding_in(id: &str, file: &str, encounter: &str) -> Value {
    let mut document = holding(id, file);
    document["context"] = json!({"encounter": [{"reference": encounter}]});
    document
}

/// What is said of these entries.
fn said(id: &str, of: &[&str]) -> Value {
    let targets: Vec<Value> = of.iter().map(|entry| json!({"reference": entry})).collect();
    json!({"resourceType": "Provenance", "id": id, "recorded": "2026-01-01T00:00:00Z",
        "target": targets, "agent": [{"who": {"display": "Somebody"}}]})
}

fn delete(site: &Site, resource: &Value) {
    let prepared = Prepared::new(resource, None).unwrap();
    let deleted = site.store().write(&site.context(), |t| {
        let row = t.resource(&prepared.kind, &prepared.fhir_id)?;
        t.resource_put(&prepared, row.as_ref(), Action::Delete, "test")
    });
    deleted.unwrap();
}

#[test]
fn a_file_and_what_is_said_are_hidden_with_a_document_in_every_order() {
    // 0 is the file, 1 the document, 2 what is said of it, 3 the label on it.
    let orders =
        [[0, 1, 2, 3], [0, 1, 3, 2], [1, 3, 0, 2], [2, 0, 1, 3], [1, 2, 3, 0], [2, 1, 3, 0]];
    each_engine(|site| {
        let chart = site.put(&patient("a", "Roe"));
        let mut open = vec!["a".to_owned()];
        for (n, order) in orders.iter().enumerate() {
            let (document, file_id, said_id) = (format!("d{n}"), format!("f{n}"), format!("s{n}"));
            let about = format!("DocumentReference/{document}");
            let (mut held, mut on) = (None, None);
            for step in order {
                match step {
                    0 => drop(site.put(&file(&file_id))),
                    1 => held = Some(site.put(&holding(&document, &file_id)).resource),
                    2 => drop(site.put(&said(&said_id, &["Patient/a", &about]))),
                    _ => on = Some(put_label(site, of(&chart), held)),
                }
                let seen = seen(site);
                assert!(on.is_none() || seen == open, "{order:?} after {step}: {seen:?}");
            }
            end_label(site, on.expect("each order labels"));
            open.extend([document, file_id, said_id]);
            open.sort();
            assert_eq!(seen(site), open, "{order:?}");
        }
    });
}

#[test]
fn a_file_follows_what_its_document_says_and_the_encounter_that_this_moves_to() {
    each_engine(|site| {
        let chart = site.put(&patient("a", "Roe"));
        let stay = site.put(&encounter("e", "a"));
        site.put(&encounter("g", "a"));
        site.put(&file("f"));
        site.put(&restricted(holding_in("d", "f", "Encounter/g")));
        assert_eq!(seen(site), ["a", "e", "g"]);
        site.put(&holding_in("d", "f", "Encounter/g"));
        assert_eq!(seen(site), ["a", "d", "e", "f", "g"]);
        let label = put_label(site, of(&chart), Some(stay.resource));
        assert_eq!(seen(site), ["a", "d", "f", "g"]);
        site.put(&holding_in("d", "f", "Encounter/e"));
        site.put(&said("s", &["Encounter/g", "Encounter/e", "Patient/a"]));
        assert_eq!(seen(site), ["a", "g"]);
        site.put(&holding_in("d", "f", "Encounter/g"));
        assert_eq!(seen(site), ["a", "d", "f", "g"]);
        // What is said of something else is no longer hidden with it.
        site.put(&said("s", &["Encounter/g"]));
        site.put(&holding_in("d", "f", "Encounter/e"));
        assert_eq!(seen(site), ["a", "g", "s"]);
        end_label(site, label);
        assert_eq!(seen(site), ["a", "d", "e", "f", "g", "s"]);
        // An encounter that comes later says it of itself.
        site.put(&holding_in("d", "f", "Encounter/late"));
        site.put(&restricted(encounter("late", "a")));
        assert_eq!(seen(site), ["a", "e", "g", "s"]);
        let whole = put_label(site, of(&chart), None);
        assert_eq!(seen(site), Vec::<String>::new());
        end_label(site, whole);
        assert_eq!(seen(site), ["a", "e", "g", "s"]);
    });
}

#[test]
fn every_holder_of_a_file_counts_also_one_that_held_it_or_was_deleted() {
    each_engine(|site| {
        let chart = site.put(&patient("a", "Roe"));
        site.put(&file("f"));
        site.put(&holding("d1", "f"));
        let second = site.put(&holding("d2", "f"));
        site.put(&said("s1", &["Binary/f"]));
        site.put(&said("s2", &["Provenance/s1", "Provenance/s2"]));
        let label = put_label(site, of(&chart), Some(second.resource));
        assert_eq!(seen(site), ["a", "d1"]);
        // The version before held it, and is hidden with the document.
        site.put(&holding("d2", "other"));
        assert_eq!(seen(site), ["a", "d1"]);
        delete(site, &holding("d2", "other"));
        delete(site, &said("s1", &["Binary/f"]));
        assert_eq!(seen(site), ["a", "d1"]);
        site.put(&file("other"));
        assert_eq!(seen(site), ["a", "d1"]);
        end_label(site, label);
        assert_eq!(seen(site), ["a", "d1", "f", "other", "s2"]);
        // Whether what is deleted was there is hidden as well.
        site.put(&holding("d2", "f"));
        put_label(site, of(&chart), Some(second.resource));
        let context = site.context_uncleared();
        let gone = site.store().look(&context, |view| view.resource("Provenance", "s1"));
        assert_eq!(gone.unwrap(), None);
        assert_eq!(seen(site), ["a", "d1"]);
    });
}

#[test]
fn a_file_says_itself_what_it_is_about_and_follows_until_that_is_destroyed() {
    let order = store::destruction::DestructionOrder {
        witness: "R. Witness",
        method: "key forgotten",
        statement: "in the ordinary course of business",
    };
    each_engine(|site| {
        site.put(&patient("a", "Roe"));
        let other = site.put(&patient("b", "Doe"));
        let note = site.put(&note("n", "b", "cough"));
        let mut about = file("f");
        about["securityContext"] = json!({"reference": "Observation/n"});
        site.put(&about);
        site.put(&said("s", &["Patient/a", "Observation/n"]));
        put_label(site, of(&other), Some(note.resource));
        assert_eq!(seen(site), ["a", "b"]);
        site.store().patient_destroy(&site.context(), of(&other), &order).unwrap();
        assert_eq!(seen(site), ["a", "b", "s"]);
    });
}
