//! Suggestion from notes: what is coded, what is not, and where its evidence stands.

use std::sync::LazyLock;

use coding::codeset::{CodeSets, System};
use coding::suggest::{Setting, Suggester};
use proptest::prelude::*;

static SUGGESTER: LazyLock<Suggester> = LazyLock::new(|| Suggester::new(&CodeSets::embedded()));

fn codes(text: &str, setting: Setting) -> Vec<String> {
    let mut codes: Vec<String> =
        SUGGESTER.suggest(text, setting).into_iter().map(|suggestion| suggestion.code).collect();
    codes.sort();
    codes
}

/// Each note with the codes expected for an inpatient, in code order. Reports every difference.
fn check(table: &[(&str, &[&str])]) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(text, expected)| (text, expected, codes(text, Setting::Inpatient)))
        .filter(|(_, expected, found)| found != *expected)
        .map(|(text, expected, found)| {
            format!("{text}\n  expected {expected:?}\n  found {found:?}")
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn words_in_any_form_and_order_meet_their_code() {
    check(&[
        ("Anaemia.", &["D649"]),
        ("The patient has atrial fibrillation.", &["I4891"]),
        ("Pain in the epigastrium.", &["R1013"]),
        ("Oesophageal varices were seen.", &["I8500"]),
        ("She has cholelithiasis.", &["K8020"]),
        ("Haematuria since Monday.", &["R319"]),
        ("Liver metastases.", &["C787"]),
        ("Adenocarcinoma of the sigmoid colon.", &["C187"]),
        ("PMH: HTN, T2DM, COPD.", &["E119", "I10", "J449"]),
        ("Nausea and vomiting.", &["R112"]),
        ("Hepatitis A.", &["B159"]),
        ("Herniated lumbar disc.", &["M5126"]),
    ]);
}

#[test]
fn words_joined_by_and_are_not_one_phrase() {
    check(&[("Blood and urine were sent.", &[])]);
}

#[test]
fn what_is_denied_is_not_suggested() {
    check(&[
        ("No fever.", &[]),
        ("She denies chest pain, dyspnea, or cough.", &[]),
        ("Pneumonia was ruled out.", &[]),
        ("There is no evidence of metastasis.", &[]),
        ("Without vomiting but with diarrhea.", &["R197"]),
        ("Not only fever, cough too.", &["R059", "R509"]),
        ("Pulmonary embolism cannot be excluded.", &["I2699"]),
        ("Non-insulin-dependent diabetes mellitus.", &["E119"]),
    ]);
}

#[test]
fn what_may_come_is_not_suggested() {
    check(&[
        ("Return if fever.", &[]),
        ("Risk of stroke was discussed.", &[]),
        ("Heparin to prevent deep vein thrombosis.", &[]),
        ("Screening for diabetes.", &[]),
        ("Risks include bleeding, infection, stroke.", &[]),
        ("The risks of surgery, including infection and hemorrhage, were explained.", &[]),
        ("Potential complications, such as pneumonia.", &[]),
        ("Educated about heart failure and diabetes.", &[]),
        ("Untreated, this can lead to kidney failure.", &[]),
    ]);
}

#[test]
fn doubt_is_coded_for_inpatients_only_and_never_for_some() {
    for (text, inpatient) in [
        ("Probable pneumonia.", &["J189"][..]),
        ("Findings consistent with acute pancreatitis.", &["K8590"]),
        ("Possible COVID-19.", &[]),
        ("Suspected Zika.", &[]),
        ("Probable AIDS.", &[]),
    ] {
        assert_eq!(codes(text, Setting::Inpatient), inpatient, "{text}");
        assert_eq!(codes(text, Setting::Outpatient), [""; 0], "{text}");
    }
    assert_eq!(codes("Right knee pain, likely arthrosis.", Setting::Outpatient), ["M25561"]);
}

#[test]
fn history_and_family_have_codes_of_their_own() {
    check(&[
        ("History of breast cancer.", &["Z853"]),
        ("History of hypertension.", &["I10"]),
        ("History of prostate cancer. Prostate cancer now progresses.", &["C61"]),
        ("Former smoker.", &["Z87891"]),
        ("Two-day history of fever.", &["R509"]),
        ("Family history of colon cancer.", &["Z800"]),
        ("Mother had breast cancer.", &["Z803"]),
        ("Family history: diabetes.", &["Z833"]),
        ("Family history:\nFather with asthma.\n\nAssessment:\nGout.", &["M109", "Z825"]),
    ]);
}

#[test]
fn what_a_drug_did_has_a_code_of_its_own() {
    check(&[
        ("Adverse effect of warfarin.", &["T45515A"]),
        ("Adverse reaction to amoxicillin.", &["T360X5A"]),
        ("Denies side effects of lisinopril.", &[]),
        ("History of adverse reaction to vancomycin.", &[]),
    ]);
}

#[test]
fn what_an_old_stroke_left_is_one_code() {
    check(&[
        ("Residual aphasia from an old stroke.", &["I69320"]),
        ("Residual left hemiparesis from a prior stroke.", &["I69354"]),
        ("Residual right hemiplegia after old CVA.", &["I69351"]),
        ("Old stroke.", &["Z8673"]),
    ]);
}

#[test]
fn the_words_nearby_choose_the_finer_code() {
    check(&[
        ("Pain in the right knee.", &["M25561"]),
        ("Acute on chronic systolic heart failure.", &["I5023"]),
        ("Chronic kidney disease, stage 4.", &["N184"]),
        ("CKD stage IIIa.", &["N1831"]),
        ("Fracture of the left femoral neck.", &["S72002A"]),
        ("Closed fracture of the left distal radius.", &["S52502A"]),
        ("Right hemiparesis.", &["G8191"]),
        ("Left hemiparesis.", &["G8194"]),
        ("Acute hypoxic respiratory failure.", &["J9601"]),
        ("The left kidney is large. Renal cell carcinoma.", &["C642"]),
        ("Right kidney and left kidney seen. Renal cell carcinoma.", &["C649"]),
    ]);
}

#[test]
fn conditions_stated_together_are_one_code() {
    check(&[
        ("Hypertension. Heart failure.", &["I110", "I509"]),
        ("Hypertension. CKD stage 4.", &["I129", "N184"]),
        ("Hypertension, end stage renal disease.", &["I120", "N186"]),
        ("Hypertension, heart failure, CKD stage 4.", &["I130", "I509", "N184"]),
        ("Type 2 diabetes, CKD stage 4.", &["E1122", "N184"]),
        ("Type 1 diabetes. Polyneuropathy.", &["E1042"]),
        ("COPD with pneumonia.", &["J189", "J440"]),
        ("Gallstones. Acute cholecystitis.", &["K8000"]),
        ("Septic shock.", &["A419", "R6521"]),
        ("Coronary artery disease, angina.", &["I25119"]),
    ]);
}

#[test]
fn some_codes_stand_only_beside_their_diagnosis() {
    check(&[
        ("Takes metformin.", &[]),
        ("Type 2 diabetes, takes metformin.", &["E119", "Z7984"]),
        ("Type 2 diabetes with insulin glargine.", &["E119", "Z794"]),
        ("BMI 41.5.", &[]),
        ("Morbid obesity, BMI 41.5.", &["E6601", "Z6841"]),
        ("End stage renal disease. Dialysis on Mondays.", &["N186", "Z992"]),
    ]);
}

#[test]
fn a_sign_of_the_disease_and_a_vaguer_code_rank_below_it() {
    let found = SUGGESTER.suggest("Pneumonia with cough.", Setting::Inpatient);
    assert_eq!(found[0].code, "J189");
    assert_eq!(found[1].code, "R059");
    assert!(found[1].score < 0.5 && found[1].reason.contains("J18.9"), "{found:?}");
    let found = SUGGESTER.suggest("Abdominal pain. Epigastric pain.", Setting::Inpatient);
    let order: Vec<&str> = found.iter().map(|suggestion| suggestion.code.as_str()).collect();
    assert_eq!(order, ["R1013", "R109"]);
    check(&[("A renal cell carcinoma. The tumor was removed.", &["C649"])]);
}

#[test]
fn capitals_are_abbreviations_unless_the_whole_sentence_is_in_capitals() {
    check(&[
        ("Relapse of MS.", &["G35D"]),
        ("Seen by ms Jones.", &[]),
        ("ALL PATIENTS WERE SEEN BY MS JONES.", &[]),
    ]);
}

#[test]
fn evidence_stands_where_it_says_in_any_script() {
    let text = "Señora Núñez — 40 °C de fièvre; fever, pain in the lower\nback (“lumbago”).";
    let found = SUGGESTER.suggest(text, Setting::Inpatient);
    let scalars: Vec<char> = text.chars().collect();
    for suggestion in &found {
        for evidence in &suggestion.evidence {
            let there: String = scalars[evidence.start..evidence.end].iter().collect();
            assert_eq!(there, evidence.text);
        }
    }
    let fever = found.iter().find(|suggestion| suggestion.code == "R509").expect("fever is there");
    assert_eq!((fever.evidence[0].start, fever.evidence[0].end), (32, 37));
}

#[test]
fn a_text_without_words_suggests_nothing() {
    check(&[("", &[]), ("   \n\n", &[]), ("?.,;:", &[])]);
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("no ".to_owned()),
        Just("fever".to_owned()),
        Just(" history of ".to_owned()),
        Just("\nFamily history: ".to_owned()),
        Just(" chronic kidney disease stage 3".to_owned()),
        Just("left, right ".to_owned()),
        Just("?".to_owned()),
        Just(".\n".to_owned()),
        ".{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Any text: no panic, evidence in place, reportable codes once, surest first.
    #[test]
    fn any_text_is_read(pieces in proptest::collection::vec(piece(), 0..30)) {
        let text = pieces.concat();
        let sets = CodeSets::embedded();
        let edition = sets.editions(System::Icd10Cm).next().expect("an edition");
        let found = SUGGESTER.suggest(&text, Setting::Inpatient);
        let scalars: Vec<char> = text.chars().collect();
        for (place, suggestion) in found.iter().enumerate() {
            prop_assert!(edition.find(&suggestion.code).is_some_and(|node| node.is_reportable()));
            prop_assert!(place == 0 || found[place - 1].score >= suggestion.score);
            prop_assert!(found[..place].iter().all(|other| other.code != suggestion.code));
            prop_assert!(!suggestion.evidence.is_empty());
            for evidence in &suggestion.evidence {
                let there: String = scalars[evidence.start..evidence.end].iter().collect();
                prop_assert_eq!(&there, &evidence.text);
            }
        }
    }
}

#[test]
fn circumstances_choose_the_encounter_and_the_intent() {
    check(&[
        ("Closed fracture of the shaft of the right tibia.", &["S82201A"]),
        ("Follow-up of right tibial shaft fracture with routine healing.", &["S82201D"]),
        ("Right tibial shaft fracture with nonunion.", &["S82201K"]),
        ("Acetaminophen overdose.", &["T391X1A"]),
        ("Intentional overdose of acetaminophen in a suicide attempt.", &["T391X2A"]),
        ("Acetaminophen overdose.\nSuicide attempt by acetaminophen overdose.", &["T391X2A"]),
        ("Impression: Hypertension.\nPlan: screening colonoscopy next year.", &["I10"]),
    ]);
    let record =
        codes("Severe preeclampsia. Delivered a single liveborn male.", Setting::Inpatient);
    assert!(record.contains(&"Z370".to_owned()), "{record:?}");
    assert!(record.iter().all(|code| !code.starts_with("Z38")), "{record:?}");
}
