//! The edit `symptom_first`.
//!
//! # What it finds
//! A symptom (chapter 18) first, with a definitive diagnosis of a disease after it.
//!
//! # Why it matters
//! Signs and symptoms are not the principal or first-listed diagnosis when a related definitive
//! diagnosis has been established.
//!
//! # Example
//! `R07.9`, chest pain, before `I21.4`, an infarction.
//!
//! # Source
//! ICD-10-CM Official Guidelines, sections II.A and I.B.4.

use jiff::civil::date;

use crate::edits::draft::starts_with_any;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "symptom_first",
    severity: Severity::Advice,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section II.A",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("symptom_first.rs"),
    check,
    finds: || Draft::inpatient(&["R07.9", "I21.4"]),
    passes: || Draft::inpatient(&["I21.4", "I10"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let diagnoses = &chart.draft.diagnoses;
    let Some(first) = diagnoses.first().filter(|dx| is_symptom(&dx.code)) else { return };
    let is_disease = |code: &str| {
        starts_with_any(code, &["A", "B", "C", "D", "F", "G", "I", "J", "K", "L", "M", "N"])
            && !starts_with_any(code, &["I10", "B95", "B96", "B97"])
    };
    if let Some(disease) = diagnoses.iter().skip(1).find(|dx| is_disease(&dx.code)) {
        let sentence = format!(
            "{} is a symptom: if {} explains it, that diagnosis comes first and the symptom is \
             left out where it is integral to it.",
            shown(&first.code),
            shown(&disease.code)
        );
        edits.push(rule.edit(&[&first.code, &disease.code], sentence));
    }
}

/// Chapter 18 without severe sepsis and the codes of scales, which have rules of their own.
fn is_symptom(code: &str) -> bool {
    starts_with_any(code, &["R"]) && !starts_with_any(code, &["R652", "R297", "R402"])
}
