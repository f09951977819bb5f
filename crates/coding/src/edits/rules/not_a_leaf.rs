//! The edit `not_a_leaf`.
//!
//! # What it finds
//! A category where codes below it exist.
//!
//! # Why it matters
//! Only the last level of the tree can be reported: a category says less than the chart does.
//!
//! # Example
//! `E11.2` is refused; `E11.21`, `E11.22` and `E11.29` are named.
//!
//! # Source
//! HIPAA code set standard, 45 CFR 162.1002: the codes valid on the date of service; discharge
//! date for inpatients, ICD-10-CM Official Guidelines, section I.B.

use jiff::civil::date;

use crate::codeset::Lookup;
use crate::edits::{Chart, Draft, Edit, Rule, Severity};

/// The rule.
pub const RULE: Rule = Rule {
    name: "not_a_leaf",
    severity: Severity::Stop,
    can_be_overridden: false,
    citation: "45 CFR 162.1002; ICD-10-CM Official Guidelines, section I.B.2",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("not_a_leaf.rs"),
    check,
    finds: || Draft::inpatient(&["E11.2"]),
    passes: || Draft::inpatient(&["E11.21"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let date = chart.draft.date;
    for (system, code) in chart.coded() {
        let answer = chart.tables.sets.lookup(system, code, date);
        if matches!(answer, Lookup::NotReportable { .. }) {
            edits.push(rule.edit(&[code], answer.sentence(system, code)));
        }
    }
}
