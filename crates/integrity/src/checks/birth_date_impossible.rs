//! Patients born in the future, or more than 120 years ago.
//!
//! # What it finds
//! Birth dates after today, and birth dates more than 120 years back of patients who are not
//! deceased.
//!
//! # Why it matters
//! Ages come out wrong, and with them edits, doses, and the class of ages over 89.
//!
//! # Example
//! A patient born on `2062-09-10` for `1962-09-10`; `1900-01-01` written as a stand-in.
//!
//! # Source
//! Kahn et al., A Harmonized Data Quality Assessment Terminology, eGEMs 2016: plausibility.

use super::Found;
use crate::rows::{Rows, Table, whole_date};

/// The oldest age that is believed without a look, in years.
const AGE_YEARS_MAX: i16 = 120;

/// Patients with an impossible birth date.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    let today = rows.today();
    for patient in &rows.patients {
        let Some(born) = whole_date(patient.birth_date.as_ref()) else { continue };
        let fault = if born > today {
            Some("The birth date lies in the future. Correct it.")
        } else if today.year() - born.year() > AGE_YEARS_MAX && !patient.is_deceased {
            Some("The birth date is more than 120 years back. Correct it, or record the death.")
        } else {
            None
        };
        found.judge(Table::Patient, &patient.id, Some(patient.key), fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.patients[0].birth_date = Some(record::BirthDate::new("2062-09-10"));
    rows.patients[1].birth_date = Some(record::BirthDate::new("1900-01-01"));
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
