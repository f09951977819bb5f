//! Stays that ended in death while the patient is recorded as alive.
//!
//! # What it finds
//! Encounters with a disposition of death whose patient carries no death.
//!
//! # Why it matters
//! Letters and appointments go to the family of a dead patient, and death rates and the chart
//! disagree.
//!
//! # Example
//! Disposition `exp`, and the patient's record says nothing of a death.
//!
//! # Source
//! AHIMA, Data Quality Management Model: consistency. UB-04 patient status 20, 40 to 42.

use super::Found;
use crate::rows::{Rows, Table, is_death};

/// Encounters that ended in a death that the patient's record does not know.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    let patients = rows.patients_by_key();
    for encounter in rows.live_encounters() {
        if !encounter.disposition.as_deref().is_some_and(is_death) {
            continue;
        }
        let is_known = patients.get(&encounter.patient).is_some_and(|one| one.is_deceased);
        let sentence = "The stay ended in death and the patient is recorded as alive. \
                        Check the disposition, and record the death.";
        let fault = (!is_known).then_some(sentence);
        found.judge(Table::Encounter, &encounter.id, Some(encounter.patient), fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.patients[2].is_deceased = false;
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
