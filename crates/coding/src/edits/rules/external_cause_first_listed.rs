//! The edit `external_cause_first_listed`.
//!
//! # What it finds
//! An outpatient's first-listed code from chapter 20, V00 to Y99. For inpatients the Medicare
//! Code Editor stops the same.
//!
//! # Why it matters
//! An external cause says how an injury happened; it never stands for the injury itself.
//!
//! # Example
//! `W19.XXXA`, unspecified fall, as the first-listed code of a visit.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.C.20.a.6.

use jiff::civil::date;

use crate::edits::Setting;
use crate::edits::draft::starts_with_any;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "external_cause_first_listed",
    severity: Severity::Stop,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.C.20.a.6",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("external_cause_first_listed.rs"),
    check,
    finds: || Draft::outpatient(&["W19.XXXA", "S00.03XA"]),
    passes: || Draft::outpatient(&["S00.03XA", "W19.XXXA"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    if chart.draft.setting == Setting::Inpatient {
        return;
    }
    let first = chart.draft.diagnoses.first();
    let Some(dx) = first.filter(|dx| starts_with_any(&dx.code, &["V", "W", "X", "Y"])) else {
        return;
    };
    let sentence = format!(
        "{} says how it happened and can't be listed first: put the injury or condition before \
         it.",
        shown(&dx.code)
    );
    edits.push(rule.edit(&[&dx.code], sentence));
}
