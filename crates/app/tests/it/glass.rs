//! Which identifiers break the glass: any record number of the patient, no other number.

use crate::app::{TestStore, somebody};
use ::app::Error;
use ::app::glass::{GlassForm, break_glass};
use record::{BirthDate, Context, LabelMask, Mrn, Private, Role, SensitiveClass};
use serde_json::{Value, json};

fn identifier(code: &str, value: &str) -> Value {
    let system = "http://terminology.hl7.org/CodeSystem/v2-0203";
    json!({"system": format!("urn:{code}"), "value": value,
        "type": {"coding": [{"system": system, "code": code}]}})
}

#[test]
fn any_record_number_fits_and_no_other_number() {
    let test = TestStore::new();
    test.put(&json!({"resourceType": "Patient", "id": "a", "birthDate": "1961-07-09",
        "name": [{"family": "Quill", "given": ["Ada"]}],
        "identifier": [identifier("MR", "100002"), identifier("MR", "0077-B"),
            identifier("SS", "900-11-2222")]}));
    let system = Context::system("test", crate::app::NOON);
    let patient = test.store.look(&system, |view| view.patient_key("a")).unwrap().unwrap();
    let supervisor = Context { cleared: LabelMask::ALL, ..somebody(9, Role::Supervisor) };
    let vip = Some(SensitiveClass::Vip);
    ::app::labels::put(&test.store, &supervisor, patient, None, vip, "asked for").unwrap();
    let attempt = |mrn: &str| {
        let form = GlassForm {
            mrn: Mrn::new(mrn),
            birth_date: BirthDate::new("1961-07-09"),
            kind: "emergency".to_owned(),
            reason: Private::new("unconscious in the emergency room"),
        };
        break_glass(&test.store, &somebody(7, Role::Technician), &form)
    };
    for mrn in ["100002", "0077-B", "0077b", " 77-B "] {
        assert_eq!(attempt(mrn).unwrap(), patient, "{mrn}");
    }
    for other in ["900-11-2222", "77", "100003"] {
        assert!(matches!(attempt(other), Err(Error::Refused(_))), "{other}");
    }
}
