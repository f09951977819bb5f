//! The edit `obstetric_first`.
//!
//! # What it finds
//! A chapter 15 code (O00 to O9A) that is not first.
//!
//! # Why it matters
//! Codes of pregnancy, childbirth and the puerperium stand before codes of other chapters, unless
//! the provider documents that the pregnancy is incidental (Z33.1).
//!
//! # Example
//! `N39.0` before `O23.40`.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.C.15.a.1.

use jiff::civil::date;

use crate::edits::draft::starts_with_any;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "obstetric_first",
    severity: Severity::Stop,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.C.15.a.1",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("obstetric_first.rs"),
    check,
    finds: || Draft::inpatient(&["N39.0", "O23.40"]),
    passes: || Draft::inpatient(&["O23.40", "B96.20"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let diagnoses = &chart.draft.diagnoses;
    let Some(first) = diagnoses.first() else { return };
    let later = diagnoses.iter().skip(1).find(|dx| is_obstetric(&dx.code));
    if let Some(later) = later.filter(|_| !is_obstetric(&first.code)) {
        let sentence = format!(
            "{} belongs before {}: codes of pregnancy, childbirth and the puerperium come first.",
            shown(&later.code),
            shown(&first.code)
        );
        edits.push(rule.edit(&[&later.code, &first.code], sentence));
    }
}

fn is_obstetric(code: &str) -> bool {
    starts_with_any(code, &["O"])
}
