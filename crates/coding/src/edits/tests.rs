//! Tests over all rules: fixtures, headings, the manual, and random drafts.

use std::collections::BTreeSet;

use expect_test::expect_file;
use proptest::prelude::*;

use super::*;
use crate::import::ncci;

/// Small tables in the published layouts, so that every rule has what it looks into.
fn loaded() -> (PtpTable, MueTable) {
    let ptp = ncci::read_ptp(ncci::PTP_SAMPLE.as_bytes()).unwrap();
    let mue = ncci::read_mue(ncci::MUE_SAMPLE.as_bytes()).unwrap();
    (ptp, mue)
}

fn edits_of(draft: &Draft) -> Vec<Edit> {
    let sets = CodeSets::embedded();
    let (ptp, mue) = loaded();
    let tables = Tables { ptp: Some(&ptp), mue: Some(&mue), ..Tables::of(&sets) };
    check(draft, tables)
}

#[test]
fn every_rule_finds_and_passes() {
    for rule in rules::ALL {
        let found = edits_of(&(rule.finds)());
        assert!(found.iter().any(|edit| edit.rule == rule.name), "{} finds: {found:?}", rule.name);
        let passed = edits_of(&(rule.passes)());
        assert!(
            passed.iter().all(|edit| edit.rule != rule.name),
            "{} passes: {passed:?}",
            rule.name
        );
    }
}

#[test]
fn every_edit_reads_as_judged() {
    let mut shown = String::new();
    for rule in rules::ALL {
        for edit in edits_of(&(rule.finds)()).iter().filter(|edit| edit.rule == rule.name) {
            let override_ = if edit.can_be_overridden { "" } else { " (no override)" };
            shown.push_str(&format!(
                "{} {:?}{override_} {:?}\n  {}\n  [{}]\n",
                edit.rule, edit.severity, edit.codes, edit.sentence, edit.citation
            ));
        }
    }
    expect_file!["snapshots/edits.txt"].assert_eq(&shown);
}

#[test]
fn every_rule_has_its_headings_and_every_file_is_a_rule() {
    for rule in rules::ALL {
        for heading in manual::HEADINGS {
            let line = format!("//! # {heading}\n");
            assert!(rule.text.contains(&line), "{} lacks {heading}", rule.name);
        }
        assert!(!rule.citation.is_empty());
    }
    let files: BTreeSet<String> = include_str!("rules/mod.rs")
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect();
    let names: BTreeSet<String> = rules::ALL.iter().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(files, names);
}

#[test]
fn manual_is_current() {
    expect_file!["../../../../docs/coding-edits.md"].assert_eq(&manual::page());
}

#[test]
fn invalid_code_cannot_be_overridden() {
    let found = edits_of(&Draft::inpatient(&["QQQ"]));
    let reason = "the physician insists on this one";
    let unknown = found.iter().find(|edit| edit.rule == "unknown_code").unwrap();
    assert_eq!(
        may_be_overridden(unknown, reason).unwrap_err().to_string(),
        "unknown_code can't be overridden: correct the code instead"
    );
    let excludes = edits_of(&(rules::excludes1::RULE.finds)());
    let excludes = excludes.iter().find(|edit| edit.rule == "excludes1").unwrap();
    assert!(may_be_overridden(excludes, "ok").is_err());
    assert!(may_be_overridden(excludes, "two unrelated conditions documented").is_ok());
}

#[test]
fn clean_charts_are_left_alone() {
    for codes in [
        &["J18.9"][..],
        &["I50.23"],
        &["A41.9"],
        &["I21.4", "I10", "E78.5"],
        &["O80", "Z37.0", "Z3A.39"],
    ] {
        let found = edits_of(&Draft::inpatient(codes));
        let stops: Vec<_> = found.iter().filter(|e| e.severity == Severity::Stop).collect();
        assert!(stops.is_empty(), "{codes:?}: {stops:?}");
    }
}

fn any_code() -> impl Strategy<Value = String> {
    let edition = crate::codeset::embedded::icd10cm();
    prop_oneof![
        4 => (0..edition.len()).prop_map(|at| edition.nth(at).unwrap().code().to_owned()),
        1 => "[A-Z0-9.]{0,9}",
        1 => ".{0,12}",
    ]
}

fn any_draft() -> impl Strategy<Value = Draft> {
    let poa = prop::option::of(prop::sample::select(vec![Poa::Y, Poa::N, Poa::U, Poa::Exempt]));
    let diagnosis = (any_code(), poa, any::<bool>())
        .prop_map(|(code, poa, is_uncertain)| Diagnosis { code, poa, is_uncertain });
    let system = prop::sample::select(System::ALL.to_vec());
    let procedure = (system, ".{0,8}", any::<u32>(), prop::collection::vec(".{0,3}", 0..3));
    let procedure = procedure.prop_map(|(system, code, units, modifiers)| Procedure {
        system,
        code,
        modifiers,
        units,
        date: None,
    });
    let evidence = (any_code(), ".{0,40}").prop_map(|(code, text)| Evidence { code, text });
    (
        any::<bool>(),
        (2014_i16..2030, 1_i8..13, 1_i8..29),
        prop::collection::vec(diagnosis, 0..12),
        prop::collection::vec(procedure, 0..6),
        prop::collection::vec(evidence, 0..4),
    )
        .prop_map(|(inpatient, (year, month, day), diagnoses, procedures, evidence)| {
            let setting = if inpatient { Setting::Inpatient } else { Setting::Outpatient };
            let date = jiff::civil::date(year, month, day);
            Draft { diagnoses, procedures, evidence, ..Draft::new(setting, date) }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn random_drafts_never_panic(draft in any_draft()) {
        for edit in edits_of(&draft) {
            prop_assert!(!edit.sentence.is_empty());
        }
    }
}
