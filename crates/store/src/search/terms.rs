//! What a resource is found by beyond its codes: names and birth dates, as words of the index.
//!
//! A word is `Patient.family=roe`: type, parameter, normalised value. Words of notes hold
//! letters and digits only, so the two never meet.

use exchange::fhir::{Indexed, Name};
use identity::name::{normalise, words};
use record::PersonName;
use std::collections::BTreeSet;

/// The word under which a value of a parameter stands, or the beginning of such words.
pub fn word(kind: &str, parameter: &str, value: &str) -> String {
    format!("{kind}.{parameter}={value}")
}

/// The words of a resource's names and birth date.
pub(crate) fn words_of(indexed: &Indexed) -> Vec<String> {
    let kind = indexed.kind.as_str();
    let mut found = BTreeSet::new();
    for (parameter, text) in parts(indexed) {
        let whole = std::iter::once(normalise(text));
        // Every part of a name is found by `name` too, which then reads one stretch of the index.
        for value in whole.chain(words(text)).filter(|value| !value.is_empty()) {
            found.insert(word(kind, parameter, &value));
            found.insert(word(kind, "name", &value));
        }
    }
    if let Some(date) = &indexed.birth_date {
        found.insert(word(kind, "birthdate", date.reveal()));
    }
    found.into_iter().collect()
}

/// Parameter and value of everything that an `:exact` search may ask for.
pub(crate) fn exact_of(indexed: &Indexed) -> Vec<(&'static str, &str)> {
    let mut found = Vec::new();
    for (parameter, text) in parts(indexed) {
        match parameter {
            "family" => found.push(("family:exact", text)),
            "given" => found.push(("given:exact", text)),
            _ => {}
        }
        found.push(("name:exact", text));
    }
    found
}

fn parts(indexed: &Indexed) -> impl Iterator<Item = (&'static str, &str)> {
    indexed.names.iter().flat_map(parts_of)
}

fn parts_of(name: &Name) -> impl Iterator<Item = (&'static str, &str)> {
    let family = name.family.iter().map(|text| ("family", text.reveal()));
    let given = name.given.iter().map(|text: &PersonName| ("given", text.reveal()));
    let text = name.text.iter().map(|text| ("name", text.reveal()));
    family.chain(given).chain(text)
}
