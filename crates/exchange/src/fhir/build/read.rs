//! Entries read back into the forms of the entry desk, so that they can be corrected there.
//!
//! A correction changes only the members whose fields were changed: what a sender wrote beside
//! them stays as it is.

use super::{ENTRY_URL, EncounterClass, VITAL_SIGNS};
use crate::fhir::text;
use serde_json::{Value, json};

/// The kinds of entry that have a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// Condition.
    Diagnosis,
    /// AllergyIntolerance.
    Allergy,
    /// MedicationRequest or MedicationStatement.
    Medication,
    /// Immunization.
    Immunization,
    /// Observations of the category vital signs.
    VitalSigns,
    /// DocumentReference with its text.
    Note,
}

impl EntryKind {
    /// Every kind, in the order of the chart.
    pub const ALL: &'static [EntryKind] = &[
        EntryKind::Note,
        EntryKind::Diagnosis,
        EntryKind::Allergy,
        EntryKind::Medication,
        EntryKind::Immunization,
        EntryKind::VitalSigns,
    ];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            EntryKind::Diagnosis => "diagnosis",
            EntryKind::Allergy => "allergy",
            EntryKind::Medication => "medication",
            EntryKind::Immunization => "immunization",
            EntryKind::VitalSigns => "vital-signs",
            EntryKind::Note => "note",
        }
    }

    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            EntryKind::Diagnosis => "Diagnosis",
            EntryKind::Allergy => "Allergy",
            EntryKind::Medication => "Medication",
            EntryKind::Immunization => "Immunization",
            EntryKind::VitalSigns => "Vital signs",
            EntryKind::Note => "Note",
        }
    }

    /// Reads the word of an address.
    pub fn parse(word: &str) -> Option<EntryKind> {
        EntryKind::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }

    /// The kind of a resource, where it has a form.
    pub fn of(resource: &Value) -> Option<EntryKind> {
        match resource["resourceType"].as_str()? {
            "Condition" => Some(EntryKind::Diagnosis),
            "AllergyIntolerance" => Some(EntryKind::Allergy),
            "MedicationRequest" | "MedicationStatement" => {
                resource.get("medicationCodeableConcept").map(|_| EntryKind::Medication)
            }
            "Immunization" => Some(EntryKind::Immunization),
            "Observation" => (!vital_values(resource).is_empty()).then_some(EntryKind::VitalSigns),
            "DocumentReference" => text(resource).map(|_| EntryKind::Note),
            _ => None,
        }
    }
}

