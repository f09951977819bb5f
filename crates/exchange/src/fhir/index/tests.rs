//! What is found for the columns and searches.

use super::*;
use serde_json::json;

fn utc(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

#[test]
fn patients_and_encounters_are_found() {
    let table = [
        (json!({"resourceType": "Patient", "id": "a"}), Some("Patient/a"), None),
        (
            json!({"resourceType": "Encounter", "id": "e",
                   "subject": {"reference": "Patient/a/_history/3"}}),
            Some("Patient/a"),
            Some("Encounter/e"),
        ),
        (
            json!({"resourceType": "Observation", "subject": {"reference": "Location/l"}}),
            None,
            None,
        ),
        (
            json!({"resourceType": "Observation",
                   "subject": {"reference": "https://other.example/fhir/Patient/a"},
                   "encounter": {"reference": "https://other.example/fhir/Encounter/e"}}),
            None,
            None,
        ),
        (
            json!({"resourceType": "Coverage", "beneficiary": {"reference": "Patient/b"},
                   "subscriber": {"reference": "Patient/c"}}),
            Some("Patient/b"),
            None,
        ),
        (
            json!({"resourceType": "DocumentReference", "subject": {"reference": "Patient/a"},
                   "context": {"encounter": [{"reference": "EpisodeOfCare/x"},
                                             {"reference": "Encounter/e"}]}}),
            Some("Patient/a"),
            Some("Encounter/e"),
        ),
        (
            json!({"resourceType": "Task", "for": {"reference": "Patient/a"},
                   "encounter": {"reference": "Encounter/e"}}),
            Some("Patient/a"),
            Some("Encounter/e"),
        ),
        (json!({"resourceType": "Organization", "id": "o"}), None, None),
        (json!({"resourceType": "Observation", "subject": {"reference": "#p"}}), None, None),
    ];
    for (resource, patient, encounter) in table {
        let indexed = index(&resource, &TimeZone::UTC);
        assert_eq!(indexed.patient.as_deref(), patient, "{resource}");
        assert_eq!(indexed.encounter.as_deref(), encounter, "{resource}");
    }
}

#[test]
fn a_patient_and_an_encounter_that_are_only_named() {
    let named = index(
        &json!({"resourceType": "Observation", "subject": {"reference": "urn:uuid:1"},
            "encounter": {"reference": "Encounter?identifier=urn:visits|7"},
            "performer": [{"reference": "urn:uuid:2"}]}),
        &TimeZone::UTC,
    );
    assert_eq!(named.patient_names, ["urn:uuid:1"]);
    assert_eq!(named.encounter_names, ["Encounter?identifier=urn:visits|7"]);
    let other = json!({"resourceType": "Observation",
        "subject": {"reference": "Group?identifier=1"}, "encounter": {"reference": "Encounter/e"}});
    let other = index(&other, &TimeZone::UTC);
    assert!(other.patient_names.is_empty() && other.encounter_names.is_empty());
}

#[test]
fn dates_cover_what_r4_says() {
    let table = [
        (
            json!({"resourceType": "Encounter", "period": {"start": "2026-01-02T10:00:00Z"}}),
            ("2026-01-02T10:00:00Z", None),
        ),
        (
            json!({"resourceType": "Observation", "effectiveDateTime": "2026-01-02"}),
            ("2026-01-02T00:00:00Z", Some("2026-01-02T23:59:59.999999Z")),
        ),
        (
            json!({"resourceType": "Condition", "recordedDate": "2026-03-01",
                   "onsetDateTime": "2026-02"}),
            ("2026-02-01T00:00:00Z", Some("2026-02-28T23:59:59.999999Z")),
        ),
        (
            json!({"resourceType": "Procedure",
                   "performedPeriod": {"start": "2026-01-01", "end": "2026-01-02"}}),
            ("2026-01-01T00:00:00Z", Some("2026-01-02T23:59:59.999999Z")),
        ),
        (
            json!({"resourceType": "ServiceRequest",
                   "occurrenceTiming": {"event": ["2026-01-03", "2026-01-01"]}}),
            ("2026-01-01T00:00:00Z", Some("2026-01-03T23:59:59.999999Z")),
        ),
    ];
    for (resource, (first, last)) in table {
        let last = last.map_or(Instant(i64::MAX), utc);
        let found = index(&resource, &TimeZone::UTC).date;
        assert_eq!(found, Some((utc(first), last)), "{resource}");
    }
    let condition = json!({"resourceType": "Condition", "recordedDate": "2026-03-01",
                           "onsetDateTime": "2026-02", "abatementDateTime": "not a date"});
    let names: Vec<&str> =
        index(&condition, &TimeZone::UTC).dates.iter().map(|range| range.parameter).collect();
    assert_eq!(names, ["recorded-date", "onset-date"]);
}

#[test]
fn a_date_without_offset_is_taken_in_the_zone() {
    let zone = TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap();
    let resource = json!({"resourceType": "Observation", "effectiveDateTime": "2026-01-02"});
    let (first, _) = index(&resource, &zone).date.unwrap();
    assert_eq!(first, utc("2026-01-02T05:00:00Z"));
}

#[test]
fn tokens_are_complete() {
    let condition = json!({
        "resourceType": "Condition",
        "identifier": [{"system": "urn:x", "value": "7"}, {"value": "8"}],
        "clinicalStatus": {"coding": [{"system": "urn:cs", "code": "active"}]},
        "category": [{"coding": [{"system": "urn:c", "code": "encounter-diagnosis"}]}],
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10",
                             "display": "Essential (primary) hypertension"},
                            {"system": "http://snomed.info/sct", "code": "59621000"}],
                 "text": "Hypertension"}
    });
    let indexed = index(&condition, &TimeZone::UTC);
    let shown: Vec<String> = indexed
        .tokens
        .iter()
        .map(|t| format!("{} {}|{}", t.parameter, t.system.as_deref().unwrap_or("-"), t.code))
        .collect();
    assert_eq!(
        shown,
        [
            "category urn:c|encounter-diagnosis",
            "clinical-status urn:cs|active",
            "code http://hl7.org/fhir/sid/icd-10-cm|I10",
            "code http://snomed.info/sct|59621000",
            "identifier -|8",
            "identifier urn:x|7",
        ]
    );
    assert_eq!(indexed.status.as_deref(), Some("active"));
    assert_eq!(indexed.codes[0].display, "Essential (primary) hypertension");
    assert_eq!(indexed.codes[1].display, "Hypertension");
    let allergy = json!({"resourceType": "AllergyIntolerance", "category": ["food"],
        "reaction": [{"substance": {"coding": [{"code": "peanut"}]}}]});
    let allergy = index(&allergy, &TimeZone::UTC);
    let has = |parameter, code: &str| {
        allergy.tokens.iter().any(|t| t.parameter == parameter && t.code == code)
    };
    assert!(has("category", "food") && has("code", "peanut"));
}

