//! The edit `excludes2`.
//!
//! # What it finds
//! Two codes of which one, or a category above it, has an Excludes2 note that names the other.
//!
//! # Why it matters
//! Excludes2 means not included here: both may be reported when both are documented, and each
//! must be.
//!
//! # Example
//! `J18.9` with `J69.0`: aspiration pneumonia is not part of J18.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.A.12.b.

use jiff::civil::date;

use crate::codeset::NoteKind;
use crate::edits::instructions::instructions;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "excludes2",
    severity: Severity::Advice,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.A.12.b",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("excludes2.rs"),
    check,
    finds: || Draft::inpatient(&["I12.9", "N17.9"]),
    passes: || Draft::inpatient(&["I12.9", "N18.30"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let mut told: Vec<(usize, usize)> = Vec::new();
    for (at, dx, node) in chart.nodes() {
        for instruction in instructions(node, NoteKind::Excludes2) {
            for (other_at, other, _) in chart.nodes() {
                let pair = (at.min(other_at), at.max(other_at));
                if at == other_at || told.contains(&pair) || !instruction.names(&other.code) {
                    continue;
                }
                told.push(pair);
                let sentence = format!(
                    "{} is not included in {} (Excludes2 at {}): both may be reported when each \
                     is documented. Check that each is.",
                    shown(&other.code),
                    shown(&dx.code),
                    shown(instruction.at.code()),
                );
                edits.push(rule.edit(&[&other.code, &dx.code], sentence));
            }
        }
    }
}
