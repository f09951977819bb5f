//! The edit `code_also`.
//!
//! # What it finds
//! A code with a "code also" note, where no code that the note names is there.
//!
//! # Why it matters
//! Two codes may be needed to describe the condition fully; the order is free.
//!
//! # Example
//! `S02.0XXA` without a code for an associated intracranial injury.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.A.17.

use jiff::civil::date;

use crate::codeset::NoteKind;
use crate::edits::instructions::unanswered;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "code_also",
    severity: Severity::Advice,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.A.17",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("code_also.rs"),
    check,
    finds: || Draft::inpatient(&["S02.0XXA"]),
    passes: || Draft::inpatient(&["S02.0XXA", "S06.0X0A"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    for (dx, instruction) in unanswered(chart, NoteKind::CodeAlso) {
        let sentence = format!(
            "{} may need a second code: \"code also {}\" at {}.",
            shown(&dx.code),
            instruction.text,
            shown(instruction.at.code()),
        );
        edits.push(rule.edit(&[&dx.code], sentence));
    }
}
