//! Measures Find on a table of persons: `cargo run --example measure_find -- FILE...`.
//!
//! Each FILE is a CSV with the columns `given_name`, `surname` and `date_of_birth` (FEBRL). For
//! every tenth person words are typed as a clerk types them: in any order, with one error, by
//! sound, by nickname, half. Prints how often the person stands first or among the first five
//! (those that score higher come before), how many records were compared, and the time of a
//! search in memory. Records are found by the index keys, as the store finds them.

use identity::search::{Candidate, query_terms, score};
use identity::{Name, Person, person_keys};
use record::BirthDate;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

struct Typed {
    given: String,
    family: String,
    birth: String,
}

/// What is typed for a person, and nothing where this way of typing does not fit the name.
type Way = fn(&Typed, usize) -> Option<String>;

const WAYS: &[(&str, Way)] = &[
    ("as registered", |one, _| Some(format!("{} {}", one.given, one.family))),
    ("family name first", |one, _| Some(format!("{}, {}", one.family, one.given))),
    ("letter missing", |one, at| typed(one, at, left_out)),
    ("letter wrong", |one, at| typed(one, at, replaced)),
    ("letters exchanged", |one, at| typed(one, at, exchanged)),
    ("letter doubled", |one, at| typed(one, at, doubled)),
    ("error in both names", |one, at| {
        let given = left_out(&one.given, at)?;
        Some(format!("{given} {}", replaced(&one.family, at)?))
    }),
    ("by sound", |one, _| {
        let (given, family) = (by_sound(&one.given), by_sound(&one.family));
        let differs = given != one.given || family != one.family;
        differs.then(|| format!("{given} {family}"))
    }),
    ("nickname", |one, _| {
        let short = NICKNAMES.iter().find(|(name, _)| *name == one.given)?;
        Some(format!("{} {}", short.1, one.family))
    }),
    ("half typed", |one, _| {
        let half = one.family.get(..4).filter(|_| one.family.len() > 5)?;
        Some(format!("{half} {}", one.given))
    }),
    ("initial and family name", |one, _| Some(format!("{} {}", one.given.get(..1)?, one.family))),
    ("family name and birth date", |one, _| Some(format!("{} {}", one.family, one.birth))),
    ("error and birth date", |one, at| {
        Some(format!("{} {}", left_out(&one.family, at)?, one.birth))
    }),
];

/// Short forms that a clerk hears at the desk.
const NICKNAMES: &[(&str, &str)] = &[
    ("joshua", "josh"),
    ("benjamin", "ben"),
    ("nicholas", "nick"),
    ("thomas", "tom"),
    ("samuel", "sam"),
    ("matthew", "matt"),
    ("michael", "mike"),
    ("daniel", "dan"),
    ("alexander", "alex"),
    ("william", "bill"),
    ("zachary", "zach"),
    ("isabella", "bella"),
    ("samantha", "sam"),
    ("rebecca", "becky"),
    ("elizabeth", "liz"),
    ("abigail", "abby"),
    ("nathan", "nate"),
    ("katherine", "kate"),
];

fn typed(one: &Typed, at: usize, change: fn(&str, usize) -> Option<String>) -> Option<String> {
    Some(format!("{} {}", one.given, change(&one.family, at)?))
}

fn letters(word: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = word.chars().collect();
    (letters.len() >= 5 && letters.iter().all(char::is_ascii_lowercase)).then_some(letters)
}

fn left_out(word: &str, at: usize) -> Option<String> {
    let mut letters = letters(word)?;
    letters.remove(1 + at % (letters.len() - 1));
    Some(letters.into_iter().collect())
}

fn replaced(word: &str, at: usize) -> Option<String> {
    let mut letters = letters(word)?;
    let place = at % letters.len();
    letters[place] = char::from(b'a' + (letters[place] as u8 - b'a' + 1 + (at % 24) as u8) % 26);
    Some(letters.into_iter().collect())
}

fn exchanged(word: &str, at: usize) -> Option<String> {
    let mut letters = letters(word)?;
    let place = at % (letters.len() - 1);
    letters.swap(place, place + 1);
    Some(letters.into_iter().collect())
}

