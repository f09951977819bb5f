//! The character U+0000, which PostgreSQL refuses in texts: records keep it, and are found.

use crate::site::{Site, each_engine, patient};
use serde_json::{Value, json};
use store::find::TermKeys;
use store::{Error, Prepared};

/// A chart with U+0000 wherever a column could get it from.
fn chart() -> Vec<Value> {
    let about = |kind: &str, id: &str| json!({"reference": format!("{kind}/{id}")});
    vec![
        json!({"resourceType": "Patient", "id": "nul", "gender": "fe\0male",
            "birthDate": "1970-02-03\0", "name": [{"family": "Ro\0e", "given": ["A\0da", "\0"]}],
            "identifier": [{"system": "urn:test:\0mrn", "value": "m\0-1"}, {"value": "\0"}],
            "telecom": [{"system": "pho\0ne", "value": "6\0"}], "address": [{"city": "x\0y"}],
            "language": "e\0n", "multipleBirthBoolean": false}),
        json!({"resourceType": "Encounter", "id": "e", "status": "fin\0ished",
            "class": {"code": "IM\0P"}, "subject": about("Patient", "nul"),
            "period": {"start": "2026-03-01\0"}, "serviceType": {"text": "S\0"},
            "identifier": [{"system": "\0", "value": "\0"}],
            "hospitalization": {"dischargeDisposition": {"coding": [{"code": "0\x31\0"}]}},
            "serviceProvider": {"display": "F\0"},
            "location": [{"location": {"display": "I\0CU"}, "period": {"start": "2026-03-01"}}]}),
        json!({"resourceType": "Condition", "id": "c", "subject": about("Patient", "nul"),
            "encounter": about("Encounter", "e"), "clinicalStatus": {"coding": [{"code": "\0"}]},
            "code": {"coding": [{"system": "urn:\0", "code": "J1\x38\0"}], "text": "cough\0ing"}}),
        json!({"resourceType": "ChargeItem", "id": "m", "status": "bill\0able",
            "subject": about("Patient", "nul"), "context": about("Encounter", "e"),
            "code": {"coding": [{"code": "\0"}]},
            "priceOverride": {"value": 1, "currency": "U\0D"}}),
        json!({"resourceType": "Observation", "id": "o", "status": "final",
            "subject": {"reference": "urn:uuid:\0"}, "note": [{"text": "a\0b zebra"}],
            "encounter": {"reference": "Encounter?identifier=\0|\0"}}),
        json!({"resourceType": "Observation", "id": "p", "subject": about("Patient", "a\0b")}),
    ]
}

fn held(site: &Site, kind: &str, id: &str) -> Value {
    let read = site.store().look(&site.context(), |view| {
        let row = view.resource(kind, id)?.ok_or(Error::NotFound)?;
        view.resource_value(&row)
    });
    read.unwrap()
}

#[test]
fn a_record_with_nul_characters_is_kept_whole_and_found() {
    each_engine(|site| {
        site.put(&patient("a", "Doe"));
        for resource in chart() {
            site.put(&resource);
            let (kind, id) = (&resource["resourceType"], &resource["id"]);
            let held = held(site, kind.as_str().unwrap(), id.as_str().unwrap());
            assert_eq!(held, resource, "nothing of it is changed");
        }
        for mut resource in chart() {
            resource["language"] = "a\0".into();
            assert_eq!(site.put(&resource).number, 2);
        }
        let found = site.store().look(&site.context(), |view| {
            let prefix = TermKeys { keys: vec![], prefix: Some("b:1970-02-03\0".into()) };
            let rows = view.patient_find(&[prefix], 5)?;
            let notes = view.text_find(&["zebra".into()], None, 5)?;
            assert!(view.resource("Patient", "a\0b")?.is_none());
            Ok::<_, Error>((rows.len(), notes.len(), view.alias("urn:uuid:\0")?))
        });
        let (people, notes, alias) = found.unwrap();
        assert!(people <= 1 && notes == 1 && alias.is_none());
        let target = record::Reference::new("Patient", "nul");
        let put = |alias: &'static str| {
            site.store().write(&site.context(), |t| t.alias_put(alias, &target)).unwrap();
        };
        put("urn:uuid:\0");
        put("urn:uuid:\0");
        assert_eq!(site.breaks(), Vec::<String>::new());
    });
}

#[test]
fn a_finding_a_file_and_a_setting_may_hold_it() {
    each_engine(|site| {
        let name = record::Private::new("a\0b.json");
        let wrote = site.store().write(&site.context(), |transaction| {
            let blob = site.store().blob_stage(transaction, store::SITE_UNIT, b"text")?;
            transaction.document_create(blob, "text/pl\0ain", &name)?;
            transaction.setting_put("test", "a\0b")
        });
        wrote.unwrap();
        let prepared = Prepared::new(&json!({"resourceType": "Basic", "id": "b"}), None).unwrap();
        let put = site.store().write(&site.context(), |transaction| {
            transaction.resource_put(&prepared, None, store::Action::Create, "why\0")
        });
        put.unwrap();
        assert_eq!(site.breaks(), Vec::<String>::new());
    });
}
