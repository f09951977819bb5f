//! Publishers' files from their bytes to the coding desk: taken in once, whole or not at all,
//! used for their dates, and told whom they touch.

use crate::app::{NOON, TestStore, somebody};
use app::Error;
use app::code_sets::{Brought, FavouritesTouched, Report, State, about, list, load, withdraw};
use app::coding::{
    Asked, Change, CodeFields, ProcedureFields, change, favourite_turn, find_work, guide, open,
    search,
};
use coding::codeset::System;
use coding::import::layout::Layout;
use coding::import::{ncci, order_file, pcs_tables, zip};
use jiff::civil::{Date, date};
use record::{Context, Role};
use serde_json::json;
use store::Store;

const STAY: &str = "2026-02-20";
const SERVICE: &str = "2026-02-25";

fn bring(store: &Store, text: &str, from: Option<Date>) -> Result<Report, Error> {
    let context = somebody(1, Role::Administrator);
    load(
        store,
        &context,
        &Brought { bytes: text.as_bytes(), effective: from, may_be_fewer: true, is_dry_run: false },
    )
}

fn coder() -> Context {
    somebody(2, Role::Coder)
}

fn order(codes: &[(&str, &str)]) -> String {
    let lines = codes.iter().enumerate();
    lines.map(|(at, (code, title))| order_file::line(at + 1, code, true, title)).collect()
}

/// An inpatient stay and an outpatient hour that ended in February 2026; returns their work.
fn encounters(site: &TestStore) -> (i64, i64) {
    site.patient("p", "Roe", "Jane", "1957-03-04");
    for (id, class, day) in [("stay", "IMP", STAY), ("hour", "AMB", SERVICE)] {
        site.put(&json!({"resourceType": "Encounter", "id": id, "status": "finished",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": class},
            "subject": {"reference": "Patient/p"},
            "period": {"start": format!("{day}T08:00:00Z"), "end": format!("{day}T20:00:00Z")}}));
    }
    find_work(&site.store, &Context::system("test", NOON), None).unwrap();
    let work = |is_inpatient| {
        let list = site
            .store
            .look(&Context::system("test", NOON), |view| view.coding_list(is_inpatient, 10));
        list.unwrap()[0].0.id
    };
    (work(true), work(false))
}

fn add(store: &Store, work: i64, system: System, code: &str) {
    let context = coder();
    let revision = open(store, &context, work).unwrap().work.revision;
    let add = Change::Add { system, code: code.into(), is_first: false };
    change(store, &context, work, revision, None, &add).unwrap();
}

fn rules(store: &Store, work: i64) -> Vec<&'static str> {
    let opened = open(store, &coder(), work).unwrap();
    opened.review.edits.iter().map(|reviewed| reviewed.edit.rule).collect()
}

#[test]
fn a_file_is_taken_in_once_and_only_by_an_administrator() {
    let site = TestStore::new();
    let text = "FY 2026 POA Exempt List\nZ79.4\tLong term use of insulin\n";
    let first = bring(&site.store, text, None).unwrap();
    assert_eq!((first.state, first.layout), (State::Loaded, Layout::PoaExempt));
    assert_eq!(first.dates, (date(2025, 10, 1), date(2026, 9, 30)));
    assert_eq!(first.changes.against, None);
    let second = bring(&site.store, text, None).unwrap();
    assert_eq!((second.state, second.held_since), (State::Held, Some(date(2026, 3, 2))));
    let next = bring(&site.store, "FY 2027 POA Exempt List\nZ79.5\tSteroids\n", None).unwrap();
    assert_eq!(next.changes.added, ["Z79.5"]);
    assert_eq!(next.changes.retired, ["Z79.4"]);
    let administrator = somebody(1, Role::Administrator);
    assert_eq!(list(&site.store, &administrator).unwrap().len(), 2);
    let brought = Brought { bytes: b"x", effective: None, may_be_fewer: false, is_dry_run: false };
    let refused = load(&site.store, &coder(), &brought);
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}

