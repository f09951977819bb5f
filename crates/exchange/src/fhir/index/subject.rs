//! Whose chart a resource belongs to, and which encounter (R4 patient compartment).

use super::{at_path, text};
use record::Reference;
use serde_json::Value;

/// Where the patient stands, for types where it isn't `subject` or `patient`. The chart's own
/// patient first.
const PATIENT_PATHS: &[(&str, &[&str])] = &[
    ("Appointment", &["participant.actor"]),
    ("AppointmentResponse", &["actor", "appointment"]),
    ("AuditEvent", &["entity.what", "agent.who"]),
    ("Binary", &["securityContext"]),
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
/// Types that belong to the chart of what they are about, where they name no patient.
const ABOUT_ENTRIES: &[&str] = &["AppointmentResponse", "Binary", "Provenance", "Task"];
/// Types whose entries are hidden with those that hold them or that they are about.
const COMPANIONS: &[&str] = &["Binary", "Provenance"];
/// Members that name a file: an attachment's address, a reference, an address in an extension.
const FILE_MEMBERS: &[&str] = &["url", "reference", "valueUrl", "valueUri"];
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
    let mut found = names(resource, paths, "Patient");
    if ABOUT_ENTRIES.contains(&kind) {
        let about = paths.iter().flat_map(|path| at_path(resource, path));
        let about = about.filter_map(|value| Reference::parse(text(value, "reference")?));
        found.extend(about.map(|entry| chart_name(&entry)));
    }
    if kind == "Binary" {
        found.extend(text(resource, "id").map(|id| chart_name(&Reference::new(kind, id))));
    }
    found
}

/// Entries that this resource accompanies, where it is of a type that is nothing without them: what
/// a statement of provenance is about, what says who may see a file.
pub(super) fn accompanied(resource: &Value, kind: &str) -> Vec<Reference> {
    if !COMPANIONS.contains(&kind) {
        return Vec::new();
    }
    let about = paths(PATIENT_PATHS, kind, &[]).iter().flat_map(|path| at_path(resource, path));
    about.filter_map(|value| Reference::parse(text(value, "reference")?)).collect()
}

/// Whether a type is one whose entries accompany others, and are hidden with them.
pub fn is_companion(kind: &str) -> bool {
    COMPANIONS.contains(&kind)
}

/// The name of the chart in which an entry stands.
pub fn chart_name(entry: &Reference) -> String {
    format!("{CHART_NAME}{entry}")
}

/// How the name of an entry's chart begins.
pub const CHART_NAME: &str = "chart:";

/// Files (Binary) that stand in this resource's chart because it holds them, by whichever member.
/// What accompanies others holds none: it is hidden with a file, not the file with it.
pub(super) fn files(resource: &Value, kind: &str) -> Vec<String> {
    if COMPANIONS.contains(&kind) {
        return Vec::new();
    }
    let mut found = Vec::new();
    files_in(resource, &mut found);
    found.iter().map(chart_name).collect()
}

/// Whether or not an attachment says what kind of file it is.
fn files_in(value: &Value, found: &mut Vec<Reference>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if FILE_MEMBERS.contains(&&name[..]) => {
                        // Few names are of files: most are told by their first letters.
                        let file = Some(text).filter(|text| text.contains("Binary/"));
                        let file = file.and_then(|text| Reference::parse(text));
                        found.extend(file.filter(|file| file.kind == "Binary"));
                    }
                    Value::Object(_) | Value::Array(_) => files_in(member, found),
                    _ => {}
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| files_in(value, found)),
        _ => {}
    }
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
