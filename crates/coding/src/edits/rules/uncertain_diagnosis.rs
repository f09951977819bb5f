//! The edit `uncertain_diagnosis`.
//!
//! # What it finds
//! A diagnosis that the chart calls probable, suspected or likely, coded for an outpatient; and
//! for anyone HIV, Zika, COVID-19 or novel influenza that is not confirmed.
//!
//! # Why it matters
//! Uncertain diagnoses at discharge are coded as if they existed for inpatients only. Outpatients
//! get the code of the symptom. The four infections are coded only when confirmed.
//!
//! # Example
//! `J18.9` for "probable pneumonia" of an outpatient: code the cough and fever.
//!
//! # Source
//! ICD-10-CM Official Guidelines, sections II.H, III.C, IV.H, I.C.1.a.1, I.C.1.f, I.C.1.g and
//! I.C.10.c.

use jiff::civil::date;

use crate::edits::Setting;
use crate::edits::draft::starts_with_any;
use crate::edits::{Chart, Draft, Edit, Rule, Severity, shown};

/// The rule.
pub const RULE: Rule = Rule {
    name: "uncertain_diagnosis",
    severity: Severity::Stop,
    can_be_overridden: true,
    citation: "ICD-10-CM Official Guidelines, sections II.H, IV.H, I.C.1 and I.C.10.c",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("uncertain_diagnosis.rs"),
    check,
    finds: || Draft::outpatient(&[]).uncertain("J18.9"),
    passes: || Draft::inpatient(&[]).uncertain("J18.9"),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    for dx in chart.draft.diagnoses.iter().filter(|dx| dx.is_uncertain) {
        let code = shown(&dx.code);
        let sentence = if starts_with_any(&dx.code, CONFIRMED_ONLY) {
            format!("{code} is coded only when confirmed: code the signs, symptoms or exposure.")
        } else if chart.draft.setting == Setting::Outpatient {
            format!(
                "{code} is documented as uncertain: for an outpatient code the sign, symptom or \
                 reason for the visit instead."
            )
        } else {
            continue;
        };
        edits.push(rule.edit(&[&dx.code], sentence));
    }
}

/// HIV, Zika, COVID-19, influenza of a novel or other identified virus.
const CONFIRMED_ONLY: &[&str] = &["B20", "A925", "U071", "J09", "J10"];
