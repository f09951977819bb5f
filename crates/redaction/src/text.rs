//! Finding identifiers and sensitive content in text. A finding proposes; a person decides.

mod contact;
mod dates;
mod geography;
mod known;
mod lists;
mod names;
mod numbers;
mod others;
mod phrase;
pub mod sensitive;
mod spoken;
mod streets;
mod vocabulary;
mod world;

pub use known::Known;
pub use others::find_others;
pub use phrase::find_phrase;

use serde::{Deserialize, Serialize};

/// The eighteen identifiers of safe harbor, 45 CFR 164.514(b)(2)(i)(A) to (R).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// (A) Names.
    Name,
    /// (B) Geography below state.
    Geography,
    /// (C) Elements of dates except the year.
    Date,
    /// (C) Ages over 89.
    Age,
    /// (D) Telephone numbers.
    Telephone,
    /// (E) Fax numbers.
    Fax,
    /// (F) E-mail addresses.
    Email,
    /// (G) Social security numbers.
    SocialSecurity,
    /// (H) Medical record numbers.
    MedicalRecord,
    /// (I) Health plan beneficiary numbers.
    HealthPlan,
    /// (J) Account numbers.
    Account,
    /// (K) Certificate and licence numbers.
    Licence,
    /// (L) Vehicles, plates included.
    Vehicle,
    /// (M) Devices and serial numbers.
    Device,
    /// (N) Web addresses.
    Url,
    /// (O) IP addresses.
    Ip,
    /// (P) Biometric identifiers. Never found in text by itself; marked by hand.
    Biometric,
    /// (Q) Full-face photographs. Marked by hand on pages.
    Photograph,
    /// (R) Any other unique number or code.
    Other,
}

impl Class {
    /// Every class, in the order of the rule.
    pub const ALL: [Class; 19] = [
        Class::Name,
        Class::Geography,
        Class::Date,
        Class::Age,
        Class::Telephone,
        Class::Fax,
        Class::Email,
        Class::SocialSecurity,
        Class::MedicalRecord,
        Class::HealthPlan,
        Class::Account,
        Class::Licence,
        Class::Vehicle,
        Class::Device,
        Class::Url,
        Class::Ip,
        Class::Biometric,
        Class::Photograph,
        Class::Other,
    ];

    /// The letter of its paragraph.
    pub fn letter(self) -> char {
        match self {
            Class::Name => 'A',
            Class::Geography => 'B',
            Class::Date | Class::Age => 'C',
            Class::Telephone => 'D',
            Class::Fax => 'E',
            Class::Email => 'F',
            Class::SocialSecurity => 'G',
            Class::MedicalRecord => 'H',
            Class::HealthPlan => 'I',
            Class::Account => 'J',
            Class::Licence => 'K',
            Class::Vehicle => 'L',
            Class::Device => 'M',
            Class::Url => 'N',
            Class::Ip => 'O',
            Class::Biometric => 'P',
            Class::Photograph => 'Q',
            Class::Other => 'R',
        }
    }

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Class::Name => "Name",
            Class::Geography => "Place",
            Class::Date => "Date",
            Class::Age => "Age over 89",
            Class::Telephone => "Telephone",
            Class::Fax => "Fax",
            Class::Email => "E-mail",
            Class::SocialSecurity => "Social security number",
            Class::MedicalRecord => "Medical record number",
            Class::HealthPlan => "Health plan number",
            Class::Account => "Account number",
            Class::Licence => "Certificate or licence",
            Class::Vehicle => "Vehicle",
            Class::Device => "Device",
            Class::Url => "Web address",
            Class::Ip => "IP address",
            Class::Biometric => "Biometric",
            Class::Photograph => "Photograph",
            Class::Other => "Other unique code",
        }
    }

    /// The paragraph: `45 CFR 164.514(b)(2)(i)(A)`.
    pub fn citation(self) -> record::Citation {
        record::Citation::new(format!("45 CFR 164.514(b)(2)(i)({})", self.letter()))
    }
}

/// A place in a text, in characters, with its class and the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
    /// The class.
    pub class: Class,
    /// Why: a phrase for the reviewer, without the text itself.
    pub why: String,
}

/// A finding in bytes, before it is settled with the others.
#[derive(Clone, Debug)]
struct Hit {
    start: usize,
    end: usize,
    class: Class,
    why: &'static str,
    /// The higher wins where two overlap.
    rank: u8,
}

/// Finds identifiers: by what is known of the patient, by form, and by context. Spans are sorted
/// and don't overlap.
pub fn find(text: &str, known: &Known) -> Vec<Span> {
    let mut hits = Vec::new();
    known.find(text, &mut hits);
    contact::find(text, &mut hits);
    numbers::find(text, &mut hits);
    dates::find(text, &mut hits);
    geography::find(text, &mut hits);
    names::find(text, &mut hits);
    spoken::find(text, &mut hits);
    settle(text, hits)
}

/// Texts that must not be found in a packet from which these spans were redacted: the whole, and
/// of names each part of three letters or more, since a family name alone still tells.
pub fn forbidden_parts(text: &str, spans: &[Span]) -> Vec<String> {
    let mut parts = Vec::new();
    for span in spans.iter().filter(|span| span.start < span.end) {
        let whole: String = text.chars().skip(span.start).take(span.end - span.start).collect();
        if span.class == Class::Name {
            let words = whole.split(|c: char| c.is_whitespace() || c == ',' || c == '.');
            parts.extend(words.filter(|word| word.chars().count() >= 3).map(str::to_owned));
        }
        parts.push(whole);
    }
    parts.sort();
    parts.dedup();
    parts
}

/// Keeps the stronger of two overlapping hits, then the longer, and counts in characters.
fn settle(text: &str, mut hits: Vec<Hit>) -> Vec<Span> {
    hits.sort_by_key(|hit| (u8::MAX - hit.rank, usize::MAX - (hit.end - hit.start), hit.start));
    let mut kept: Vec<Hit> = Vec::new();
    for hit in hits {
        if !kept.iter().any(|other| hit.start < other.end && other.start < hit.end) {
            kept.push(hit);
        }
    }
    kept.sort_by_key(|hit| hit.start);
    let mut spans = Vec::with_capacity(kept.len());
    let (mut bytes, mut characters) = (0, 0);
    for hit in kept {
        characters += text[bytes..hit.start].chars().count();
        let length = text[hit.start..hit.end].chars().count();
        let span = Span {
            start: characters,
            end: characters + length,
            class: hit.class,
            why: hit.why.to_owned(),
        };
        spans.push(span);
        characters += length;
        bytes = hit.end;
    }
    spans
}

/// Compiles a pattern of this crate once.
macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        static $name: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
            regex::Regex::new($pattern).expect("the pattern is a constant and tested")
        });
    };
}
pub(crate) use pattern;

/// Adds a hit for group `name` of each match, or for the whole match when there is no such group.
fn add_all(
    hits: &mut Vec<Hit>,
    text: &str,
    pattern: &regex::Regex,
    class: Class,
    rank: u8,
    why: &'static str,
) {
    for found in pattern.captures_iter(text) {
        if let Some(part) = found.name("id").or_else(|| found.get(0)) {
            hits.push(Hit { start: part.start(), end: part.end(), class, why, rank });
        }
    }
}

#[cfg(test)]
mod tests;
