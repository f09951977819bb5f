//! What is known of the patient, found however it is written.

use super::{Class, Hit};
use jiff::civil::Date;
use record::{Mrn, PersonName, Private};
use serde::{Deserialize, Serialize};

/// What is known of the patient and of persons near: the surest way to find them in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Names of the patient, relatives, employers: `Family, Given` or `Given Family`.
    pub names: Vec<PersonName>,
    /// Dates of birth and death.
    pub dates: Vec<Date>,
    /// Medical record numbers.
    pub mrns: Vec<Mrn>,
    /// Telephone numbers, in any form.
    pub telephones: Vec<Private>,
    /// E-mail addresses.
    pub emails: Vec<Private>,
    /// Streets, cities, ZIP codes, each by itself.
    pub addresses: Vec<Private>,
    /// Any other number: social security, member, account.
    pub numbers: Vec<Private>,
}

/// Rank above every other finder.
const RANK: u8 = 100;

impl Known {
    pub(super) fn find(&self, text: &str, hits: &mut Vec<Hit>) {
        for name in &self.names {
            find_name(text, name.reveal(), hits);
        }
        for date in &self.dates {
            for written in forms_of(*date) {
                add(text, &written, Class::Date, "the patient's date", hits);
            }
        }
        let values = [
            (&self.emails, Class::Email, "the patient's e-mail"),
            (&self.addresses, Class::Geography, "the patient's address"),
        ];
        for (list, class, why) in values {
            list.iter().for_each(|value| add(text, value.reveal(), class, why, hits));
        }
        for mrn in &self.mrns {
            add_number(text, mrn.reveal(), Class::MedicalRecord, "the patient's MRN", hits);
        }
        for value in &self.telephones {
            add_number(text, value.reveal(), Class::Telephone, "the patient's telephone", hits);
        }
        for value in &self.numbers {
            add_number(text, value.reveal(), Class::Other, "the patient's number", hits);
        }
    }
}

/// Each part of a name of two letters or more, as a whole word in any case. Parts side by side
/// become one hit.
fn find_name(text: &str, name: &str, hits: &mut Vec<Hit>) {
    let mut parts: Vec<Hit> = Vec::new();
    for part in name.split([' ', ',']).filter(|part| part.chars().count() >= 2) {
        add(text, part, Class::Name, "the patient's name", &mut parts);
    }
    parts.sort_by_key(|hit| hit.start);
    for part in parts {
        let joined = hits.last_mut().filter(|last| {
            last.class == Class::Name
                && last.rank == RANK
                && last.end <= part.start
                && text[last.end..part.start].chars().all(|c| " ,".contains(c))
        });
        match joined {
            Some(last) => last.end = part.end,
            None => hits.push(part),
        }
    }
}

/// Whole-word occurrences in any case.
pub(super) fn add(text: &str, value: &str, class: Class, why: &'static str, hits: &mut Vec<Hit>) {
    let value = value.trim();
    if value.chars().count() < 2 {
        return;
    }
    let Ok(pattern) =
        regex::RegexBuilder::new(&regex::escape(value)).case_insensitive(true).build()
    else {
        return;
    };
    for found in pattern.find_iter(text) {
        let before = text[..found.start()].chars().next_back();
        let after = text[found.end()..].chars().next();
        if !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric) {
            let (start, end) = (found.start(), found.end());
            hits.push(Hit { start, end, class, why, rank: RANK });
        }
    }
}

/// A number by its letters and digits, whatever stands between them: blanks, dots, hyphens,
/// brackets.
fn add_number(text: &str, value: &str, class: Class, why: &'static str, hits: &mut Vec<Hit>) {
    let wanted: Vec<char> =
        value.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    if wanted.len() < 4 {
        return;
    }
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    for first in 0..characters.len() {
        let starts_word = first == 0 || !characters[first - 1].1.is_alphanumeric();
        if !starts_word || !characters[first].1.is_alphanumeric() {
            continue;
        }
        let mut matched = 0;
        let mut at = first;
        while matched < wanted.len() && at < characters.len() {
            let character = characters[at].1.to_ascii_lowercase();
            if character == wanted[matched] {
                matched += 1;
            } else if !" .-()/".contains(character) {
                break;
            }
            at += 1;
        }
        let ends_word = characters.get(at).is_none_or(|(_, c)| !c.is_alphanumeric());
        if matched == wanted.len() && ends_word {
            let end = characters.get(at).map_or(text.len(), |(byte, _)| *byte);
            hits.push(Hit { start: characters[first].0, end, class, why, rank: RANK });
        }
    }
}

/// The ways in which a day is written.
fn forms_of(date: Date) -> Vec<String> {
    let formats = [
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y%m%d",
        "%m/%d/%Y",
        "%-m/%-d/%Y",
        "%m-%d-%Y",
        "%m/%d/%y",
        "%-m/%-d/%y",
        "%B %-d, %Y",
        "%B %-d",
        "%b %-d, %Y",
        "%b %-d",
        "%-d %B %Y",
        "%-d %b %Y",
        "%d-%b-%Y",
        "%d.%m.%Y",
    ];
    formats.iter().map(|format| date.strftime(format).to_string()).collect()
}
