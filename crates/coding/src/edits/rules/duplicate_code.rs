//! The edit `duplicate_code`.
//!
//! # What it finds
//! The same diagnosis code twice.
//!
//! # Why it matters
//! Each diagnosis code is reported once for an encounter, also where both sides are affected and
//! no code tells them apart.
//!
//! # Example
//! `I10` as second and as fifth diagnosis.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.B.12.

use jiff::civil::date;

use crate::codeset::normalized;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "duplicate_code",
    severity: Severity::Stop,
    can_be_overridden: false,
    citation: "ICD-10-CM Official Guidelines, section I.B.12",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("duplicate_code.rs"),
    check,
    finds: || Draft::inpatient(&["J18.9", "I10", "i10"]),
    passes: || Draft::inpatient(&["J18.9", "I10"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let mut seen: Vec<String> = Vec::new();
    for dx in &chart.draft.diagnoses {
        let code = normalized(&dx.code);
        if seen.contains(&code) {
            let sentence = format!("{} stands twice: remove one.", shown(&code));
            edits.push(rule.edit(&[&code], sentence));
        }
        seen.push(code);
    }
}
