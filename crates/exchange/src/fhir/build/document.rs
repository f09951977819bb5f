//! Scans and files: what the index desk says of one.

use super::field::{DATE_WOULD_DO, Faults, FieldError};
use super::{Desk, Facts, begin, concept, put};
use serde_json::{Map, Value, json};

/// What is typed to index a document.
#[derive(Clone, Default)]
pub struct DocumentForm {
    /// `Patient/p1`.
    pub patient: String,
    /// `Encounter/e1`; may be empty.
    pub encounter: String,
    /// LOINC code of the document type.
    pub loinc: String,
    /// Date of the document, as typed.
    pub date: String,
    /// What it is called; the name of its type where empty.
    pub title: String,
    /// Media type of the file.
    pub content_type: String,
    /// Where the file is: an opaque address.
    pub url: String,
    /// Size of the file in bytes.
    pub size_bytes: i64,
}

impl DocumentForm {
    /// What is wrong, field by field.
    pub fn check(&self, desk: &Desk) -> Vec<FieldError> {
        let mut faults = Faults::new();
        faults.required("patient", &self.patient, "The patient", "Find and choose one.");
        let would_do = "Type its words and take one: discharge summary.";
        faults.required("loinc", &self.loinc, "The kind of document", would_do);
        let known = crate::loinc_documents().by_code(self.loinc.trim());
        if known.is_none() && !self.loinc.trim().is_empty() {
            let would = "A kind found by its words, as discharge summary.";
            faults.wrong("loinc", &self.loinc, "LOINC has no such document type.", would);
        }
        faults.required("date", &self.date, "The date of the document", DATE_WOULD_DO);
        faults.past("date", &self.date, desk);
        faults.0
    }

    /// The DocumentReference of the file.
    pub fn build(&self, facts: &Facts, desk: &Desk) -> Value {
        let name = crate::loinc_documents().by_code(self.loinc.trim());
        let name = name.map_or("", |kind| kind.name);
        let mut out = begin("DocumentReference", facts, desk);
        put(&mut out, "status", "current");
        out.insert("type".to_owned(), concept("http://loinc.org", &self.loinc, name));
        out.insert("subject".to_owned(), json!({"reference": self.patient}));
        put(&mut out, "date", &desk.now_text());
        let title = if self.title.trim().is_empty() { name } else { self.title.trim() };
        put(&mut out, "description", title);
        let mut file = Map::new();
        put(&mut file, "contentType", &self.content_type);
        put(&mut file, "url", &self.url);
        file.insert("size".to_owned(), json!(self.size_bytes));
        put(&mut file, "title", title);
        let date = desk.date_time(&self.date).unwrap_or_default();
        put(&mut file, "creation", &date);
        out.insert("content".to_owned(), json!([{"attachment": file}]));
        let mut context = Map::new();
        if !self.encounter.trim().is_empty() {
            context.insert("encounter".to_owned(), json!([{"reference": self.encounter}]));
        }
        context.insert("period".to_owned(), json!({"start": date}));
        out.insert("context".to_owned(), Value::Object(context));
        Value::Object(out)
    }
}
