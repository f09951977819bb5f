//! Encounters that end before they begin.
//!
//! # What it finds
//! Encounters whose discharge lies before their admission.
//!
//! # Why it matters
//! Lengths of stay come out negative, and census and clocks are wrong.
//!
//! # Example
//! Admitted 2026-03-05, discharged 2026-03-01.
//!
//! # Source
//! Kahn et al., A Harmonized Data Quality Assessment Terminology, eGEMs 2016: plausibility,
//! temporal.

use super::Found;
use crate::rows::{Rows, Table};

/// Encounters that end before they begin.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    for encounter in rows.live_encounters() {
        let (Some(admitted), Some(discharged)) = (encounter.admitted, encounter.discharged) else {
            continue;
        };
        let sentence = "The discharge lies before the admission. Check both times.";
        let fault = (discharged < admitted).then_some(sentence);
        found.judge(Table::Encounter, &encounter.id, Some(encounter.patient), fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.encounters[0].discharged = Some(super::fixture::at("2026-02-01T08:00:00Z"));
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
