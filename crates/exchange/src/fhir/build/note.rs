//! Notes, addenda, late entries, corrections: the original always stays.

use super::clinical::put_party;
use super::field::{DATE_WOULD_DO, Faults, FieldError};
use super::{Desk, Facts, Party, begin, concept, put};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

/// How a note stands to one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoteKind {
    /// A note of its own.
    #[default]
    Original,
    /// New information after the note was signed: `relatesTo` appends.
    Addendum,
    /// What was left out at its time, written later: `relatesTo` appends, marked late.
    LateEntry,
    /// The text again, put right: `relatesTo` replaces; the original stays readable.
    Correction,
}

impl NoteKind {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            NoteKind::Original => "Note",
            NoteKind::Addendum => "Addendum",
            NoteKind::LateEntry => "Late entry",
            NoteKind::Correction => "Correction",
        }
    }

    fn relation(self) -> Option<&'static str> {
        match self {
            NoteKind::Original => None,
            NoteKind::Addendum | NoteKind::LateEntry => Some("appends"),
            NoteKind::Correction => Some("replaces"),
        }
    }
}

/// What is typed for a note.
#[derive(Clone, Default)]
pub struct NoteForm {
    /// `Patient/p1`.
    pub patient: String,
    /// `Encounter/e1`; may be empty.
    pub encounter: String,
    /// LOINC code of the document type, and its name.
    pub loinc: String,
    /// Name of the document type.
    pub type_name: String,
    /// The text.
    pub text: String,
    /// How it stands to another note.
    pub kind: NoteKind,
    /// That note: `DocumentReference/d1`.
    pub of: String,
    /// Why it is late or corrected.
    pub reason: String,
    /// The organization that keeps it.
    pub custodian: Party,
}

impl NoteForm {
    /// What is wrong, field by field.
    pub fn check(&self, facts: &Facts, desk: &Desk) -> Vec<FieldError> {
        let mut faults = Faults::new();
        faults.required("patient", &self.patient, "The patient", "Find and choose one.");
        let would_do = "Type its words and take one: progress note.";
        faults.required("loinc", &self.loinc, "The kind of document", would_do);
        let known = crate::loinc_documents().by_code(self.loinc.trim());
        if known.is_none() && !self.loinc.trim().is_empty() {
            let would = "A kind found by its words, as discharge summary.";
            faults.wrong("loinc", &self.loinc, "LOINC has no such document type.", would);
        }
        faults.required("text", &self.text, "The text of the note", "Type or dictate it.");
        let what = "The time of what it tells";
        faults.required("event_time", &facts.event_time, what, DATE_WOULD_DO);
        faults.past("event_time", &facts.event_time, desk);
        faults.required("author", &facts.author.display, "The author", "Who wrote or dictated it.");
        if self.kind.relation().is_some() {
            faults.required("of", &self.of, "The note that it belongs to", "Open that note first.");
        }
        if matches!(self.kind, NoteKind::LateEntry | NoteKind::Correction) {
            faults.required("reason", &self.reason, "The reason", "Why it is late or corrected.");
        }
        faults.0
    }

    /// The DocumentReference with the text inside: preliminary until it is authenticated.
    pub fn build(&self, facts: &Facts, desk: &Desk) -> Value {
        let mut out = begin("DocumentReference", facts, desk);
        put(&mut out, "status", "current");
        let is_final = facts.authenticated.is_some();
        put(&mut out, "docStatus", if is_final { "final" } else { "preliminary" });
        out.insert("type".to_owned(), concept("http://loinc.org", &self.loinc, &self.type_name));
        let system = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category";
        let category = concept(system, "clinical-note", "Clinical note");
        out.insert("category".to_owned(), json!([category]));
        out.insert("subject".to_owned(), json!({"reference": self.patient}));
        put(&mut out, "date", &desk.now_text());
        if !facts.author.display.is_empty() {
            out.insert("author".to_owned(), json!([facts.author.to_value()]));
        }
        if let Some((party, _)) = &facts.authenticated {
            out.insert("authenticator".to_owned(), party.to_value());
        }
        put_party(&mut out, "custodian", &self.custodian);
        if let Some(relation) = self.kind.relation() {
            let target = json!({"reference": self.of});
            out.insert("relatesTo".to_owned(), json!([{"code": relation, "target": target}]));
        }
        put(&mut out, "description", &self.described());
        let data = STANDARD.encode(self.text.as_bytes());
        let mut file = Map::new();
        put(&mut file, "contentType", "text/plain; charset=utf-8");
        put(&mut file, "data", &data);
        put(&mut file, "title", &self.type_name);
        put(&mut file, "creation", &desk.now_text());
        out.insert("content".to_owned(), json!([{"attachment": file}]));
        let mut context = Map::new();
        if !self.encounter.trim().is_empty() {
            context.insert("encounter".to_owned(), json!([{"reference": self.encounter}]));
        }
        if let Some(time) = desk.date_time(&facts.event_time) {
            context.insert("period".to_owned(), json!({"start": time}));
        }
        if !context.is_empty() {
            out.insert("context".to_owned(), Value::Object(context));
        }
        Value::Object(out)
    }

    /// `Late entry: left out of the note`, so that nobody takes it for the original.
    fn described(&self) -> String {
        match (self.kind, self.reason.trim()) {
            (NoteKind::Original, _) => String::new(),
            (kind, "") => kind.label().to_owned(),
            (kind, reason) => format!("{}: {reason}", kind.label()),
        }
    }
}
