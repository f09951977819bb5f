//! People near a patient: the contacts that a Patient names.

use super::index::{Indexed, at_path, index};
use jiff::tz::TimeZone;
use serde_json::Value;

/// Each contact of a Patient (`Patient.contact`), read as a related person is.
pub fn contacts(patient: &Value, zone: &TimeZone) -> Vec<Indexed> {
    let read = |contact: &Value| {
        let mut related = contact.clone();
        related["resourceType"] = "RelatedPerson".into();
        index(&related, zone)
    };
    let contacts = at_path(patient, "contact");
    contacts.into_iter().filter(|contact| contact.is_object()).map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn contacts_are_read_with_name_and_telephone() {
        let patient = json!({"resourceType": "Patient", "contact": [
            {"name": {"family": "Roe", "given": ["Winifred"]},
             "telecom": [{"system": "phone", "value": "312-555-0177"}]},
            "nonsense",
        ]});
        let contacts = contacts(&patient, &TimeZone::UTC);
        assert_eq!(contacts.len(), 1);
        let family = contacts[0].names[0].family.as_ref().unwrap();
        assert_eq!(family.reveal(), "Roe");
        assert_eq!(contacts[0].telecoms[0].value.reveal(), "312-555-0177");
    }
}
