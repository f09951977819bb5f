//! The edit `hypertension_combination`.
//!
//! # What it finds
//! I10 beside heart failure or chronic kidney disease.
//!
//! # Why it matters
//! The classification presumes the relation: hypertension with heart failure is I11, with chronic
//! kidney disease I12, with both I13, unless the provider says that they are unrelated.
//!
//! # Example
//! `I10` with `N18.30`: `I12.9` and `N18.30`.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.C.9.a.

use jiff::civil::date;

use crate::codeset::normalized;
use crate::edits::draft::starts_with_any;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "hypertension_combination",
    severity: Severity::Stop,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.C.9.a",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("hypertension_combination.rs"),
    check,
    finds: || Draft::inpatient(&["J18.9", "I10", "N18.30"]),
    passes: || Draft::inpatient(&["J18.9", "I12.9", "N18.30"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let diagnoses = &chart.draft.diagnoses;
    if !diagnoses.iter().any(|dx| normalized(&dx.code) == "I10") {
        return;
    }
    let heart = diagnoses.iter().find(|dx| starts_with_any(&dx.code, &["I50", "I514", "I515"]));
    let kidney = diagnoses.iter().find(|dx| starts_with_any(&dx.code, &["N18"]));
    let (category, with) = match (heart, kidney) {
        (Some(heart), Some(kidney)) => {
            ("I13", format!("{} and {}", shown(&heart.code), shown(&kidney.code)))
        }
        (Some(heart), None) => ("I11", shown(&heart.code)),
        (None, Some(kidney)) => ("I12", shown(&kidney.code)),
        (None, None) => return,
    };
    let sentence = format!(
        "I10 beside {with}: the relation is presumed, so report a code of {category} instead of \
         I10, unless the provider documents that they are unrelated."
    );
    edits.push(rule.edit(&["I10"], sentence));
}
