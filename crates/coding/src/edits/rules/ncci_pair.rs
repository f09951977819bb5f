//! The edit `ncci_pair`.
//!
//! # What it finds
//! Two procedures of one day that an NCCI pair joins, without a modifier that the pair allows.
//! Looks only when the NCCI file is loaded.
//!
//! # Why it matters
//! The column two code is part of the column one code, or the two can't be done together; it is
//! not paid unless an NCCI-associated modifier says why it was apart.
//!
//! # Example
//! A column two code beside its column one code without modifier 59.
//!
//! # Source
//! NCCI Policy Manual for Medicare Services, chapter I; 42 CFR 414.40.

use jiff::civil::date;

use crate::codeset::System;
use crate::edits::{Chart, Draft, Edit, Rule, Severity};

/// The rule.
pub const RULE: Rule = Rule {
    name: "ncci_pair",
    severity: Severity::Stop,
    can_be_overridden: true,
    citation: "NCCI Policy Manual, chapter I",
    from: date(1996, 1, 1),
    to: None,
    text: include_str!("ncci_pair.rs"),
    check,
    finds: || {
        Draft::outpatient(&["I10"]).procedure(System::Hcpcs, "G9001", &[], 1).procedure(
            System::Hcpcs,
            "G9002",
            &[],
            1,
        )
    },
    passes: || {
        Draft::outpatient(&["I10"]).procedure(System::Hcpcs, "G9001", &[], 1).procedure(
            System::Hcpcs,
            "G9002",
            &["59"],
            1,
        )
    },
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let Some(table) = chart.tables.ptp else { return };
    let procedures = &chart.draft.procedures;
    for (at, first) in procedures.iter().enumerate() {
        for (other_at, second) in procedures.iter().enumerate() {
            if at == other_at || first.date != second.date {
                continue;
            }
            let pair = table.pair(&first.code, &second.code, chart.draft.date);
            let Some(pair) = pair else { continue };
            let may_be_apart = pair.modifier_indicator == 1;
            let has_modifier =
                first.modifiers.iter().chain(&second.modifiers).any(|m| is_associated(m));
            let sentence = match (may_be_apart, has_modifier) {
                (true, true) => continue,
                (true, false) => format!(
                    "{} is part of {}: remove it, or add an NCCI-associated modifier if it was \
                     done apart.",
                    second.code, first.code
                ),
                (false, _) => format!(
                    "{} is never paid with {}, whatever the modifier: remove it.",
                    second.code, first.code
                ),
            };
            edits.push(rule.edit(&[&second.code, &first.code], sentence));
        }
    }
}

/// NCCI-associated modifiers: anatomic, global surgery, and others.
fn is_associated(modifier: &str) -> bool {
    const MODIFIERS: &[&str] = &[
        "E1", "E2", "E3", "E4", "FA", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "TA",
        "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "LT", "RT", "LC", "LD", "RC", "LM",
        "RI", "24", "25", "57", "58", "78", "79", "27", "59", "91", "XE", "XS", "XP", "XU",
    ];
    MODIFIERS.contains(&modifier.trim().to_ascii_uppercase().as_str())
}
