//! The edit `unknown_code`.
//!
//! # What it finds
//! A code that no loaded edition of its system has ever held.
//!
//! # Why it matters
//! A claim with a code that does not exist is returned unpaid. The chart can't be final with it.
//!
//! # Example
//! `E11.ZZ` is no ICD-10-CM code.
//!
//! # Source
//! HIPAA code set standard, 45 CFR 162.1002: the codes valid on the date of service; discharge
//! date for inpatients, ICD-10-CM Official Guidelines, section I.B.

use jiff::civil::date;

use crate::codeset::Lookup;
use crate::edits::{Chart, Draft, Edit, Rule, Severity};

/// The rule.
pub const RULE: Rule = Rule {
    name: "unknown_code",
    severity: Severity::Stop,
    can_be_overridden: false,
    citation: "45 CFR 162.1002; ICD-10-CM Official Guidelines, section I.B.2",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("unknown_code.rs"),
    check,
    finds: || Draft::inpatient(&["E11.ZZ"]),
    passes: || Draft::inpatient(&["E11.9"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let date = chart.draft.date;
    for (system, code) in chart.coded() {
        let answer = chart.tables.sets.lookup(system, code, date);
        if matches!(answer, Lookup::Unknown) {
            edits.push(rule.edit(&[code], answer.sentence(system, code)));
        }
    }
}
