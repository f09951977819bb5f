//! What is kept typed beside a resource so that statistics need not open its body: the facts of
//! an Encounter, the code of a coded entry, the amount of a charge.

use super::build::EncounterClass;
use super::index::{at_path, each, text};
use serde_json::Value;

/// An Encounter as statistics need it. Dates keep the sender's text: which day that is, only the
/// facility's time zone says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncounterFacts {
    /// Class code, acute and non-acute inpatient stays as `IMP`; empty where none is given.
    pub class: String,
    /// The class before the present one, where it changed.
    pub class_before: Option<String>,
    /// When the present class began, where it changed.
    pub class_since: Option<String>,
    /// Begin.
    pub started: Option<String>,
    /// End.
    pub ended: Option<String>,
    /// Code of the discharge disposition.
    pub disposition: Option<String>,
    /// Service in words.
    pub service: String,
    /// The facility in words; its reference where the sender gave no words.
    pub facility: String,
    /// Whether the patient was born here in this stay.
    pub is_newborn: bool,
    /// Whether the admission was planned: its priority is elective.
    pub is_planned: bool,
    /// Whether the patient came from another hospital.
    pub is_transfer_in: bool,
    /// Units in the sender's order, each with its begin. Beds are left out.
    pub places: Vec<(String, Option<String>)>,
}

/// The facts of an Encounter; `None` for other types.
pub fn encounter_facts(resource: &Value) -> Option<EncounterFacts> {
    if text(resource, "resourceType") != Some("Encounter") {
        return None;
    }
    let first = |path: &str| {
        let found = at_path(resource, path).into_iter().find_map(Value::as_str);
        found.map(str::to_owned)
    };
    let words = |path: &str| {
        let either = first(&format!("{path}.text"));
        either.or_else(|| first(&format!("{path}.coding.display"))).unwrap_or_default()
    };
    let source_words = words("hospitalization.admitSource").to_lowercase();
    let came_by = |code: &str| {
        at_path(resource, "hospitalization.admitSource.coding.code").iter().any(|one| *one == code)
    };
    let history = resource.get("classHistory").map(each).unwrap_or_default();
    let before = history.last().filter(|last| last.pointer("/period/end").is_some());
    let of_before = |pointer: &str| before?.pointer(pointer)?.as_str().map(str::to_owned);
    Some(EncounterFacts {
        class: class_of(&first("class.code").unwrap_or_default()),
        class_before: of_before("/class/code").map(|code| class_of(&code)),
        class_since: of_before("/period/end"),
        started: first("period.start"),
        ended: first("period.end"),
        disposition: first("hospitalization.dischargeDisposition.coding.code"),
        service: words("serviceType"),
        facility: first("serviceProvider.display")
            .or_else(|| first("serviceProvider.reference"))
            .unwrap_or_default(),
        is_newborn: came_by("born") || source_words.starts_with("born in"),
        is_planned: first("priority.coding.code").as_deref() == Some("EL"),
        is_transfer_in: came_by("hosp-trans") || source_words.contains("another hospital"),
        places: places(resource),
    })
}

fn class_of(code: &str) -> String {
    EncounterClass::parse(code).map_or_else(|| code.to_owned(), |class| class.code().to_owned())
}

/// Units with their begin: of places that begin together, the first is the unit, the others are
/// room and bed.
fn places(encounter: &Value) -> Vec<(String, Option<String>)> {
    let mut places: Vec<(String, Option<String>)> = Vec::new();
    for place in at_path(encounter, "location") {
        let kinds = at_path(place, "physicalType.coding.code");
        let since = place.pointer("/period/start").and_then(Value::as_str).map(str::to_owned);
        let is_bed = kinds.iter().any(|kind| *kind == "bd" || *kind == "ro");
        if is_bed || places.last().is_some_and(|(_, last)| *last == since) {
            continue;
        }
        let name = place.pointer("/location/display").or(place.pointer("/location/reference"));
        if let Some(name) = name.and_then(Value::as_str) {
            places.push((name.to_owned(), since));
        }
    }
    places
}

/// The code of a Condition or a Procedure, with its system: the first of the code sets that
/// statistics know, else the first. `None` for other types and for entries in words alone.
pub fn coded(resource: &Value) -> Option<(String, String)> {
    if !matches!(text(resource, "resourceType"), Some("Condition" | "Procedure")) {
        return None;
    }
    let codings = at_path(resource, "code.coding");
    let known = |coding: &&&Value| text(coding, "system").is_some_and(|s| KNOWN.contains(&s));
    let coding = codings.iter().find(known).or(codings.first())?;
    Some((text(coding, "system").unwrap_or_default().to_owned(), text(coding, "code")?.to_owned()))
}

