//! The edit `poa_missing`.
//!
//! # What it finds
//! An inpatient diagnosis without a present-on-admission indicator, where the hospital reports it
//! and the code is not exempt.
//!
//! # Why it matters
//! Without the indicator a claim is returned, and a hospital-acquired condition can't be told
//! from one that came with the patient. Until the publisher's list of exempt codes is imported,
//! the categories that the guidelines name are taken as exempt.
//!
//! # Example
//! `J18.9` of an inpatient without Y, N, U or W.
//!
//! # Source
//! ICD-10-CM Official Guidelines, appendix I; Deficit Reduction Act of 2005, section 5001(c).

use jiff::civil::date;

use crate::edits::draft::starts_with_any;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};
use crate::edits::{Setting, Tables};

/// The rule.
pub const RULE: Rule = Rule {
    name: "poa_missing",
    severity: Severity::Stop,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, appendix I",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("poa_missing.rs"),
    check,
    finds: || Draft::new(Setting::Inpatient, date(2026, 4, 15)).diagnosis("J18.9", None),
    passes: || Draft::new(Setting::Inpatient, date(2026, 4, 15)).diagnosis("Z79.4", None),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let draft = chart.draft;
    if draft.setting == Setting::Outpatient || !draft.reports_poa {
        return;
    }
    for (_, dx, node) in chart.nodes() {
        if dx.poa.is_some() || !node.is_reportable() || is_exempt(&chart.tables, &dx.code) {
            continue;
        }
        let sentence =
            format!("{} needs a present-on-admission indicator: Y, N, U or W.", shown(&dx.code));
        edits.push(rule.edit(&[&dx.code], sentence));
    }
}

/// Whether a code is exempt: by the imported list, else by the categories of the guidelines.
pub(super) fn is_exempt(tables: &Tables<'_>, code: &str) -> bool {
    match tables.poa_exempt {
        Some(list) => list.holds(code),
        None => starts_with_any(code, EXEMPT) || is_later_encounter(code),
    }
}

/// Congenital conditions, sequelae, status, history, circumstances, external causes: always
/// there or never there on admission.
const EXEMPT: &[&str] = &[
    "B90", "B91", "B92", "B94", "E64", "I252", "I69", "O09", "O665", "O80", "O94", "Q", "V", "W",
    "X", "Y", "Z",
];

/// Injuries in a later encounter or as a sequela.
fn is_later_encounter(code: &str) -> bool {
    let code = crate::codeset::normalized(code);
    code.len() == 7
        && code.starts_with(['S', 'T', 'M'])
        && code.ends_with(|last: char| last.is_ascii_uppercase() && !"ABC".contains(last))
}
