//! The edit `severe_sepsis_sequence`.
//!
//! # What it finds
//! Severe sepsis (R65.2) first, or without the systemic infection before it.
//!
//! # Why it matters
//! Severe sepsis is never the principal diagnosis: the infection comes first, then R65.2, then
//! the organ failures.
//!
//! # Example
//! `R65.21` as principal diagnosis, with `A41.9` after it.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.C.1.d.

use jiff::civil::date;

use crate::edits::draft::starts_with_any;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "severe_sepsis_sequence",
    severity: Severity::Stop,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.C.1.d",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("severe_sepsis_sequence.rs"),
    check,
    finds: || Draft::inpatient(&["R65.21", "A41.9"]),
    passes: || Draft::inpatient(&["A41.9", "R65.21"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let diagnoses = &chart.draft.diagnoses;
    let severe = diagnoses.iter().position(|dx| starts_with_any(&dx.code, &["R652"]));
    let Some(at) = severe else { return };
    if diagnoses[..at].iter().any(|dx| starts_with_any(&dx.code, SYSTEMIC_INFECTION)) {
        return;
    }
    let code = &diagnoses[at].code;
    let sentence = format!(
        "{} stands without the infection before it: code the sepsis (such as A41.9) first.",
        shown(code)
    );
    edits.push(rule.edit(&[code], sentence));
}

/// Sepsis and infections that can be severe sepsis' cause.
const SYSTEMIC_INFECTION: &[&str] = &[
    "A021", "A227", "A267", "A327", "A40", "A41", "A427", "A5486", "B007", "B377", "O0337",
    "O0387", "O0487", "O0737", "O0882", "O85", "O8604", "T8112", "T8144", "P36", "B20", "A20",
    "A39", "B4", "B5", "U071", "J09", "J10",
];
