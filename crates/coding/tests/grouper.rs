//! Hand-worked claims: their DRGs, why, and what is said of claims that can't be read.

use coding::grouper::{
    Claim, Code, Diagnosis, Ending, Grouper, HospitalPoaStatus, PresentOnAdmission, Procedure,
    Scratch, Sex, jsonl,
};
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn diagnosis(code: &str, poa: &str) -> Diagnosis {
    let poa = match poa {
        "Y" => Some(PresentOnAdmission::Yes),
        "N" => Some(PresentOnAdmission::No),
        "U" => Some(PresentOnAdmission::Unknown),
        "W" => Some(PresentOnAdmission::Undetermined),
        "1" => Some(PresentOnAdmission::Exempt),
        _ => None,
    };
    Diagnosis { code: Code::new(code), poa }
}

/// A claim in short: date, principal, secondaries and procedures, in words.
fn claim(date: &str, principal: &str, secondary: &str, procedures: &str) -> Claim {
    let listed = |text: &str| {
        let (code, poa) = text.split_once(':').unwrap_or((text, "Y"));
        diagnosis(code, poa)
    };
    let procedure = |text: &str| Procedure { code: Code::new(text), date: None };
    Claim {
        discharge_date: date.parse().expect("tests write dates"),
        age_years: Some(65),
        sex: Sex::Female,
        discharge_status: 1,
        length_of_stay_days: Some(5),
        admit_diagnosis: None,
        principal: listed(principal),
        secondary: secondary.split_whitespace().map(listed).collect(),
        procedures: procedures.split_whitespace().map(procedure).collect(),
        hospital_poa_status: HospitalPoaStatus::Reporting,
    }
}

fn drgs(claim: &Claim) -> (u16, u16) {
    let grouping = Grouper::shipped().group(&mut Scratch::default(), claim);
    let grouping = grouping.expect("tests stay within the loaded versions");
    (grouping.initial.drg, grouping.last.drg)
}

const V43_1: &str = "2026-04-15";

#[test]
fn hand_worked_claims_reach_their_drg() {
    let cases = [
        // Newborns.
        ("Z38.00", "", "", (795, 795)),
        ("Z38.00", "I10", "", (794, 794)),
        // An MCC splits the family; a heart failure is not its own MCC.
        ("K29.80", "E10.10", "", (391, 391)),
        ("I50.23", "I10", "", (293, 293)),
        ("I50.23", "A41.9", "", (291, 291)),
        // A hospital-acquired condition no longer counts.
        ("K29.80", "E10.10:N", "", (391, 392)),
        ("K29.80", "E10.10:U", "", (391, 392)),
        ("K29.80", "E10.10:W", "", (391, 391)),
        ("K29.80", "E10.10:1", "", (391, 391)),
        ("K29.80", "E10.10:-", "", (391, 999)),
        // Listed twice, it counts by the entry that was present.
        ("K29.80", "E10.10:N E10.10:Y", "", (391, 391)),
        // Catheter infection met by a second diagnosis; silence elsewhere is accepted.
        ("K29.80", "T83.511A:N J98.59:-", "", (391, 391)),
        ("K29.80", "E15:N J98.59:-", "", (391, 999)),
        // Single-level fusions are counted.
        ("M43.16", "", "XRGA0R7 0SG0070", (447, 447)),
        // A cluster acts as one procedure.
        ("I46.9", "", "02HK0KZ 0JH609Z", (277, 277)),
        // An operating room procedure unrelated to the category.
        ("H02.145", "", "0016070", (983, 983)),
        // Not a principal diagnosis.
        ("V00.01XA", "", "", (999, 999)),
        ("XXX", "", "", (999, 999)),
    ];
    for (principal, secondary, procedures, expected) in cases {
        let claim = claim(V43_1, principal, secondary, procedures);
        assert_eq!(drgs(&claim), expected, "{principal} {secondary} {procedures}");
    }
}

#[test]
fn discharge_status_decides_what_counts_only_for_the_living() {
    for (status, expected) in [(1, 391), (20, 392), (0, 999)] {
        let claim = Claim { discharge_status: status, ..claim(V43_1, "K29.80", "I46.8", "") };
        assert_eq!(drgs(&claim).1, expected, "status {status}");
    }
    for (status, expected) in [(1, 282), (20, 285)] {
        let claim = Claim { discharge_status: status, ..claim(V43_1, "I21.09", "", "") };
        assert_eq!(drgs(&claim).1, expected, "status {status}");
    }
}

