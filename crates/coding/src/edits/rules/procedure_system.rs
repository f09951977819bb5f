//! The edit `procedure_system`.
//!
//! # What it finds
//! An ICD-10-PCS code for an outpatient, or a CPT code as an inpatient facility's procedure.
//!
//! # Why it matters
//! Inpatient procedures are reported in ICD-10-PCS, all others in CPT and HCPCS Level II.
//!
//! # Example
//! `0DTJ4ZZ` for an outpatient.
//!
//! # Source
//! 45 CFR 162.1002(c)(2) and (c)(3).

use jiff::civil::date;

use crate::codeset::System;
use crate::edits::Setting;
use crate::edits::{Chart, Draft, Edit, Rule, Severity};

/// The rule.
pub const RULE: Rule = Rule {
    name: "procedure_system",
    severity: Severity::Stop,
    can_be_overridden: true,
    citation: "45 CFR 162.1002(c)",
    from: date(2015, 10, 1),
    to: None,
    text: include_str!("procedure_system.rs"),
    check,
    finds: || Draft::outpatient(&["K35.80"]).procedure(System::Icd10Pcs, "0DTJ4ZZ", &[], 1),
    passes: || Draft::inpatient(&["K35.80"]).procedure(System::Icd10Pcs, "0DTJ4ZZ", &[], 1),
};

fn check(chart: &Chart<'_>, rule: &Rule, edits: &mut Vec<Edit>) {
    for procedure in &chart.draft.procedures {
        let sentence = match (chart.draft.setting, procedure.system) {
            (Setting::Outpatient, System::Icd10Pcs) => format!(
                "{} is an inpatient procedure code: report CPT or HCPCS for an outpatient.",
                procedure.code
            ),
            (Setting::Inpatient, System::Cpt) => {
                format!("{} is a CPT code: report ICD-10-PCS for an inpatient.", procedure.code)
            }
            _ => continue,
        };
        edits.push(rule.edit(&[&procedure.code], sentence));
    }
}
