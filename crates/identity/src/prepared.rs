//! A person brought to the form in which records are compared, once for many comparisons.

use crate::birth_date::{self, DateParts};
use crate::name::{self, Generation, normalise};
use crate::person::{Address, IdentifierKind, NameUse, Person, Sex};
use crate::search::digits_of;

/// A name ready to compare.
#[derive(Clone)]
pub(crate) struct PreparedName {
    pub name_use: NameUse,
    pub family: String,
    pub parts: Vec<String>,
    pub given: Vec<String>,
    pub generation: Option<Generation>,
}

/// An address ready to compare. Parts that are not known are empty.
#[derive(Clone)]
pub(crate) struct PreparedAddress {
    pub number: String,
    pub street: String,
    pub city: String,
    pub postal_code: String,
}

/// A person ready to compare. It has no `Debug`: all of it identifies.
#[derive(Clone)]
pub struct Prepared {
    pub(crate) names: Vec<PreparedName>,
    pub(crate) birth: Option<DateParts>,
    pub(crate) sex: Option<Sex>,
    pub(crate) addresses: Vec<PreparedAddress>,
    pub(crate) phones: Vec<String>,
    pub(crate) emails: Vec<String>,
    pub(crate) national: Vec<(String, String)>,
    pub(crate) others: Vec<(String, String)>,
    pub(crate) multiple_birth: bool,
}

impl Prepared {
    /// Prepares a person.
    pub fn new(person: &Person) -> Prepared {
        let known = |texts: &[record::Private], read: fn(&str) -> Option<String>| {
            texts.iter().filter_map(|text| read(text.reveal())).collect::<Vec<_>>()
        };
        Prepared {
            names: person.names.iter().map(prepare_name).collect(),
            birth: person.birth_date.as_ref().and_then(|date| birth_date::parse(date.reveal())),
            sex: person.sex,
            addresses: person.addresses.iter().filter_map(prepare_address).collect(),
            phones: known(&person.phones, phone_digits),
            emails: known(&person.emails, email),
            national: numbers(person, IdentifierKind::National),
            others: numbers(person, IdentifierKind::Other),
            multiple_birth: person.multiple_birth,
        }
    }
}

fn prepare_name(name: &crate::person::Name) -> PreparedName {
    let family = name::family(name.family.reveal());
    let mut given = name::given_names(name.given.iter().map(|given| given.reveal()));
    let mut generation = Generation::parse(name.suffix.reveal()).or(family.generation);
    while given.len() > 1 {
        match given.last().filter(|last| last.len() > 1).and_then(|last| Generation::parse(last)) {
            Some(found) => generation = generation.or(Some(found)),
            None => break,
        }
        given.pop();
    }
    // John Doe and Jane Doe are what registration calls people without a name.
    let first = given.first().map(String::as_str);
    if family.joined == "doe" && matches!(first, Some("john" | "jane" | "jon") | None) {
        return PreparedName {
            name_use: name.name_use,
            family: String::new(),
            parts: Vec::new(),
            given: Vec::new(),
            generation,
        };
    }
    PreparedName {
        name_use: name.name_use,
        family: family.joined,
        parts: family.parts,
        given,
        generation,
    }
}

/// How street words are shortened (after the abbreviations that postal services publish).
const STREET_WORDS: &[(&str, &str)] = &[
    ("street", "st"),
    ("avenue", "ave"),
    ("av", "ave"),
    ("road", "rd"),
    ("drive", "dr"),
    ("lane", "ln"),
    ("court", "ct"),
    ("place", "pl"),
    ("boulevard", "blvd"),
    ("circuit", "cct"),
    ("crescent", "cres"),
    ("terrace", "ter"),
    ("parkway", "pkwy"),
    ("highway", "hwy"),
    ("square", "sq"),
    ("circle", "cir"),
    ("trail", "trl"),
    ("way", "way"),
    ("close", "cl"),
    ("north", "n"),
    ("south", "s"),
    ("east", "e"),
    ("west", "w"),
    ("apartment", "apt"),
    ("unit", "apt"),
    ("suite", "apt"),
    ("ste", "apt"),
    ("flat", "apt"),
    ("mount", "mt"),
    ("fort", "ft"),
    ("saint", "st"),
    ("center", "ctr"),
    ("centre", "ctr"),
];

/// Words written where there is no street: they say nothing about who lives there.
const NO_STREET: &[&str] =
    &["generaldelivery", "homeless", "unknown", "unk", "none", "noaddress", "nofixedaddress"];

fn prepare_address(address: &Address) -> Option<PreparedAddress> {
    let mut number = String::new();
    let mut street = Vec::new();
    for word in name::words(address.street.reveal()) {
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        if is_number && number.is_empty() {
            number = word.trim_start_matches('0').to_owned();
        } else {
            let short = STREET_WORDS.iter().find(|(long, _)| *long == word);
            street.push(short.map_or(word.clone(), |(_, short)| (*short).to_owned()));
        }
    }
    let mut street = street.join(" ");
    if NO_STREET.contains(&street.replace(' ', "").as_str()) {
        street.clear();
        number.clear();
    }
    let postal = normalise(address.postal_code.reveal());
    let is_zip_plus_four = postal.len() == 9 && postal.bytes().all(|b| b.is_ascii_digit());
    let postal_code = if is_zip_plus_four { postal[..5].to_owned() } else { postal };
    let city = name::words(address.city.reveal()).join(" ");
    let known = !street.is_empty() || !city.is_empty() || !postal_code.is_empty();
    known.then_some(PreparedAddress { number, street, city, postal_code })
}

fn all_one_digit(digits: &str) -> bool {
    digits.bytes().all(|b| Some(b) == digits.bytes().next())
}

/// The last ten digits of a telephone number; numbers that stand for none are left out.
fn phone_digits(text: &str) -> Option<String> {
    let digits = digits_of(text);
    let tail = digits[digits.len().saturating_sub(10)..].to_owned();
    let is_real = tail.len() >= 7 && !all_one_digit(&tail[tail.len() - 7..]);
    is_real.then_some(tail)
}

fn email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (local, domain) = text.split_once('@')?;
    let is_real = !local.is_empty() && !domain.is_empty() && !name::is_placeholder(local);
    is_real.then_some(text)
}

fn numbers(person: &Person, kind: IdentifierKind) -> Vec<(String, String)> {
    let of_kind = person.identifiers.iter().filter(|identifier| identifier.kind == kind);
    of_kind
        .map(|identifier| (identifier.system.clone(), normalise(identifier.value.reveal())))
        .filter(|(_, value)| is_real_number(value))
        .collect()
}

/// Whether a number is no stand-in: not one digit repeated, not 123456789 or 000-... .
fn is_real_number(value: &str) -> bool {
    let is_nine_digits = value.len() == 9 && value.bytes().all(|b| b.is_ascii_digit());
    value.len() >= 4
        && !all_one_digit(value)
        && !["123456789", "987654321", "078051120", "219099999"].contains(&value)
        && !(is_nine_digits && (value.starts_with("000") || value.starts_with("666")))
}
