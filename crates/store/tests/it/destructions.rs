//! A chart is destroyed whole, and who it was, when they were here and what was operated outlives
//! it; on both engines.

use super::site::{Site, each_engine, note, patient};
use identity::Pair;
use integrity::destruction::{DestructionState, Holdings, Stop};
use record::{ContentHash, Instant, PatientKey};
use serde_json::{Value, json};
use store::destruction::{Destroyed, DestructionOrder};
use store::destruction_case::DestructionBody;
use store::retention::OpenWork;
use store::{Error, SITE_UNIT, Transaction, View};

const ORDER: DestructionOrder<'_> = DestructionOrder {
    witness: "R. Witness",
    method: "key forgotten",
    statement: "in the ordinary course of business, schedule 4",
};

fn chart(site: &Site, id: &str) -> PatientKey {
    let subject = json!({"reference": format!("Patient/{id}")});
    let encounter = json!({"reference": format!("Encounter/{id}-e")});
    let row = site.put(&patient(id, "Roe"));
    for entry in [
        json!({"resourceType": "Encounter", "id": format!("{id}-e"), "status": "finished",
            "class": {"code": "IMP"}, "subject": subject, "reasonCode": [{"text": "zebra"}],
            "period": {"start": "1999-03-04", "end": "1999-03-09"}}),
        json!({"resourceType": "Condition", "id": format!("{id}-c"), "subject": subject,
            "encounter": encounter, "code": {"text": "zebra"}}),
        json!({"resourceType": "Procedure", "id": format!("{id}-p"), "status": "completed",
            "subject": subject, "encounter": encounter, "performedDateTime": "1999-03-05",
            "note": [{"text": "zebra"}], "code": {"coding": [
                {"system": "http://www.cms.gov/Medicare/Coding/ICD10", "code": "0DTJ4ZZ"}]}}),
        note(&format!("{id}-n"), id, "zebra"),
        note(&format!("{id}-n"), id, "zebra and more"),
    ] {
        site.put(&entry);
    }
    row.patient.unwrap()
}

fn seen(site: &Site, kind: &str, id: &str) -> Option<Value> {
    site.store()
        .look(&site.context(), |view| {
            let row = view.resource(kind, id)?;
            row.map(|row| view.resource_value(&row)).transpose()
        })
        .unwrap()
}

fn holdings(site: &Site, patient: PatientKey) -> (i64, i64, i64) {
    let held = site.store().look(&site.context(), |view| view.chart_holdings(&[patient])).unwrap();
    (held.entries_count, held.versions_count, held.files_count)
}

fn whole(site: &Site) {
    assert_eq!(site.breaks(), Vec::<String>::new());
}

#[test]
fn the_card_and_the_registers_outlive_the_chart() {
    each_engine(|site| {
        let (gone, stays) = (chart(site, "gone"), chart(site, "stays"));
        let store = site.store();
        let pair = Pair::new(gone, stays).unwrap();
        let judged = store.write(&site.context(), |t| {
            let blob = store.blob_stage(t, SITE_UNIT, b"a scan")?;
            store.blob_move(t, blob, gone)?;
            t.duplicate_create(pair, 0.9, ContentHash::of(b"e"))
        });
        let judged = judged.unwrap();
        assert_eq!(holdings(site, gone), (5, 6, 1));
        let destroyed = store.patient_destroy(&site.context(), gone, &ORDER).unwrap();
        let expected =
            Destroyed { entries_count: 5, versions_count: 6, blobs_count: 1, cards_count: 3 };
        assert_eq!(destroyed, expected);
        whole(site);
        assert_eq!(seen(site, "Condition", "gone-c"), None);
        assert_eq!(seen(site, "Observation", "gone-n"), None);
        let card = seen(site, "Patient", "gone").unwrap();
        assert_eq!(card["name"], patient("gone", "Roe")["name"]);
        let stay = seen(site, "Encounter", "gone-e").unwrap();
        assert_eq!(stay["period"], json!({"start": "1999-03-04", "end": "1999-03-09"}));
        assert!(stay.get("reasonCode").is_none());
        let surgery = seen(site, "Procedure", "gone-p").unwrap();
        assert!(surgery.get("note").is_none() && surgery.get("code").is_some());
        // Nothing of it is found by its words; the other chart is as it was.
        let found = |word: &str| {
            let words = [word.to_owned()];
            store.look(&site.context(), |view| view.text_find(&words, None, 99)).unwrap().len()
        };
        assert_eq!(found("zebra"), seen_count(site, stays));
        // How the pair was judged is of the index: it is read under the new key.
        let events = store.look(&site.context(), |view| {
            let pair = view.duplicate(judged)?.unwrap();
            view.duplicate_events(&pair)
        });
        assert_eq!(events.unwrap().len(), 1);
        // Who comes back has a chart again, and it can be destroyed again.
        site.put(&note("gone-again", "gone", "back"));
        assert_eq!(holdings(site, gone), (4, 4, 0));
        let again = store.patient_destroy(&site.context(), gone, &ORDER).unwrap();
        assert_eq!((again.entries_count, again.cards_count), (4, 3));
        whole(site);
    });
}

