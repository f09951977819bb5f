//! Encounters that began after the patient died.
//!
//! # What it finds
//! Encounters that begin more than a day after the death. Within a day they may be the autopsy,
//! or the clock.
//!
//! # Why it matters
//! The death is wrong, or another person's visit stands in this chart.
//!
//! # Example
//! Died 2026-01-05; a visit on 2026-02-10.
//!
//! # Source
//! Kahn et al., A Harmonized Data Quality Assessment Terminology, eGEMs 2016: plausibility,
//! temporal.

use super::Found;
use crate::rows::{Rows, Table};

/// Encounters begun after death.
pub fn find(rows: &Rows) -> Found {
    /// A day, for autopsies and for entry by date only.
    const GRACE_SECONDS: i64 = 86_400;
    let mut found = Found::default();
    let patients = rows.patients_by_key();
    for encounter in rows.live_encounters() {
        let died = patients.get(&encounter.patient).and_then(|patient| patient.died);
        let (Some(died), Some(admitted)) = (died, encounter.admitted) else { continue };
        let is_fault = admitted > died.plus_seconds(GRACE_SECONDS);
        let sentence = "The encounter begins after the patient's death. \
                        Check the death, and whose encounter it is.";
        let fault = is_fault.then_some(sentence);
        found.judge(Table::Encounter, &encounter.id, Some(encounter.patient), fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.encounters.push(super::fixture::encounter(
        "e9",
        3,
        "2026-02-10T08:00:00Z",
        Some("2026-02-11T08:00:00Z"),
    ));
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