#[test]
fn wrong_and_cut_files_change_nothing() {
    let site = TestStore::new();
    let whole = order(&[("A000", "Cholera"), ("A001", "Cholera eltor")]);
    let from = Some(date(2026, 10, 1));
    for (text, from, said) in [
        (whole[..whole.len() - 14].to_owned(), from, "Line 2: the long title"),
        (whole.replace("A001    1", "A001    x"), from, "Line 2: column 15"),
        (whole.clone(), None, "Line 1: the file does not name its dates"),
        ("PK\u{3}\u{4}zip".to_owned(), from, "Line 1: the ZIP file is cut or broken"),
        ("nothing that is known".to_owned(), from, "Line 1: this is none of the files"),
        ("<ICD10CM.tabular><version>2027</version><chapter>".to_owned(), None, "Line 1: the XML"),
    ] {
        match bring(&site.store, &text, from) {
            Err(Error::Refused(reason)) => assert!(reason.starts_with(said), "{reason}"),
            other => panic!("{said}: {:?}", other.map(|report| report.state)),
        }
    }
    // A good file that ends at a line is seen by what is gone.
    let brought = Brought {
        bytes: whole.as_bytes(),
        effective: from,
        may_be_fewer: false,
        is_dry_run: false,
    };
    match load(&site.store, &somebody(1, Role::Administrator), &brought) {
        Err(Error::Refused(reason)) => assert!(reason.contains("It looks cut"), "{reason}"),
        other => panic!("{:?}", other.map(|report| report.state)),
    }
    assert_eq!(list(&site.store, &somebody(1, Role::Administrator)).unwrap(), []);
}

#[test]
fn a_load_says_which_open_drafts_it_touches() {
    let site = TestStore::new();
    let (stay, hour) = encounters(&site);
    add(&site.store, stay, System::Icd10Cm, "I10");
    add(&site.store, stay, System::Icd10Cm, "E11.9");
    add(&site.store, hour, System::Icd10Cm, "I10");
    let text = order(&[("E119", "Type 2 diabetes, revised"), ("I10", HYPERTENSION)]);
    let brought = Brought {
        bytes: text.as_bytes(),
        effective: Some(date(2026, 1, 1)),
        may_be_fewer: true,
        is_dry_run: true,
    };
    let report = load(&site.store, &somebody(1, Role::Administrator), &brought).unwrap();
    assert_eq!((report.state, report.touched.waiting_count), (State::Checked, 2));
    assert_eq!(report.changes.revised, ["E11.9"]);
    assert_eq!(report.touched.drafts, [stay], "the hour's code is as it was");
    assert_eq!(report.touched.codes.get("E11.9"), Some(&1));
    let title = || open(&site.store, &coder(), stay).unwrap().diagnoses[1].title.clone();
    assert!(!title().contains("revised"), "it was only looked at");
    bring(&site.store, &text, Some(date(2026, 1, 1))).unwrap();
    assert!(title().contains("revised"), "the engines of the running process follow");
    let later = order(&[("E119", "Type 2 diabetes, revised")]);
    let report = bring(&site.store, &later, Some(date(2026, 2, 1))).unwrap();
    assert_eq!(report.changes.retired, ["I10"]);
    assert_eq!(report.touched.drafts, [stay, hour]);
    assert!(rules(&site.store, hour).contains(&"not_valid_on_date"));
}

const HYPERTENSION: &str = "Essential (primary) hypertension";

#[test]
fn a_new_year_is_searched_walked_and_checked() {
    let site = TestStore::new();
    let (stay, _) = encounters(&site);
    let on = date(2027, 11, 3);
    let found = |text: &str, on| {
        let asked = Asked { text, systems: &[System::Icd10Cm], on, limit: 5 };
        search(&site.store, &coder(), &asked).unwrap()
    };
    assert!(found("hypertension", on).is_empty(), "nobody guesses from another year");
    let text = order(&[("I10", HYPERTENSION), ("Z9911", "Dependence on a purple machine")]);
    bring(&site.store, &text, Some(date(2027, 10, 1))).unwrap();
    assert_eq!(found("purple machine", on)[0].code, "Z99.11");
    assert!(
        found("purple machine", date(2026, 2, 20))
            .iter()
            .all(|hit| hit.code != "Z99.11" || !hit.title.contains("purple"))
    );
    let step = guide(&site.store, &coder(), System::Icd10Cm, "Z99.11", on).unwrap();
    assert!(step.is_reportable && step.sentence.contains("purple"));
    assert!(open(&site.store, &coder(), stay).unwrap().date_stop.is_none());
}

