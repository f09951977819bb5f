//! Stays that were never ended.
//!
//! # What it finds
//! Inpatient stays open for more than 180 days, and observation or emergency visits open for more
//! than 3 days.
//!
//! # Why it matters
//! A forgotten discharge keeps a patient in the census and stops coding, billing and the clocks
//! of completion.
//!
//! # Example
//! An emergency visit of last month without an end.
//!
//! # Source
//! AHIMA, Data Quality Management Model: currency. Medicare Benefit Policy Manual, chapter 6,
//! 20.6: observation rarely lasts over 48 hours.

use super::Found;
use crate::rows::{Rows, Table};

use crate::completion::EncounterClass;

/// Stays without a discharge for too long.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    for stay in rows.live_encounters().filter(|stay| stay.discharged.is_none()) {
        let Some(admitted) = stay.admitted else { continue };
        let days_max = match stay.class {
            EncounterClass::Inpatient => 180,
            EncounterClass::Observation | EncounterClass::Emergency => 3,
            EncounterClass::Outpatient => continue,
        };
        let is_fault = rows.now > admitted.plus_seconds(days_max * 86_400);
        let sentence = "The stay has no discharge and is open longer than such stays are. \
                        Check whether the patient has left.";
        found.judge(Table::Encounter, &stay.id, Some(stay.patient), is_fault.then_some(sentence));
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.encounters[1].class = EncounterClass::Emergency;
    rows.encounters[1].admitted = Some(super::fixture::at("2026-03-06T08:00:00Z"));
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
