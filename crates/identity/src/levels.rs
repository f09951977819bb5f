//! How far each field of two prepared people agrees.

use crate::birth_date::DateParts;
use crate::frequency::is_common_given;
use crate::model::{Field, Level, Model};
use crate::name::{Generation, sound_alike};
use crate::nickname::are_forms_of_one_name;
use crate::person::NameUse;
use crate::prepared::{Prepared, PreparedAddress, PreparedName};
use rapidfuzz::distance::{jaro_winkler, osa};

/// Jaro-Winkler similarity from which two words count as near.
const NEAR_SIMILARITY_MIN: f64 = 0.92;

/// The level of every field, in the order of [`Field::ALL`].
pub type Levels = [Level; Field::ALL.len()];

/// Levels and what the weights need beside them.
pub(crate) struct Agreement {
    pub levels: Levels,
    /// The family name that both share, for its frequency.
    pub family: Option<String>,
    /// The given name that both share, for its frequency.
    pub given: Option<String>,
    /// Given names a letter apart that are names of two people: `Jayden` and `Hayden`.
    pub givens_look_like_two: bool,
}

/// The levels at which two people agree. The names that agree best are taken.
pub fn levels(a: &Prepared, b: &Prepared, model: &Model) -> Levels {
    agreement(a, b, model).levels
}

pub(crate) fn agreement(a: &Prepared, b: &Prepared, model: &Model) -> Agreement {
    let names = best_names(a, b, model);
    Agreement {
        levels: [
            names.family,
            names.given,
            names.middle,
            names.suffix,
            birth_level(a.birth, b.birth),
            equal_or_not(a.sex, b.sex),
            best(&a.addresses, &b.addresses, address_level, ADDRESS_ORDER),
            best(&a.phones, &b.phones, |a, b| phone_level(a, b), CONTACT_ORDER),
            best(&a.emails, &b.emails, |a, b| email_level(a, b), CONTACT_ORDER),
            national_level(a, b),
            identifier_level(a, b),
        ],
        family: names.shared_family,
        given: names.shared_given,
        givens_look_like_two: names.givens_look_like_two,
    }
}

fn near(a: &str, b: &str) -> bool {
    let letters = a.chars().count().min(b.chars().count());
    let errors_max = if letters >= 8 { 2 } else { usize::from(letters >= 4) };
    errors_max > 0
        && (osa::distance(a.chars(), b.chars()) <= errors_max
            || jaro_winkler::similarity(a.chars(), b.chars()) >= NEAR_SIMILARITY_MIN)
}

fn equal_or_not<T: PartialEq>(a: Option<T>, b: Option<T>) -> Level {
    match (a, b) {
        (Some(a), Some(b)) if a == b => Level::Exact,
        (Some(_), Some(_)) => Level::Different,
        _ => Level::Missing,
    }
}

struct NameLevels {
    family: Level,
    given: Level,
    middle: Level,
    suffix: Level,
    shared_family: Option<String>,
    shared_given: Option<String>,
    givens_look_like_two: bool,
}

fn best_names(a: &Prepared, b: &Prepared, model: &Model) -> NameLevels {
    let mut best: Option<(f64, NameLevels)> = None;
    for one in &a.names {
        for other in &b.names {
            let found = name_levels(one, other);
            let weight = model.weight_bits(Field::Family, found.family)
                + model.weight_bits(Field::Given, found.given);
            if best.as_ref().is_none_or(|(so_far, _)| weight > *so_far) {
                best = Some((weight, found));
            }
        }
    }
    best.map(|(_, found)| found).unwrap_or(NameLevels {
        family: Level::Missing,
        given: Level::Missing,
        middle: Level::Missing,
        suffix: Level::Missing,
        shared_family: None,
        shared_given: None,
        givens_look_like_two: false,
    })
}

fn name_levels(a: &PreparedName, b: &PreparedName) -> NameLevels {
    let mut family = family_level(a, b);
    let mut given = given_level(&a.given, &b.given);
    if family == Level::Different && is_transposed(a, b) {
        (family, given) = (Level::Transposed, Level::Transposed);
    }
    let is_shared = family == Level::Exact;
    let is_in_use = a.name_use == NameUse::Official && b.name_use == NameUse::Official;
    if is_shared && !is_in_use {
        family = Level::OtherName;
    }
    NameLevels {
        family,
        given,
        middle: middle_level(&a.given, &b.given),
        suffix: suffix_level(a.generation, b.generation),
        shared_family: is_shared.then(|| a.family.clone()),
        shared_given: (given == Level::Exact).then(|| a.given.first().cloned()).flatten(),
        givens_look_like_two: given == Level::Near && look_like_two(&a.given, &b.given),
    }
}