fn doubled(word: &str, at: usize) -> Option<String> {
    let mut letters = letters(word)?;
    let place = at % letters.len();
    letters.insert(place, letters[place]);
    Some(letters.into_iter().collect())
}

/// A spelling that sounds the same.
fn by_sound(word: &str) -> String {
    let table = [("ph", "f"), ("ck", "k"), ("ie", "y"), ("ee", "ea"), ("ll", "l"), ("tt", "t")];
    let mut text = table.iter().fold(word.to_owned(), |text, (a, b)| text.replacen(a, b, 1));
    if let Some(rest) = text.strip_prefix('c').filter(|rest| rest.starts_with(['a', 'o', 'u'])) {
        text = format!("k{rest}");
    }
    text
}

fn main() {
    let people: Vec<Typed> = std::env::args().skip(1).flat_map(|path| read(&path)).collect();
    let candidates: Vec<Candidate> =
        people.iter().map(|one| Candidate::new(&person(one))).collect();
    let mut index: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, one) in people.iter().enumerate() {
        for key in person_keys(&person(one)) {
            index.entry(key).or_default().push(at);
        }
    }
    println!("{} persons, {} keys", people.len(), index.len());
    for (name, way) in WAYS {
        measure(name, *way, &people, &candidates, &index);
    }
}

fn measure(
    name: &str,
    way: Way,
    people: &[Typed],
    candidates: &[Candidate],
    index: &BTreeMap<String, Vec<usize>>,
) {
    let (mut first, mut five, mut all, mut compared) = (0, 0, 0usize, 0);
    let mut micros: Vec<u128> = Vec::new();
    for (at, one) in people.iter().enumerate().step_by(10) {
        let Some(text) = way(one, at) else { continue };
        let started = Instant::now();
        let query = query_terms(&text);
        let mut found: BTreeSet<usize> = BTreeSet::new();
        for term in &query.terms {
            for key in term.keys() {
                found.extend(index.get(&key).into_iter().flatten());
            }
            if let Some(prefix) = term.prefix() {
                let range = index.range(prefix.clone()..);
                let under = range.take_while(|(key, _)| key.starts_with(&prefix));
                found.extend(under.flat_map(|(_, members)| members));
            }
        }
        let scored: Vec<(usize, f64)> =
            found.iter().map(|at| (*at, score(&query, &candidates[*at]))).collect();
        micros.push(started.elapsed().as_micros());
        let own = scored.iter().find(|(found, _)| *found == at).map_or(0.0, |(_, score)| *score);
        let before = scored.iter().filter(|(_, score)| *score > own).count();
        first += usize::from(own > 0.0 && before == 0);
        five += usize::from(own > 0.0 && before < 5);
        compared += scored.len();
        all += 1;
    }
    micros.sort_unstable();
    let percent = |count: usize| 100.0 * count as f64 / all.max(1) as f64;
    let middle = micros.get(micros.len() / 2).copied().unwrap_or_default();
    println!(
        "{name:28} {all:5} typed  first {:5.1} %  first five {:5.1} %  {:6.0} compared  \
         {middle} µs",
        percent(first),
        percent(five),
        compared as f64 / all.max(1) as f64
    );
}

fn person(one: &Typed) -> Person {
    Person {
        names: vec![Name::new(one.family.as_str(), one.given.as_str())],
        birth_date: Some(BirthDate::new(one.birth.as_str())),
        ..Person::default()
    }
}

/// Rows in which all three are known.
fn read(path: &str) -> Vec<Typed> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let mut rows = text.lines().map(|line| line.split(',').map(str::trim).collect::<Vec<_>>());
    let head = rows.next().unwrap_or_default();
    let at = |name: &str| head.iter().position(|column| *column == name);
    let (Some(given), Some(family), Some(birth)) =
        (at("given_name"), at("surname"), at("date_of_birth"))
    else {
        return Vec::new();
    };
    let known = |row: &Vec<&str>| {
        let field = |at: usize| row.get(at).copied().filter(|text| !text.is_empty());
        let date = field(birth).filter(|date| date.len() == 8)?;
        Some(Typed {
            given: field(given)?.to_owned(),
            family: field(family)?.to_owned(),
            birth: format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]),
        })
    };
    rows.filter_map(|row| known(&row)).collect()
}