#[test]
fn a_patient_is_known_and_never_printed() {
    let patient = json!({
        "resourceType": "Patient", "id": "a",
        "meta": {"security": [{"system": "urn:s", "code": "VIP"}],
                 "lastUpdated": "2026-01-01T00:00:00Z"},
        "identifier": [{"type": {"coding": [{"code": "MR"}]}, "system": "urn:mrn", "value": "M7"}],
        "name": [{"use": "official", "family": "Roe", "given": ["Jane", "Q"]}],
        "telecom": [{"system": "phone", "value": "+1 (212) 555-0134"}],
        "address": [{"line": ["1 Elm"], "city": "Springfield", "postalCode": "00001"}],
        "gender": "female", "birthDate": "1970-02-03", "deceasedDateTime": "2026-01-01",
        "link": [{"other": {"reference": "Patient/b"}, "type": "replaces"}]
    });
    let indexed = index(&patient, &TimeZone::UTC);
    assert_eq!(indexed.names[0].shown().reveal(), "Roe, Jane Q");
    assert_eq!(indexed.telecoms[0].digits().reveal(), "2125550134");
    assert!(indexed.identifiers[0].is_mrn());
    assert_eq!(indexed.deceased, Some(true));
    assert_eq!(indexed.security, [(Some("urn:s".to_owned()), "VIP".to_owned())]);
    assert_eq!(indexed.links[0].reference, "Patient/b");
    let printed = format!("{indexed:?}");
    for secret in ["Roe", "Jane", "M7", "0134", "Elm", "1970-02-03", "Springfield", "00001"] {
        assert!(!printed.contains(secret), "{secret} is printed");
    }
}