fn family_level(a: &PreparedName, b: &PreparedName) -> Level {
    if a.family.is_empty() || b.family.is_empty() {
        return Level::Missing;
    }
    if a.family == b.family {
        return Level::Exact;
    }
    let part_of = |parts: &[String], whole: &str| {
        parts.len() > 1 && parts.iter().any(|part| part.len() >= 3 && part == whole)
    };
    if part_of(&a.parts, &b.family) || part_of(&b.parts, &a.family) {
        return Level::OtherName;
    }
    if near(&a.family, &b.family) {
        return Level::Near;
    }
    if sound_alike(&a.family, &b.family) { Level::Phonetic } else { Level::Different }
}

fn given_level(a: &[String], b: &[String]) -> Level {
    let (Some(first_a), Some(first_b)) = (a.first(), b.first()) else {
        return Level::Missing;
    };
    if first_a == first_b || (a.len() != b.len() && a.concat() == b.concat()) {
        return Level::Exact;
    }
    let (short, long) =
        if first_a.len() < first_b.len() { (first_a, first_b) } else { (first_b, first_a) };
    if short.chars().count() == 1 {
        return if long.starts_with(short.as_str()) { Level::Initial } else { Level::Different };
    }
    if are_forms_of_one_name(first_a, first_b) {
        return Level::Nickname;
    }
    let is_long = |name: &String| name.chars().count() > 1;
    if b[1..].iter().any(|name| is_long(name) && name == first_a)
        || a[1..].iter().any(|name| is_long(name) && name == first_b)
    {
        return Level::OtherName;
    }
    if near(first_a, first_b) {
        return Level::Near;
    }
    if short.chars().count() >= 3 && long.starts_with(short.as_str()) {
        return Level::Nickname;
    }
    if sound_alike(first_a, first_b) { Level::Phonetic } else { Level::Different }
}

/// Parents call twins Jayden and Hayden, Erica and Eric: another first letter, a last letter that
/// makes a woman's name of a man's, or two names that both are common. Typing errors mostly fall
/// elsewhere, and make no common name.
fn look_like_two(a: &[String], b: &[String]) -> bool {
    let (Some(a), Some(b)) = (a.first(), b.first()) else { return false };
    let other_first = a.chars().next() != b.chars().next();
    let ends = |long: &str, short: &str| {
        long.strip_prefix(short).is_some_and(|rest| matches!(rest, "a" | "e" | "ie" | "ina"))
    };
    let both_common = is_common_given(a) && is_common_given(b);
    other_first || ends(a, b) || ends(b, a) || both_common
}

fn middle_level(a: &[String], b: &[String]) -> Level {
    let (Some(middle_a), Some(middle_b)) = (a.get(1), b.get(1)) else {
        return Level::Missing;
    };
    if middle_a == middle_b {
        return if middle_a.len() == 1 { Level::Initial } else { Level::Exact };
    }
    let has_initial = middle_a.chars().count() == 1 || middle_b.chars().count() == 1;
    if has_initial && middle_a.chars().next() == middle_b.chars().next() {
        return Level::Initial;
    }
    let alike = near(middle_a, middle_b) || are_forms_of_one_name(middle_a, middle_b);
    if alike { Level::Near } else { Level::Different }
}

fn suffix_level(a: Option<Generation>, b: Option<Generation>) -> Level {
    match (a, b) {
        (Some(a), Some(b)) if a.conflicts_with(b) => Level::Different,
        (Some(_), Some(_)) => Level::Exact,
        _ => Level::Missing,
    }
}

fn is_transposed(a: &PreparedName, b: &PreparedName) -> bool {
    let (Some(given_a), Some(given_b)) = (a.given.first(), b.given.first()) else {
        return false;
    };
    let alike = |one: &str, other: &str| one == other || near(one, other);
    alike(&a.family, given_b) && alike(&b.family, given_a)
}