#[test]
fn exempt_hospitals_keep_hospital_acquired_conditions() {
    let exempt = HospitalPoaStatus::Exempt;
    let claim = Claim { hospital_poa_status: exempt, ..claim(V43_1, "K29.80", "E10.10:N", "") };
    assert_eq!(drgs(&claim), (391, 391));
}

#[test]
fn a_category_that_depends_on_the_sex_needs_it() {
    let grouper = Grouper::shipped();
    for (sex, mdc, ending) in [
        (Sex::Male, 12, Ending::Grouped),
        (Sex::Female, 13, Ending::Grouped),
        (Sex::Unknown, 0, Ending::InvalidSex),
    ] {
        let claim = Claim { sex, ..claim(V43_1, "A51.0", "", "") };
        let grouping = grouper.group(&mut Scratch::default(), &claim).unwrap();
        assert_eq!((grouping.last.mdc, grouping.last.ending), (mdc, ending), "{sex:?}");
    }
}

#[test]
fn the_discharge_date_chooses_the_version() {
    let version = |date: &str| {
        let claim = claim(date, "I10", "", "");
        let grouping = Grouper::shipped().group(&mut Scratch::default(), &claim);
        grouping.map(|grouping| grouping.version).map_err(|error| error.to_string())
    };
    for (date, expected) in [
        ("2022-10-01", 400),
        ("2023-03-31", 400),
        ("2023-04-01", 401),
        ("2023-10-01", 410),
        ("2024-04-01", 411),
        ("2024-10-01", 420),
        ("2025-04-01", 421),
        ("2025-10-01", 430),
        ("2026-04-01", 431),
        ("2026-10-01", 440),
        ("2027-03-31", 440),
    ] {
        assert_eq!(version(date), Ok(expected), "{date}");
    }
    for date in ["2022-09-30", "2027-04-01"] {
        let error = version(date).unwrap_err();
        assert!(error.contains("loaded are 2022-10-01 to 2027-03-31"), "{error}");
    }
}

fn line(input: &str) -> String {
    jsonl::group_line(Grouper::shipped(), &mut Scratch::default(), input)
}

/// The answer, a field a line, folded to the width of the code.
fn check(input: &str, expected: Expect) {
    let value: serde_json::Value = serde_json::from_str(&line(input)).expect("an answer is JSON");
    let mut lines = String::new();
    let pretty = serde_json::to_string_pretty(&value).expect("JSON can be written");
    for text in pretty.lines() {
        let mut width = 0;
        for word in text.split_inclusive(' ') {
            if width + word.len() > 80 {
                lines.push_str("\n        ");
                width = 8;
            }
            lines.push_str(word);
            width += word.len();
        }
        lines.push('\n');
    }
    expected.assert_eq(&lines.replace(" \n", "\n"));
}