#[test]
fn services_are_searched_and_checked_by_what_is_loaded() {
    let site = TestStore::new();
    let (_, hour) = encounters(&site);
    let store = &site.store;
    assert_eq!(open(store, &coder(), hour).unwrap().services, Default::default());
    let record = |code: &str, title: &str| {
        let head = format!("{code:>5}001003{title:<80}{:<28}", "Short");
        format!("{head:<268}{:<8}{:<8}{:<8}N\n", "20200101", "20200101", "")
    };
    let hcpcs = [record("G9001", "Purple service"), record("G9002", "Green service")].concat();
    let quarter = Some(date(2026, 1, 1));
    bring(store, &hcpcs, quarter).unwrap();
    bring(store, "Code,Long\n99900,Made up consultation of the purple kind\n", quarter).unwrap();
    bring(store, ncci::PTP_SAMPLE, quarter).unwrap();
    bring(store, ncci::MUE_SAMPLE, quarter).unwrap();
    let asked = Asked {
        text: "purple",
        systems: &[System::Cpt, System::Hcpcs],
        on: date(2026, 2, 25),
        limit: 5,
    };
    let hits = search(store, &coder(), &asked).unwrap();
    let codes: Vec<&str> = hits.iter().map(|hit| hit.code.as_str()).collect();
    assert!(codes.contains(&"G9001") && codes.contains(&"99900"), "{codes:?}");
    add(store, hour, System::Icd10Cm, "I10");
    for code in ["G9001", "G9002"] {
        add(store, hour, System::Hcpcs, code);
    }
    let opened = open(store, &coder(), hour).unwrap();
    assert_eq!(opened.procedures[0].title, "Purple service");
    assert!(opened.services.hcpcs && opened.services.pairs && opened.services.units);
    assert!(rules(store, hour).contains(&"ncci_pair"));
    let fields = CodeFields {
        procedures: vec![ProcedureFields {
            place: 0,
            code: "G9001".into(),
            date: SERVICE.into(),
            modifiers: "59".into(),
            units: "3".into(),
        }],
        ..CodeFields::default()
    };
    let revision = opened.work.revision;
    change(store, &coder(), hour, revision, Some(&fields), &Change::Save).unwrap();
    let found = rules(store, hour);
    assert!(found.contains(&"mue_units") && !found.contains(&"ncci_pair"), "{found:?}");
    let unknown = Change::Add { system: System::Hcpcs, code: "G9009".into(), is_first: false };
    let refused = change(store, &coder(), hour, revision + 1, None, &unknown);
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
}

#[test]
fn exempt_codes_and_weights_are_those_that_are_loaded() {
    let site = TestStore::new();
    let (stay, _) = encounters(&site);
    let store = &site.store;
    for code in ["I50.21", "Z86.73"] {
        add(store, stay, System::Icd10Cm, code);
    }
    let missing = || {
        let opened = open(store, &coder(), stay).unwrap();
        let edits = opened.review.edits.into_iter().map(|reviewed| reviewed.edit);
        let missing = edits.filter(|edit| edit.rule == "poa_missing");
        missing.flat_map(|edit| edit.codes).collect::<Vec<_>>()
    };
    assert_eq!(missing(), ["I5021"], "by the categories of the guidelines");
    bring(store, "FY 2026 POA Exempt List\nZ79.4\tInsulin\n", None).unwrap();
    assert_eq!(missing(), ["I5021", "Z8673"], "by the publisher's list");
    let line = |drg: &str| format!("{drg}\tYes\tNo\t05\tMED\tHEART\t9.8765\t3.8\t4\n");
    let lines: String = ["291", "292", "293"].map(line).concat();
    let table = format!("TABLE 5 LIST OF MS-DRG FY 2026 weights\n{lines}");
    bring(store, &table, None).unwrap();
    let grouped = open(store, &coder(), stay).unwrap().review.grouped.unwrap().unwrap();
    assert_eq!(grouped.weight.as_deref(), Some("9.8765"), "DRG {}", grouped.drg);
    assert_eq!(grouped.mean_stay_days.as_deref(), Some("3.8"));
}

