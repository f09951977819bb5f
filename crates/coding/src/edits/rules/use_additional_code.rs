//! The edit `use_additional_code`.
//!
//! # What it finds
//! A code with a note to use an additional code, where no code that the note names is there.
//!
//! # Why it matters
//! One code does not tell the whole condition: the organism, the stage, the drug are codes of
//! their own.
//!
//! # Example
//! `I12.9` without a code of N18 for the stage of kidney disease.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.B.7 and I.A.17.

use jiff::civil::date;

use crate::codeset::NoteKind;
use crate::edits::instructions::unanswered;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "use_additional_code",
    severity: Severity::Advice,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.B.7",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("use_additional_code.rs"),
    check,
    finds: || Draft::inpatient(&["I12.9"]),
    passes: || Draft::inpatient(&["I12.9", "N18.30"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    for (dx, instruction) in unanswered(chart, NoteKind::UseAdditional) {
        let sentence = format!(
            "{} asks for a further code: \"use additional {}\" at {}.",
            shown(&dx.code),
            instruction.text,
            shown(instruction.at.code()),
        );
        edits.push(rule.edit(&[&dx.code], sentence));
    }
}
