//! Each edit of the Medicare Code Editor, on a claim that has it and on one that has not.

use coding::grouper::{Claim, Code, Diagnosis, HospitalPoaStatus, Procedure, Sex};
use coding::mce::{EditKind, Editor};

fn claim(principal: &str, secondary: &str, procedures: &str) -> Claim {
    let diagnosis = |text: &str| Diagnosis { code: Code::new(text), poa: None };
    let procedure = |text: &str| Procedure { code: Code::new(text), date: None };
    Claim {
        discharge_date: jiff::civil::date(2026, 4, 15),
        age_years: Some(64),
        sex: Sex::Female,
        discharge_status: 1,
        length_of_stay_days: Some(10),
        admit_diagnosis: None,
        principal: diagnosis(principal),
        secondary: secondary.split_whitespace().map(diagnosis).collect(),
        procedures: procedures.split_whitespace().map(procedure).collect(),
        hospital_poa_status: HospitalPoaStatus::Reporting,
    }
}

fn on(date: &str, claim: Claim) -> Claim {
    Claim { discharge_date: date.parse().expect("tests write dates"), ..claim }
}

fn aged(age_years: u16, claim: Claim) -> Claim {
    Claim { age_years: Some(age_years), ..claim }
}

/// The edits as `NAME n`, with the number of places where it is more than one.
fn edits(claim: &Claim) -> String {
    let edits = Editor::shipped().edit(claim).into_iter();
    let names = edits.map(|edit| match edit.places.len() {
        1 => edit.kind.name().to_owned(),
        places => format!("{} {places}", edit.kind.name()),
    });
    names.collect::<Vec<_>>().join(", ")
}

#[test]
fn each_edit_has_a_claim_with_it_and_one_without() {
    let cases: Vec<(Claim, &str)> = vec![
        (claim("I50.20", "I10", ""), ""),
        (claim("I50.20", "XXX YYY", "ZZZ"), "INVALID_CODE 3"),
        (claim("I50.20", "G81.00 G81.10", ""), "UNSPECIFIED 2"),
        (claim("I50.20", "G81.01", ""), ""),
        (claim("B95.0", "", ""), "UNACCEPTABLE_PDX"),
        (claim("I50.20", "B95.0", ""), ""),
        (claim("Z51.89", "", ""), "REQUIRES_SDX"),
        (claim("Z51.89", "I10", ""), ""),
        (claim("D63.0", "", ""), "MANIFESTATION_AS_PDX"),
        (claim("I50.20", "D63.0", ""), ""),
        (claim("V00.01XA", "", ""), "E_CODE_AS_PDX"),
        (claim("I50.20", "V00.01XA", ""), ""),
        (claim("E11.9", "I10", ""), "QUESTIONABLE_ADMISSION"),
        (claim("I50.20", "E11.9", ""), ""),
        (claim("I50.20", "I50.20 I50.20", ""), "DUPLICATE_OF_PDX 2"),
        (claim("I50.20", "I10 I10", ""), ""),
        (claim("I50.20", "Y65.51", ""), "WRONG_PROCEDURE_PERFORMED"),
        (aged(5, claim("A33", "", "")), "AGE_CONFLICT"),
        (aged(0, claim("A33", "", "")), ""),
        (aged(14, claim("C91.50", "", "")), "AGE_CONFLICT"),
        (aged(15, claim("C91.50", "", "")), ""),
        (aged(18, claim("B08.20", "", "")), "AGE_CONFLICT"),
        (aged(17, claim("B08.20", "", "")), ""),
        (aged(65, claim("O80", "", "")), "AGE_CONFLICT"),
        (aged(64, claim("O80", "", "")), ""),
        (aged(125, claim("I50.20", "", "")), "INVALID_AGE"),
        (aged(124, claim("I50.20", "", "")), ""),
        (Claim { age_years: None, ..claim("I50.20", "", "") }, "INVALID_AGE"),
        (claim("I50.20", "", "00F3XZZ"), "NON_COVERED"),
        (claim("I50.20", "Z30.2", "0U570ZZ"), "NON_COVERED"),
        (claim("I50.20", "", "0U570ZZ"), ""),
        (claim("C91.00", "", "30233G0"), "NON_COVERED"),
        (claim("I50.20", "", "30233G0"), ""),
        (claim("I50.20", "", "0FYG0Z0"), "NON_COVERED"),
        (claim("I50.20", "E10.10", "0FYG0Z0"), "LIMITED_COVERAGE"),
        (claim("I50.20", "", "0FYG0Z0 0TY00Z0"), "LIMITED_COVERAGE 2"),
        (aged(61, claim("I50.20", "", "0SR20JZ")), "NON_COVERED"),
        (aged(60, claim("I50.20", "", "0SR20JZ")), ""),
        (claim("O80", "", "10D07Z3 10D00Z0"), "QUESTIONABLE_OBSTETRIC_ADMISSION 2"),
        (claim("O80", "Z37.0", "10D07Z3"), ""),
        (claim("I50.20", "", "5A1955Z"), ""),
        (
            Claim { length_of_stay_days: Some(4), ..claim("I50.20", "", "5A1955Z") },
            "INCONSISTENT_WITH_LENGTH_OF_STAY",
        ),
        (Claim { length_of_stay_days: None, ..claim("I50.20", "", "5A1955Z") }, ""),
        (
            Claim { admit_diagnosis: Some(Code::new("XXX")), ..claim("I50.20", "", "") },
            "INVALID_ADMIT_DX",
        ),
        (Claim { admit_diagnosis: Some(Code::new("A33")), ..claim("I50.20", "", "") }, ""),
        (Claim { discharge_status: 8, ..claim("I50.20", "", "") }, "INVALID_DISCHARGE_STATUS"),
        (Claim { discharge_status: 20, ..claim("I50.20", "", "") }, ""),
    ];
    for (number, (claim, expected)) in cases.iter().enumerate() {
        assert_eq!(edits(claim), *expected, "case {number}, principal {}", claim.principal.code);
    }
}

#[test]
fn sex_edits_end_with_september_2024() {
    let men = Claim { sex: Sex::Male, ..claim("I50.20", "A18.16", "") };
    assert_eq!(edits(&on("2024-09-30", men.clone())), "SEX_CONFLICT");
    assert_eq!(edits(&on("2024-10-01", men)), "");
    let unknown = Claim { sex: Sex::Unknown, ..claim("I50.20", "", "") };
    assert_eq!(edits(&on("2024-09-30", unknown.clone())), "INVALID_SEX");
    assert_eq!(edits(&on("2024-10-01", unknown)), "");
}

#[test]
fn a_code_is_valid_by_the_discharge_date() {
    let claim = claim("I50.20", "E11.A", "");
    assert_eq!(edits(&on("2025-09-30", claim.clone())), "INVALID_CODE");
    assert_eq!(edits(&on("2025-10-01", claim)), "");
}

#[test]
fn every_kind_says_what_to_do() {
    for kind in EditKind::ALL {
        assert!(kind.text().ends_with('.') && kind.text().contains([':', ';']), "{kind:?}");
    }
}
