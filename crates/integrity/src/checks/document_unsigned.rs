//! Documents not authenticated in time.
//!
//! # What it finds
//! Documents that need authentication and have had none for more than 30 days after they were
//! entered.
//!
//! # Why it matters
//! An entry that its author has not authenticated is not evidence, and the record is not
//! complete.
//!
//! # Example
//! A discharge summary entered on 1 January, not authenticated on 10 March.
//!
//! # Source
//! 42 CFR 482.24(c)(1) and (c)(4)(vii). AHIMA, Data Quality Management Model: timeliness.

use super::Found;
use crate::rows::{Rows, Table};

/// Documents not authenticated in time.
pub fn find(rows: &Rows) -> Found {
    /// A record is complete within 30 days of discharge.
    const SIGNED_WITHIN_SECONDS: i64 = 30 * 86_400;
    let mut found = Found::default();
    for document in rows.live_documents().filter(|document| document.needs_signature) {
        let is_late = rows.now > document.entered.plus_seconds(SIGNED_WITHIN_SECONDS);
        let sentence = "The document was not authenticated within 30 days. Remind its author.";
        let fault = (document.signed.is_none() && is_late).then_some(sentence);
        found.judge(Table::Document, &document.id, document.patient, fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.documents[0].signed = None;
    rows.documents[0].entered = super::fixture::at("2026-01-01T09:30:00Z");
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.documents[0].signed = None;
    rows
}