fn birth_level(a: Option<DateParts>, b: Option<DateParts>) -> Level {
    let (Some(a), Some(b)) = (a, b) else { return Level::Missing };
    let (Some(digits_a), Some(digits_b)) = (a.digits(), b.digits()) else {
        let same_month = a.month.is_none() || b.month.is_none() || a.month == b.month;
        return if a.year == b.year && same_month { Level::Partial } else { Level::Different };
    };
    if a == b {
        return Level::Exact;
    }
    if a.year == b.year && a.month == b.day && a.day == b.month {
        return Level::Transposed;
    }
    if osa::distance(digits_a.chars(), digits_b.chars()) == 1 {
        return Level::Near;
    }
    let same = [a.year == b.year, a.month == b.month, a.day == b.day];
    let is_partial = same.iter().filter(|same| **same).count() == 2;
    if is_partial { Level::Partial } else { Level::Different }
}

const ADDRESS_ORDER: &[Level] =
    &[Level::Exact, Level::Near, Level::Partial, Level::City, Level::Different];
const CONTACT_ORDER: &[Level] = &[Level::Exact, Level::Near, Level::Partial, Level::Different];

/// The best level among all pairs, by the given order; missing where nothing can be compared.
fn best<T>(a: &[T], b: &[T], level: fn(&T, &T) -> Level, order: &[Level]) -> Level {
    let pairs = a.iter().flat_map(|one| b.iter().map(move |other| level(one, other)));
    let rank = |level: Level| order.iter().position(|one| *one == level);
    pairs.filter_map(rank).min().and_then(|rank| order.get(rank).copied()).unwrap_or(Level::Missing)
}

fn address_level(a: &PreparedAddress, b: &PreparedAddress) -> Level {
    let known = |one: &str, other: &str| !one.is_empty() && !other.is_empty();
    let same_postal = known(&a.postal_code, &b.postal_code) && a.postal_code == b.postal_code;
    let same_city = known(&a.city, &b.city) && (a.city == b.city || near(&a.city, &b.city));
    let place_known = known(&a.postal_code, &b.postal_code) || known(&a.city, &b.city);
    let same_place = same_postal || same_city || !place_known;
    if known(&a.street, &b.street) && same_place {
        let same_number = a.number == b.number;
        if same_number && a.street == b.street {
            return Level::Exact;
        }
        let alike = street_alike(&a.street, &b.street);
        let number_near = !a.number.is_empty() && near_number(&a.number, &b.number);
        if (same_number && alike) || (number_near && a.street == b.street) {
            return Level::Near;
        }
    }
    match (same_postal, same_city) {
        (true, _) => Level::Partial,
        (false, true) => Level::City,
        _ if place_known => Level::Different,
        _ if known(&a.street, &b.street) => Level::Different,
        _ => Level::Missing,
    }
}

fn street_alike(a: &str, b: &str) -> bool {
    a == b
        || a.starts_with(b)
        || b.starts_with(a)
        || osa::normalized_similarity(a.chars(), b.chars()) >= 0.75
}

fn near_number(a: &str, b: &str) -> bool {
    a.len() >= 2 && osa::distance(a.chars(), b.chars()) == 1
}

fn phone_level(a: &str, b: &str) -> Level {
    if a.ends_with(b) || b.ends_with(a) {
        return Level::Exact;
    }
    let is_near = a.len() == b.len() && osa::distance(a.chars(), b.chars()) == 1;
    if is_near { Level::Near } else { Level::Different }
}

fn email_level(a: &str, b: &str) -> Level {
    if a == b {
        return Level::Exact;
    }
    let local = |text: &str| text.split('@').next().map(str::to_owned);
    let same_local = local(a) == local(b);
    let is_near = same_local || osa::distance(a.chars(), b.chars()) <= 1;
    if is_near { Level::Near } else { Level::Different }
}

fn same_system(a: &str, b: &str) -> bool {
    a.is_empty() || b.is_empty() || a == b
}

fn national_level(a: &Prepared, b: &Prepared) -> Level {
    let number = |(system_a, a): &(String, String), (system_b, b): &(String, String)| {
        if !same_system(system_a, system_b) {
            return Level::Missing;
        }
        if a == b {
            return if a.len() > 4 { Level::Exact } else { Level::Partial };
        }
        let is_short = a.len() == 4 || b.len() == 4;
        if is_short {
            let fits = a.ends_with(b.as_str()) || b.ends_with(a.as_str());
            return if fits { Level::Partial } else { Level::Different };
        }
        let is_near = osa::distance(a.chars(), b.chars()) <= 1;
        if is_near { Level::Near } else { Level::Different }
    };
    best(&a.national, &b.national, number, CONTACT_ORDER)
}

fn identifier_level(a: &Prepared, b: &Prepared) -> Level {
    let shared = a.others.iter().any(|one| b.others.contains(one));
    if shared { Level::Exact } else { Level::Missing }
}
