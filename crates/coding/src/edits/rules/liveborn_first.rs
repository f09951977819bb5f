//! The edit `liveborn_first`.
//!
//! # What it finds
//! A code of Z38, liveborn infant, that is not the first.
//!
//! # Why it matters
//! On the record of a birth Z38 is the principal diagnosis; it is used once, at the birth
//! hospital.
//!
//! # Example
//! `P59.9` before `Z38.00`.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.C.16.a.2.

use jiff::civil::date;

use crate::edits::draft::starts_with_any;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "liveborn_first",
    severity: Severity::Stop,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.C.16.a.2",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("liveborn_first.rs"),
    check,
    finds: || Draft::inpatient(&["P59.9", "Z38.00"]),
    passes: || Draft::inpatient(&["Z38.00", "P59.9"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let diagnoses = &chart.draft.diagnoses;
    if let Some(birth) = diagnoses.iter().skip(1).find(|dx| starts_with_any(&dx.code, &["Z38"])) {
        let sentence = format!(
            "{} is the principal diagnosis of a birth record: put it first.",
            shown(&birth.code)
        );
        edits.push(rule.edit(&[&birth.code], sentence));
    }
}
