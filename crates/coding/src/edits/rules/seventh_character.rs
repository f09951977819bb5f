//! The edit `seventh_character`.
//!
//! # What it finds
//! A code that lacks its seventh character, or has it in another place because the X fillers are
//! missing.
//!
//! # Why it matters
//! The seventh character stands seventh. Shorter codes are filled with X, or the code is not
//! valid.
//!
//! # Example
//! `T07A` should be `T07.XXXA`; `S72.001` lacks its encounter.
//!
//! # Source
//! ICD-10-CM Official Guidelines, sections I.A.4 and I.A.5.

use jiff::civil::date;

use crate::codeset::{System, normalized};
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "seventh_character",
    severity: Severity::Stop,
    can_be_overridden: false,
    citation: "ICD-10-CM Official Guidelines, sections I.A.4 and I.A.5",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("seventh_character.rs"),
    check,
    finds: || Draft::inpatient(&["T07A"]),
    passes: || Draft::inpatient(&["T07.XXXA"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    for dx in &chart.draft.diagnoses {
        let code = normalized(&dx.code);
        if chart.tables.sets.is_valid(System::Icd10Cm, &code, chart.draft.date) {
            continue;
        }
        if let Some(filled) = filled(chart, &code) {
            let sentence = format!(
                "{} has its seventh character in the wrong place: write {}.",
                shown(&code),
                shown(&filled)
            );
            edits.push(rule.edit(&[&code], sentence));
        } else if let Some(meanings) = missing(chart, &code) {
            let sentence = format!("{} lacks its seventh character: add {meanings}.", shown(&code));
            edits.push(rule.edit(&[&code], sentence));
        }
    }
}

/// The valid code that comes of filling X before the last character.
fn filled(chart: &Chart<'_>, code: &str) -> Option<String> {
    if !code.is_ascii() || !(4..7).contains(&code.len()) {
        return None;
    }
    let (start, last) = code.split_at(code.len() - 1);
    let filled = format!("{start:X<6}{last}");
    chart.tables.sets.is_valid(System::Icd10Cm, &filled, chart.draft.date).then_some(filled)
}

/// The seventh characters that a code could have, in words.
fn missing(chart: &Chart<'_>, code: &str) -> Option<String> {
    let node = chart.node(code).filter(|node| !node.is_reportable())?;
    let choices: Vec<String> = node
        .children()
        .filter(|child| child.is_reportable() && child.code().len() == 7)
        .filter_map(|child| {
            let meaning = child.title().strip_prefix(node.title())?.strip_prefix(", ")?;
            Some(format!("{} ({meaning})", child.code().chars().last()?))
        })
        .collect();
    (!choices.is_empty()).then(|| choices.join(", "))
}
