//! What is typed, and whom it finds.

use super::*;
use crate::person::{Identifier, IdentifierKind, NameUse};
use record::{BirthDate, Private};

fn jane() -> Person {
    Person {
        names: vec![
            Name::new("Smith-Jones", "Catherine Ann"),
            Name::new("O'Brien", "Catherine").used_as(NameUse::Maiden),
        ],
        birth_date: Some(BirthDate::new("1980-03-04")),
        phones: vec![Private::new("+1 (555) 123-4567")],
        identifiers: vec![Identifier::new(IdentifierKind::MedicalRecord, "urn:x", "000A-123")],
        ..Person::default()
    }
}

fn score_of(text: &str) -> f64 {
    let score = score(&query_terms(text), &Candidate::new(&jane()));
    (score * 100.0).round() / 100.0
}

#[test]
fn words_in_any_order_find_a_person() {
    let table = [
        ("catherine smith-jones", 1.0),
        ("Jones, Catherine", 1.0),
        ("obrien", 1.0),
        ("o'brien cath", 0.95),
        ("kate jones", 0.93),
        ("kathryn smith", 0.93),
        ("jones katharine 1980-03-04", 0.95),
        ("catehrine", 0.8),
        ("smyth", 0.8),
        ("3/4/1980 jones", 1.0),
        ("4 Mar 1980 ann", 1.0),
        ("March 4, 1980", 1.0),
        ("19800304", 1.0),
        ("4/3/1980", 1.0),
        ("1980", 0.8),
        ("555 123 4567", 1.0),
        ("(555) 123-4567", 1.0),
        ("1234567", 1.0),
        ("5551234567 jones", 1.0),
        ("000A123", 1.0),
        ("a123", 1.0),
        ("A-123", 1.0),
        ("miller", 0.0),
        ("jones miller", 0.25),
        ("", 0.0),
    ];
    for (text, expected) in table {
        assert_eq!(score_of(text), expected, "{text}");
    }
}

#[test]
fn a_name_that_ends_in_a_number_is_found_as_it_is_written() {
    let names = vec![Name::new("Koepp521", "Abdul218")];
    let abdul = Person { names, ..Person::default() };
    let keys = person_keys(&abdul);
    for text in ["Koepp521", "koepp521, abdul218", "koepp abdul", "ABDUL218"] {
        let query = query_terms(text);
        assert!(score(&query, &Candidate::new(&abdul)) >= 0.9, "{text}");
        for term in &query.terms {
            let begun = term.prefix().unwrap_or_default();
            let is_found =
                |key: &String| term.keys().contains(key) || key.starts_with(begun.as_str());
            assert!(!begun.is_empty() && keys.iter().any(is_found), "{text}");
        }
    }
}

#[test]
fn every_answered_term_shares_a_key_with_the_record() {
    let keys = person_keys(&jane());
    for text in ["catherine", "kate", "smyth", "catehrine", "19800304", "03/04/1980", "1234567"]
        .into_iter()
        .chain(["5551234567", "a123", "smithjones", "jones"])
    {
        for term in query_terms(text).terms {
            assert!(term.keys().iter().any(|key| keys.contains(key)), "{text}");
        }
    }
}

#[test]
fn terms_give_keys_and_prefixes() {
    let query = query_terms("smi");
    assert_eq!(query.terms[0].prefix().as_deref(), Some("n:smi"));
    assert_eq!(query.terms[0].exact_keys(), ["n:smi"]);
    let query = query_terms("1980-03-04");
    assert_eq!(query.terms[0].keys(), ["b:1980-03-04"]);
    assert_eq!(query.terms[0].prefix(), None);
}

#[test]
fn odd_input_asks_for_something_or_nothing() {
    for text in ["- / ;", "ééåå", "12345678901234567890", "x", "ß 1", "()()", "a\u{0}b"] {
        let query = query_terms(text);
        let _ = score(&query, &Candidate::new(&jane()));
        assert!(query.terms.iter().all(|term| !term.readings.is_empty()), "{text:?}");
    }
}

#[test]
fn debug_shows_no_word() {
    let shown = format!("{:?} {:?}", query_terms("jane 1980-03-04"), jane());
    assert!(!shown.contains("jane") && !shown.contains("1980") && !shown.contains("Smith"));
}

proptest::proptest! {
    #[test]
    fn one_error_shares_a_typo_key(word in "[a-z]{5,12}", at in 0usize..12, letter in "[a-z]") {
        let mut typed: Vec<char> = word.chars().collect();
        let at = at % typed.len();
        typed[at] = letter.chars().next().unwrap();
        let typed: String = typed.into_iter().collect();
        let known = one_left_out(&word);
        proptest::prop_assert!(one_left_out(&typed).iter().any(|key| known.contains(key)));
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,40}") {
        let query = query_terms(&text);
        proptest::prop_assert!(query.terms.iter().all(|term| !term.readings.is_empty()));
    }
}
