//! Inpatient stays of one patient that overlap.
//!
//! # What it finds
//! Inpatient stays that begin before another of the same patient has ended. A transfer at one
//! moment is no overlap.
//!
//! # Why it matters
//! Nobody lies in two beds: one stay was entered twice, or belongs to another person. The census
//! counts both.
//!
//! # Example
//! A stay of 1 to 5 March, and another of 3 to 4 March.
//!
//! # Source
//! Kahn et al., A Harmonized Data Quality Assessment Terminology, eGEMs 2016: plausibility.
//! AHIMA, Data Quality Management Model: consistency.

use super::Found;
use crate::rows::{EncounterRow, Rows, Table};

use crate::completion::EncounterClass;

/// Inpatient stays that overlap another of the same patient.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    let mut stays: Vec<&EncounterRow> = rows
        .live_encounters()
        .filter(|stay| stay.class == EncounterClass::Inpatient && stay.admitted.is_some())
        .collect();
    stays.sort_by_key(|stay| (stay.patient, stay.admitted, &stay.id));
    let mut latest: Option<(&EncounterRow, record::Instant)> = None;
    for stay in stays {
        let before = latest.filter(|(other, _)| other.patient == stay.patient);
        let is_fault = before.is_some_and(|(_, until)| stay.admitted < Some(until));
        let sentence = "The stay begins before another stay of the patient has ended. \
                        Check whether it was entered twice, or is another person's.";
        let fault = is_fault.then_some(sentence);
        found.judge(Table::Encounter, &stay.id, Some(stay.patient), fault);
        let until = stay.discharged.unwrap_or(rows.now);
        let until = before.map_or(until, |(_, other)| other.max(until));
        latest = Some((stay, until));
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    let other = ("2026-03-03T08:00:00Z", Some("2026-03-04T08:00:00Z"));
    rows.encounters.push(super::fixture::encounter("e9", 1, other.0, other.1));
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    let mut rows = super::fixture::sound();
    let transfer = ("2026-03-05T10:00:00Z", Some("2026-03-06T10:00:00Z"));
    rows.encounters.push(super::fixture::encounter("e9", 1, transfer.0, transfer.1));
    rows
}
