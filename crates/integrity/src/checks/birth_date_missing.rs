//! Patients without a whole birth date.
//!
//! # What it finds
//! Patients whose birth date is missing, or known only to the year or month.
//!
//! # Why it matters
//! The birth date is one of the two identifiers by which people tell patients apart, and ages,
//! doses and edits hang on it.
//!
//! # Example
//! A patient registered in an emergency as born in `1980`.
//!
//! # Source
//! AHIMA, Data Quality Management Model: comprehensiveness. Kahn et al., A Harmonized Data
//! Quality Assessment Terminology, eGEMs 2016: completeness.

use super::Found;
use crate::rows::{Rows, Table, whole_date};

/// Patients without a whole birth date.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    for patient in &rows.patients {
        let fault = match &patient.birth_date {
            None => Some("The birth date is missing. Ask for it and enter it."),
            Some(date) if date.reveal().len() < 10 => {
                Some("The birth date lacks its day or month. Ask for it and enter it.")
            }
            Some(date) if whole_date(Some(date)).is_none() => {
                Some("The birth date is no date of the calendar. Correct it.")
            }
            Some(_) => None,
        };
        found.judge(Table::Patient, &patient.id, Some(patient.key), fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.patients[0].birth_date = None;
    rows.patients[1].birth_date = Some(record::BirthDate::new("1950"));
    rows.patients[2].birth_date = Some(record::BirthDate::new("1950-02-31"));
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
