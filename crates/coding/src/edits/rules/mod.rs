//! The rules, a file each. Their order is the order of reporting.

use super::Rule;

pub mod code_also;
pub mod code_first;
pub mod cpt_form;
pub mod date_not_covered;
pub mod diabetes_with;
pub mod duplicate_code;
pub mod excludes1;
pub mod excludes2;
pub mod external_cause_first_listed;
pub mod hypertension_combination;
pub mod laterality;
pub mod liveborn_first;
pub mod manifestation_first_listed;
pub mod mue_units;
pub mod ncci_pair;
pub mod not_a_leaf;
pub mod not_valid_on_date;
pub mod obstetric_first;
pub mod poa_impossible;
pub mod poa_missing;
pub mod procedure_system;
pub mod seventh_character;
pub mod severe_sepsis_sequence;
pub mod symptom_first;
pub mod therapy_encounter_first;
pub mod uncertain_diagnosis;
pub mod unknown_code;
pub mod unspecified_with_evidence;
pub mod use_additional_code;

/// Every rule.
pub const ALL: &[Rule] = &[
    unknown_code::RULE,
    not_a_leaf::RULE,
    not_valid_on_date::RULE,
    date_not_covered::RULE,
    excludes1::RULE,
    excludes2::RULE,
    code_first::RULE,
    use_additional_code::RULE,
    code_also::RULE,
    manifestation_first_listed::RULE,
    seventh_character::RULE,
    laterality::RULE,
    duplicate_code::RULE,
    external_cause_first_listed::RULE,
    unspecified_with_evidence::RULE,
    poa_missing::RULE,
    poa_impossible::RULE,
    severe_sepsis_sequence::RULE,
    obstetric_first::RULE,
    liveborn_first::RULE,
    therapy_encounter_first::RULE,
    symptom_first::RULE,
    hypertension_combination::RULE,
    diabetes_with::RULE,
    uncertain_diagnosis::RULE,
    procedure_system::RULE,
    cpt_form::RULE,
    ncci_pair::RULE,
    mue_units::RULE,
];
