//! What the store's typed columns and R4's searches need from a resource.

pub(crate) mod dates;
mod person;
mod subject;
mod tokens;

pub(crate) use tokens::status;

pub use dates::DateRange;
pub use person::{Address, IdentifierValue, Link, Name, Telecom};
pub use subject::{CHART_NAME, chart_name, is_companion};
pub use tokens::{Code, Token};

use jiff::tz::TimeZone;
use record::{BirthDate, Instant, PartialDate, Reference};
use serde_json::Value;
use std::fmt;

/// A resource's searchable content.
#[derive(Clone, Default)]
pub struct Indexed {
    /// Resource type.
    pub kind: String,
    /// Reference to the patient whose chart this belongs to; for a Patient, itself.
    pub patient: Option<String>,
    /// Every patient in whose compartment it is (an appointment may have two).
    pub patients: Vec<String>,
    /// Names under which it may mean its patient, where it says no id.
    pub patient_names: Vec<String>,
    /// Names ([`chart_name`]) of the charts of the files that it holds as a Binary.
    pub files: Vec<String>,
    /// Entries that it accompanies as a Binary or a Provenance.
    pub accompanied: Vec<Reference>,
    /// Reference to the encounter; for an Encounter, itself.
    pub encounter: Option<String>,
    /// Names under which it may mean its encounter, where it says no id.
    pub encounter_names: Vec<String>,
    /// `status`, or the clinical status of conditions and allergies.
    pub status: Option<String>,
    /// The date under which a chart shows it: the `date` parameter of its type, else the nearest.
    pub date: Option<(Instant, Instant)>,
    /// Every R4 search parameter of type date of the common types.
    pub dates: Vec<DateRange>,
    /// Values of token parameters: identifier, code, category, type, class, status and their like.
    pub tokens: Vec<Token>,
    /// What the entry is about: the coded concept that names it, in the sender's order.
    pub codes: Vec<Code>,
    /// `meta.security`.
    pub security: Vec<(Option<String>, String)>,
    /// `meta.lastUpdated`, as sent.
    pub last_updated: Option<Instant>,
    /// Every literal reference in it, contained ones included.
    pub references: Vec<String>,
    /// Names of a person, or the name of an organization, location or service.
    pub names: Vec<Name>,
    /// Birth date, as sent.
    pub birth_date: Option<BirthDate>,
    /// Instants that the birth date covers.
    pub birth_range: Option<(Instant, Instant)>,
    /// Administrative gender.
    pub gender: Option<String>,
    /// Telephone numbers and addresses of electronic mail.
    pub telecoms: Vec<Telecom>,
    /// Addresses.
    pub addresses: Vec<Address>,
    /// Identifiers of a person, with their type: MRN, SSN, licence.
    pub identifiers: Vec<IdentifierValue>,
    /// Whether the person has died; `None` where nothing is said.
    pub deceased: Option<bool>,
    /// Instants that the time of death covers.
    pub deceased_at: Option<(Instant, Instant)>,
    /// Links to other records of the same person.
    pub links: Vec<Link>,
}

impl fmt::Debug for Indexed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Most of it may identify a patient.
        f.debug_struct("Indexed").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Reads what is searched from a resource. Dates without an offset are taken in `zone`.
pub fn index(resource: &Value, zone: &TimeZone) -> Indexed {
    let kind = text(resource, "resourceType").unwrap_or_default().to_owned();
    let patients = subject::patients(resource, &kind);
    let mut indexed = Indexed {
        patient: patients.first().cloned(),
        patients,
        encounter: subject::encounter(resource, &kind),
        status: tokens::status(resource),
        date: dates::chart_date(resource, &kind, zone),
        dates: dates::dates(resource, &kind, zone),
        tokens: tokens::tokens(resource, &kind),
        codes: tokens::codes(resource, &kind),
        security: security(resource),
        last_updated: last_updated(resource),
        references: super::references(resource).into_iter().map(str::to_owned).collect(),
        ..Indexed::default()
    };
    indexed.files = subject::files(resource, &kind);
    indexed.accompanied = subject::accompanied(resource, &kind);
    if indexed.patient.is_none() {
        indexed.patient_names = subject::patient_names(resource, &kind);
    }
    if indexed.encounter.is_none() {
        indexed.encounter_names = subject::encounter_names(resource, &kind);
    }
    person::fill(&mut indexed, resource, &kind, zone);
    indexed.kind = kind;
    indexed
}

fn security(resource: &Value) -> Vec<(Option<String>, String)> {
    let labels = resource.pointer("/meta/security").map(each).unwrap_or_default();
    let read = |label: &Value| {
        Some((text(label, "system").map(str::to_owned), text(label, "code")?.to_owned()))
    };
    labels.into_iter().filter_map(read).collect()
}

fn last_updated(resource: &Value) -> Option<Instant> {
    Instant::parse(resource.pointer("/meta/lastUpdated")?.as_str()?)
}

/// A member's text.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

/// The values of a list, or the one value that stands alone.
pub(crate) fn each(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

/// The values at a path of member names, through lists: `reaction.substance`.
pub(crate) fn at_path<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = each(value);
    for name in path.split('.') {
        found = found.into_iter().filter_map(|value| value.get(name)).flat_map(each).collect();
        if found.is_empty() {
            break;
        }
    }
    found
}

fn span(text: &str, zone: &TimeZone) -> Option<(Instant, Instant)> {
    PartialDate::parse(text, zone).map(|date| (date.first, date.last))
}

#[cfg(test)]
mod tests;
