//! Finding a person: the keys under which a record stands, and what typed words ask for.
//!
//! Index keys are texts with a prefix that says what they are:
//!
//! | Key | Holds |
//! |---|---|
//! | `n:smith` | a word of a name, normalised (a prefix search on it finds what is half typed) |
//! | `k:robert` | the formal name that a given name may stand for |
//! | `p:SM0` | how a word of a name sounds |
//! | `d:smth` | a word of a name with one letter left out (finds one typing error) |
//! | `b:1980-03-04` | the birth date |
//! | `t:5551234567` | a telephone number, and its last seven digits |
//! | `i:a00123` | an identifier, normalised, and without leading zeros |
//!
//! A query is a list of terms, each with one or more readings; a record answers a term when it
//! stands under any of the term's keys. Words may come in any order.

use crate::birth_date::{self, DateParts};
use crate::name::{self, normalise};
use crate::nickname::formal_names;
use crate::person::{Name, Person};
use std::collections::BTreeSet;
use std::fmt;

/// The shortest word that gets `d:` keys: shorter ones would find too much.
const TYPO_LETTERS_MIN: usize = 4;

/// The longest word that gets `d:` keys.
const TYPO_LETTERS_MAX: usize = 14;

/// The index keys of one name: `n:`, `k:`, `p:` and `d:`.
pub fn search_keys(name: &Name) -> Vec<String> {
    let mut keys = BTreeSet::new();
    let family = name::family(name.family.reveal());
    for word in family.parts.iter().chain((family.parts.len() > 1).then_some(&family.joined)) {
        add_word_keys(word, false, &mut keys);
    }
    for given in &name.given {
        let whole = name::given_names([given.reveal()]);
        let parts = name::given_names(name::words(given.reveal()).iter().map(String::as_str));
        for word in whole.iter().chain(&parts) {
            add_word_keys(word, true, &mut keys);
        }
    }
    keys.into_iter().collect()
}

/// The index keys of a whole person: every name, the birth date, telephones and identifiers.
pub fn person_keys(person: &Person) -> Vec<String> {
    let mut keys: BTreeSet<String> = person.names.iter().flat_map(search_keys).collect();
    let birth = person.birth_date.as_ref().and_then(|date| birth_date::parse(date.reveal()));
    keys.extend(birth.map(|date| format!("b:{}", date.to_iso())));
    for phone in &person.phones {
        keys.extend(phone_keys(phone.reveal()));
    }
    for identifier in &person.identifiers {
        keys.extend(identifier_keys(identifier.value.reveal()));
    }
    keys.into_iter().collect()
}

fn add_word_keys(word: &str, is_given: bool, keys: &mut BTreeSet<String>) {
    keys.insert(format!("n:{word}"));
    keys.extend(name::sounds(word).into_iter().map(|sound| format!("p:{sound}")));
    if is_given {
        keys.extend(formal_names(word).iter().map(|formal| format!("k:{formal}")));
    }
    keys.extend(one_left_out(word).into_iter().map(|short| format!("d:{short}")));
}

/// The word itself and the word with each one letter left out; two words at most one error apart
/// (a letter more, less, wrong, or two neighbours exchanged) share one of these.
fn one_left_out(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    if !(TYPO_LETTERS_MIN..=TYPO_LETTERS_MAX).contains(&letters.len()) {
        return Vec::new();
    }
    let mut shorter = vec![word.to_owned()];
    for skip in 0..letters.len() {
        let kept = letters.iter().enumerate().filter(|(at, _)| *at != skip).map(|(_, c)| *c);
        shorter.push(kept.collect());
    }
    shorter
}

/// The keys of a telephone number: its last ten digits, and its last seven.
fn phone_keys(text: &str) -> Vec<String> {
    let digits = digits_of(text);
    let tail = |length: usize| digits.get(digits.len().checked_sub(length)?..);
    let mut keys: Vec<String> = [tail(10).or(Some(digits.as_str())), tail(7)]
        .into_iter()
        .flatten()
        .filter(|tail| tail.len() >= 7)
        .map(|tail| format!("t:{tail}"))
        .collect();
    keys.dedup();
    keys
}

/// The terms of an identifier as they are kept: plain, and without leading zeros.
pub fn identifier_keys(text: &str) -> Vec<String> {
    let plain = normalise(text);
    let mut keys = vec![format!("i:{plain}")];
    let bare = plain.trim_start_matches('0');
    if bare != plain && !bare.is_empty() {
        keys.push(format!("i:{bare}"));
    }
    keys.retain(|key| key.len() > 2);
    keys
}

