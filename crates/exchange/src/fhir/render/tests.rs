//! What people read.

use super::*;
use expect_test::{Expect, expect};
use serde_json::json;

fn check(resource: Value, expected: Expect) {
    let rendered = render(&resource);
    let mut shown = format!(
        "{} | {} | {} | {}\n",
        rendered.title, rendered.subtitle, rendered.status, rendered.date_text
    );
    for row in &rendered.rows {
        shown += &format!("{}: {}\n", row.label, row.value);
    }
    for row in &rendered.more {
        shown += &format!("+ {}: {}\n", row.label, row.value);
    }
    expected.assert_eq(&shown);
}

#[test]
fn a_blood_pressure() {
    let unit = json!({"value": 120, "unit": "mmHg", "system": "http://unitsofmeasure.org"});
    check(
        json!({
            "resourceType": "Observation", "id": "b", "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}],
                     "text": "Blood pressure"},
            "effectiveDateTime": "2026-03-04T10:30:00-05:00",
            "subject": {"reference": "Patient/a"},
            "component": [
                {"code": {"text": "Systolic"}, "valueQuantity": unit},
                {"code": {"text": "Diastolic"},
                 "valueQuantity": {"value": 80.0, "code": "mm[Hg]"}}
            ]
        }),
        expect![[r#"
            Blood pressure | Observation: 120 mmHg / 80.0 mmHg | Final | 4 Mar 2026 10:30 UTC-05:00
            Code: Blood pressure (LOINC 85354-9)
            Systolic: 120 mmHg
            Diastolic: 80.0 mmHg
            Time: 4 Mar 2026 10:30 UTC-05:00
            + Status: Final
            + Subject: Patient/a
        "#]],
    );
}

#[test]
fn computed_numbers_are_short_in_a_list_and_whole_in_the_entry() {
    let of = |value: Value| {
        json!({"resourceType": "Observation", "code": {"text": "X"},
        "valueQuantity": {"value": value, "unit": "mg/dL"}})
    };
    let table = [
        ("173.81209086671706", "173.81"),
        ("-0.000412345", "-0.000412"),
        ("36.125", "36.125"),
        ("80.0", "80.0"),
        ("7", "7"),
        ("0.00001", "0.0000100"),
    ];
    for (written, shown) in table {
        let value: Value = serde_json::from_str(written).unwrap();
        let rendered = render(&of(value.clone()));
        assert_eq!(rendered.subtitle, format!("Observation: {shown} mg/dL"), "{written}");
        let whole = format!("{value} mg/dL");
        assert!(rendered.rows.iter().any(|row| row.value == whole), "{written}");
    }
}

#[test]
fn the_systolic_pressure_stands_first() {
    let part = |code: &str, value: f64| {
        json!({
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "valueQuantity": {"value": value, "unit": "mm[Hg]"}})
    };
    let pressure = json!({"resourceType": "Observation", "code": {"text": "Blood pressure"},
        "component": [part("8462-4", 86.44305537931304), part("8480-6", 129.75969944651848)]});
    assert_eq!(render(&pressure).subtitle, "Observation: 129.76 mmHg / 86.44 mmHg");
}

#[test]
fn an_encounter() {
    check(
        json!({
            "resourceType": "Encounter", "id": "e", "status": "finished",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
            "period": {"start": "2026-03-01T08:00:00Z", "end": "2026-03-04"},
            "subject": {"reference": "Patient/a", "display": "Roe"},
            "location": [{"location": {"reference": "Location/w", "display": "4 West"},
                          "period": {"start": "2026-03-01"}}],
            "hospitalization": {"dischargeDisposition": {"coding": [{
                "system": "https://www.nubc.org/CodeSystem/PatDischargeStatus", "code": "01",
                "display": "Home"}]}}
        }),
        expect![[r#"
            Inpatient | Encounter | Finished | 1 Mar 2026 08:00 UTC to 4 Mar 2026
            Class: Inpatient
            Time: 1 Mar 2026 08:00 UTC to 4 Mar 2026
            Location: 4 West; time: since 1 Mar 2026
            Hospital stay: discharge disposition: Home (UB-04 01)
            + Status: Finished
            + Subject: Roe
        "#]],
    );
}

#[test]
fn a_medication_order_and_an_allergy() {
    check(
        json!({
            "resourceType": "MedicationRequest", "status": "active", "intent": "order",
            "medicationCodeableConcept": {"text": "Lisinopril 10 mg", "coding": [
                {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "314076"}]},
            "authoredOn": "2026-03-04",
            "dosageInstruction": [{"timing": {"repeat": {"frequency": 1, "period": 1,
                "periodUnit": "d"}}, "route": {"text": "by mouth"}, "asNeededBoolean": false,
                "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}]}]
        }),
        expect![[r#"
            Lisinopril 10 mg | Medication order | Active | 4 Mar 2026
            Medication: Lisinopril 10 mg (RxNorm 314076)
            Dosage: 1 tablet; once a day; by mouth
            Intent: Order
            Ordered: 4 Mar 2026
            + Status: Active
        "#]],
    );
    check(
        json!({
            "resourceType": "AllergyIntolerance",
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "code": {"text": "Penicillin"}, "criticality": "high", "category": ["medication"],
            "reaction": [{"manifestation": [{"text": "Hives"}], "severity": "moderate"}],
            "note": [{"text": "Told by the mother", "time": "2026-03-04"}],
            "extension": [{"url": "https://example.org/x/how-told", "valueString": "by telephone"}]
        }),
        expect![[r#"
            Penicillin | Allergy or intolerance | Active | 
            Code: Penicillin
            Category: Medication
            Criticality: High
            Clinical status: Active
            Reaction: manifestation: Hives; severity: Moderate
            Note: Told by the mother (4 Mar 2026)
            + How told: by telephone
        "#]],
    );
}

#[test]
fn any_other_type_shows_every_leaf() {
    check(
        json!({
            "resourceType": "Basic", "code": {"text": "Loan"}, "created": "2026-03-04",
            "contained": [{"resourceType": "Organization", "id": "o", "name": "Archive"}],
            "deep": [{"one": {"two": [{"three": 1.50}, {"four": [true, false]}]}}]
        }),
        expect![[r#"
            Loan | Basic |  | 4 Mar 2026
            Code: Loan
            Created: 4 Mar 2026
            Contained organization: name: Archive
            Deep: one: two: three: 1.5
            Deep: one: two: four: Yes; No
        "#]],
    );
    assert_eq!(render(&json!([])).title, "");
    assert_eq!(render(&json!({"resourceType": "Patient", "name": "odd"})).title, "odd");
}
