//! Values of R4's token parameters.

use super::{at_path, each, text};
use serde_json::Value;
use std::fmt;

/// One value of a token parameter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    /// The parameter's name: `identifier`, `code`, `category`.
    pub parameter: &'static str,
    /// The system; `None` for plain codes.
    pub system: Option<String>,
    /// The code, or an identifier's value.
    pub code: String,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The value may be a patient's number.
        write!(f, "{} [token]", self.parameter)
    }
}

/// A code that names what an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code system's URI; empty where none is given.
    pub system: String,
    /// The code.
    pub code: String,
    /// The words for it: the sender's, else empty.
    pub display: String,
}

/// Parameters whose path is their own name, in every type that has the member.
const PLAIN: &[(&str, &str)] = &[
    ("category", "category"),
    ("class", "class"),
    ("clinical-status", "clinicalStatus"),
    ("gender", "gender"),
    ("identifier", "identifier"),
    ("identifier", "masterIdentifier"),
    ("intent", "intent"),
    ("lifecycle-status", "lifecycleStatus"),
    ("status", "status"),
    ("verification-status", "verificationStatus"),
];

/// Types in which a member of a plain name is no parameter, or one of another kind.
const NOT_PLAIN: &[(&str, &str)] = &[
    ("AllergyIntolerance", "status"),
    ("Condition", "status"),
    ("Practitioner", "type"),
    ("StructureDefinition", "type"),
    ("Claim", "type"),
    ("ExplanationOfBenefit", "type"),
];

/// Type, parameter, path: where `code`, `type` and their like stand.
#[rustfmt::skip]
const OWN: &[(&str, &str, &str)] = &[
    ("AllergyIntolerance", "code", "reaction.substance"),
    ("CarePlan", "activity-code", "activity.detail.code"),
    ("Condition", "body-site", "bodySite"),
    ("Condition", "severity", "severity"),
    ("DeviceRequest", "code", "codeCodeableConcept"),
    ("DiagnosticReport", "conclusion", "conclusionCode"),
    ("DocumentReference", "facility", "context.facilityType"),
    ("DocumentReference", "format", "content.format"),
    ("DocumentReference", "security-label", "securityLabel"),
    ("DocumentReference", "setting", "context.practiceSetting"),
    ("Encounter", "discharge-disposition", "hospitalization.dischargeDisposition"),
    ("Encounter", "reason-code", "reasonCode"),
    ("FamilyMemberHistory", "code", "condition.code"),
    ("ImagingStudy", "modality", "modality"),
    ("Immunization", "vaccine-code", "vaccineCode"),
    ("ImmunizationRecommendation", "status", "recommendation.forecastStatus"),
    ("MedicationAdministration", "code", "medicationCodeableConcept"),
    ("MedicationDispense", "code", "medicationCodeableConcept"),
    ("MedicationRequest", "code", "medicationCodeableConcept"),
    ("MedicationStatement", "code", "medicationCodeableConcept"),
    ("Observation", "combo-code", "code"),
    ("Observation", "combo-code", "component.code"),
    ("Observation", "component-code", "component.code"),
    ("Observation", "value-concept", "valueCodeableConcept"),
    ("Patient", "active", "active"),
    ("PractitionerRole", "role", "code"),
    ("PractitionerRole", "specialty", "specialty"),
    ("Questionnaire", "code", "item.code"),
    ("SpecimenDefinition", "type", "typeCollected"),
    ("Substance", "code", "ingredient.substanceCodeableConcept"),
];

/// Types whose `code` member is no parameter of that name, or whose `type` is none.
const WITHOUT_CODE: &[&str] = &["PractitionerRole", "Questionnaire", "DeviceRequest"];

/// Where the concept that names an entry stands, in this order.
const NAMING: &[&str] =
    &["code", "vaccineCode", "medicationCodeableConcept", "codeCodeableConcept", "type", "class"];

/// `status`, or the clinical status of conditions and allergies.
pub(crate) fn status(resource: &Value) -> Option<String> {
    if let Some(status) = text(resource, "status").or_else(|| text(resource, "lifecycleStatus")) {
        return Some(status.to_owned());
    }
    let coding = at_path(resource, "clinicalStatus.coding");
    coding.into_iter().find_map(|coding| Some(text(coding, "code")?.to_owned()))
}

/// Values of every token parameter that is kept, sorted, without repeats.
pub(super) fn tokens(resource: &Value, kind: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let is_plain = |name: &str| !NOT_PLAIN.contains(&(kind, name));
    for (parameter, member) in PLAIN {
        if is_plain(parameter)
            && let Some(value) = resource.get(*member)
        {
            collect(parameter, value, &mut found);
        }
    }
    if is_plain("type")
        && let Some(value) = resource.get("type")
    {
        collect("type", value, &mut found);
    }
    if !WITHOUT_CODE.contains(&kind)
        && let Some(value) = resource.get("code")
    {
        collect("code", value, &mut found);
    }
    let start = OWN.partition_point(|(name, ..)| *name < kind);
    for (_, parameter, path) in OWN[start..].iter().take_while(|(name, ..)| *name == kind) {
        for value in at_path(resource, path) {
            collect(parameter, value, &mut found);
        }
    }
    for (parameter, path) in [("_tag", "meta.tag"), ("_security", "meta.security")] {
        for value in at_path(resource, path) {
            collect(parameter, value, &mut found);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The codes of the concept that names the entry.
pub(super) fn codes(resource: &Value, kind: &str) -> Vec<Code> {
    let members: &[&str] = match kind {
        "Encounter" => &["type", "class"],
        "DocumentReference" | "Composition" => &["type"],
        "CarePlan" | "CareTeam" => &["category"],
        "Goal" => &["description"],
        _ => NAMING,
    };
    let concept = members.iter().find_map(|name| resource.get(*name).filter(|v| !v.is_string()));
    let mut found = Vec::new();
    for concept in concept.map(each).unwrap_or_default() {
        let words = text(concept, "text").unwrap_or_default();
        let codings = concept.get("coding").map_or_else(|| vec![concept], each);
        for coding in codings {
            if let Some(code) = text(coding, "code") {
                found.push(Code {
                    system: text(coding, "system").unwrap_or_default().to_owned(),
                    code: code.to_owned(),
                    display: text(coding, "display").unwrap_or(words).to_owned(),
                });
            }
        }
    }
    found
}

/// Adds the tokens of a code, Coding, CodeableConcept, Identifier or boolean (R4 search, token).
fn collect(parameter: &'static str, value: &Value, found: &mut Vec<Token>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(parameter, value, found)),
        Value::String(code) => found.push(Token { parameter, system: None, code: code.clone() }),
        Value::Bool(flag) => {
            found.push(Token { parameter, system: None, code: flag.to_string() });
        }
        Value::Object(members) => {
            if let Some(codings) = members.get("coding") {
                return collect(parameter, codings, found);
            }
            let name = if members.contains_key("code") { "code" } else { "value" };
            if let Some(code) = text(value, name).filter(|code| !code.is_empty()) {
                let system = text(value, "system").map(str::to_owned);
                found.push(Token { parameter, system, code: code.to_owned() });
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_by_type() {
        assert!(OWN.is_sorted_by_key(|(kind, ..)| *kind));
    }
}