pub(crate) fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// One thing that a term can mean.
#[derive(Clone, PartialEq, Eq)]
pub enum Reading {
    /// A word of a name.
    Name(String),
    /// A birth date.
    Birth(DateParts),
    /// A telephone number: its digits.
    Phone(String),
    /// An identifier: normalised.
    Identifier(String),
}

/// One term of a query: what was typed and what it can mean.
#[derive(Clone, PartialEq, Eq)]
pub struct Term {
    /// What was typed.
    pub text: String,
    /// What it can mean, the likeliest first.
    pub readings: Vec<Reading>,
}

/// What a clerk asks for. Its `Debug` shows no word of it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The terms, in the order typed. The order says nothing.
    pub terms: Vec<Term>,
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reading::Name(_) => "Name([private])",
            Reading::Birth(_) => "Birth([birth date])",
            Reading::Phone(_) => "Phone([private])",
            Reading::Identifier(_) => "Identifier([private])",
        })
    }
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Term").field("readings", &self.readings).finish_non_exhaustive()
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.terms).finish()
    }
}

impl Query {
    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

impl Term {
    /// The keys that answer this term exactly, by sound, by nickname or with one typing error.
    pub fn keys(&self) -> Vec<String> {
        let mut keys = BTreeSet::new();
        for reading in &self.readings {
            match reading {
                Reading::Name(word) => add_word_keys(word, true, &mut keys),
                Reading::Birth(date) => {
                    keys.insert(format!("b:{}", date.to_iso()));
                }
                Reading::Phone(digits) => keys.extend(phone_keys(digits).into_iter().take(1)),
                Reading::Identifier(plain) => keys.extend(identifier_keys(plain)),
            }
        }
        keys.into_iter().collect()
    }

    /// The keys that answer this term exactly: no sounds, no typing errors.
    pub fn exact_keys(&self) -> Vec<String> {
        self.keys().into_iter().filter(|key| !key.starts_with(['p', 'd', 'k'])).collect()
    }

    /// The beginning of a key for words still being typed: `n:smi`. A word of one letter, a date
    /// and a number have none.
    pub fn prefix(&self) -> Option<String> {
        self.readings.iter().find_map(|reading| match reading {
            Reading::Name(word) if word.chars().count() >= 2 => Some(format!("n:{word}")),
            _ => None,
        })
    }
}

/// Reads what was typed: names, record numbers, birth dates in many written forms, telephones.
pub fn query_terms(text: &str) -> Query {
    let tokens: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || ",;()".contains(c))
        .filter(|token| !token.is_empty())
        .collect();
    let mut terms = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        let (term, used) = spelled_date(rest)
            .or_else(|| divided_phone(rest))
            .or_else(|| single(rest[0]).map(|term| (term, 1)))
            .map_or((None, 1), |(term, used)| (Some(term), used));
        terms.extend(term);
        at += used;
    }
    Query { terms }
}

/// `4 Mar 1980`, `March 4 1980`, `1980 March 4`.
fn spelled_date(tokens: &[&str]) -> Option<(Term, usize)> {
    let [a, b, c] = tokens.first_chunk::<3>()?;
    let has_month_word =
        [a, b].iter().any(|token| birth_date::month_of(&normalise(token)).is_some());
    let dates = if has_month_word { birth_date::from_three(a, b, c) } else { Vec::new() };
    let readings = distinct_births(dates);
    (!readings.is_empty()).then(|| (Term { text: format!("{a} {b} {c}"), readings }, 3))
}

/// `(555) 123-4567` and `555 123 4567`: the area code stands apart.
fn divided_phone(tokens: &[&str]) -> Option<(Term, usize)> {
    let is_number = |token: &str, length: usize| {
        digits_of(token).len() == length
            && token.chars().all(|c| c.is_ascii_digit() || "-.".contains(c))
    };
    let used = match tokens {
        [a, b, ..] if is_number(a, 3) && is_number(b, 7) => 2,
        [a, b, c, ..] if is_number(a, 3) && is_number(b, 3) && is_number(c, 4) => 3,
        _ => return None,
    };
    let text = tokens[..used].join(" ");
    let readings = vec![Reading::Phone(digits_of(&text))];
    Some((Term { text, readings }, used))
}

fn distinct_births(dates: Vec<DateParts>) -> Vec<Reading> {
    let mut readings: Vec<Reading> = Vec::new();
    for date in dates.into_iter().map(Reading::Birth) {
        if !readings.contains(&date) {
            readings.push(date);
        }
    }
    readings
}

