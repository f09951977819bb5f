//! The words of files: asked for, kept, searched, dropped with a new version and with the chart.

use crate::site::{Site, each_engine, patient};
use record::{PatientKey, Private, SensitiveClass};
use serde_json::{Value, json};
use store::destruction::DestructionOrder;
use store::file_text::{FILE_TEXT_JOB, FileText, FileTextAsked};
use store::{Error, ResourceRow};

/// A letter whose words stand in a PDF.
fn letter(id: &str, subject: &str) -> Value {
    json!({"resourceType": "DocumentReference", "id": id, "status": "current",
        "description": "Letter", "subject": {"reference": subject},
        "content": [{"attachment": {"contentType": "application/pdf", "data": "JVBERi0="}}]})
}

/// The reading that was asked for, if any.
fn asked(site: &Site) -> Option<FileTextAsked> {
    let leased = site.store().write(&site.context(), |transaction| {
        let job = transaction.job_lease(&[FILE_TEXT_JOB], 60)?;
        job.iter().try_for_each(|job| transaction.job_done(job))?;
        Ok::<_, Error>(job)
    });
    leased.unwrap().map(|job| serde_json::from_str(&job.body).unwrap())
}

fn read(site: &Site, row: &ResourceRow, words: &str) {
    let refused = FileText::Refused("It is broken.".into());
    let texts = [FileText::Read(Private::new(words)), refused];
    site.store().write(&site.context(), |t| t.file_text_put(row, &texts)).unwrap();
}

/// How many entries hold a word, for one who is cleared and one who is not.
fn found(site: &Site, word: &str, patient: Option<PatientKey>) -> (usize, usize) {
    let of = |context| {
        let words = [word.to_owned()];
        let rows = site.store().look(&context, |view| view.text_find(&words, patient, 9));
        rows.unwrap().len()
    };
    (of(site.context()), of(site.context_uncleared()))
}

#[test]
fn words_of_files_are_searched_like_those_of_notes() {
    each_engine(|site| {
        let chart = site.put(&patient("a", "Roe")).patient;
        let row = site.put(&letter("d", "Patient/a"));
        let first = FileTextAsked { resource: row.resource.0, number: 1 };
        assert_eq!(asked(site), Some(first));
        assert_eq!(asked(site), None, "asked once");
        assert_eq!(found(site, "zebra", chart), (0, 0));
        read(site, &row, "The zebra letter\0 Zebra");
        assert_eq!(found(site, "zebra", chart), (1, 1));
        assert_eq!(found(site, "letter", None), (1, 1));
        assert_eq!(site.breaks(), Vec::<String>::new());
        read(site, &row, "zebra");
        assert_eq!(site.breaks(), Vec::<String>::new(), "read again");
        let label = site.store().write(&site.context(), |transaction| {
            transaction.label_put(chart.unwrap(), None, SensitiveClass::Vip, "test")
        });
        assert_eq!(found(site, "zebra", chart), (1, 0), "hidden is absent");
        site.store().write(&site.context(), |t| t.label_end(label.unwrap())).unwrap();
        let mut second = letter("d", "Patient/a");
        second["description"] = "Other".into();
        site.put(&second);
        assert_eq!(found(site, "zebra", chart), (0, 0), "a new version is read anew");
        assert_eq!(asked(site).map(|asked| asked.number), Some(2));
        assert_eq!(site.breaks(), Vec::<String>::new());
    });
}

#[test]
fn words_of_files_follow_their_entry_into_its_chart_and_are_destroyed_with_it() {
    each_engine(|site| {
        let row = site.put(&letter("d", "Patient?identifier=urn:test:mrn|m-late"));
        read(site, &row, "zebra");
        let chart = site.put(&patient("late", "Roe")).patient.unwrap();
        assert_eq!(found(site, "zebra", Some(chart)), (1, 1));
        assert_eq!(site.breaks(), Vec::<String>::new());
        let order = DestructionOrder {
            witness: "R. Witness",
            method: "key forgotten",
            statement: "in the ordinary course of business, schedule 4",
        };
        site.store().patient_destroy(&site.context(), chart, &order).unwrap();
        assert_eq!(found(site, "zebra", None), (0, 0));
        let texts = site.store().look(&site.context(), |view| view.file_texts(row.resource));
        assert!(texts.unwrap().is_empty());
        assert_eq!(site.breaks(), Vec::<String>::new());
    });
}

#[test]
fn a_text_file_is_read_once_it_is_indexed() {
    each_engine(|site| {
        let chart = site.put(&patient("a", "Roe")).patient.unwrap();
        let indexed = site.put(&json!({"resourceType": "DocumentReference", "id": "d",
            "status": "current", "subject": {"reference": "Patient/a"}}));
        assert_eq!(asked(site), None);
        let store = site.store();
        let wrote = store.write(&site.context(), |transaction| {
            let blob = store.blob_stage(transaction, store::SITE_UNIT, b"zebra")?;
            let document = transaction.document_create(blob, "text/plain", &Private::new("a"))?;
            let moved = store.blob_move(transaction, blob, chart)?;
            transaction.document_index(document.id, moved, indexed.resource)
        });
        wrote.unwrap();
        assert_eq!(asked(site), Some(FileTextAsked { resource: indexed.resource.0, number: 1 }));
        assert!(store.verify(&site.context()).unwrap().is_whole());
    });
}