#[test]
fn a_line_answers_with_the_drg_and_why() {
    check(
        r#"{"id":"a","discharge_date":"2026-04-15","age_years":70,"sex":"M","discharge_status":1,
            "principal":{"code":"i21.4","poa":"Y"},"secondary":[{"code":"I5023","poa":"Y"},
            {"code":"I51.81","poa":null}],"procedures":[{"code":"02703DZ"}]}"#,
        expect![[r#"
            {
              "id": "a",
              "version": "43.1",
              "mdc": 5,
              "initial_drg": 321,
              "drg": 321,
              "title": "Percutaneous Cardiovascular Procedures with Intraluminal Device
                    with MCC or 4+ Arteries/Intraluminal Devices",
              "type": "surgical",
              "weight": 2.7208,
              "geometric_mean_stay_days": 3.7,
              "severity": "MCC",
              "hac": [],
              "edits": [
                {
                  "edit": "POA_MISSING",
                  "codes": [
                    "I5181"
                  ],
                  "text": "State whether the diagnosis was present on admission: Y, N, U or
                    W.",
                  "source": "ICD-10-CM Official Guidelines, Appendix I"
                }
              ],
              "why": [
                "MS-DRG v43.1 serves a discharge on 2026-04-15",
                "Principal diagnosis I21.4 leads to MDC 5, Diseases and Disorders of the
                    Circulatory System",
                "I50.23: MCC, counts",
                "I51.81: CC, counts, but an MCC outweighs it",
                "No row before the categories gives a DRG",
                "DRG 321, Percutaneous Cardiovascular Procedures with Intraluminal Device
                    with MCC or 4+ Arteries/Intraluminal Devices: the first true row of MDC
                    5 is (arterial | percut) & (NORdrugstent | NORstent) & (MCC |
                    FOUR_STENTS | FOUR_VESSELS)",
                "  Procedure 02703DZ is on list arterial, percut",
                "  Procedure 02703DZ is on list NORstent",
                "  An MCC counts",
                "Without I50.23 the DRG would be 322, Percutaneous Cardiovascular
                    Procedures with Intraluminal Device without MCC; it changes the weight
                    by +0.9578",
                "Without 02703DZ the DRG would be 280, Acute Myocardial Infarction,
                    Discharged Alive with MCC; it changes the weight by +1.1167"
              ]
            }
        "#]],
    );
}

#[test]
fn the_final_drg_is_told_apart_from_the_initial_one() {
    check(
        r#"{"id":7,"discharge_date":"2026-04-15","age_years":70,"sex":"M","discharge_status":1,
            "principal":{"code":"K29.80","poa":"Y"},"secondary":[{"code":"E10.10","poa":"N"},
            {"code":"I50.20","poa":"Y"}]}"#,
        expect![[r#"
            {
              "id": 7,
              "version": "43.1",
              "mdc": 6,
              "initial_drg": 391,
              "drg": 392,
              "title": "Esophagitis, Gastroenteritis and Miscellaneous Digestive Disorders
                    without MCC",
              "type": "medical",
              "weight": 0.7796,
              "geometric_mean_stay_days": 2.5,
              "severity": "CC",
              "hac": [
                9
              ],
              "edits": [],
              "why": [
                "MS-DRG v43.1 serves a discharge on 2026-04-15",
                "Principal diagnosis K29.80 leads to MDC 6, Diseases and Disorders of the
                    Digestive System",
                "E10.10: MCC, counts",
                "I50.20: CC, counts, but an MCC outweighs it",
                "No row before the categories gives a DRG",
                "Initial DRG 391, Esophagitis, Gastroenteritis and Miscellaneous Digestive
                    Disorders with MCC: the first true row of MDC 6 is MCC & PDX:dxc0602",
                "  An MCC counts",
                "  Principal diagnosis K29.80 is on list dxc0602",
                "Hospital-acquired condition 9, Manifestations of Poor Glycemic Control:
                    criteria met",
                "  E10.10 was not present on admission and no longer counts",
                "No row before the categories gives a DRG",
                "Final DRG 392, Esophagitis, Gastroenteritis and Miscellaneous Digestive
                    Disorders without MCC: the first true row of MDC 6 is PDX:dxc0602",
                "  Principal diagnosis K29.80 is on list dxc0602"
              ]
            }
        "#]],
    );
}

#[test]
fn a_line_that_cannot_be_read_answers_with_its_error() {
    let errors: Vec<String> = [
        "",
        r#"{"id":1,"#,
        "not json",
        "[]",
        "{}",
        r#"{"id":1}"#,
        r#"{"id":2,"discharge_date":"2026-04-15"}"#,
        r#"{"id":3,"discharge_date":"15.04.2026","principal":{"code":"I10"}}"#,
        r#"{"id":4,"discharge_date":"2026-04-15","principal":{"code":"I10","poa":"Q"}}"#,
        r#"{"id":5,"discharge_date":"2026-04-15","principal":{"code":"I10"},"sex":"X"}"#,
        r#"{"id":6,"discharge_date":"2026-04-15","principal":{"code":"I10"},"age_years":"old"}"#,
        r#"{"id":7,"discharge_date":"2020-04-15","principal":{"code":"I10"}}"#,
        r#"{"id":8,"discharge_date":"2026-04-15","principal":{"code":"I10"},
            "hospital_poa_status":"maybe"}"#,
    ]
    .into_iter()
    .map(line)
    .collect();
    let short: Vec<String> = errors.iter().map(|error| error.chars().take(80).collect()).collect();
    expect![[r#"
        {"id":null,"error":"this line is cut: it ends inside the JSON"}
        {"id":null,"error":"this line is cut: it ends inside the JSON"}
        {"id":null,"error":"this line is not JSON: look at column 2"}
        {"id":null,"error":"this line is not a claim: it must be one JSON object"}
        {"id":null,"error":"the claim has no discharge_date: it chooses the version of t
        {"id":1,"error":"the claim has no discharge_date: it chooses the version of the 
        {"id":2,"error":"the claim has no principal diagnosis: give principal.code"}
        {"id":3,"error":"discharge_date is not a date: write it as 2026-04-15"}
        {"id":4,"error":"poa must be Y, N, U, W, 1 or null"}
        {"id":5,"error":"sex must be M, F or U"}
        {"id":6,"error":"age_years must be a whole number from 0 on"}
        {"id":7,"error":"no MS-DRG version is loaded for a discharge on 2020-04-15: load
        {"id":8,"error":"hospital_poa_status must be reporting or exempt"}"#]]
    .assert_eq(&short.join("\n"));
}

#[test]
fn a_stream_goes_on_after_a_line_that_cannot_be_read() {
    let good = r#"{"discharge_date":"2026-04-15","principal":{"code":"I10"}}"#;
    let mut input = format!("\u{feff}{good}\n\nbroken\n").into_bytes();
    input.extend_from_slice(b"\xff\xfe\n");
    input.extend_from_slice(good.as_bytes());
    let mut output = Vec::new();
    jsonl::run(Grouper::shipped(), input.as_slice(), &mut output).unwrap();
    let text = String::from_utf8(output).unwrap();
    let errors: Vec<bool> = text.lines().map(|line| line.contains("\"error\"")).collect();
    assert_eq!(errors, [false, true, true, false]);
}

#[test]
fn a_list_without_end_is_refused() {
    let codes = vec![r#"{"code":"E11.22","poa":"Y"}"#; 1_001].join(",");
    let principal = r#""principal":{"code":"I10"}"#;
    let claim =
        format!(r#"{{"id":1,"discharge_date":"2026-04-15",{principal},"secondary":[{codes}]}}"#);
    let answer = jsonl::group_line(Grouper::shipped(), &mut Scratch::default(), &claim);
    assert_eq!(answer, r#"{"id":1,"error":"the claim has more than 1000 codes of a kind"}"#);
}

fn any_code() -> impl Strategy<Value = String> + Clone {
    let grouper = Grouper::shipped();
    let diagnoses: Vec<String> =
        grouper.diagnoses(440).iter().step_by(7).map(|facts| facts.code.text()).collect();
    let procedures: Vec<String> =
        grouper.procedures(440).iter().step_by(7).map(|facts| facts.code.text()).collect();
    prop_oneof![
        6 => proptest::sample::select(diagnoses),
        6 => proptest::sample::select(procedures),
        1 => "\\PC{0,12}",
    ]
}

fn any_claim() -> impl Strategy<Value = Claim> {
    let poa = proptest::sample::select(vec!["Y", "N", "U", "W", "1", "-"]);
    let coded = (any_code(), poa);
    let dates = proptest::sample::select(vec!["2022-10-01", "2024-05-05", "2026-12-31"]);
    let secondary = proptest::collection::vec(coded.clone(), 0..30);
    let procedures = proptest::collection::vec(any_code(), 0..30);
    (dates, coded, secondary, procedures, any::<u16>(), any::<Option<u16>>(), 0..3_usize).prop_map(
        |(date, principal, secondary, procedures, status, age_years, sex)| {
            let mut claim = claim(date, "I10", "", "");
            claim.principal = diagnosis(&principal.0, principal.1);
            claim.secondary = secondary.iter().map(|(code, poa)| diagnosis(code, poa)).collect();
            let procedure = |code: &String| Procedure { code: Code::new(code), date: None };
            claim.procedures = procedures.iter().map(procedure).collect();
            claim.discharge_status = status;
            claim.age_years = age_years;
            claim.sex = [Sex::Male, Sex::Female, Sex::Unknown][sex];
            claim
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Any claim groups, explains itself alike, and is edited, without a panic.
    #[test]
    fn any_claim_has_an_answer(claim in any_claim()) {
        let grouper = Grouper::shipped();
        let mut scratch = Scratch::default();
        let grouping = grouper.group(&mut scratch, &claim).unwrap();
        let (explained, steps) = grouper.explain(&mut scratch, &claim).unwrap();
        prop_assert_eq!(grouping, explained);
        prop_assert!(!steps.is_empty());
        let _ = coding::mce::Editor::shipped().edit(&claim);
    }

    /// The order of secondary diagnoses does not decide the DRG.
    #[test]
    fn order_of_secondaries_does_not_matter(mut claim in any_claim()) {
        let before = drgs(&claim);
        claim.secondary.reverse();
        prop_assert_eq!(before, drgs(&claim));
    }

    /// Any line gets one line of JSON.
    #[test]
    fn any_line_has_an_answer(text in "\\PC{0,60}") {
        let answer = line(&text);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&answer).is_ok());
    }
}
