//! FHIR resources from what is typed at the entry desk, and what is wrong with it while it is.
//!
//! Each form is a plain struct of texts as typed. `check` tells what is wrong, field by field;
//! `build` makes the resource. Who wrote, entered and authenticated an entry, its source document
//! and its two times stand in R4's own members where a type has them, and for every type in the
//! extension [`ENTRY_URL`], whose parts are `author`, `enteredBy`, `enteredAt`,
//! `authenticatedBy`, `authenticatedAt`, `sourceDocument`, `eventTime`.

mod clinical;
mod document;
mod encounter;
mod encounter_correction;
mod field;
mod note;
mod patient;
mod read;
mod read_patient;
mod vitals;

pub use clinical::{
    AllergyForm, DiagnosisForm, ImmunizationForm, MedicationForm, MedicationUse, authenticate,
    entered_in_error,
};
pub use document::DocumentForm;
pub use encounter::{
    DISCHARGE_DISPOSITIONS, Discharge, EncounterClass, EncounterForm, Transfer, change_class,
    discharge, transfer,
};
pub use encounter_correction::EncounterCorrection;
pub use field::{FieldError, Weight};
pub use note::{NoteForm, NoteKind};
pub use patient::PatientForm;
pub use read::{EntryKind, Stay, Typed, cancel, corrected, supersede, typed};
pub use read_patient::{corrected_patient, patient_form};
pub use vitals::{VITAL_SIGNS, VitalSign, VitalSigns, vital_sign_observations};

use jiff::{civil, tz::TimeZone};
use record::{Instant, PartialDate};
use serde_json::{Map, Value, json};

/// The extension that tells who made an entry, when, and from what.
pub const ENTRY_URL: &str = "urn:chartroom:entry";

/// Where and when the typing happens.
#[derive(Clone, Debug)]
pub struct Desk<'a> {
    /// The facility's time zone: times typed without an offset are taken in it.
    pub zone: &'a TimeZone,
    /// Now.
    pub now: Instant,
}

impl Desk<'_> {
    /// A date or time as typed, as FHIR `dateTime` text with this facility's offset; `None` where
    /// it is no date. `2026-03-04 10:30`, `2026-03-04T10:30` and dates of any precision are taken.
    pub fn date_time(&self, typed: &str) -> Option<String> {
        let typed = typed.trim();
        if matches!(typed.len(), 4 | 7 | 10) {
            PartialDate::parse(typed, self.zone)?;
            return Some(typed.to_owned());
        }
        if typed.parse::<jiff::Timestamp>().is_ok() {
            return Some(typed.replacen(' ', "T", 1));
        }
        let local: civil::DateTime = typed.parse().ok()?;
        let zoned = local.to_zoned(self.zone.clone()).ok()?;
        Some(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    }

    /// Now, as FHIR `dateTime` text with this facility's offset.
    pub fn now_text(&self) -> String {
        let zoned = self.now.timestamp().to_zoned(self.zone.clone());
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    fn range(&self, typed: &str) -> Option<PartialDate> {
        PartialDate::parse(&self.date_time(typed)?, self.zone)
    }
}

/// A person or place as a reference with its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// `Practitioner/p1`; empty where only the name is known.
    pub reference: String,
    /// The name as shown.
    pub display: String,
}

impl Party {
    /// A reference and the name for it.
    pub fn new(reference: impl Into<String>, display: impl Into<String>) -> Party {
        Party { reference: reference.into(), display: display.into() }
    }

    fn to_value(&self) -> Value {
        let mut out = Map::new();
        put(&mut out, "reference", &self.reference);
        put(&mut out, "display", &self.display);
        Value::Object(out)
    }
}

/// Who made an entry, when, and from what (the facts that rules of record keeping ask of each).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whose observation or decision it is.
    pub author: Party,
    /// Who typed it.
    pub entered_by: Party,
    /// Who authenticated it and when, once done.
    pub authenticated: Option<(Party, String)>,
    /// The document that it was abstracted from: `DocumentReference/d1`.
    pub source_document: Option<String>,
    /// When it happened or was observed, as typed.
    pub event_time: String,
}

