//! What the code search promises: titles first, inclusion terms near the top, what clinicians
//! say found, only what can be reported on the date, and the reason told.

use std::sync::OnceLock;

use coding::codeset::{CodeSets, System, embedded};
use coding::search::{Hit, Query, Reason, Search};
use jiff::civil::{Date, date};
use proptest::prelude::*;

const PHRASES: &str = include_str!("data/phrases.tsv");
const ON: Date = date(2026, 4, 15);

fn search() -> &'static Search {
    static SEARCH: OnceLock<Search> = OnceLock::new();
    SEARCH.get_or_init(|| Search::new(&CodeSets::embedded()))
}

fn hits(text: &str, system: Option<System>, on: Date, limit: usize) -> Vec<Hit> {
    let query = Query { text, system, on, limit, include_not_reportable: false };
    search().search(&query)
}

fn first(text: &str) -> Hit {
    hits(text, Some(System::Icd10Cm), ON, 5).into_iter().next().expect(text)
}

#[test]
fn codes_are_found_by_their_own_titles_in_first_place() {
    for node in embedded::icd10cm().reportable().step_by(101) {
        assert_eq!(first(node.title()).code, node.code(), "{}", node.title());
    }
    for node in embedded::icd10pcs().reportable().step_by(997) {
        let found = hits(node.title(), Some(System::Icd10Pcs), date(2024, 1, 1), 1);
        assert_eq!(found[0].code, node.code(), "{}", node.title());
    }
}

#[test]
fn inclusion_terms_find_their_code_among_the_first_three() {
    let nodes = embedded::icd10cm().nodes();
    let terms = nodes.flat_map(|node| node.inclusion_terms().map(move |term| (node, term)));
    let (mut all, mut found) = (0, 0);
    for (node, term) in terms.step_by(29) {
        all += 1;
        let three = hits(term, Some(System::Icd10Cm), ON, 3);
        found += usize::from(three.iter().any(|hit| hit.code.starts_with(node.code())));
    }
    assert!(found * 100 >= all * 99, "{found} of {all}");
}

#[test]
fn what_clinicians_say_is_found() {
    let (mut all, mut at_first, mut at_five, mut typos) = (0, 0, 0, 0);
    for line in PHRASES.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let wanted: Vec<String> = fields[1].split('|').map(|c| c.replace('.', "")).collect();
        let found = hits(fields[0], Some(System::Icd10Cm), ON, 5);
        let place = found.iter().position(|hit| wanted.contains(&hit.code));
        all += 1;
        typos += usize::from(fields[2] == "typo");
        at_first += usize::from(place == Some(0));
        at_five += usize::from(place.is_some());
    }
    assert!(all >= 500 && typos * 3 >= all - 10, "{all} phrases, {typos} with typing errors");
    assert!(at_first * 100 >= all * 93, "recall at 1: {at_first} of {all}");
    assert!(at_five * 100 >= all * 97, "recall at 5: {at_five} of {all}");
}

#[test]
fn order_of_words_prefixes_and_errors_do_not_matter() {
    let table = [
        ("hip left fx", "S72002A", Reason::Abbreviation),
        ("fracture of left femoral neck, subsequent, routine healing", "S72002D", Reason::Title),
        ("lt knee pain", "M25562", Reason::Abbreviation),
        ("pain knee left", "M25562", Reason::Title),
        ("pneumonai", "J189", Reason::TypoCorrected),
        ("haert attack", "I219", Reason::TypoCorrected),
        ("kimmelstiel wilson disease type 2", "E1121", Reason::InclusionTerm),
        ("E11.2", "E1121", Reason::Code),
        ("e1121", "E1121", Reason::Code),
        ("oedema", "R609", Reason::Title),
    ];
    for (text, code, reason) in table {
        let hit = first(text);
        assert_eq!((hit.code.as_str(), hit.reason), (code, reason), "{text}: {hit:?}");
    }
}

#[test]
fn only_what_can_be_reported_on_the_date_is_found() {
    let past = date(2016, 1, 1);
    let found = hits("clostridium difficile enterocolitis", Some(System::Icd10Cm), past, 5);
    assert!(found.iter().any(|hit| hit.code == "A047"), "{found:?}");
    assert!(found.iter().all(|hit| hit.reportable && hit.code != "A0471"));
    let query = Query {
        text: "type 2 diabetes mellitus",
        system: Some(System::Icd10Cm),
        on: ON,
        limit: 10,
        include_not_reportable: true,
    };
    let all = search().search(&query);
    assert!(all.iter().any(|hit| hit.code == "E11" && !hit.reportable), "{all:?}");
}

#[test]
fn reason_is_told_in_words() {
    let hit = first("haert attack");
    assert!(hit.because.contains("“haert” read as “heart”"), "{}", hit.because);
    let json = serde_json::to_value(&hit).unwrap();
    assert_eq!(json["reason"], "typo-corrected");
    assert_eq!(json["system"], "icd10-cm");
}

#[test]
fn procedures_are_found_by_words() {
    let on = date(2026, 4, 15);
    let found = hits("lap appy", Some(System::Icd10Pcs), on, 5);
    assert_eq!(found[0].code, "0DTJ4ZZ");
    let both = hits("appendectomy", None, on, 10);
    assert!(both.iter().any(|hit| hit.system == System::Icd10Pcs), "{both:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn nothing_typed_panics(text in ".{0,60}", limit in 0_usize..20) {
        prop_assert!(hits(&text, None, ON, limit).len() <= limit);
    }
}
