//! What is kept beside a record so that desks and searches find it: recomputed from the record
//! at any time, so never a truth of its own.

use crate::engine::column_text;
use crate::search;
use crate::typed::{TypedRow, typed_rows};
use exchange::fhir::{Attachment, CHART_NAME, Indexed, Telecom, index};
use identity::{Identifier, IdentifierKind, Person, Sex};
use jiff::tz::TimeZone;
use record::{Instant, LabelMask, PersonName, Private, Reference};
use ring::digest::{SHA256, digest};
use serde_json::Value;
use std::collections::BTreeSet;

/// The longest word of a note that is indexed, in letters.
const WORD_LETTERS_MAX: usize = 32;

/// The searchable rows of one version.
#[derive(Clone, Debug, Default)]
pub struct Projection {
    /// FHIR id of the patient whose chart it belongs to.
    pub patient: Option<String>,
    /// Names under which it may mean its patient, where it says no id.
    pub patient_names: Vec<String>,
    /// Names of the charts of files that it holds: theirs is its own.
    pub(crate) files: Vec<String>,
    /// Files that it holds; of a file or a statement of provenance, the entries that it is about.
    /// Sorted.
    pub tied: Vec<Reference>,
    /// FHIR id of its encounter.
    pub encounter: Option<String>,
    /// Names under which it may mean its encounter.
    pub encounter_names: Vec<String>,
    /// Of a Patient and an Encounter: digests of its identifiers, by which others may name it.
    pub(crate) identifiers: Vec<i64>,
    /// Classes that its own `meta.security` states.
    pub labels: LabelMask,
    /// Its status.
    pub status: Option<String>,
    /// The instants that its date covers.
    pub date: Option<(Instant, Instant)>,
    /// Digests of its tokens, sorted.
    pub tokens: Vec<i64>,
    /// Digests of the names for which it waits, sorted.
    pub(crate) awaited: Vec<i64>,
    /// Words of its text, sorted.
    pub words: Vec<String>,
    /// Whether it holds a PDF, whose words are read later, in a process with limits.
    pub(crate) has_pdf: bool,
    /// Of a Patient: what Find shows and searches.
    pub person: Option<PersonRow>,
    /// Of an Encounter, a coded entry, a charge: what statistics read.
    pub(crate) typed: Vec<TypedRow>,
}

/// What Find shows of a patient, and the terms that find them.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// `Family, Given`.
    pub name: PersonName,
    /// As registered; empty where unknown.
    pub birth_date: String,
    /// `female`, `male`, `other`, `unknown` or empty.
    pub sex: String,
    /// The first medical record number.
    pub mrn: String,
    /// Whether the patient has died.
    pub deceased: bool,
    /// Keys of `identity::person_keys`, sorted.
    pub terms: Vec<String>,
}

impl Projection {
    /// Computes the rows of a resource.
    pub fn of(resource: &Value) -> Projection {
        let indexed = index(resource, &TimeZone::UTC);
        let kind = indexed.kind.as_str();
        let id = resource.get("id").and_then(Value::as_str).unwrap_or_default();
        let of_kind = |text: &str, wanted: &str| {
            Reference::parse(text).filter(|r| r.kind == wanted).map(|r| r.id)
        };
        let patient = match kind {
            "Patient" => Some(id.to_owned()),
            _ => indexed.patient.as_deref().and_then(|text| of_kind(text, "Patient")),
        };
        let encounter = match kind {
            "Encounter" => Some(id.to_owned()),
            _ => indexed.encounter.as_deref().and_then(|text| of_kind(text, "Encounter")),
        };
        let identifiers = match kind {
            "Patient" | "Encounter" => identifiers_of(&indexed),
            _ => Vec::new(),
        };
        let files = exchange::fhir::attachments(resource);
        Projection {
            patient,
            encounter,
            has_pdf: files.iter().any(Attachment::is_inline_pdf),
            identifiers,
            files: indexed.files.clone(),
            tied: tied_of(&indexed),
            patient_names: indexed.patient_names.clone(),
            encounter_names: indexed.encounter_names.clone(),
            labels: exchange::fhir::label_mask(&indexed.security),
            status: indexed.status.clone(),
            date: indexed.date,
            tokens: tokens_of(&indexed),
            awaited: awaited_of(&indexed),
            words: words_of(resource, &indexed, &files),
            person: (kind == "Patient").then(|| person_row(resource, &indexed)),
            typed: typed_rows(resource),
        }
    }
}

