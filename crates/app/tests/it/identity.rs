//! Possible duplicates: found, judged, merged, and `unmerge(merge(x)) = x` with edits in between.

use crate::app::{TestStore, somebody};
use ::app::Error;
use ::app::chart::{self, Part as ChartPart};
use ::app::identity::{Found, JudgeForm, Part, compared, find, judge, list, unmerge};
use identity::Answer;
use proptest::prelude::*;
use record::{Context, PatientKey, Role};
use std::collections::BTreeSet;

fn technician() -> Context {
    somebody(7, Role::Technician)
}

fn two_alike(test: &TestStore) -> (PatientKey, PatientKey, i64) {
    let a = test.patient("a", "Zaleski", "Catherine", "1980-03-14");
    let b = test.patient("b", "Zalesky", "Katherine", "1980-03-14");
    test.patient("c", "Okafor", "Ngozi", "1951-12-29");
    let found = find(&test.store, &technician()).unwrap();
    assert_eq!((found.records_count, found.opened_count), (3, 1));
    let (_, listed) = list(&test.store, &technician(), Part::Open).unwrap();
    (a, b, listed[0].pair.id)
}

fn form(test: &TestStore, pair: i64, answer: Answer, keep: Option<PatientKey>) -> JudgeForm {
    let changes = compared(&test.store, &technician(), pair).unwrap().pair.changes;
    let reason = "Seen both.".to_owned();
    JudgeForm { pair, changes, answer: Some(answer), reason, keep, until: None }
}

/// Whose chart opens, and the documents in it.
fn documents(test: &TestStore, patient: PatientKey) -> (PatientKey, BTreeSet<(String, i64)>) {
    let (identity, entries) =
        chart::open(&test.store, &technician(), patient, ChartPart::Documents).unwrap();
    let found = entries.iter().map(|entry| (entry.row.fhir_id.clone(), entry.row.number));
    (identity.patient.patient, found.collect())
}

/// The documents of a chart whose text holds these words.
fn read_in(test: &TestStore, patient: PatientKey, words: &str) -> BTreeSet<(String, i64)> {
    let (_, entries) = chart::search(&test.store, &technician(), patient, words).unwrap();
    entries.iter().map(|entry| (entry.row.fhir_id.clone(), entry.row.number)).collect()
}

/// What finds a record: names as they were and as they became, numbers, a birth date.
const WORDS: [&str; 9] = [
    "Zaleski",
    "Zalesky",
    "Catherine",
    "Wieczorek0",
    "Wieczorek3 Catherine",
    "Wieczorek",
    "4100097",
    "4100098",
    "1980-03-14",
];

fn found_by(test: &TestStore, words: &str) -> Vec<PatientKey> {
    let found = ::app::find::patients(&test.store, &technician(), words).unwrap();
    found.patients.iter().map(|row| row.patient).collect()
}

#[test]
fn a_pair_is_found_once_and_a_judgement_stands_until_the_evidence_changes() {
    let test = TestStore::new();
    let (_, _, pair) = two_alike(&test);
    let again = find(&test.store, &technician()).unwrap();
    assert_eq!(again.opened_count, 0);
    judge(&test.store, &technician(), &form(&test, pair, Answer::Different, None)).unwrap();
    let none = Found { opened_count: 0, reopened_count: 0, withdrawn_count: 0, ..again };
    assert_eq!(find(&test.store, &technician()).unwrap(), none);
    test.document("d", "a", "A letter changes no evidence");
    assert_eq!(find(&test.store, &technician()).unwrap(), none);
    test.patient("b", "Zaleski", "Katherine", "1980-03-14");
    assert_eq!(find(&test.store, &technician()).unwrap().reopened_count, 1);
    assert_eq!(work_open(&test, pair), 1);
    test.patient("b", "Quill", "Ada", "1933-01-02");
    assert_eq!(find(&test.store, &technician()).unwrap().withdrawn_count, 1);
    assert_eq!(work_open(&test, pair), 0);
}

fn work_open(test: &TestStore, pair: i64) -> usize {
    let items = ::app::work::list(&test.store, &technician(), 7, None).unwrap().items;
    let of_pair = |item: &&::app::work::Item| {
        item.work.kind == "possible-duplicate" && item.work.subject == pair
    };
    items.iter().filter(of_pair).count()
}

#[test]
fn judgements_need_a_right_a_reason_and_the_newest_state() {
    let test = TestStore::new();
    let (a, _, pair) = two_alike(&test);
    let coder = somebody(8, Role::Coder);
    assert!(matches!(find(&test.store, &coder), Err(Error::Forbidden(_))));
    let mut silent = form(&test, pair, Answer::Same, None);
    silent.reason = " ".into();
    let Err(Error::Invalid(errors)) = judge(&test.store, &technician(), &silent) else { panic!() };
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["reason", "keep"]);
    let mine = form(&test, pair, Answer::Same, Some(a));
    judge(&test.store, &technician(), &mine).unwrap();
    let late = judge(&test.store, &technician(), &mine);
    assert!(matches!(late, Err(Error::Conflict(_))));
    assert!(test.store.verify(&Context::system("test", crate::app::NOON)).unwrap().is_whole());
}

/// An edit: on which side, of which document or (beyond the last) to which name, whether while
/// merged.
fn edits() -> impl Strategy<Value = Vec<(bool, u8, bool)>> {
    proptest::collection::vec((any::<bool>(), 0u8..DOCUMENTS + 4, any::<bool>()), 0..8)
}

