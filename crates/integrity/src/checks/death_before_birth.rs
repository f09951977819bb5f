//! Patients who died before they were born.
//!
//! # What it finds
//! Patients whose death lies before the day of their birth.
//!
//! # Why it matters
//! One of the two dates is wrong, or two people share a record.
//!
//! # Example
//! Born 1980-03-04, died 1979-12-31.
//!
//! # Source
//! Kahn et al., A Harmonized Data Quality Assessment Terminology, eGEMs 2016: plausibility,
//! temporal.

use super::Found;
use crate::rows::{Rows, Table, whole_date};

/// Patients who died before their birth.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    for patient in &rows.patients {
        let Some(died) = patient.died else { continue };
        let Some(born) = whole_date(patient.birth_date.as_ref()) else { continue };
        let is_fault = died.date_in(&rows.zone) < born;
        let sentence = "The death lies before the birth. Check both dates against the source.";
        found.judge(Table::Patient, &patient.id, Some(patient.key), is_fault.then_some(sentence));
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.patients[2].birth_date = Some(record::BirthDate::new("2026-02-01"));
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.patients[2].birth_date = Some(record::BirthDate::new("2026-01-05"));
    rows
}
