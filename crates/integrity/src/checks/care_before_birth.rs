//! Encounters that began before the patient was born.
//!
//! # What it finds
//! Encounters that begin before the day of birth.
//!
//! # Why it matters
//! The birth date is wrong, or another person's visit (often the mother's) stands in this chart.
//!
//! # Example
//! Born 1980-03-04; a visit on 1979-05-01.
//!
//! # Source
//! Kahn et al., A Harmonized Data Quality Assessment Terminology, eGEMs 2016: plausibility,
//! temporal.

use super::Found;
use crate::rows::{Rows, Table, whole_date};

/// Encounters begun before birth.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    let patients = rows.patients_by_key();
    for encounter in rows.live_encounters() {
        let patient = patients.get(&encounter.patient);
        let born = patient.and_then(|patient| whole_date(patient.birth_date.as_ref()));
        let (Some(born), Some(admitted)) = (born, encounter.admitted) else { continue };
        let is_fault = admitted.date_in(&rows.zone) < born;
        let sentence = "The encounter begins before the patient's birth. \
                        Check the birth date, and whose encounter it is.";
        let fault = is_fault.then_some(sentence);
        found.judge(Table::Encounter, &encounter.id, Some(encounter.patient), fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.encounters.push(super::fixture::encounter("e9", 1, "1979-05-01T08:00:00Z", None));
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