/// Digest of a token as `parameter = system | code`; without a system, of the code in any system.
///
/// Sixty-four bits of SHA-256: two tokens of one store share a digest once in some 10^19 pairs.
pub fn token_digest(kind: &str, parameter: &str, system: Option<&str>, code: &str) -> i64 {
    let text = match system {
        Some(system) => format!("{kind}\0{parameter}\0{system}\0{code}"),
        None => format!("{kind}\0{parameter}\0\0\0{code}"),
    };
    let hash = digest(&SHA256, text.as_bytes());
    i64::from_le_bytes(hash.as_ref()[..8].try_into().expect("SHA-256 has 32 bytes"))
}

/// Parameters that may be asked for by system alone.
const SYSTEM_PARAMETERS: &[&str] = &["code", "identifier"];

/// Words of the text, names and birth date, sorted.
fn words_of(resource: &Value, indexed: &Indexed, files: &[Attachment<'_>]) -> Vec<String> {
    let mut found: Vec<String> = search::terms::words_of(indexed).iter().map(column_text).collect();
    let text = exchange::fhir::text_with(resource, files);
    found.extend(text.map(|text| words(&text)).unwrap_or_default());
    found.sort_unstable();
    found.dedup();
    found
}

fn tokens_of(indexed: &Indexed) -> Vec<i64> {
    let mut digests = BTreeSet::new();
    for (parameter, text) in search::terms::exact_of(indexed) {
        digests.insert(token_digest(&indexed.kind, parameter, None, text));
    }
    for token in &indexed.tokens {
        let (kind, parameter) = (&indexed.kind, token.parameter);
        digests.insert(token_digest(kind, parameter, None, &token.code));
        let system = token.system.as_deref().unwrap_or("");
        digests.insert(token_digest(kind, parameter, Some(system), &token.code));
        if SYSTEM_PARAMETERS.contains(&parameter) && !system.is_empty() {
            digests.insert(token_digest(kind, parameter, Some(system), ""));
        }
    }
    digests.into_iter().collect()
}

fn awaited_of(indexed: &Indexed) -> Vec<i64> {
    let names = indexed.patient_names.iter().chain(&indexed.encounter_names);
    let digests: BTreeSet<i64> = names.map(|name| crate::named::awaited(name)).collect();
    digests.into_iter().collect()
}

/// Files that it holds, and entries that it accompanies.
fn tied_of(indexed: &Indexed) -> Vec<Reference> {
    let held =
        indexed.files.iter().filter_map(|name| Reference::parse(name.strip_prefix(CHART_NAME)?));
    let tied: BTreeSet<Reference> = held.chain(indexed.accompanied.iter().cloned()).collect();
    tied.into_iter().collect()
}

/// Digests under which a search by identifier finds this, with a system and without.
fn identifiers_of(indexed: &Indexed) -> Vec<i64> {
    let mut digests = BTreeSet::new();
    for token in indexed.tokens.iter().filter(|token| token.parameter == "identifier") {
        let system = token.system.as_deref().unwrap_or("");
        digests.insert(token_digest(&indexed.kind, "identifier", None, &token.code));
        digests.insert(token_digest(&indexed.kind, "identifier", Some(system), &token.code));
    }
    digests.into_iter().collect()
}

/// The words of a text as they are indexed: lower case, letters and digits, each once.
pub fn words(text: &str) -> Vec<String> {
    let words: BTreeSet<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| (2..=WORD_LETTERS_MAX).contains(&word.chars().count()))
        .map(str::to_lowercase)
        .collect();
    words.into_iter().collect()
}

