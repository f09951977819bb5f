//! The edit `diabetes_with`.
//!
//! # What it finds
//! Diabetes without complications beside a condition that the classification links to diabetes.
//!
//! # Why it matters
//! "With" in the index presumes the relation: diabetes with chronic kidney disease, neuropathy,
//! retinopathy or a foot ulcer is one combination code, unless the provider says that they are
//! unrelated.
//!
//! # Example
//! `E11.9` with `N18.30`: `E11.22` and `N18.30`.
//!
//! # Source
//! ICD-10-CM Official Guidelines, sections I.A.15 and I.C.4.a.

use jiff::civil::date;

use crate::codeset::normalized;
use crate::edits::draft::starts_with_any;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "diabetes_with",
    severity: Severity::Advice,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, section I.A.15",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("diabetes_with.rs"),
    check,
    finds: || Draft::inpatient(&["J18.9", "E11.9", "N18.30"]),
    passes: || Draft::inpatient(&["J18.9", "E11.22", "N18.30"]),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    let diagnoses = &chart.draft.diagnoses;
    let plain = ["E089", "E099", "E109", "E119", "E139"];
    let Some(diabetes) = diagnoses.iter().find(|dx| starts_with_any(&dx.code, &plain)) else {
        return;
    };
    let category = &normalized(&diabetes.code)[..3];
    for (beginnings, ending) in LINKED {
        if let Some(linked) = diagnoses.iter().find(|dx| starts_with_any(&dx.code, beginnings)) {
            let sentence = format!(
                "{} beside {}: the relation is presumed, so see {category}.{ending}, unless the \
                 provider documents that they are unrelated.",
                shown(&diabetes.code),
                shown(&linked.code)
            );
            edits.push(rule.edit(&[&diabetes.code, &linked.code], sentence));
        }
    }
}

/// Conditions linked to diabetes, and the ending of the combination code.
const LINKED: &[(&[&str], &str)] = &[
    (&["N18"], "22"),
    (&["G629", "G63"], "42"),
    (&["H3500", "H350"], "319"),
    (&["L97"], "621"),
    (&["K3184"], "43"),
    (&["I739", "I702"], "51"),
];
