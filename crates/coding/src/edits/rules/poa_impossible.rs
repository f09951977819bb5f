//! The edit `poa_impossible`.
//!
//! # What it finds
//! A present-on-admission indicator that can't be: on an outpatient's code, on an exempt code, N
//! on a condition of birth or a chronic state, or the exempt mark on a code that is not exempt.
//!
//! # Why it matters
//! The indicator decides whether a hospital-acquired condition counts; a wrong one is a false
//! claim either way.
//!
//! # Example
//! `Q21.0`, a septal defect of the heart, as not present on admission.
//!
//! # Source
//! ICD-10-CM Official Guidelines, appendix I.

use jiff::civil::date;

use super::poa_missing::is_exempt;
use crate::edits::draft::starts_with_any;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};
use crate::edits::{Poa, Setting};

/// The rule.
pub const RULE: Rule = Rule {
    name: "poa_impossible",
    severity: Severity::Advice,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, appendix I",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("poa_impossible.rs"),
    check,
    finds: || Draft::inpatient(&["I50.9"]).diagnosis("Q21.0", Some(Poa::N)),
    passes: || Draft::inpatient(&["I50.9"]).diagnosis("J18.9", Some(Poa::N)),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    for (at, dx, _) in chart.nodes() {
        let Some(poa) = dx.poa else { continue };
        let code = shown(&dx.code);
        let exempt = is_exempt(&chart.tables, &dx.code);
        let sentence = if chart.draft.setting == Setting::Outpatient {
            format!("{code} of an outpatient takes no present-on-admission indicator: remove it.")
        } else if poa == Poa::N && starts_with_any(&dx.code, ALWAYS_PRESENT) {
            format!("{code} can't have come up after admission: N is wrong.")
        } else if poa == Poa::N && at == 0 && !starts_with_any(&dx.code, &["O", "Z38"]) {
            format!("{code} is the reason for the admission: N is hardly right.")
        } else if poa == Poa::Exempt && !exempt {
            format!(
                "{code} is not exempt from the present-on-admission indicator: give Y, N, U or W."
            )
        } else {
            continue;
        };
        edits.push(rule.edit(&[&dx.code], sentence));
    }
}

/// Conditions of birth, old infarctions, sequelae of stroke, status and history.
const ALWAYS_PRESENT: &[&str] = &["Q", "I252", "I69", "Z79", "Z80", "Z85", "Z86", "Z87", "Z94"];