const DOCUMENTS: u8 = 4;

/// A document is filed or gets a new version; or the patient has another name.
fn edit(test: &TestStore, on_a: bool, number: u8) {
    let (side, given) = if on_a { ("a", "Catherine") } else { ("b", "Katherine") };
    match number.checked_sub(DOCUMENTS) {
        None => test.document(&format!("{side}{number}"), side, &format!("note{number} of {side}")),
        Some(name) => {
            test.patient(side, &format!("Wieczorek{name}"), given, "1980-03-14");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Two stores are given the same edits; in one the records are merged and unmerged.
    #[test]
    fn unmerge_of_merge_is_what_was(edits in edits(), keep_low in any::<bool>()) {
        let (merged, plain) = (TestStore::new(), TestStore::new());
        let (a, b, pair) = two_alike(&merged);
        let (plain_a, plain_b, _) = two_alike(&plain);
        let apply = |while_merged: bool| {
            for (on_a, number, _) in edits.iter().filter(|edit| edit.2 == while_merged) {
                for test in [&merged, &plain] {
                    edit(test, *on_a, *number);
                }
            }
        };
        apply(false);
        let (keep, other) = if keep_low { (a, b) } else { (b, a) };
        let same = form(&merged, pair, Answer::Same, Some(keep));
        judge(&merged.store, &technician(), &same).unwrap();
        apply(true);

        let (opened, whole) = documents(&merged, other);
        prop_assert_eq!(opened, keep);
        let (_, of_a) = documents(&plain, plain_a);
        let (_, of_b) = documents(&plain, plain_b);
        let both: BTreeSet<_> = of_a.union(&of_b).cloned().collect();
        prop_assert_eq!(&whole, &both);
        for patient in [a, b] {
            let notes: BTreeSet<_> = (0..DOCUMENTS)
                .flat_map(|number| read_in(&merged, patient, &format!("note{number}")))
                .collect();
            prop_assert_eq!(&notes, &both);
        }
        for words in WORDS {
            // Whoever is found apart is found together, once, as the record that stands.
            let apart = found_by(&plain, words);
            let is_found = apart.contains(&plain_a) || apart.contains(&plain_b);
            let found = found_by(&merged, words);
            prop_assert_eq!(found, if is_found { vec![keep] } else { vec![] }, "{}", words);
        }
        let (standing, _) = list(&merged.store, &technician(), Part::Merged).unwrap();
        prop_assert_eq!(standing.records_count, 2);

        let changes = compared(&merged.store, &technician(), pair).unwrap().pair.changes;
        unmerge(&merged.store, &technician(), pair, changes, "Two people after all.").unwrap();
        prop_assert_eq!(documents(&merged, a), (a, of_a));
        prop_assert_eq!(documents(&merged, b), (b, of_b));
        for (patient, alone) in [(a, plain_a), (b, plain_b)] {
            for number in 0..DOCUMENTS {
                let words = format!("note{number}");
                prop_assert_eq!(
                    read_in(&merged, patient, &words), read_in(&plain, alone, &words));
            }
            for words in WORDS {
                let is_found = found_by(&merged, words).contains(&patient);
                let was_found = found_by(&plain, words).contains(&alone);
                prop_assert_eq!(is_found, was_found, "{}", words);
            }
        }
        let (standing, _) = list(&merged.store, &technician(), Part::Different).unwrap();
        prop_assert_eq!(standing.records_count, 3);
    }
}

/// The documents that a technician may see of either record.
fn seen(test: &TestStore) -> usize {
    let context = technician();
    let view = |id: &str| {
        test.store.look(&context, |view| view.resource("DocumentReference", id)).unwrap().is_some()
    };
    ["da", "db"].into_iter().filter(|id| view(id)).count()
}

#[test]
fn a_label_on_one_record_hides_all_that_were_merged_with_it() {
    let test = TestStore::new();
    let (a, b, pair) = two_alike(&test);
    test.document("da", "a", "A letter");
    test.document("db", "b", "Another letter");
    let supervisor = Context { cleared: record::LabelMask::ALL, ..somebody(9, Role::Supervisor) };
    let vip = Some(record::SensitiveClass::Vip);
    ::app::labels::put(&test.store, &supervisor, b, None, vip, "asked for").unwrap();
    assert_eq!(seen(&test), 1, "the record of a stands for itself");
    let mut merge = form(&test, pair, Answer::Same, Some(a));
    merge.changes = compared(&test.store, &supervisor, pair).unwrap().pair.changes;
    judge(&test.store, &supervisor, &merge).unwrap();
    assert_eq!(seen(&test), 0, "one person, one clearance");
    test.document("dc", "a", "Filed since");
    let hidden = test.store.look(&technician(), |view| view.resource("DocumentReference", "dc"));
    assert!(hidden.unwrap().is_none(), "what is filed since is hidden, too");
    let changes = compared(&test.store, &supervisor, pair).unwrap().pair.changes;
    unmerge(&test.store, &supervisor, pair, changes, "Two persons.").unwrap();
    assert_eq!(seen(&test), 1, "each is hidden by its own labels again");
    assert!(test.store.verify(&Context::system("test", crate::app::NOON)).unwrap().is_whole());
}
