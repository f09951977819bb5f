//! Combination codes: conditions that one code states together.
//!
//! Sources: ICD-10-CM Official Guidelines, I.A.15 ("with" presumes the link), I.B.9 (combination
//! codes), I.C.4.a (diabetes), I.C.9.a (hypertension with heart and kidney disease), I.C.10.a,
//! and the instructional notes at the codes named.

use std::collections::BTreeMap;

use super::Suggestion;

/// A pair of findings and the code that states both.
struct Pair {
    first: &'static [&'static str],
    second: &'static [&'static str],
    code: &'static str,
    /// The first finding is in the combination code and not coded beside it.
    first_goes: bool,
    /// The same for the second.
    second_goes: bool,
}

const fn pair(
    first: &'static [&'static str],
    second: &'static [&'static str],
    code: &'static str,
    first_goes: bool,
    second_goes: bool,
) -> Pair {
    Pair { first, second, code, first_goes, second_goes }
}

const DIABETES_2: &[&str] = &["E119"];
const DIABETES_1: &[&str] = &["E109"];
const KIDNEY: &[&str] = &["N18"];
const KIDNEY_END: &[&str] = &["N185", "N186"];
const HEART_FAILURE: &[&str] = &["I50"];

const PAIRS: [Pair; 37] = [
    // Hypertension with kidney disease and heart failure; the worst first.
    pair(&["I110"], KIDNEY_END, "I132", true, false),
    pair(&["I110"], KIDNEY, "I130", true, false),
    pair(&["I120"], HEART_FAILURE, "I132", true, false),
    pair(&["I129"], HEART_FAILURE, "I130", true, false),
    pair(&["I10"], KIDNEY_END, "I120", true, false),
    pair(&["I10"], KIDNEY, "I129", true, false),
    pair(&["I10", "I119"], HEART_FAILURE, "I110", true, false),
    pair(&["I120"], HEART_FAILURE, "I132", true, false),
    pair(&["I129"], HEART_FAILURE, "I130", true, false),
    pair(&["I10"], &["I517", "I515", "I5189"], "I119", true, true),
    // Diabetes with what the index lists under "with".
    pair(DIABETES_2, KIDNEY, "E1122", true, false),
    pair(DIABETES_2, &["H3500"], "E11319", true, true),
    pair(DIABETES_2, &["G629"], "E1142", true, true),
    pair(DIABETES_2, &["I739"], "E1151", true, true),
    pair(DIABETES_2, &["L97"], "E11622", true, false),
    pair(DIABETES_2, &["R739"], "E1165", true, true),
    pair(DIABETES_2, &["E162"], "E11649", true, true),
    pair(DIABETES_2, &["K3184"], "E1143", true, false),
    pair(DIABETES_1, KIDNEY, "E1022", true, false),
    pair(DIABETES_1, &["H3500"], "E10319", true, true),
    pair(DIABETES_1, &["G629"], "E1042", true, true),
    pair(DIABETES_1, &["I739"], "E1051", true, true),
    pair(DIABETES_1, &["L97"], "E10622", true, false),
    pair(DIABETES_1, &["R739"], "E1065", true, true),
    pair(DIABETES_1, &["E162"], "E10649", true, true),
    // Lungs.
    pair(
        &["J441"],
        &["J12", "J13", "J14", "J15", "J16", "J18", "J20", "J22"],
        "J440",
        false,
        false,
    ),
    pair(&["J449"], &["J12", "J13", "J14", "J15", "J16", "J18", "J20", "J22"], "J440", true, false),
    // Coronary disease with angina.
    pair(&["I2510"], &["I200"], "I25110", true, true),
    pair(&["I2510"], &["I209", "I208"], "I25119", true, true),
    // Stones.
    pair(&["K8020"], &["K810"], "K8000", true, true),
    pair(&["K8020"], &["K811", "K819"], "K8010", true, true),
    pair(&["K8050"], &["K8309"], "K8030", true, true),
    pair(&["N200", "N201", "N209"], &["N1330"], "N132", true, true),
    // Liver.
    pair(&["K7030"], &["R188"], "K7031", true, true),
    pair(&["K7460"], &["K700", "K709"], "K7030", true, true),
    // Prostate with urinary symptoms, which are coded beside it.
    pair(&["N400"], &["R339", "R350", "R351", "R391", "R399"], "N401", true, false),
    // Sepsis with shock.
    pair(&["R6520"], &["R6521"], "R6521", true, false),
];

/// Replaces findings by the code that states them together.
pub(super) fn combine(codes: &mut BTreeMap<String, Suggestion>) {
    for rule in &PAIRS {
        let find = |prefixes: &[&str]| {
            codes
                .keys()
                .find(|code| prefixes.iter().any(|prefix| code.starts_with(prefix)))
                .cloned()
        };
        let (Some(first), Some(second)) = (find(rule.first), find(rule.second)) else { continue };
        let mut evidence = codes[&first].evidence.clone();
        for more in &codes[&second].evidence {
            if !evidence.contains(more) {
                evidence.push(more.clone());
            }
        }
        evidence.sort_by_key(|part| part.start);
        let score = codes[&first].score.min(codes[&second].score);
        if rule.first_goes {
            codes.remove(&first);
        }
        if rule.second_goes {
            codes.remove(&second);
        }
        let reason = format!(
            "{first} and {second} are stated together by this code (guidelines I.A.15 and I.B.9)."
        );
        let combined = Suggestion { code: rule.code.to_owned(), score, evidence, reason };
        codes.entry(rule.code.to_owned()).or_insert(combined);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codeset::embedded::icd10cm;

    #[test]
    fn every_combination_can_be_reported() {
        for rule in &PAIRS {
            let node = icd10cm().find(rule.code);
            assert!(node.is_some_and(|node| node.is_reportable()), "{}", rule.code);
            for prefix in rule.first.iter().chain(rule.second) {
                assert!(icd10cm().starting_with(prefix).next().is_some(), "{prefix}");
            }
        }
    }
}