impl Facts {
    /// The extension with these facts.
    fn extension(&self, desk: &Desk) -> Value {
        let mut parts = Vec::new();
        let mut add = |url: &str, name: &str, value: Value| {
            let mut part = Map::new();
            part.insert("url".to_owned(), json!(url));
            part.insert(name.to_owned(), value);
            parts.push(Value::Object(part));
        };
        add("author", "valueReference", self.author.to_value());
        add("enteredBy", "valueReference", self.entered_by.to_value());
        add("enteredAt", "valueDateTime", json!(desk.now_text()));
        if let Some((party, at)) = &self.authenticated {
            add("authenticatedBy", "valueReference", party.to_value());
            add("authenticatedAt", "valueDateTime", json!(at));
        }
        if let Some(source) = &self.source_document {
            add("sourceDocument", "valueReference", json!({"reference": source}));
        }
        if let Some(time) = desk.date_time(&self.event_time) {
            add("eventTime", "valueDateTime", json!(time));
        }
        json!({"url": ENTRY_URL, "extension": parts})
    }

    /// Puts these facts on a resource that came without any; it was entered then by its source.
    pub(super) fn put_on(&self, resource: &mut Value, desk: &Desk, entered_at: &str) {
        let mut extension = self.extension(desk);
        let parts = extension.get_mut("extension").and_then(Value::as_array_mut);
        let is_known = |part: &&mut Value| part["url"] == "enteredAt" && !entered_at.is_empty();
        for part in parts.into_iter().flatten().filter(is_known) {
            part["valueDateTime"] = json!(entered_at);
        }
        match resource.get_mut("extension").and_then(Value::as_array_mut) {
            Some(list) => list.push(extension),
            None => resource["extension"] = json!([extension]),
        }
    }

    /// Reads the facts of an entry back; `None` for entries that were not made at this desk.
    pub fn of(resource: &Value) -> Option<Facts> {
        let extensions = resource.get("extension")?.as_array()?;
        let entry = extensions.iter().find(|one| one["url"] == ENTRY_URL)?;
        let parts = entry.get("extension")?.as_array()?;
        let part = |url: &str| parts.iter().find(|part| part["url"] == url);
        let party = |url: &str| {
            let value = part(url)?.get("valueReference")?;
            let text = |name: &str| value[name].as_str().unwrap_or_default();
            Some(Party::new(text("reference"), text("display")))
        };
        let time = |url: &str| Some(part(url)?.get("valueDateTime")?.as_str()?.to_owned());
        Some(Facts {
            author: party("author")?,
            entered_by: party("enteredBy")?,
            authenticated: party("authenticatedBy").zip(time("authenticatedAt")),
            source_document: party("sourceDocument").map(|party| party.reference),
            event_time: time("eventTime").unwrap_or_default(),
        })
    }
}

/// Puts a text where it is not empty.
fn put(out: &mut Map<String, Value>, name: &str, text: &str) {
    let text = text.trim();
    if !text.is_empty() {
        out.insert(name.to_owned(), json!(text));
    }
}

/// A resource of this type, with the facts of its entry.
fn begin(kind: &str, facts: &Facts, desk: &Desk) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("resourceType".to_owned(), json!(kind));
    out.insert("extension".to_owned(), json!([facts.extension(desk)]));
    out
}

/// A CodeableConcept: of a code where there is one, with the words.
fn concept(system: &str, code: &str, words: &str) -> Value {
    let mut out = Map::new();
    if !code.trim().is_empty() {
        let mut coding = Map::new();
        put(&mut coding, "system", system);
        put(&mut coding, "code", code);
        put(&mut coding, "display", words);
        out.insert("coding".to_owned(), json!([coding]));
    }
    put(&mut out, "text", words);
    Value::Object(out)
}

#[cfg(test)]
mod tests;