/// Entries of a chart that hold the word of all.
fn seen_count(site: &Site, patient: PatientKey) -> usize {
    let words = ["zebra".to_owned()];
    let found = |view: &mut View<'_>| view.text_find(&words, Some(patient), 99);
    site.store().look(&site.context(), found).unwrap().len()
}

#[test]
fn a_merged_record_goes_with_the_chart_that_it_is_read_with() {
    each_engine(|site| {
        let (kept, merged) = (chart(site, "kept"), chart(site, "merged"));
        let store = site.store();
        let link = |t: &mut Transaction<'_>| t.patient_link_create(merged, kept, "the same person");
        store.write(&site.context(), link).unwrap();
        let destroyed = store.patient_destroy(&site.context(), kept, &ORDER).unwrap();
        assert_eq!((destroyed.entries_count, destroyed.cards_count), (10, 6));
        whole(site);
        assert_eq!(seen(site, "Condition", "merged-c"), None);
        let survivor = store.look(&site.context(), |view| view.patient_survivor(merged)).unwrap();
        assert_eq!(survivor, kept, "whose record it is stays known");
    });
}

#[test]
fn only_charts_without_a_newer_encounter_are_asked_for() {
    each_engine(|site| {
        let (old, merged) = (chart(site, "old"), chart(site, "merged"));
        let newer = site.put(&patient("newer", "Doe")).patient.unwrap();
        site.put(&json!({"resourceType": "Encounter", "id": "now", "status": "in-progress",
            "class": {"code": "IMP"}, "subject": {"reference": "Patient/newer"},
            "period": {"start": "2023-03-04"}}));
        let store = site.store();
        let link = |t: &mut Transaction<'_>| t.patient_link_create(merged, old, "the same person");
        store.write(&site.context(), link).unwrap();
        let before = Instant::parse("2020-01-01T00:00:00Z").unwrap();
        let page = || {
            let first = PatientKey(0);
            store.look(&site.context(), |view| view.retention_page(before, first, 9)).unwrap()
        };
        assert_eq!(page(), [old], "not the merged one, not {newer:?}");
        let days = store.look(&site.context(), |view| view.retention_days(&[old, merged])).unwrap();
        let day = |text: &str| Instant::parse(text);
        assert_eq!(days.last_encounter, day("1999-03-09T23:59:59.999999Z"));
        assert_eq!((days.last_image, days.last_privacy), (None, None));
        let open = store.look(&site.context(), |view| view.chart_open_work(&[newer])).unwrap();
        assert_eq!(open, OpenWork { encounters: 1, ..OpenWork::default() });
        let body = DestructionBody {
            state: DestructionState::Proposed { by: site.context().actor },
            listed: Holdings::default(),
            governing: Vec::new(),
        };
        let create = |t: &mut Transaction<'_>| t.destruction_create(old, "2005-01-01", &body);
        let case = store.write(&site.context(), create).unwrap();
        assert_eq!(page(), []);
        assert!(matches!(store.write(&site.context(), create), Err(Error::Conflict(_))));
        let kept = store.look(&site.context(), |view| view.destruction(case)).unwrap().unwrap();
        assert_eq!(kept.body, body);
        let save = |t: &mut Transaction<'_>| {
            let at = t.context().at;
            let stops = vec![Stop::Changed];
            let mut changed = kept.clone();
            changed.body.state = DestructionState::Stopped { at, stops };
            t.destruction_save(&changed, "changed")
        };
        store.write(&site.context(), save).unwrap();
        assert!(matches!(store.write(&site.context(), save), Err(Error::Conflict(_))));
        assert_eq!(page(), [old], "a stopped one may be listed anew");
        let events = store.look(&site.context(), |view| view.destruction_events(case)).unwrap();
        assert_eq!(events[0].reason.reveal(), "changed");
        whole(site);
    });
}
