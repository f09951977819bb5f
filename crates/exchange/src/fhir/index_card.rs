//! What outlives a chart: the entry of the master patient index, and the registers of
//! admissions, births, deaths and surgery.

use super::index::{at_path, text};
use super::typed::ICD_10_PCS;
use serde_json::{Map, Value};

/// SNOMED CT: surgical procedure.
const SURGICAL: &str = "387713003";

/// Who it is: what the index holds of a patient.
const PATIENT: &[&str] = &[
    "identifier",
    "name",
    "gender",
    "birthDate",
    "deceasedBoolean",
    "deceasedDateTime",
    "multipleBirthBoolean",
    "multipleBirthInteger",
    "address",
];
/// When and where somebody was here, and how it began and ended; not why, nor with whom.
const ENCOUNTER: &[&str] = &[
    "identifier",
    "status",
    "class",
    "classHistory",
    "serviceType",
    "priority",
    "subject",
    "period",
    "location",
    "serviceProvider",
];
/// The register of surgery: which operation, when.
const PROCEDURE: &[&str] = &[
    "identifier",
    "status",
    "category",
    "code",
    "subject",
    "encounter",
    "performedDateTime",
    "performedPeriod",
    "performedString",
];

/// The part of an entry that is kept for good when its chart is destroyed; `None` for an entry of
/// which nothing is kept. Labels stay.
pub fn index_card(resource: &Value) -> Option<Value> {
    let kind = text(resource, "resourceType")?;
    let members = match kind {
        "Patient" => PATIENT,
        "Encounter" => ENCOUNTER,
        "Procedure" if is_surgery(resource) => PROCEDURE,
        _ => return None,
    };
    let mut card = Map::new();
    card.insert("resourceType".to_owned(), kind.into());
    card.insert("id".to_owned(), resource.get("id")?.clone());
    if let Some(security) = resource.pointer("/meta/security") {
        card.insert("meta".to_owned(), serde_json::json!({ "security": security }));
    }
    for name in members {
        if let Some(value) = resource.get(*name) {
            card.insert((*name).to_owned(), value.clone());
        }
    }
    if let Some(stay) = resource.get("hospitalization").filter(|_| kind == "Encounter") {
        let kept = ["admitSource", "dischargeDisposition"].into_iter();
        let kept = kept.filter_map(|name| Some((name.to_owned(), stay.get(name)?.clone())));
        card.insert("hospitalization".to_owned(), Value::Object(kept.collect()));
    }
    Some(Value::Object(card))
}

fn is_surgery(procedure: &Value) -> bool {
    let by_category = at_path(procedure, "category.coding.code").iter().any(|c| *c == SURGICAL);
    let by_code = at_path(procedure, "code.coding").into_iter().any(|coding| {
        let is_pcs = text(coding, "system") == Some(ICD_10_PCS);
        // Section 0 is medical and surgical, section 1 obstetrics.
        is_pcs && text(coding, "code").is_some_and(|code| code.starts_with(['0', '1']))
    });
    text(procedure, "status") == Some("completed") && (by_category || by_code)
}

/// The day of death as the sender wrote it; `None` where the patient lives, or where only the
/// death is known.
pub fn death_date(patient: &Value) -> Option<&str> {
    text(patient, "deceasedDateTime")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_card_says_who_and_when_and_not_why() {
        let patient = json!({"resourceType": "Patient", "id": "a", "birthDate": "1940-01-02",
            "meta": {"security": [{"code": "VIP"}], "profile": ["p"]}, "photo": [{"data": "x"}],
            "contact": [{"name": {"text": "Joan Roe"}}], "name": [{"family": "Roe"}]});
        assert_eq!(
            index_card(&patient).unwrap(),
            json!({"resourceType": "Patient", "id": "a", "birthDate": "1940-01-02",
                "meta": {"security": [{"code": "VIP"}]}, "name": [{"family": "Roe"}]})
        );
        let stay = json!({"resourceType": "Encounter", "id": "e", "status": "finished",
            "period": {"start": "1990-03-04", "end": "1990-03-09"},
            "reasonCode": [{"text": "cough"}], "participant": [{}],
            "hospitalization": {"dietPreference": [{}],
                "dischargeDisposition": {"coding": [{"code": "exp"}]}}});
        assert_eq!(
            index_card(&stay).unwrap(),
            json!({"resourceType": "Encounter", "id": "e", "status": "finished",
                "period": {"start": "1990-03-04", "end": "1990-03-09"},
                "hospitalization": {"dischargeDisposition": {"coding": [{"code": "exp"}]}}})
        );
    }

    #[test]
    fn of_procedures_only_surgery_is_registered() {
        let procedure = |code: &str, note: &str| {
            json!({"resourceType": "Procedure", "id": "p", "status": "completed",
                "note": [{"text": note}],
                "code": {"coding": [{"system": ICD_10_PCS, "code": code}]}})
        };
        let kept = index_card(&procedure("0DTJ4ZZ", "bled")).unwrap();
        assert!(kept.get("note").is_none() && kept.get("code").is_some());
        assert_eq!(index_card(&procedure("3E0234Z", "")), None);
        assert_eq!(index_card(&json!({"resourceType": "Condition", "id": "c"})), None);
    }
}
