//! The edit `excludes1`.
//!
//! # What it finds
//! Two codes of which one, or a category above it, has an Excludes1 note that names the other.
//!
//! # Why it matters
//! Excludes1 means not coded here: the two can't occur together, such as a congenital and an
//! acquired form. Two conditions that are unrelated to each other may both stand; that is the
//! reason to give.
//!
//! # Example
//! `E11.9` with `E10.9`: type 2 diabetes excludes type 1.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.A.12.a.

use jiff::civil::date;

use crate::codeset::NoteKind;
use crate::edits::instructions::instructions;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "excludes1",
    severity: Severity::Stop,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.A.12.a",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("excludes1.rs"),
    check,
    finds: || Draft::inpatient(&["E11.9", "E10.9"]),
    passes: || Draft::inpatient(&["E11.9", "I10"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let mut told: Vec<(usize, usize)> = Vec::new();
    for (at, dx, node) in chart.nodes() {
        for instruction in instructions(node, NoteKind::Excludes1) {
            for (other_at, other, _) in chart.nodes() {
                let pair = (at.min(other_at), at.max(other_at));
                if at == other_at || told.contains(&pair) || !instruction.names(&other.code) {
                    continue;
                }
                told.push(pair);
                let sentence = format!(
                    "{} and {} are not coded together: Excludes1 at {} names {}. Keep the one \
                     that the chart supports, or say why the two are unrelated.",
                    shown(&dx.code),
                    shown(&other.code),
                    shown(instruction.at.code()),
                    shown(&other.code),
                );
                edits.push(rule.edit(&[&other.code, &dx.code], sentence));
            }
        }
    }
}