fn person_row(resource: &Value, indexed: &Indexed) -> PersonRow {
    let person = person_of(resource, indexed);
    let mrn = indexed.identifiers.iter().find(|i| i.is_mrn()).or(indexed.identifiers.first());
    PersonRow {
        name: indexed.names.first().map(|name| name.shown()).unwrap_or_default(),
        birth_date: indexed.birth_date.as_ref().map_or("", |d| d.reveal()).to_owned(),
        sex: indexed.gender.clone().unwrap_or_default(),
        mrn: mrn.map_or("", |i| i.value.reveal()).to_owned(),
        deceased: indexed.deceased == Some(true),
        terms: identity::person_keys(&person),
    }
}

/// The person whom a Patient resource describes, in the words of matching.
pub fn person(resource: &Value) -> Person {
    person_of(resource, &index(resource, &TimeZone::UTC))
}

fn person_of(resource: &Value, indexed: &Indexed) -> Person {
    let private = |value: &Option<Private>| value.clone().unwrap_or_default();
    let of_system = |system: &str| -> Vec<Private> {
        let wanted = |t: &&Telecom| t.system.as_deref() == Some(system);
        indexed.telecoms.iter().filter(wanted).map(|t| t.value.clone()).collect()
    };
    Person {
        names: indexed.names.iter().map(name_of).collect(),
        birth_date: indexed.birth_date.clone(),
        sex: indexed.gender.as_deref().and_then(Sex::parse),
        addresses: indexed
            .addresses
            .iter()
            .map(|address| identity::Address {
                street: address.lines.first().cloned().unwrap_or_default(),
                city: private(&address.city),
                state: Private::new(address.state.clone().unwrap_or_default()),
                postal_code: private(&address.postal_code),
            })
            .collect(),
        phones: of_system("phone"),
        emails: of_system("email"),
        identifiers: indexed.identifiers.iter().map(identifier_of).collect(),
        multiple_birth: resource.get("multipleBirthBoolean") == Some(&Value::Bool(true))
            || resource.get("multipleBirthInteger").is_some(),
    }
}

fn name_of(name: &exchange::fhir::Name) -> identity::Name {
    let text = name.text.as_ref().map_or("", PersonName::reveal);
    let family = name.family.as_ref().map_or("", PersonName::reveal);
    let given: Vec<&str> = name.given.iter().map(PersonName::reveal).collect();
    match (family.is_empty(), given.is_empty()) {
        (true, true) => {
            let (given, family) = text.rsplit_once(' ').unwrap_or(("", text));
            identity::Name::new(family, given)
        }
        _ => identity::Name::new(family, &given.join(" ")),
    }
}

fn identifier_of(identifier: &exchange::fhir::IdentifierValue) -> Identifier {
    let kind = match identifier.kind.as_deref() {
        Some("MR") => IdentifierKind::MedicalRecord,
        Some("SS" | "SB" | "NI") => IdentifierKind::National,
        _ => IdentifierKind::Other,
    };
    let system = identifier.system.as_deref().unwrap_or("");
    Identifier::new(kind, system, identifier.value.reveal())
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::SensitiveClass;
    use serde_json::json;

    #[test]
    fn a_patient_is_found_by_what_they_are_called() {
        let projection = Projection::of(&json!({
            "resourceType": "Patient", "id": "a",
            "name": [{"family": "Roe", "given": ["Jane", "Ann"]}],
            "birthDate": "1980-03-04", "gender": "female",
            "meta": {"security": [exchange::fhir::security_label(SensitiveClass::Vip)]},
        }));
        let row = projection.person.unwrap();
        assert_eq!(row.name.reveal(), "Roe, Jane Ann");
        for term in ["n:roe", "n:jane", "b:1980-03-04"] {
            assert!(row.terms.iter().any(|known| known == term), "{term}");
        }
        assert_eq!(projection.patient.as_deref(), Some("a"));
        assert!(projection.labels.contains(SensitiveClass::Vip));
    }

    #[test]
    fn words_are_lower_case_and_once() {
        assert_eq!(words("Chest pain; CHEST X-ray, 2 views"), ["chest", "pain", "ray", "views"]);
    }
}
