//! Entries as lines of tables: what a person reads of a diagnosis, a measurement, a medication.
//!
//! A line has the cells of [`HEAD`]. Sections carry the LOINC codes under which such tables stand
//! in clinical documents.

use super::kind::document_kind;
use super::render::{Rendered, render};
use serde_json::Value;

/// A table of like entries.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    /// Its LOINC code.
    pub code: &'static str,
    /// Its title.
    pub label: &'static str,
    /// Whether its lines are values of a thing that is measured again and again.
    pub is_measured: bool,
}

/// Heads of the columns of every section.
pub const HEAD: [&str; 4] = ["What", "Value or status", "Date", "Details"];

/// Types of entry that are lines.
pub const LINE_TYPES: &[&str] = &[
    "AllergyIntolerance",
    "Condition",
    "Encounter",
    "Immunization",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Procedure",
];

const fn one(code: &'static str, label: &'static str, is_measured: bool) -> Section {
    Section { code, label, is_measured }
}

/// Every section, in the order of a chart.
pub static SECTIONS: [Section; 9] = [
    one("46240-8", "Encounters", false),
    one("11450-4", "Diagnoses and problems", false),
    one("48765-2", "Allergies", false),
    one("10160-0", "Medications", false),
    one("11369-6", "Immunizations", false),
    one("47519-4", "Procedures", false),
    one("8716-3", "Vital signs", true),
    one("30954-2", "Results and other observations", true),
    one("29762-2", "Social history", true),
];

/// The section with this code.
pub fn section_of_code(code: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.code == code)
}

/// The section that an entry is a line of; none for documents and everything else.
pub fn section(resource: &Value) -> Option<&'static Section> {
    section_of_code(match resource["resourceType"].as_str()? {
        "Encounter" => "46240-8",
        "Condition" => "11450-4",
        "AllergyIntolerance" => "48765-2",
        "MedicationAdministration"
        | "MedicationDispense"
        | "MedicationRequest"
        | "MedicationStatement" => "10160-0",
        "Immunization" => "11369-6",
        "Procedure" => "47519-4",
        "Observation" if has_category(resource, "vital-signs") => "8716-3",
        "Observation" if has_category(resource, "social-history") => "29762-2",
        "Observation" => "30954-2",
        _ => return None,
    })
}

fn has_category(resource: &Value, code: &str) -> bool {
    let all = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let categories = all(&resource["category"]);
    let mut codings = categories.iter().flat_map(|category| all(&category["coding"]));
    codings.any(|coding| coding["code"] == code)
}

/// The code of an entry's kind, and its words: a document's own type, or a line's section.
pub fn released_kind(resource: &Value) -> (String, String) {
    match section(resource) {
        Some(section) => (section.code.to_owned(), section.label.to_owned()),
        None => document_kind(resource),
    }
}

/// Labels of rows that another cell says, or that are of no use to a reader outside.
const SAID: &[&str] = &[
    "Category",
    "Class",
    "Clinical status",
    "Code",
    "Encounter",
    "Intent",
    "Medication",
    "Ordered",
    "Performed",
    "Time",
    "Type",
    "Vaccine",
    "Value",
    "When handed over",
];

/// The cells of an entry's line, each without line breaks.
pub fn line(resource: &Value) -> Vec<String> {
    let shown = render(resource);
    let is_observation = resource["resourceType"] == "Observation";
    let value = match shown.subtitle.split_once(": ") {
        Some((_, value)) if is_observation => value.to_owned(),
        _ if is_observation => String::new(),
        _ => shown.status.clone(),
    };
    let details = details(&shown, is_observation);
    [shown.title, value, shown.date_text, details].into_iter().map(|cell| flat(&cell)).collect()
}

fn details(shown: &Rendered, with_status: bool) -> String {
    let mut parts = Vec::new();
    if with_status && !shown.status.eq_ignore_ascii_case("final") && !shown.status.is_empty() {
        parts.push(shown.status.clone());
    }
    for row in &shown.rows {
        // A reference without words of its own leads nowhere on paper.
        let is_bare = row.reference.as_ref().is_some_and(|to| row.value.contains(to.as_str()));
        if !is_bare && !SAID.contains(&row.label.as_str()) {
            parts.push(format!("{}: {}", row.label, row.value));
        }
    }
    parts.join("; ")
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn entries_are_lines_of_their_sections() {
        let vital = json!({"resourceType": "Observation", "status": "final",
            "category": [{"coding": [{"code": "vital-signs"}]}],
            "code": {"text": "Heart rate"}, "effectiveDateTime": "2026-02-03",
            "valueQuantity": {"value": 72, "unit": "/min"}});
        let problem = json!({"resourceType": "Condition", "code": {"text": "Gout"},
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "subject": {"reference": "Patient/p"}, "onsetDateTime": "2025-07-01",
            "note": [{"text": "Left\nfoot"}]});
        let letter = json!({"resourceType": "DocumentReference", "type": {"text": "Letter"}});
        assert_eq!(section(&vital).unwrap().label, "Vital signs");
        assert_eq!(line(&vital), ["Heart rate", "72 /min", "3 Feb 2026", ""]);
        assert_eq!(released_kind(&problem).1, "Diagnoses and problems");
        let cells = line(&problem);
        assert_eq!((cells[0].as_str(), cells[1].as_str()), ("Gout", "Active"));
        assert!(cells[3].contains("Note: Left foot"), "{cells:?}");
        assert!(!cells.concat().contains("Patient/p"), "{cells:?}");
        assert_eq!(section(&letter), None);
        assert_eq!(released_kind(&letter).1, "Letter");
    }
}