#[test]
fn the_publishers_tables_build_procedures() {
    let site = TestStore::new();
    let (stay, _) = encounters(&site);
    bring(&site.store, pcs_tables::TABLES_SAMPLE, None).unwrap();
    bring(&site.store, pcs_tables::DEFINITIONS_SAMPLE, None).unwrap();
    let on = date(2026, 2, 20);
    let step = guide(&site.store, &coder(), System::Icd10Pcs, "0DTJ", on).unwrap().step;
    assert_eq!(step.question.unwrap().sentence(), "Which approach?");
    let step = guide(&site.store, &coder(), System::Icd10Pcs, "0D", on).unwrap().step;
    assert!(step.choices[0].definition.as_deref().unwrap().contains("All of a body part"));
    add(&site.store, stay, System::Icd10Pcs, "0DTJ4ZZ");
    assert_eq!(open(&site.store, &coder(), stay).unwrap().procedures.len(), 1);
}

#[test]
fn a_zip_file_is_read_as_its_one_known_member() {
    let site = TestStore::new();
    let text = "FY 2026 POA Exempt List\nZ79.4\tInsulin\n";
    let (administrator, effective) = (somebody(1, Role::Administrator), None);
    let bring_bytes = |bytes: &[u8]| {
        let (may_be_fewer, is_dry_run) = (true, false);
        load(&site.store, &administrator, &Brought { bytes, effective, may_be_fewer, is_dry_run })
    };
    let one = zip::packed(&[("read me.txt", b"words"), ("list.txt", text.as_bytes())]);
    let report = bring_bytes(&one).unwrap();
    assert_eq!((report.state, report.layout), (State::Loaded, Layout::PoaExempt));
    assert_eq!(bring_bytes(text.as_bytes()).unwrap().state, State::Held, "the same content");
    let two = zip::packed(&[("a.txt", text.as_bytes()), ("b.txt", text.as_bytes())]);
    match bring_bytes(&two) {
        Err(Error::Refused(reason)) => assert!(reason.contains("(a.txt, b.txt)"), "{reason}"),
        other => panic!("{:?}", other.map(|report| report.state)),
    }
}

#[test]
fn favourites_come_first_and_a_load_tells_whose_it_touches() {
    let site = TestStore::new();
    let store = &site.store;
    let turn = |code| favourite_turn(store, &coder(), System::Icd10Cm, code);
    for code in ["I10", "E11.9", "J18.9"] {
        assert!(turn(code).unwrap());
    }
    assert!(!turn("J18.9").unwrap(), "the second time drops it");
    assert!(matches!(turn("QQQ.1"), Err(Error::Refused(_))));
    assert!(matches!(turn("E11"), Err(Error::Refused(_))), "a category is no code");
    let other = somebody(1, Role::Coder);
    let shown = |context: &Context, text, on| {
        let asked = Asked { text, systems: &[System::Icd10Cm], on, limit: 5 };
        search(store, context, &asked).unwrap()
    };
    assert!(shown(&other, "", date(2026, 2, 20)).is_empty(), "they are each person's own");
    let mine = shown(&coder(), "", date(2026, 2, 20));
    let codes: Vec<&str> = mine.iter().map(|hit| hit.code.as_str()).collect();
    assert_eq!(codes, ["E11.9", "I10"]);
    assert!(mine.iter().all(|hit| hit.is_favourite && hit.refused.is_none()));
    assert!(shown(&coder(), "essential hypertension", date(2026, 2, 20))[0].is_favourite);
    let text = order(&[("E119", "Type 2 diabetes, revised")]);
    let report = bring(store, &text, Some(date(2026, 2, 1))).unwrap();
    let name = report.touched.favourites[0].name.clone();
    let expected = FavouritesTouched { person: 2, name, retired_count: 1, revised_count: 1 };
    assert_eq!(report.touched.favourites, [expected]);
    let mine = shown(&coder(), "", date(2026, 2, 20));
    assert!(mine[0].refused.is_none() && mine[0].title.contains("revised"));
    let reason = mine[1].refused.as_deref().unwrap();
    assert!(reason.starts_with("I10 "), "{reason}");
}

