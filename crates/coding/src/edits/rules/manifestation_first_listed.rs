//! The edit `manifestation_first_listed`.
//!
//! # What it finds
//! An outpatient's first-listed code whose title says "in diseases classified elsewhere". For
//! inpatients the Medicare Code Editor stops the same.
//!
//! # Why it matters
//! A manifestation is never first: the disease that causes it is.
//!
//! # Example
//! `H28`, cataract in diseases classified elsewhere, as the first-listed code of a visit.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.A.13.

use jiff::civil::date;

use crate::edits::Setting;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "manifestation_first_listed",
    severity: Severity::Stop,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.A.13",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("manifestation_first_listed.rs"),
    check,
    finds: || Draft::outpatient(&["H28", "E21.0"]),
    passes: || Draft::outpatient(&["E21.0", "H28"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    if chart.draft.setting == Setting::Inpatient {
        return;
    }
    let first = chart.nodes().next().filter(|(at, _, _)| *at == 0);
    let Some((_, dx, node)) = first else { return };
    if node.title().contains("in diseases classified elsewhere") {
        let sentence = format!(
            "{} is a manifestation and can't be listed first: put the disease that causes it \
             before it.",
            shown(&dx.code)
        );
        edits.push(rule.edit(&[&dx.code], sentence));
    }
}
