//! The edit `therapy_encounter_first`.
//!
//! # What it finds
//! An encounter for chemotherapy, immunotherapy or radiotherapy (Z51.0, Z51.1) after a malignant
//! neoplasm that is listed first.
//!
//! # Why it matters
//! When the encounter is solely for the treatment, its code is first and the neoplasm second.
//!
//! # Example
//! `C50.911` before `Z51.11`.
//!
//! # Source
//! ICD-10-CM Official Guidelines, section I.C.2.e.2.

use jiff::civil::date;

use crate::edits::draft::starts_with_any;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "therapy_encounter_first",
    severity: Severity::Advice,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.C.2.e.2",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("therapy_encounter_first.rs"),
    check,
    finds: || Draft::outpatient(&["C50.911", "Z51.11"]),
    passes: || Draft::outpatient(&["Z51.11", "C50.911"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let diagnoses = &chart.draft.diagnoses;
    let Some(first) = diagnoses.first().filter(|dx| starts_with_any(&dx.code, &["C"])) else {
        return;
    };
    let therapy = diagnoses.iter().skip(1);
    let therapy = therapy.clone().find(|dx| starts_with_any(&dx.code, &["Z510", "Z511"]));
    if let Some(therapy) = therapy {
        let sentence = format!(
            "{} comes before {} when the encounter is solely for the treatment.",
            shown(&therapy.code),
            shown(&first.code)
        );
        edits.push(rule.edit(&[&therapy.code, &first.code], sentence));
    }
}