/// The values of an entry as its form holds them, by the names of the form's fields.
pub type Typed = Vec<(&'static str, String)>;

/// Reads an entry back into the fields of its form; empty where it has none.
pub fn typed(resource: &Value) -> Typed {
    let at = |pointer: &str| {
        resource.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let encounter = ("encounter", at("/encounter/reference"));
    let note = ("note", at("/note/0/text"));
    match EntryKind::of(resource) {
        Some(EntryKind::Diagnosis) => {
            let (code, words) = code_and_words(&resource["code"], "icd-10-cm");
            let is_problem = at("/category/0/coding/0/code") == "problem-list-item";
            vec![
                ("code", code),
                ("words", words),
                ("is_problem", if is_problem { "yes" } else { "" }.to_owned()),
                ("clinical_status", at("/clinicalStatus/coding/0/code")),
                ("verification", at("/verificationStatus/coding/0/code")),
                ("onset", at("/onsetDateTime")),
                ("abatement", at("/abatementDateTime")),
                note,
                encounter,
            ]
        }
        Some(EntryKind::Allergy) => {
            let (code, words) = code_and_words(&resource["code"], "rxnorm");
            let (_, reaction) = code_and_words(&resource["reaction"][0]["manifestation"][0], "-");
            vec![
                ("code", code),
                ("substance", words),
                ("category", at("/category/0")),
                ("criticality", at("/criticality")),
                ("reaction", reaction),
                ("severity", at("/reaction/0/severity")),
                ("onset", at("/onsetDateTime")),
                note,
            ]
        }
        Some(EntryKind::Medication) => medication(resource, note),
        Some(EntryKind::Immunization) => {
            let (code, words) = code_and_words(&resource["vaccineCode"], "cvx");
            let is_primary = resource["primarySource"] == json!(true);
            vec![
                ("code", code),
                ("words", words),
                ("given_on", at("/occurrenceDateTime")),
                ("lot", at("/lotNumber")),
                ("expires", at("/expirationDate")),
                ("site", code_and_words(&resource["site"], "-").1),
                ("primary_source", if is_primary { "yes" } else { "" }.to_owned()),
                note,
                encounter,
            ]
        }
        Some(EntryKind::VitalSigns) => {
            let mut values = vital_values(resource);
            values.push(("taken_at", at("/effectiveDateTime")));
            values.push(encounter);
            values
        }
        Some(EntryKind::Note) => vec![
            ("loinc", code_and_words(&resource["type"], "loinc").0),
            ("type_name", code_and_words(&resource["type"], "loinc").1),
            ("text", text(resource).unwrap_or_default()),
            ("encounter", at("/context/encounter/0/reference")),
            ("event_time", at("/context/period/start")),
        ],
        None => Vec::new(),
    }
}

fn medication(resource: &Value, note: (&'static str, String)) -> Typed {
    let at = |pointer: &str| {
        resource.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let (code, words) = code_and_words(&resource["medicationCodeableConcept"], "rxnorm");
    let is_order = resource["resourceType"] == "MedicationRequest";
    let (usage, directions, start, encounter) = match is_order {
        true => (
            "ordered",
            at("/dosageInstruction/0/text"),
            at("/authoredOn"),
            at("/encounter/reference"),
        ),
        false => {
            ("taken", at("/dosage/0/text"), at("/effectivePeriod/start"), at("/context/reference"))
        }
    };
    vec![
        ("usage", usage.to_owned()),
        ("code", code),
        ("words", words),
        ("directions", directions),
        ("status", at("/status")),
        ("start", start),
        note,
        ("encounter", encounter),
    ]
}

/// The code of a concept in a system whose address ends so, and its words.
fn code_and_words(concept: &Value, system_end: &str) -> (String, String) {
    let codings = concept["coding"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of_system = |coding: &&Value| {
        let system = coding["system"].as_str().unwrap_or_default();
        system.to_ascii_lowercase().trim_end_matches(".org").ends_with(system_end)
    };
    let code = codings.iter().find(of_system).and_then(|coding| coding["code"].as_str());
    let words = concept["text"].as_str();
    let words = words.or_else(|| codings.first().and_then(|coding| coding["display"].as_str()));
    (code.unwrap_or_default().to_owned(), words.unwrap_or_default().to_owned())
}

/// The vital signs that an Observation holds: its own value, or its components'.
fn vital_values(resource: &Value) -> Typed {
    let components = resource["component"].as_array().map(Vec::as_slice).unwrap_or_default();
    let all = std::iter::once(resource).chain(components);
    let value = |one: &Value| {
        let codings = one["code"]["coding"].as_array()?;
        let sign = VITAL_SIGNS
            .iter()
            .find(|sign| codings.iter().any(|coding| coding["code"] == sign.loinc))?;
        let quantity = one.get("valueQuantity")?;
        // In another unit than the form's it can't be shown there as a plain number.
        let is_same_unit = quantity["code"] == sign.ucum;
        let number = quantity.get("value").filter(|_| is_same_unit)?;
        Some((sign.field, number.to_string()))
    };
    all.filter_map(value).collect()
}

/// Which member each field of a form stands in. A member is replaced when one of its fields was
/// changed, and stays as the sender wrote it when none was.
const MEMBERS: &[(EntryKind, &[&str], &[&str])] = &[
    (EntryKind::Diagnosis, &["code", "words"], &["code"]),
    (EntryKind::Diagnosis, &["is_problem"], &["category"]),
    (
        EntryKind::Diagnosis,
        &["clinical_status", "verification"],
        &["clinicalStatus", "verificationStatus"],
    ),
    (EntryKind::Diagnosis, &["onset"], &["onsetDateTime"]),
    (EntryKind::Diagnosis, &["abatement"], &["abatementDateTime"]),
    (EntryKind::Diagnosis, &["note"], &["note"]),
    (EntryKind::Diagnosis, &["encounter"], &["encounter"]),
    (EntryKind::Allergy, &["code", "substance"], &["code"]),
    (EntryKind::Allergy, &["category"], &["category"]),
    (EntryKind::Allergy, &["criticality"], &["criticality"]),
    (EntryKind::Allergy, &["reaction", "severity"], &["reaction"]),
    (EntryKind::Allergy, &["onset"], &["onsetDateTime"]),
    (EntryKind::Allergy, &["note"], &["note"]),
    (EntryKind::Medication, &["code", "words"], &["medicationCodeableConcept"]),
    (EntryKind::Medication, &["directions"], &["dosageInstruction", "dosage"]),
    (EntryKind::Medication, &["status"], &["status"]),
    (EntryKind::Medication, &["start"], &["authoredOn", "effectivePeriod"]),
    (EntryKind::Medication, &["note"], &["note"]),
    (EntryKind::Medication, &["encounter"], &["encounter", "context"]),
    (EntryKind::Immunization, &["code", "words"], &["vaccineCode"]),
    (EntryKind::Immunization, &["given_on"], &["occurrenceDateTime"]),
    (EntryKind::Immunization, &["lot"], &["lotNumber"]),
    (EntryKind::Immunization, &["expires"], &["expirationDate"]),
    (EntryKind::Immunization, &["site"], &["site"]),
    (EntryKind::Immunization, &["primary_source"], &["primarySource"]),
    (EntryKind::Immunization, &["note"], &["note"]),
    (EntryKind::Immunization, &["encounter"], &["encounter"]),
    (EntryKind::VitalSigns, &["taken_at"], &["effectiveDateTime"]),
    (EntryKind::VitalSigns, &["encounter"], &["encounter"]),
];

/// The entry as it stood, with what the form changed: `new` is what the form built. Other
/// members, other extensions and the id stay.
pub fn corrected(old: &Value, new: &Value) -> Value {
    let Some(kind) = EntryKind::of(old) else { return old.clone() };
    let (before, after) = (typed(old), typed(new));
    let value = |typed: &Typed, field: &str| {
        typed.iter().find(|(name, _)| *name == field).map(|(_, text)| text.clone())
    };
    let mut out = old.clone();
    for (of, fields, members) in MEMBERS {
        let is_changed = fields.iter().any(|field| value(&before, field) != value(&after, field));
        if *of == kind && is_changed {
            members.iter().for_each(|member| move_member(&mut out, new, member));
        }
    }
    if kind == EntryKind::VitalSigns {
        let is_changed =
            VITAL_SIGNS.iter().any(|sign| value(&before, sign.field) != value(&after, sign.field));
        if is_changed {
            ["valueQuantity", "component"].iter().for_each(|m| move_member(&mut out, new, m));
        }
    }
    put_entry_facts(&mut out, new);
    out
}

pub(super) fn move_member(out: &mut Value, new: &Value, member: &str) {
    let Some(members) = out.as_object_mut() else { return };
    match new.get(member) {
        Some(value) => {
            members.insert(member.to_owned(), value.clone());
        }
        None => {
            members.shift_remove(member);
        }
    }
}

/// Puts the facts of the new entry in place of the old ones; other extensions stay.
fn put_entry_facts(out: &mut Value, new: &Value) {
    let is_entry = |one: &&Value| one["url"] == ENTRY_URL;
    let list = |value: &Value| value["extension"].as_array().cloned().unwrap_or_default();
    let mut extensions = list(out);
    extensions.retain(|one| !is_entry(&one));
    extensions.extend(list(new).iter().filter(is_entry).cloned());
    if !extensions.is_empty() {
        out["extension"] = Value::Array(extensions);
    }
}

/// Marks a note as replaced by its correction. It stays, and stays readable.
pub fn supersede(resource: &mut Value) {
    resource["status"] = json!("superseded");
}

/// Cancels an encounter that did not take place.
pub fn cancel(encounter: &mut Value) {
    encounter["status"] = json!("cancelled");
}

/// An encounter as the registration desk shows it: no reason, no diagnosis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stay {
    /// Its class.
    pub class: Option<EncounterClass>,
    /// FHIR status.
    pub status: String,
    /// Begin, as kept.
    pub start: String,
    /// End, as kept; empty while it lasts.
    pub end: String,
    /// Where the patient is or was last: unit and bed.
    pub place: String,
    /// The attending provider's name.
    pub attending: String,
    /// Code of the discharge disposition; empty where there is none.
    pub disposition: String,
}

impl Stay {
    /// Reads an Encounter.
    pub fn of(encounter: &Value) -> Stay {
        let at = |pointer: &str| {
            encounter.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let places = encounter["location"].as_array().map(Vec::as_slice).unwrap_or_default();
        let last = places.last().map(|place| &place["period"]);
        // The same period: unit and bed are left and taken together.
        let now = places.iter().filter(|place| Some(&place["period"]) == last);
        let now: Vec<&str> = now.filter_map(|p| p["location"]["display"].as_str()).collect();
        // A bed that is called by its unit's name says the unit, too.
        let says_more = |unit: &str| {
            now.iter().any(|other| other.len() > unit.len() && other.starts_with(unit))
        };
        let place: Vec<&str> = now.iter().copied().filter(|unit| !says_more(unit)).collect();
        Stay {
            class: EncounterClass::parse(&at("/class/code")),
            status: at("/status"),
            start: at("/period/start"),
            end: at("/period/end"),
            place: place.join(", "),
            attending: at("/participant/0/individual/display"),
            disposition: at("/hospitalization/dischargeDisposition/coding/0/code"),
        }
    }

    /// Whether it goes on.
    pub fn is_open(&self) -> bool {
        matches!(self.status.as_str(), "in-progress" | "arrived" | "triaged" | "onleave")
    }

    /// Whether the patient lies in a bed of the house: inpatient or observation.
    pub fn is_stay(&self) -> bool {
        matches!(self.class, Some(EncounterClass::Inpatient | EncounterClass::Observation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_changes_only_what_was_changed() {
        let old = json!({
            "resourceType": "Condition", "id": "c",
            "extension": [{"url": "x", "valueString": "kept"}],
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "59621000"}],
                     "text": "Hypertension"},
            "onsetDateTime": "2020-01-01", "severity": {"text": "mild"},
        });
        let mut new = json!({
            "resourceType": "Condition",
            "extension": [{"url": ENTRY_URL, "extension": []}],
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "code": {"text": "Hypertension"}, "onsetDateTime": "2021-02-02",
        });
        let out = corrected(&old, &new);
        assert_eq!(out["onsetDateTime"], "2021-02-02");
        assert_eq!(out["code"], old["code"], "untouched fields keep their codes");
        assert_eq!(out["severity"], old["severity"]);
        assert_eq!(out["extension"].as_array().map(Vec::len), Some(2));
        new["code"]["text"] = json!("Hypotension");
        assert_eq!(corrected(&old, &new)["code"], json!({"text": "Hypotension"}));
    }

    #[test]
    fn stays_say_where_the_patient_is() {
        let stay = Stay::of(&json!({
            "class": {"code": "IMP"}, "status": "in-progress",
            "period": {"start": "2026-03-01T10:00:00Z"},
            "location": [
                {"location": {"display": "4 West"}, "period": {"start": "1"}},
                {"location": {"display": "ICU"}, "period": {"start": "2"}},
                {"location": {"display": "Bed 3"}, "period": {"start": "2"}},
            ],
        }));
        assert_eq!(stay.place, "ICU, Bed 3");
        assert!(stay.is_open() && stay.is_stay());
    }
}
