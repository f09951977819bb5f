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

    /// Reads `Type/id`, also at the end of an absolute URL, with or without `/_history/n`.
    ///
    /// Returns `None` for fragments, `urn:` references and searches.
    pub fn parse(text: &str) -> Option<Reference> {
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
            ("https://example.org/fhir/Patient/a1", Some(("Patient", "a1"))),
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
}
