//! Discharges without a disposition.
//!
//! # What it finds
//! Inpatient and observation stays that have ended and say not where the patient went.
//!
//! # Why it matters
//! Death rates, transfers, readmissions and the DRG payment of transfers hang on it.
//!
//! # Example
//! A stay that ended on 5 March without a disposition.
//!
//! # Source
//! UHDDS, disposition of patient. UB-04, form locator 17.

use super::Found;
use crate::rows::{Rows, Table};

use crate::completion::EncounterClass;

/// Stays that ended without a disposition.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    for stay in rows.live_encounters().filter(|stay| stay.discharged.is_some()) {
        if !matches!(stay.class, EncounterClass::Inpatient | EncounterClass::Observation) {
            continue;
        }
        let is_missing = stay.disposition.as_deref().is_none_or(|text| text.trim().is_empty());
        let sentence = "The discharge has no disposition. Enter where the patient went.";
        let fault = is_missing.then_some(sentence);
        found.judge(Table::Encounter, &stay.id, Some(stay.patient), fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.encounters[0].disposition = None;
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
