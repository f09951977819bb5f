//! The edit `mue_units`.
//!
//! # What it finds
//! More units of a code than its medically unlikely edit allows. Looks only when the MUE file is
//! loaded.
//!
//! # Why it matters
//! Units over the limit are denied: by line (indicator 1), by day without appeal for policy (2),
//! by day (3).
//!
//! # Example
//! Four units of a code whose limit is two a day.
//!
//! # Source
//! NCCI Policy Manual for Medicare Services, chapter I, section V.

use jiff::civil::date;

use crate::codeset::System;
use crate::edits::Procedure;
use crate::edits::{Chart, Draft, Edit, Rule, Severity};

/// The rule.
pub const RULE: Rule = Rule {
    name: "mue_units",
    severity: Severity::Stop,
    can_be_overridden: true,
    citation: "NCCI Policy Manual, chapter I, section V",
    from: date(2007, 1, 1),
    to: None,
    text: include_str!("mue_units.rs"),
    check,
    finds: || Draft::outpatient(&["I10"]).procedure(System::Hcpcs, "G9001", &[], 4),
    passes: || Draft::outpatient(&["I10"]).procedure(System::Hcpcs, "G9001", &[], 2),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let Some(table) = chart.tables.mue else { return };
    let procedures = &chart.draft.procedures;
    for (at, procedure) in procedures.iter().enumerate() {
        let Some(limit) = table.limit(&procedure.code) else { continue };
        let same =
            |other: &&Procedure| other.code == procedure.code && other.date == procedure.date;
        let is_first = !procedures[..at].iter().any(|other| same(&other));
        let units = if limit.adjudication == 1 {
            u64::from(procedure.units)
        } else if is_first {
            procedures.iter().filter(same).map(|other| u64::from(other.units)).sum()
        } else {
            continue;
        };
        if units <= u64::from(limit.units_max) {
            continue;
        }
        let span = if limit.adjudication == 1 { "on a line" } else { "a day" };
        let sentence = format!(
            "{} has {units} units: more than {} {span} are not paid ({}).",
            procedure.code, limit.units_max, limit.rationale
        );
        edits.push(rule.edit(&[&procedure.code], sentence));
    }
}
