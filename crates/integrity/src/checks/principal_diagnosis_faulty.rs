//! Stays without one principal diagnosis.
//!
//! # What it finds
//! Inpatient stays that are coded, or ended over 30 days ago, with no principal diagnosis, with
//! two, or with the principal again among the secondary ones.
//!
//! # Why it matters
//! The principal diagnosis decides the DRG and stands in every statistic.
//!
//! # Example
//! Diagnoses ranked 1 and 1; or `J18.9` both principal and secondary.
//!
//! # Source
//! UHDDS, principal diagnosis. Medicare Code Editor, duplicate of principal diagnosis.

use super::Found;
use crate::rows::{DiagnosisRow, Rows, Table};

use crate::completion::EncounterClass;
use std::collections::BTreeMap;

/// Stays whose principal diagnosis is missing or repeated.
pub fn find(rows: &Rows) -> Found {
    /// Charts are complete, and so can be coded, 30 days after discharge.
    const CODED_WITHIN_SECONDS: i64 = 30 * 86_400;
    let mut found = Found::default();
    let is_inpatient = |class| class == EncounterClass::Inpatient;
    let mut coded: BTreeMap<&str, Vec<&DiagnosisRow>> = BTreeMap::new();
    for one in &rows.diagnoses {
        coded.entry(&one.encounter).or_default().push(one);
    }
    for stay in rows.live_encounters().filter(|stay| is_inpatient(stay.class)) {
        let Some(discharged) = stay.discharged else { continue };
        let codes = coded.get(stay.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        if codes.is_empty() && rows.now <= discharged.plus_seconds(CODED_WITHIN_SECONDS) {
            continue;
        }
        let principal: Vec<_> = codes.iter().filter(|one| one.rank == 1).collect();
        let fault = match principal.as_slice() {
            [] => Some("The stay has no principal diagnosis. Code it."),
            [one] if codes.iter().any(|other| other.rank > 1 && other.code == one.code) => {
                Some("The principal diagnosis stands again among the secondary ones. Remove it.")
            }
            [_] => None,
            _ => Some("The stay has more than one principal diagnosis. Keep one."),
        };
        found.judge(Table::Encounter, &stay.id, Some(stay.patient), fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.diagnoses.push(super::fixture::diagnosis("x8", "e1", "J18.9", 3));
    rows.diagnoses.push(super::fixture::diagnosis("x9", "e3", "I10", 1));
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