fn single(token: &str) -> Option<Term> {
    let plain = normalise(token);
    if plain.is_empty() {
        return None;
    }
    let mut readings = distinct_births(birth_date::readings(token));
    let is_written_date = !readings.is_empty() && token.contains(['-', '/', '.']);
    let has_digit = plain.bytes().any(|b| b.is_ascii_digit());
    if !has_digit {
        readings.push(Reading::Name(plain));
    } else if !is_written_date {
        let digits = digits_of(token);
        let all_digits = plain.bytes().all(|b| b.is_ascii_digit());
        if all_digits && matches!(digits.len(), 7 | 10 | 11) {
            readings.push(Reading::Phone(digits.clone()));
        }
        if all_digits && digits.len() == 4 {
            readings.extend(birth_date::parse(&digits).map(Reading::Birth));
        }
        let is_name = name_with_number(&plain);
        readings.push(Reading::Identifier(plain.clone()));
        if is_name {
            readings.push(Reading::Name(plain));
        }
    }
    Some(Term { text: token.to_owned(), readings })
}

/// Whether a normalised word may be a name that ends in a number, as some senders make names
/// unlike each other: `koepp521`.
fn name_with_number(plain: &str) -> bool {
    let letters = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    letters.chars().count() >= 2 && letters.chars().all(char::is_alphabetic)
}

/// A record that may answer a query, brought to the form in which it is compared.
#[derive(Clone, Default)]
pub struct Candidate {
    words: BTreeSet<String>,
    birth: Option<DateParts>,
    phones: Vec<String>,
    identifiers: BTreeSet<String>,
}

impl Candidate {
    /// Prepares a person's record.
    pub fn new(person: &Person) -> Candidate {
        let mut words = BTreeSet::new();
        for key in person.names.iter().flat_map(search_keys) {
            words.extend(key.strip_prefix("n:").map(str::to_owned));
        }
        let identifiers = person.identifiers.iter();
        Candidate {
            words,
            birth: person.birth_date.as_ref().and_then(|date| birth_date::parse(date.reveal())),
            phones: person.phones.iter().map(|phone| digits_of(phone.reveal())).collect(),
            identifiers: identifiers
                .flat_map(|identifier| identifier_keys(identifier.value.reveal()))
                .map(|key| key[2..].to_owned())
                .collect(),
        }
    }

    fn answers(&self, reading: &Reading) -> f64 {
        match reading {
            Reading::Name(word) => {
                self.words.iter().map(|known| word_score(word, known)).fold(0.0, f64::max)
            }
            Reading::Birth(date) => self.birth.map_or(0.0, |known| birth_score(*date, known)),
            Reading::Phone(digits) => {
                let tail = &digits[digits.len().saturating_sub(10)..];
                let found =
                    self.phones.iter().any(|phone| !tail.is_empty() && phone.ends_with(tail));
                f64::from(u8::from(found))
            }
            Reading::Identifier(plain) => {
                let bare = plain.trim_start_matches('0');
                let is_known = |text: &str| !text.is_empty() && self.identifiers.contains(text);
                match is_known(plain) || is_known(bare) {
                    true => 1.0,
                    false if plain.len() < 4 => 0.0,
                    false if self.identifiers.iter().any(|known| known.starts_with(plain)) => 0.7,
                    false => 0.0,
                }
            }
        }
    }
}

/// How well a record answers a query, 0 to 1: the mean over the terms, halved for each term that
/// nothing answers. Exact words rank above beginnings, nicknames, typing errors and sounds.
pub fn score(query: &Query, candidate: &Candidate) -> f64 {
    if query.terms.is_empty() {
        return 0.0;
    }
    let mut sum = 0.0;
    let mut unanswered = 0;
    for term in &query.terms {
        let best = term.readings.iter().map(|one| candidate.answers(one)).fold(0.0, f64::max);
        sum += best;
        unanswered += i32::from(best == 0.0);
    }
    sum / query.terms.len() as f64 * 0.5f64.powi(unanswered)
}

fn word_score(asked: &str, known: &str) -> f64 {
    if asked == known {
        return 1.0;
    }
    let letters = asked.chars().count();
    if letters >= 2 && known.starts_with(asked) {
        return 0.9;
    }
    if letters == 1 {
        return if known.starts_with(asked) { 0.4 } else { 0.0 };
    }
    if crate::nickname::are_forms_of_one_name(asked, known) {
        return 0.85;
    }
    let errors = rapidfuzz::distance::osa::distance(asked.chars(), known.chars());
    if letters >= TYPO_LETTERS_MIN && errors == 1 {
        return 0.8;
    }
    if name::sound_alike(asked, known) {
        return 0.7;
    }
    if letters >= 7 && errors == 2 { 0.6 } else { 0.0 }
}

fn birth_score(asked: DateParts, known: DateParts) -> f64 {
    if asked == known {
        return 1.0;
    }
    let same_year = asked.year == known.year;
    match (asked.month, known.month) {
        (None, _) if same_year => 0.8,
        (Some(asked), Some(known)) if same_year && asked == known => 0.5,
        _ => 0.0,
    }
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
