//! Procedures outside the times of their stay.
//!
//! # What it finds
//! Procedures done before the admission day less three days, or after the discharge. The three
//! days before an admission are billed with it.
//!
//! # Why it matters
//! The procedure is dated wrongly, or stands on the wrong stay or person; the DRG may change.
//!
//! # Example
//! A stay of 1 to 5 March with an operation on 20 March.
//!
//! # Source
//! Kahn et al., A Harmonized Data Quality Assessment Terminology, eGEMs 2016: plausibility.
//! Medicare three-day payment window, 42 CFR 412.2(c)(5).

use super::Found;
use crate::rows::{Rows, Table};

/// Procedures outside their stay.
pub fn find(rows: &Rows) -> Found {
    /// The payment window before an admission, and the admission day itself.
    const BEFORE_SECONDS: i64 = 4 * 86_400;
    /// Entry by date only.
    const AFTER_SECONDS: i64 = 86_400;
    let mut found = Found::default();
    let encounters = rows.encounters_by_id();
    for procedure in &rows.procedures {
        let encounter = encounters.get(procedure.encounter.as_str());
        let (Some(encounter), Some(done)) = (encounter, procedure.performed) else { continue };
        let Some(admitted) = encounter.admitted else { continue };
        let ended = encounter.discharged.map(|ended| ended.plus_seconds(AFTER_SECONDS));
        let is_fault = done < admitted.plus_seconds(-BEFORE_SECONDS)
            || ended.is_some_and(|ended| done > ended);
        let sentence = "The procedure lies outside its stay. Check its time, and whose it is.";
        let fault = is_fault.then_some(sentence);
        found.judge(Table::Procedure, &procedure.id, Some(encounter.patient), fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.procedures[0].performed = Some(super::fixture::at("2026-03-20T09:00:00Z"));
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
