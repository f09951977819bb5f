//! A label on an encounter stands on everything that belongs to it, however that came about, alike
//! on both engines; `verify` computes the same.

use crate::site::{Site, each_engine, note, patient};
use record::{LabelMask, PatientKey, ResourceKey, SensitiveClass};
use serde_json::{Value, json};
use store::{Error, ResourceRow};

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
