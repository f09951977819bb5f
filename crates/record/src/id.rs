//! Keys and references.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Internal key of a patient: never rewritten, never shown. A merge is a link between two keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PatientKey(pub i64);

/// Internal key of a resource: never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResourceKey(pub i64);

/// A literal reference: type and logical id (`Patient/a1`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reference {
    /// FHIR resource type.
    pub kind: String,
    /// Logical id, unique in its type.
    pub id: String,
}

impl Reference {
    /// A reference from its two parts.
    pub fn new(kind: impl Into<String>, id: impl Into<String>) -> Reference {
        Reference { kind: kind.into(), id: id.into() }
    }

    /// Reads `Type/id`, with or without `/_history/n`.
    ///
    /// Returns `None` for fragments, `urn:` references, searches, and absolute addresses: what
    /// stands on another server is not what has the same id here (FHIR R4, references, 2.3.0.1).
    pub fn parse(text: &str) -> Option<Reference> {
        match text.contains("://") {
            true => None,
            false => Reference::at_the_end_of(text),
        }
    }

    /// Reads an absolute address `https://server/base/Type/id`, with or without `/_history/n`:
    /// the base, without a slash at its end, and what stands there.
    pub fn parse_absolute(text: &str) -> Option<(&str, Reference)> {
        let reference = Reference::at_the_end_of(text).filter(|_| text.contains("://"))?;
        let whole = text.split("/_history/").next().unwrap_or(text);
        let base = whole.strip_suffix(&reference.id)?.strip_suffix('/')?;
        let base = base.strip_suffix(&reference.kind)?.strip_suffix('/')?;
        Some((base, reference))
    }

    fn at_the_end_of(text: &str) -> Option<Reference> {
        if text.starts_with('#') || text.starts_with("urn:") || text.contains('?') {
            return None;
        }
        let text = text.split("/_history/").next().unwrap_or(text);
        let mut parts = text.rsplit('/');
        let id = parts.next()?;
        let kind = parts.next()?;
        (is_id(id) && is_kind(kind)).then(|| Reference::new(kind, id))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

/// Whether the text is a FHIR logical id: 1 to 64 of `A-Z a-z 0-9 - .` (FHIR R4, datatypes, id).
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

/// Whether the text has the shape of a resource type's name.
pub fn is_kind(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_read() {
        let table = [
            ("Patient/a1", Some(("Patient", "a1"))),
            ("https://example.org/fhir/Patient/a1", None),
            ("/Patient/a1", Some(("Patient", "a1"))),
            ("Patient/a1/_history/2", Some(("Patient", "a1"))),
            ("#p", None),
            ("urn:uuid:0c", None),
            ("Practitioner?identifier=a|b", None),
            ("Patient", None),
            ("patient/a1", None),
            ("Patient/a_1", None),
        ];
        for (text, expected) in table {
            let expected = expected.map(|(kind, id)| Reference::new(kind, id));
            assert_eq!(Reference::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn absolute_addresses_are_read_with_their_base() {
        let table = [
            ("https://example.org/fhir/Patient/a1", Some("https://example.org/fhir")),
            ("http://example.org:8080/Patient/a1/_history/3", Some("http://example.org:8080")),
            ("Patient/a1", None),
            ("https://example.org/Patient?identifier=a", None),
            ("urn:uuid:0c", None),
        ];
        for (text, base) in table {
            let expected = base.map(|base| (base, Reference::new("Patient", "a1")));
            assert_eq!(Reference::parse_absolute(text), expected, "{text}");
        }
    }
}
