//! Which records to compare: keys that two records of one person are likely to share.

use crate::compare::Prepared;
use crate::name::sounds;
use crate::nickname::formal_names;
use crate::person::Person;
use std::collections::{BTreeMap, BTreeSet};

/// More records than this under one key are not compared under it: the key says too little.
pub const BLOCK_RECORDS_MAX: usize = 200;

/// The blocking keys of a person. Two records that share one are worth a comparison. Each key
/// starts with a word that says what it is made of.
pub fn block_keys(person: &Person) -> Vec<String> {
    prepared_block_keys(&Prepared::new(person))
}

/// The blocking keys of a prepared person.
pub fn prepared_block_keys(person: &Prepared) -> Vec<String> {
    let mut keys = BTreeSet::new();
    let birth = person.birth.and_then(|birth| birth.digits());
    for (_, number) in person.national.iter().filter(|(_, number)| number.len() > 4) {
        keys.insert(format!("national:{number}"));
    }
    for (system, number) in &person.others {
        keys.insert(format!("identifier:{system}|{number}"));
    }
    for phone in &person.phones {
        keys.insert(format!("phone:{}", &phone[phone.len() - 7..]));
    }
    let locals = person.emails.iter().filter_map(|email| email.split('@').next());
    keys.extend(locals.map(|local| format!("email:{local}")));
    keys.extend(birth.iter().map(|birth| format!("birth:{birth}")));
    for name in &person.names {
        // A family and a given name may stand in each other's place: both orders give one key.
        let family = name_sounds(&name.family, false);
        let given = name.given.first().map(|given| name_sounds(given, true)).unwrap_or_default();
        for one in &family {
            for other in &given {
                let (low, high) = if one < other { (one, other) } else { (other, one) };
                keys.insert(format!("names:{low}|{high}"));
            }
        }
        let Some(birth) = &birth else { continue };
        let mut sorted = [&birth[4..6], &birth[6..8]];
        sorted.sort_unstable();
        for sound in family.iter().chain(&given) {
            keys.insert(format!("birth-sound:{}{}|{sound}", sorted[0], sorted[1]));
            keys.insert(format!("year-month-sound:{}|{sound}", &birth[..6]));
            keys.insert(format!("year-day-sound:{}{}|{sound}", &birth[..4], &birth[6..]));
        }
    }
    for address in &person.addresses {
        if let (Some(birth), false) = (&birth, address.postal_code.is_empty()) {
            keys.insert(format!("birth-postal:{birth}|{}", address.postal_code));
        }
        if !address.number.is_empty() && !address.street.is_empty() {
            let word = address.street.split(' ').next().unwrap_or_default();
            let place = format!("{} {word}|{}", address.number, address.postal_code);
            keys.insert(format!("street:{place}"));
        }
    }
    keys.into_iter().collect()
}

/// The sounds of a name and of the formal names it may stand for.
fn name_sounds(word: &str, is_given: bool) -> Vec<String> {
    let mut found = sounds(word);
    if is_given {
        found.extend(formal_names(word).iter().flat_map(|formal| sounds(formal)));
    }
    if found.is_empty() && !word.is_empty() {
        found.push(word.to_owned());
    }
    found.retain(|sound| !sound.starts_with('y'));
    found.sort();
    found.dedup();
    found
}

/// The pairs of records that share a key, by index, each once and in order. Keys that more than
/// `records_max` records share are left out.
pub fn candidate_pairs(keys: &[Vec<String>], records_max: usize) -> Vec<(usize, usize)> {
    let mut blocks: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, keys) in keys.iter().enumerate() {
        for key in keys {
            blocks.entry(key).or_default().push(at);
        }
    }
    let mut pairs = BTreeSet::new();
    for members in blocks.values().filter(|members| members.len() <= records_max) {
        for (at, one) in members.iter().enumerate() {
            pairs.extend(members[at + 1..].iter().map(|other| (*one, *other)));
        }
    }
    pairs.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Name;
    use record::BirthDate;

    fn person(family: &str, given: &str, birth: &str) -> Person {
        Person {
            names: vec![Name::new(family, given)],
            birth_date: Some(BirthDate::new(birth)),
            ..Person::default()
        }
    }

    fn share(a: &Person, b: &Person) -> bool {
        let keys = block_keys(b);
        block_keys(a).iter().any(|key| keys.contains(key))
    }

    #[test]
    fn records_of_one_person_share_a_key() {
        let jane = person("Smith", "Catherine", "1980-03-04");
        let table = [
            (person("Smyth", "Kathryn", "1980-03-04"), true),
            (person("Catherine", "Smith", "1990-01-01"), true),
            (person("Smith", "Kate", "1975-09-09"), true),
            (person("Jones", "Catherine", "1980-04-03"), true),
            (person("Jones", "Catherine", "1980-09-04"), true),
            (person("Miller", "George", "1980-03-04"), true),
            (person("Miller", "George", "1980-03-05"), false),
        ];
        for (at, (other, expected)) in table.iter().enumerate() {
            assert_eq!(share(&jane, other), *expected, "row {at}");
        }
    }

    #[test]
    fn pairs_come_once_and_large_blocks_not_at_all() {
        let key = |text: &str| text.to_owned();
        let keys = vec![vec![key("a"), key("b")], vec![key("a"), key("b")], vec![key("b")]];
        assert_eq!(candidate_pairs(&keys, 2), [(0, 1)]);
        assert_eq!(candidate_pairs(&keys, 3), [(0, 1), (0, 2), (1, 2)]);
    }
}
