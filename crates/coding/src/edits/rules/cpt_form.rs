//! The edit `cpt_form`.
//!
//! # What it finds
//! A CPT code that does not have the form of one: five digits, or four digits and F, T, U or M.
//! When the licensee's file is loaded, a code that it does not hold.
//!
//! # Why it matters
//! CPT is licensed and not shipped. Without the site's own file only the form can be checked, and
//! a slip of the keyboard is caught all the same.
//!
//! # Example
//! `9921` has four digits.
//!
//! # Source
//! 45 CFR 162.1002(c)(1); AMA CPT, categories I to III.

use jiff::civil::date;

use crate::codeset::System;
use crate::edits::{Chart, Draft, Edit, Rule, Severity};

/// The rule.
pub const RULE: Rule = Rule {
    name: "cpt_form",
    severity: Severity::Stop,
    can_be_overridden: false,
    citation: "45 CFR 162.1002(c)(1)",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("cpt_form.rs"),
    check,
    finds: || Draft::outpatient(&["I10"]).procedure(System::Cpt, "9921", &[], 1),
    passes: || Draft::outpatient(&["I10"]).procedure(System::Cpt, "99213", &[], 1),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    for procedure in chart.draft.procedures.iter().filter(|p| p.system == System::Cpt) {
        let code = &procedure.code;
        let is_loaded = chart.tables.sets.covers(System::Cpt, chart.draft.date);
        let sentence = if !has_form(code) {
            format!("{code} is not a CPT code: five digits, or four digits and F, T, U or M.")
        } else if is_loaded && !chart.tables.sets.is_valid(System::Cpt, code, chart.draft.date) {
            format!("{code} is not in the CPT file that the site has loaded for the date.")
        } else {
            continue;
        };
        edits.push(rule.edit(&[code], sentence));
    }
}

fn has_form(code: &str) -> bool {
    let bytes = code.trim().as_bytes();
    bytes.len() == 5
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && (bytes[4].is_ascii_digit() || b"FTUM".contains(&bytes[4]))
}
