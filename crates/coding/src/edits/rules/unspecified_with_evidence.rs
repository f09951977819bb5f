//! The edit `unspecified_with_evidence`.
//!
//! # What it finds
//! An unspecified code, where a sentence of the chart names what a neighbouring code specifies.
//!
//! # Why it matters
//! A code is as specific as the documentation: the side, stage or type that the chart states is
//! coded.
//!
//! # Example
//! `M25.569`, pain in unspecified knee, where the note says left knee.
//!
//! # Source
//! ICD-10-CM Official Guidelines, sections I.B.2 and I.B.18.

use jiff::civil::date;

use crate::codeset::{Node, System, normalized};
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "unspecified_with_evidence",
    severity: Severity::Advice,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, sections I.B.2 and I.B.18",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("unspecified_with_evidence.rs"),
    check,
    finds: || Draft::inpatient(&["M25.569"]).says("M25.569", "Pain in the left knee since March."),
    passes: || Draft::inpatient(&["M25.569"]).says("M25.569", "Knee pain, side not recorded."),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    for (_, dx, node) in chart.nodes() {
        if !node.title().to_lowercase().contains("unspecified") {
            continue;
        }
        let own = normalized(&dx.code);
        let said = chart.draft.evidence.iter().filter(|said| normalized(&said.code) == own);
        let said: Vec<String> = said.flat_map(|said| folded_words(&said.text)).collect();
        let Some(parent) = node.parent().filter(|_| !said.is_empty()) else { continue };
        let better = parent
            .leaves()
            .filter(|leaf| {
                chart.tables.sets.is_valid(System::Icd10Cm, leaf.code(), chart.draft.date)
            })
            .find(|leaf| is_said(*leaf, node, &said));
        if let Some(better) = better {
            let sentence = format!(
                "{} leaves open what the chart states: see {}, {}.",
                shown(&dx.code),
                shown(better.code()),
                better.title()
            );
            edits.push(rule.edit(&[&dx.code, better.code()], sentence));
        }
    }
}

/// Whether the chart says every word that the other code has and the unspecified one lacks.
fn is_said(leaf: Node<'_>, node: Node<'_>, said: &[String]) -> bool {
    let known = folded_words(node.title());
    let own = folded_words(leaf.title());
    let more: Vec<&String> = own.iter().filter(|word| !known.contains(word)).collect();
    let open = ["other", "specified", "unspecified"];
    !more.is_empty()
        && more.iter().all(|word| said.contains(word))
        && !own.iter().any(|word| open.contains(&word.as_str()))
}

fn folded_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}
