//! Duplicates, lookalikes and overlays: the ways in which records and persons part.

use crate::chart::Writer;
use crate::names::{CALLED, FAMILY};
use crate::person::{Person, mrn, phone};
use crate::truth::{Overlay, Pair};
use jiff::{ToSpan, civil};

/// What differs in a second registration.
type Change = fn(&mut Person);

/// How a second registration of one person came to differ.
const DUPLICATES: &[(&str, Change)] = &[
    ("nickname", |person| {
        let called = CALLED.iter().find(|(name, _)| *name == person.given);
        person.given = match called {
            Some((_, short)) => (*short).to_owned(),
            None => person.given.chars().take(3).collect(),
        };
        person.middle.clear();
    }),
    ("family-name-misspelled", |person| {
        let mut letters: Vec<char> = person.family.chars().collect();
        let at = letters.len() / 2;
        letters.swap(at - 1, at);
        person.family = letters.into_iter().collect();
        person.ssn.clear();
    }),
    ("birth-date-transposed", |person| {
        let (month, day) = (person.birth.month(), person.birth.day());
        let swapped = civil::Date::new(person.birth.year(), day, month);
        person.birth = swapped.unwrap_or_else(|_| person.birth.saturating_add(9.days()));
        person.ssn.clear();
    }),
    ("former-name", |person| {
        let former = match person.former_family.is_empty() {
            true => FAMILY[person.family.len() * 7 % FAMILY.len()].to_owned(),
            false => std::mem::take(&mut person.former_family),
        };
        person.family = former;
        person.ssn.clear();
    }),
    ("names-swapped", |person| {
        std::mem::swap(&mut person.given, &mut person.family);
        person.ssn.clear();
    }),
    ("moved", |person| {
        person.street = "4 Newhouse Road".to_owned();
        (person.city, person.zip) = ("Sampleford", "00014");
        person.phone = "(312) 555-0199".to_owned();
        person.email.clear();
        person.ssn.clear();
    }),
    ("middle-name-used", |person| {
        std::mem::swap(&mut person.given, &mut person.middle);
    }),
    ("without-numbers", |person| {
        person.ssn.clear();
        person.email.clear();
        person.middle.clear();
    }),
];

/// A second record of the same person, with visits of its own.
pub(crate) fn duplicate(writer: &mut Writer, person: &Person, number: u64, kind: usize) {
    let (kind, change) = DUPLICATES[kind % DUPLICATES.len()];
    let mut second =
        Person { id: format!("{}d", person.id), mrn: mrn(number, 1), ..person.clone() };
    second.deceased = None;
    change(&mut second);
    let second = writer.person(second, false);
    writer.chart.truth.duplicates.push(Pair { left: person.id.clone(), right: second.id, kind });
}

/// Another person who looks the same on paper: a twin, or a parent of the same name.
pub(crate) fn lookalike(writer: &mut Writer, person: &Person, number: u64, is_twin: bool) {
    let mut other = Person { id: format!("{}l", person.id), mrn: mrn(number, 2), ..person.clone() };
    other.deceased = None;
    other.ssn.clear();
    other.email.clear();
    let kind = match is_twin {
        true => {
            let list =
                if other.sex == "female" { crate::names::FEMALE } else { crate::names::MALE };
            let first = person.given.chars().next();
            let named = list
                .iter()
                .find(|name| name.chars().next() == first && **name != person.given.as_str());
            other.given = (*named.unwrap_or(&list[3])).to_owned();
            "twin"
        }
        false => {
            other.birth = person.birth.saturating_sub(26.years()).saturating_sub(40.days());
            other.suffix = "Sr.";
            other.middle = "Lee".to_owned();
            "parent-of-same-name"
        }
    };
    let other = writer.person(other, true);
    writer.chart.truth.lookalikes.push(Pair { left: person.id.clone(), right: other.id, kind });
}

/// A visit of another person, registered under this one's number.
pub(crate) fn overlay(writer: &mut Writer, person: &Person, number: u64) {
    let today = writer.house.today;
    let stranger_number = 900_000 + number;
    let mut stranger = Person::new(stranger_number, today, &mut writer.random);
    stranger.phone = phone(&mut writer.random);
    stranger.mrn = mrn(number, 3);
    stranger.id = format!("{}x", person.id);
    stranger.deceased = None;
    let stranger = writer.person(stranger, false);
    // The stranger's last visit is moved into this person's record; the notes still name them.
    let own = format!("Patient/{}", stranger.id);
    let last = writer.chart.truth.stays.iter().rposition(|stay| stay.patient == stranger.id);
    let Some(last) = last else { return };
    let encounter = writer.chart.truth.stays[last].encounter.clone();
    let theirs = format!("Encounter/{encounter}");
    for resource in &mut writer.chart.resources {
        let is_part = resource["id"] == encounter.as_str()
            || resource["encounter"]["reference"] == theirs.as_str()
            || resource["context"]["reference"] == theirs.as_str()
            || resource["context"]["encounter"][0]["reference"] == theirs.as_str();
        if is_part && resource["subject"]["reference"] == own.as_str() {
            resource["subject"]["reference"] = format!("Patient/{}", person.id).into();
        }
    }
    writer.chart.truth.stays[last].patient = person.id.clone();
    writer.chart.truth.overlays.push(Overlay {
        patient: person.id.clone(),
        encounter,
        belongs_to: stranger.id,
    });
}
