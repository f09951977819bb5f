//! Conditional references and creates: searches in place of ids (R4 http.html#ccreate, #trules).

/// A search in place of an id: `Practitioner?identifier=system|value`.
#[derive(Clone, PartialEq, Eq)]
pub struct Conditional {
    /// Resource type; empty in `ifNoneExist`, whose type is the request's.
    pub kind: String,
    /// Names and values, percent signs resolved.
    pub parameters: Vec<(String, String)>,
}

impl Conditional {
    /// Reads a conditional reference, or the query of an `ifNoneExist`. `None` for others.
    pub fn parse(text: &str) -> Option<Conditional> {
        let (kind, query) = text.split_once('?').unwrap_or(("", text));
        let kind = kind.rsplit('/').next().unwrap_or_default();
        if !kind.is_empty() && !super::is_resource_type(kind) {
            return None;
        }
        let pairs: Option<Vec<(String, String)>> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=')?;
                Some((decoded(name), decoded(value)))
            })
            .collect();
        let parameters = pairs.filter(|pairs| !pairs.is_empty())?;
        Some(Conditional { kind: kind.to_owned(), parameters })
    }

    /// The identifier that it asks for, when it asks for one and nothing else: system and value.
    /// The system is `None` where none is stated, and empty where it must be absent (`|value`).
    pub fn identifier(&self) -> Option<(Option<&str>, &str)> {
        let [(name, token)] = self.parameters.as_slice() else { return None };
        if name != "identifier" || token.contains(',') {
            return None;
        }
        Some(match token.split_once('|') {
            Some((system, value)) => (Some(system), value),
            None => (None, token),
        })
    }
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit = |place: usize| bytes.get(place).and_then(|byte| char::from(*byte).to_digit(16));
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'+', ..) => out.push(b' '),
            (byte, ..) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_in_place_of_ids_are_read() {
        let npi = Conditional::parse("Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|99");
        let npi = npi.unwrap();
        assert_eq!(npi.kind, "Practitioner");
        assert_eq!(npi.identifier(), Some((Some("http://hl7.org/fhir/sid/us-npi"), "99")));
        let create = Conditional::parse("identifier=urn%3Ax%7C7").unwrap();
        assert_eq!((create.kind.as_str(), create.identifier()), ("", Some((Some("urn:x"), "7"))));
        let two = Conditional::parse("Patient?name=roe&birthdate=1970-01-01").unwrap();
        assert_eq!((two.parameters.len(), two.identifier()), (2, None));
        assert_eq!(Conditional::parse("identifier=7").unwrap().identifier(), Some((None, "7")));
        assert_eq!(
            Conditional::parse("identifier=|7").unwrap().identifier(),
            Some((Some(""), "7"))
        );
        for text in ["Patient/1", "Pacient?identifier=1", "Patient?", "", "Patient?identifier"] {
            assert!(Conditional::parse(text).is_none(), "{text}");
        }
    }
}
