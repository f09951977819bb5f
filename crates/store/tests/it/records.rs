//! Records are written, read, versioned, hidden and encrypted alike on both engines.

use crate::site::{Site, each_engine, note, patient};
use record::{ContentHash, PatientKey, Private, SensitiveClass};
use serde_json::Value;
use store::find::TermKeys;
use store::{Action, Error, Prepared};

#[test]
fn what_was_written_is_read_in_every_version() {
    each_engine(|site| {
        let first = patient("a", "Roe");
        site.put(&first);
        let mut second = first.clone();
        second["birthDate"] = "1971-02-03".into();
        let row = site.put(&second);
        site.reopen();
        let context = site.context();
        let (current, versions) = site
            .store()
            .look(&context, |view| {
                let found = view.resource("Patient", "a")?.ok_or(Error::NotFound)?;
                Ok::<_, Error>((view.resource_value(&found)?, view.versions(found.resource)?))
            })
            .unwrap();
        assert_eq!(row.number, 2);
        assert_eq!(current, second);
        assert_eq!(versions.iter().map(|v| v.number).collect::<Vec<_>>(), [2, 1]);
        let old: Value = serde_json::from_str(&versions[1].text).unwrap();
        assert_eq!(old["birthDate"], first["birthDate"]);
        assert_eq!(site.breaks(), Vec::<String>::new());
    });
}

#[test]
fn a_deleted_resource_keeps_its_versions() {
    each_engine(|site| {
        site.put(&patient("a", "Roe"));
        let row = site.put(&note("n", "a", "cough"));
        let prepared = Prepared::new(&note("n", "a", "cough"), None).unwrap();
        site.store()
            .write(&site.context(), |transaction| {
                transaction.resource_put(&prepared, Some(&row), Action::Delete, "test")
            })
            .unwrap();
        let (found, chart) = site
            .store()
            .look(&site.context(), |view| {
                let found = view.resource("Observation", "n")?.ok_or(Error::NotFound)?;
                let chart = view.chart_list(row.patient.ok_or(Error::NotFound)?, &[], 10)?;
                Ok::<_, Error>((view.versions(found.resource)?.len(), chart.len()))
            })
            .unwrap();
        assert_eq!((found, chart), (2, 1));
        assert_eq!(site.breaks(), Vec::<String>::new());
    });
}

#[test]
fn what_is_labelled_is_absent_for_those_not_cleared() {
    each_engine(|site| {
        let row = site.put(&patient("a", "Roe"));
        site.put(&patient("b", "Roe"));
        site.put(&note("n", "a", "cough"));
        let patient = row.patient.unwrap();
        let label = site
            .store()
            .write(&site.context(), |transaction| {
                transaction.label_put(patient, None, SensitiveClass::Vip, "test")
            })
            .unwrap();
        assert_eq!(seen(site, patient, false), (1, false, 0));
        assert_eq!(seen(site, patient, true), (2, true, 2));
        site.store().write(&site.context(), |transaction| transaction.label_end(label)).unwrap();
        assert_eq!(seen(site, patient, false), (2, true, 2));
        assert_eq!(site.breaks(), Vec::<String>::new());
    });
}

/// Patients found by name, whether the note is found, entries of the chart.
fn seen(site: &Site, patient: PatientKey, cleared: bool) -> (usize, bool, usize) {
    let context = if cleared { site.context() } else { site.context_uncleared() };
    site.store()
        .look(&context, |view| {
            let term = TermKeys { keys: vec!["n:roe".into()], prefix: None };
            Ok::<_, Error>((
                view.patient_find(&[term], 10)?.len(),
                view.resource("Observation", "n")?.is_some(),
                view.chart_list(patient, &[], 10)?.len(),
            ))
        })
        .unwrap()
}

#[test]
fn files_are_encrypted_under_their_patients_key() {
    each_engine(|site| {
        let content = b"%PDF-1.7 synthetic scan of a cough".repeat(40);
        let row = site.put(&patient("a", "Roe"));
        let (document, moved) = site
            .store()
            .write(&site.context(), |transaction| {
                let blob = site.store().blob_stage(transaction, store::SITE_UNIT, &content)?;
                let name = Private::new("scan.pdf");
                let document = transaction.document_create(blob, "application/pdf", &name)?;
                let patient = row.patient.ok_or(Error::NotFound)?;
                let moved = site.store().blob_move(transaction, blob, patient)?;
                Ok::<_, Error>((document, moved))
            })
            .unwrap();
        site.reopen();
        site.store()
            .look(&site.context(), |view| {
                for blob in [document.blob, moved] {
                    assert_eq!(site.store().blob_content(view, blob)?, content);
                }
                let hash = ContentHash::of(&content);
                assert_eq!(view.document_by_content(hash)?.map(|d| d.id), Some(document.id));
                assert_ne!(
                    view.blob(document.blob)?.unwrap().unit,
                    view.blob(moved)?.unwrap().unit
                );
                Ok::<_, Error>(())
            })
            .unwrap();
        assert_eq!(site.breaks(), Vec::<String>::new());
    });
}

#[test]
fn both_engines_give_the_same_results() {
    let results = [Site::sqlite(), Site::postgres()].map(|site| {
        for (n, family) in ["Roe", "roe", "Ärö", "O'Hara", "_Zed", "Zed"].iter().enumerate() {
            let id = format!("p{n}");
            site.put(&patient(&id, family));
            site.put(&note(&format!("n{n}"), &id, "Cough, fever and CHILLS"));
        }
        site.store()
            .look(&site.context(), |view| {
                let term = TermKeys { keys: Vec::new(), prefix: Some("n:".into()) };
                let found: Vec<_> = view
                    .patient_find(&[term], 10)?
                    .into_iter()
                    .map(|row| (row.fhir_id, row.name.reveal().to_owned()))
                    .collect();
                let words = ["cough".to_owned(), "chills".to_owned()];
                let texts: Vec<_> =
                    view.text_find(&words, None, 4)?.into_iter().map(|row| row.fhir_id).collect();
                let page: Vec<_> =
                    view.resource_page(0, 100)?.into_iter().map(|row| row.fhir_id).collect();
                Ok::<_, Error>((found, texts, page))
            })
            .unwrap()
    });
    assert_eq!(results[0], results[1]);
    assert_eq!((results[0].0.len(), results[0].1.len()), (6, 4));
}

#[test]
fn the_keys_of_another_store_are_refused() {
    each_engine(|site| {
        site.put(&patient("a", "Roe"));
        let other = site.other_keys();
        site.close();
        match store::Store::open(&site.location, &other) {
            Err(Error::Keys(reason)) => assert!(reason.contains("of another store"), "{reason}"),
            Err(other) => panic!("another refusal: {other}"),
            Ok(_) => panic!("the store was opened with keys of another"),
        }
    });
}
