//! Whose chart a resource belongs to, and which encounter (R4 patient compartment).

use super::{at_path, text};
use record::Reference;
use serde_json::Value;

/// Where the patient stands, for types where it isn't `subject` or `patient`. The chart's own
/// patient first.
const PATIENT_PATHS: &[(&str, &[&str])] = &[
    ("Appointment", &["participant.actor"]),
    ("AppointmentResponse", &["actor"]),
    ("AuditEvent", &["entity.what", "agent.who"]),
    ("Coverage", &["beneficiary"]),
    ("EnrollmentRequest", &["candidate"]),
    ("Group", &["member.entity"]),
    ("Person", &["link.target"]),
    ("Provenance", &["target"]),
    ("ResearchSubject", &["individual"]),
    ("Schedule", &["actor"]),
    ("SupplyRequest", &["deliverTo"]),
    ("Task", &["for", "focus"]),
];
const PATIENT_PATHS_ELSE: &[&str] = &["subject", "patient"];

/// Where the encounter stands, for types where it isn't `encounter`.
const ENCOUNTER_PATHS: &[(&str, &[&str])] = &[
    ("ChargeItem", &["context"]),
    ("Claim", &["item.encounter"]),
    ("Communication", &["encounter"]),
    ("DocumentReference", &["context.encounter"]),
    ("EpisodeOfCare", &[]),
    ("ExplanationOfBenefit", &["item.encounter"]),
    ("MedicationAdministration", &["context"]),
    ("MedicationDispense", &["context"]),
    ("MedicationStatement", &["context"]),
];
const ENCOUNTER_PATHS_ELSE: &[&str] = &["encounter"];

fn paths(
    table: &'static [(&str, &'static [&str])],
    kind: &str,
    others: &'static [&'static str],
) -> &'static [&'static str] {
    table.iter().find(|(name, _)| *name == kind).map_or(others, |(_, paths)| paths)
}

/// References to patients, the chart's own first, without repeats.
pub(super) fn patients(resource: &Value, kind: &str) -> Vec<String> {
    if kind == "Patient" {
        return own(resource, kind).into_iter().collect();
    }
    let mut found: Vec<String> = Vec::new();
    for path in paths(PATIENT_PATHS, kind, PATIENT_PATHS_ELSE) {
        for value in at_path(resource, path) {
            match literal(value, "Patient") {
                Some(reference) if !found.contains(&reference) => found.push(reference),
                _ => {}
            }
        }
    }
    found
}

/// Names under which a resource may mean its patient, where it says no id: `urn:uuid:…`, or a
/// search `Patient?identifier=…`. What they stand for is known once that comes in.
pub(super) fn patient_names(resource: &Value, kind: &str) -> Vec<String> {
    let paths = paths(PATIENT_PATHS, kind, PATIENT_PATHS_ELSE);
    names(resource, paths, "Patient")
}

/// The same for its encounter.
pub(super) fn encounter_names(resource: &Value, kind: &str) -> Vec<String> {
    let paths = paths(ENCOUNTER_PATHS, kind, ENCOUNTER_PATHS_ELSE);
    names(resource, paths, "Encounter")
}

fn names(resource: &Value, paths: &[&str], kind: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for value in paths.iter().flat_map(|path| at_path(resource, path)) {
        let Some(name) = text(value, "reference") else { continue };
        let is_search = name.split_once('?').is_some_and(|(searched, _)| searched == kind);
        if (is_search || name.starts_with("urn:")) && !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    found
}

/// Reference to the encounter, itself for an Encounter.
pub(super) fn encounter(resource: &Value, kind: &str) -> Option<String> {
    if kind == "Encounter" {
        return own(resource, kind);
    }
    paths(ENCOUNTER_PATHS, kind, ENCOUNTER_PATHS_ELSE)
        .iter()
        .flat_map(|path| at_path(resource, path))
        .find_map(|value| literal(value, "Encounter"))
}

fn own(resource: &Value, kind: &str) -> Option<String> {
    Some(format!("{kind}/{}", text(resource, "id")?))
}

/// The literal reference `Type/id` of a Reference to this type, without base and version.
fn literal(value: &Value, kind: &str) -> Option<String> {
    let reference = Reference::parse(text(value, "reference")?)?;
    (reference.kind == kind).then(|| reference.to_string())
}
