//! The edit `not_valid_on_date`.
//!
//! # What it finds
//! A code that exists and could not be reported on the discharge or service date.
//!
//! # Why it matters
//! Code sets change every October 1 and April 1; the date of discharge or service decides.
//!
//! # Example
//! `A04.71` starts on 2017-10-01 and is refused for a discharge in 2016.
//!
//! # Source
//! HIPAA code set standard, 45 CFR 162.1002: the codes valid on the date of service; discharge
//! date for inpatients, ICD-10-CM Official Guidelines, section I.B.

use jiff::civil::date;

use crate::codeset::Lookup;
use crate::edits::{Chart, Draft, Edit, Rule, Severity};

/// The rule.
pub const RULE: Rule = Rule {
    name: "not_valid_on_date",
    severity: Severity::Stop,
    can_be_overridden: false,
    citation: "45 CFR 162.1002; ICD-10-CM Official Guidelines, section I.B.2",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("not_valid_on_date.rs"),
    check,
    finds: || Draft::inpatient(&["A04.71"]).on(date(2016, 5, 1)),
    passes: || Draft::inpatient(&["A04.71"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let date = chart.draft.date;
    for (system, code) in chart.coded() {
        let answer = chart.tables.sets.lookup(system, code, date);
        if matches!(answer, Lookup::NotValidOn { .. }) {
            edits.push(rule.edit(&[code], answer.sentence(system, code)));
        }
    }
}
