//! Documents entered before what they tell of.
//!
//! # What it finds
//! Documents entered more than an hour before the event that they describe, or entered or telling
//! of a time in the future.
//!
//! # Why it matters
//! A note written before the event was copied or dated wrongly; it can't be evidence of what
//! happened.
//!
//! # Example
//! An operation of 20 March described in a report entered on 19 March.
//!
//! # Source
//! 42 CFR 482.24(c)(1): entries are dated and timed. Kahn et al., A Harmonized Data Quality
//! Assessment Terminology, eGEMs 2016: plausibility, temporal.

use super::Found;
use crate::rows::{Rows, Table};

/// Documents entered before their event.
pub fn find(rows: &Rows) -> Found {
    /// Clocks of two systems differ.
    const GRACE_SECONDS: i64 = 3_600;
    let mut found = Found::default();
    for document in rows.live_documents() {
        let Some(event) = document.event else { continue };
        let is_future = event.max(document.entered) > rows.now.plus_seconds(GRACE_SECONDS);
        let fault = if is_future {
            Some("The document tells of a time that has not come. Check its time.")
        } else if event > document.entered.plus_seconds(GRACE_SECONDS) {
            Some("The document was entered before its event. Check both times with its author.")
        } else {
            None
        };
        found.judge(Table::Document, &document.id, document.patient, fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.documents[0].event = Some(super::fixture::at("2026-03-06T09:00:00Z"));
    let mut future = rows.documents[0].clone();
    future.id = "d9".to_owned();
    future.event = Some(super::fixture::at("2027-03-06T09:00:00Z"));
    rows.documents.push(future);
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