#[test]
fn a_wrong_load_is_withdrawn_and_final_codes_are_still_read_with_it() {
    let site = TestStore::new();
    let (stay, hour) = encounters(&site);
    let store = &site.store;
    let administrator = somebody(1, Role::Administrator);
    let text = order(&[("I10", HYPERTENSION), ("Z9911", "Dependence on a purple machine")]);
    bring(store, &text, Some(date(2026, 1, 1))).unwrap();
    let id = list(store, &administrator).unwrap()[0].id;
    for work in [stay, hour] {
        add(store, work, System::Icd10Cm, "Z99.11");
    }
    let opened = open(store, &coder(), hour).unwrap();
    let revision = opened.work.revision;
    change(store, &coder(), hour, revision, None, &Change::Finalize).unwrap();
    let (_, after) = about(store, &administrator, id).unwrap();
    let after = after.unwrap();
    assert_eq!((after.finals_count, after.is_done), (1, false));
    assert_eq!(after.touched.drafts, [stay]);
    assert!(matches!(withdraw(store, &administrator, id, " "), Err(Error::Invalid(_))));
    assert!(matches!(withdraw(store, &coder(), id, "the wrong year"), Err(Error::Forbidden(_))));
    let done = withdraw(store, &administrator, id, "the wrong year's file").unwrap();
    assert!(done.is_done && done.touched == after.touched);
    let again = withdraw(store, &administrator, id, "the wrong year's file");
    assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
    let title = |work| open(store, &coder(), work).unwrap().diagnoses[0].title.clone();
    assert!(!title(stay).contains("purple"), "a draft is judged by what answers now");
    assert!(title(hour).contains("purple"), "what was final is read as it was");
    let reopen = Change::Reopen("the title was wrong".into());
    let revision = open(store, &coder(), hour).unwrap().work.revision;
    change(store, &coder(), hour, revision, None, &reopen).unwrap();
    assert!(!title(hour).contains("purple"));
    assert_eq!(
        list(store, &administrator).unwrap()[0].withdrawal.as_ref().unwrap().reason,
        "the wrong year's file"
    );
    let second = bring(store, &text, Some(date(2026, 1, 1))).unwrap();
    assert_eq!(second.state, State::Loaded, "the same file, after its withdrawal");
    assert!(title(stay).contains("purple"));
}

#[test]
fn a_changed_table_says_how_many_final_stays_weigh_otherwise() {
    let site = TestStore::new();
    let (stay, _) = encounters(&site);
    let store = &site.store;
    add(store, stay, System::Icd10Cm, "I50.21");
    let fields = CodeFields {
        diagnoses: vec![app::coding::DiagnosisFields {
            code: "I5021".into(),
            poa: Some(coding::edits::Poa::Y),
            is_uncertain: false,
        }],
        discharge_status: Some("01".into()),
        ..CodeFields::default()
    };
    let revision = open(store, &coder(), stay).unwrap().work.revision;
    change(store, &coder(), stay, revision, Some(&fields), &Change::Finalize).unwrap();
    let line = |drg: &str| format!("{drg}\tYes\tNo\t05\tMED\tHEART\t9.8765\t3.8\t4\n");
    let lines: String = ["291", "292", "293"].map(line).concat();
    let table = format!("TABLE 5 LIST OF MS-DRG FY 2026 weights\n{lines}");
    assert_eq!(bring(store, &table, None).unwrap().touched.weights_count, 1);
    let same = table.replace("3.8", "3.9");
    assert_eq!(bring(store, &same, None).unwrap().touched.weights_count, 0, "the same weights");
}
