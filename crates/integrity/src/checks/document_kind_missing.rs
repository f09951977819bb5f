//! Documents without a kind.
//!
//! # What it finds
//! Indexed documents that carry no LOINC kind.
//!
//! # Why it matters
//! Without a kind a document is not found by kind, completes no requirement, and is released or
//! withheld by guess.
//!
//! # Example
//! A scan indexed to a patient as `document`.
//!
//! # Source
//! AHIMA, Data Quality Management Model: comprehensiveness. LOINC document ontology.

use super::Found;
use crate::rows::{Rows, Table};

/// Documents without a kind.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    for document in rows.live_documents().filter(|document| document.patient.is_some()) {
        let is_missing = document.kind.as_deref().is_none_or(|kind| kind.trim().is_empty());
        let sentence = "The document has no kind. Look at it, and choose one.";
        let fault = is_missing.then_some(sentence);
        found.judge(Table::Document, &document.id, document.patient, fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.documents[0].kind = None;
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