/// The system of ICD-10-CM.
pub const ICD_10_CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
/// The system of ICD-10-PCS.
pub const ICD_10_PCS: &str = "http://www.cms.gov/Medicare/Coding/ICD10";
const KNOWN: [&str; 2] = [ICD_10_CM, ICD_10_PCS];

/// What a ChargeItem or a Claim charges, in cents of a dollar; `None` where it is not in dollars,
/// was not billed, or is entered in error.
pub fn charge_cents(resource: &Value) -> Option<i64> {
    let amount = match text(resource, "resourceType")? {
        "ChargeItem" => resource.get("priceOverride")?,
        "Claim" => resource.get("total")?,
        _ => return None,
    };
    let status = text(resource, "status").unwrap_or_default();
    let is_void = matches!(
        status,
        "entered-in-error" | "cancelled" | "aborted" | "not-billable" | "draft" | "planned"
    );
    let in_dollars = text(amount, "currency").is_none_or(|currency| currency == "USD");
    let dollars = amount.get("value")?.as_f64().filter(|value| value.abs() < 1e12)?;
    (!is_void && in_dollars).then(|| (dollars * 100.0).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_encounter_is_read() {
        let place = |name: &str, since: &str| {
            let location = json!({"display": name});
            json!({"location": location, "period": {"start": since}})
        };
        let facts = encounter_facts(&json!({
            "resourceType": "Encounter", "class": {"code": "ACUTE"},
            "classHistory": [{"class": {"code": "OBSENC"},
                              "period": {"start": "2026-03-01T08:00Z", "end": "2026-03-02"}}],
            "period": {"start": "2026-03-01T08:00Z", "end": "2026-03-04"},
            "priority": {"coding": [{"code": "EL"}]},
            "serviceType": {"text": "Medicine"},
            "serviceProvider": {"reference": "Organization/a", "display": "Main"},
            "hospitalization": {"admitSource": {"text": "Transfer from another hospital"},
                                "dischargeDisposition": {"coding": [{"code": "02"}]}},
            "location": [place("ICU", "2026-03-01T08:00Z"), place("ICU bed 2", "2026-03-01T08:00Z"),
                         place("4 West", "2026-03-03T08:00Z")]
        }));
        let facts = facts.unwrap();
        assert_eq!((facts.class.as_str(), facts.class_before.as_deref()), ("IMP", Some("OBSENC")));
        assert_eq!(facts.class_since.as_deref(), Some("2026-03-02"));
        assert!(facts.is_planned && facts.is_transfer_in && !facts.is_newborn);
        let units: Vec<&str> = facts.places.iter().map(|(unit, _)| unit.as_str()).collect();
        assert_eq!(units, ["ICU", "4 West"]);
        assert_eq!((facts.disposition.as_deref(), facts.facility.as_str()), (Some("02"), "Main"));
        let bare = encounter_facts(&json!({"resourceType": "Encounter"})).unwrap();
        assert_eq!(bare, EncounterFacts::default());
        assert_eq!(encounter_facts(&json!({"resourceType": "Patient"})), None);
    }

    #[test]
    fn codes_and_charges() {
        let condition = json!({"resourceType": "Condition", "code": {"coding": [
            {"system": "http://snomed.info/sct", "code": "44054006"},
            {"system": ICD_10_CM, "code": "E11.9"}]}});
        assert_eq!(coded(&condition), Some((ICD_10_CM.to_owned(), "E11.9".to_owned())));
        assert_eq!(coded(&json!({"resourceType": "Condition", "code": {"text": "Gout"}})), None);
        let charge = |status: &str, currency: &str| {
            charge_cents(&json!({"resourceType": "ChargeItem", "status": status,
                                 "priceOverride": {"value": 12.345, "currency": currency}}))
        };
        assert_eq!(charge("billable", "USD"), Some(1235));
        assert_eq!((charge("entered-in-error", "USD"), charge("billable", "EUR")), (None, None));
        let claim = json!({"resourceType": "Claim", "status": "active",
                           "total": {"value": 85.55, "currency": "USD"}});
        assert_eq!(charge_cents(&claim), Some(8555));
    }
}
