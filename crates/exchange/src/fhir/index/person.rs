//! People, organizations and places: names, numbers, addresses.

use super::{Indexed, at_path, each, span, text};
use jiff::tz::TimeZone;
use record::{BirthDate, PersonName, Private};
use serde_json::Value;

/// A name. Of an organization or a place, only `text` is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// `official`, `maiden`, `nickname`, `old`, …
    pub usage: Option<String>,
    /// Family name.
    pub family: Option<PersonName>,
    /// Given names, in order.
    pub given: Vec<PersonName>,
    /// Titles before the name.
    pub prefix: Vec<String>,
    /// Titles after the name.
    pub suffix: Vec<String>,
    /// The whole name, where it is given so.
    pub text: Option<PersonName>,
}

impl Name {
    /// `Family, Given Middle`, or the whole name as given.
    pub fn shown(&self) -> PersonName {
        let given: Vec<&str> = self.given.iter().map(PersonName::reveal).collect();
        let family = self.family.as_ref().map_or("", PersonName::reveal);
        let shown = match (family.is_empty(), given.is_empty()) {
            (false, false) => format!("{family}, {}", given.join(" ")),
            (false, true) => family.to_owned(),
            (true, false) => given.join(" "),
            (true, true) => self.text.as_ref().map_or("", PersonName::reveal).to_owned(),
        };
        PersonName::new(shown)
    }
}

/// A telephone number or an address of electronic mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telecom {
    /// `phone`, `email`, `fax`, …
    pub system: Option<String>,
    /// The number or address as written.
    pub value: Private,
}

impl Telecom {
    /// The digits of a telephone number, without a leading 1 of eleven.
    pub fn digits(&self) -> Private {
        let digits: String = self.value.reveal().chars().filter(char::is_ascii_digit).collect();
        let is_long = digits.len() == 11 && digits.starts_with('1');
        Private::new(if is_long { &digits[1..] } else { &digits })
    }
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Street lines.
    pub lines: Vec<Private>,
    /// City.
    pub city: Option<Private>,
    /// State.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<Private>,
}

/// A number by which a person is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentifierValue {
    /// Code of HL7 v2 table 0203: `MR`, `SS`, `DL`, `PPN`, `NPI`; `None` where no type is given.
    pub kind: Option<String>,
    /// The namespace.
    pub system: Option<String>,
    /// The number.
    pub value: Private,
}

impl IdentifierValue {
    /// Whether it is a medical record number.
    pub fn is_mrn(&self) -> bool {
        self.kind.as_deref() == Some("MR")
    }
}

/// A link to another record of the same person (`Patient.link`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The other record.
    pub reference: String,
    /// `replaced-by`, `replaces`, `refer`, `seealso`.
    pub kind: Option<String>,
}

const PEOPLE: &[&str] = &["Patient", "Practitioner", "Person", "RelatedPerson"];
const NAMED: &[&str] = &["Organization", "Location", "HealthcareService", "Endpoint"];

/// Fills what is known of a person, organization or place.
pub(super) fn fill(indexed: &mut Indexed, resource: &Value, kind: &str, zone: &TimeZone) {
    let is_person = PEOPLE.contains(&kind);
    if !is_person && !NAMED.contains(&kind) {
        return;
    }
    indexed.names = match is_person {
        true => at_path(resource, "name").into_iter().map(name).collect(),
        false => place_names(resource),
    };
    indexed.telecoms = at_path(resource, "telecom").into_iter().filter_map(telecom).collect();
    indexed.addresses = at_path(resource, "address").into_iter().map(address).collect();
    indexed.identifiers =
        at_path(resource, "identifier").into_iter().filter_map(identifier).collect();
    if !is_person {
        return;
    }
    indexed.birth_date = text(resource, "birthDate").map(BirthDate::new);
    indexed.birth_range = text(resource, "birthDate").and_then(|text| span(text, zone));
    indexed.gender = text(resource, "gender").map(str::to_owned);
    indexed.deceased_at = text(resource, "deceasedDateTime").and_then(|text| span(text, zone));
    indexed.deceased = match resource.get("deceasedBoolean") {
        Some(Value::Bool(flag)) => Some(*flag),
        _ => resource.get("deceasedDateTime").map(|_| true),
    };
    indexed.links = at_path(resource, "link").into_iter().filter_map(link).collect();
}

fn texts(value: &Value, member: &str) -> Vec<String> {
    let values = value.get(member).map(each).unwrap_or_default();
    values.into_iter().filter_map(|value| Some(value.as_str()?.to_owned())).collect()
}

fn name(value: &Value) -> Name {
    Name {
        usage: text(value, "use").map(str::to_owned),
        family: text(value, "family").map(PersonName::new),
        given: texts(value, "given").into_iter().map(PersonName::new).collect(),
        prefix: texts(value, "prefix"),
        suffix: texts(value, "suffix"),
        text: text(value, "text").map(PersonName::new),
    }
}

fn place_names(resource: &Value) -> Vec<Name> {
    let mut names = texts(resource, "name");
    names.extend(texts(resource, "alias"));
    let named = |text| Name { text: Some(PersonName::new(text)), ..Name::default() };
    names.into_iter().map(named).collect()
}

fn telecom(value: &Value) -> Option<Telecom> {
    let number = text(value, "value")?;
    Some(Telecom { system: text(value, "system").map(str::to_owned), value: Private::new(number) })
}

fn address(value: &Value) -> Address {
    Address {
        lines: texts(value, "line").into_iter().map(Private::new).collect(),
        city: text(value, "city").map(Private::new),
        state: text(value, "state").map(str::to_owned),
        postal_code: text(value, "postalCode").map(Private::new),
    }
}

fn identifier(value: &Value) -> Option<IdentifierValue> {
    let kinds = at_path(value, "type.coding");
    Some(IdentifierValue {
        kind: kinds.into_iter().find_map(|coding| Some(text(coding, "code")?.to_owned())),
        system: text(value, "system").map(str::to_owned),
        value: Private::new(text(value, "value")?),
    })
}

fn link(value: &Value) -> Option<Link> {
    let target = value.get("other").or_else(|| value.get("target"))?;
    let reference = text(target, "reference")?.to_owned();
    Some(Link { reference, kind: text(value, "type").map(str::to_owned) })
}
