//! The edit `date_not_covered`.
//!
//! # What it finds
//! A date for which no loaded set says which codes can be reported.
//!
//! # Why it matters
//! Checking against another year would pass codes that are deleted and refuse codes that are new.
//!
//! # Example
//! A discharge in May 2030, when the last loaded set ends in 2027.
//!
//! # Source
//! HIPAA code set standard, 45 CFR 162.1002: the codes valid on the date of service; discharge
//! date for inpatients, ICD-10-CM Official Guidelines, section I.B.

use jiff::civil::date;

use crate::codeset::Lookup;
use crate::edits::{Chart, Draft, Edit, Rule, Severity};

/// The rule.
pub const RULE: Rule = Rule {
    name: "date_not_covered",
    severity: Severity::Stop,
    can_be_overridden: false,
    citation: "45 CFR 162.1002; ICD-10-CM Official Guidelines, section I.B.2",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("date_not_covered.rs"),
    check,
    finds: || Draft::inpatient(&["E11.9"]).on(date(2030, 5, 1)),
    passes: || Draft::inpatient(&["E11.9"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let date = chart.draft.date;
    for (system, code) in chart.coded() {
        let answer = chart.tables.sets.lookup(system, code, date);
        if matches!(answer, Lookup::DateNotCovered { .. }) {
            edits.push(rule.edit(&[code], answer.sentence(system, code)));
        }
    }
}
