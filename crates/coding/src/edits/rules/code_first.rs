//! The edit `code_first`.
//!
//! # What it finds
//! A code with a note to code another condition first, where no code that the note names stands
//! before it.
//!
//! # Why it matters
//! The convention fixes the order: the cause stands first, its manifestation after it. Where a
//! category lists several circumstances, each with its own code (heart failure after surgery, in
//! pregnancy), the note holds only where one of them does: then it is advice.
//!
//! # Example
//! `N08` without the disease that causes the glomerular disorder before it.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.A.13.

use jiff::civil::date;

use crate::codeset::NoteKind;
use crate::edits::instructions::{Instruction, instructions};
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "code_first",
    severity: Severity::Stop,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.A.13",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("code_first.rs"),
    check,
    finds: || Draft::inpatient(&["G63", "E11.9"]),
    passes: || Draft::inpatient(&["E53.8", "G63"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    for (at, dx, node) in chart.nodes() {
        let mut close = instructions(node, NoteKind::CodeFirst);
        close.retain(Instruction::is_close);
        let is_manifestation = node.title().contains("in diseases classified elsewhere");
        let same = |one: &Instruction<'_>| close.iter().filter(|o| o.at.id == one.at.id).count();
        for instruction in &close {
            let before = &chart.draft.diagnoses[..at];
            let is_named = |code: &str| instruction.codes.is_empty() || instruction.names(code);
            if before.iter().any(|earlier| is_named(&earlier.code)) {
                continue;
            }
            let sentence = format!(
                "{} asks for another code before it: \"code first {}\" at {}.",
                shown(&dx.code),
                instruction.text,
                shown(instruction.at.code()),
            );
            let is_one_of_several = same(instruction) > 1 && !is_manifestation;
            let is_open = instruction.is_conditional
                || is_one_of_several
                || instruction.codes.is_empty() && at > 0;
            let advice = is_open || (is_optional(&instruction.text) && !is_manifestation);
            edits.push(if advice {
                rule.advice(&[&dx.code], sentence)
            } else {
                rule.edit(&[&dx.code], sentence)
            });
        }
    }
}

/// Lists of examples ("such as") leave the cause open.
fn is_optional(text: &str) -> bool {
    text.contains("such as") || text.contains("any associated")
}
