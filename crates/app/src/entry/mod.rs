//! Entry: registration, encounters, clinical entries, their authentication, drafts.
//!
//! ```text
//! form as typed ──faults──> mended ──build──> resource ──resource_put──> version + work item
//!        └──────draft (saved as typed, found again after logoff)
//! ```

mod authenticate;
mod clinical;
mod codes;
mod drafts;
mod encounter;
mod register;

pub use authenticate::{Waiting, authenticate, waiting};
pub use clinical::{
    EntryForm, Source, check, correct, encounters, enter, form_of, mark_error, relate, sources,
};
pub use codes::diagnosis_codes;
pub use drafts::{Draft, DraftSaved, draft, draft_choose, draft_list, draft_patient, draft_save};
pub use encounter::{
    Event, Registration, admit, change, check_encounter, check_event, encounter_of, registration,
};
pub use register::{
    Duplicate, Registered, check_patient, correct_patient, patient_values, possible_duplicates,
    register,
};

pub use exchange::fhir::build::EntryKind;

use crate::Error;
use crate::error::FieldError;
use exchange::fhir::build::{Desk, FieldError as Fault, Party};
use jiff::tz::TimeZone;
use record::{Actor, Context, Role};
use std::collections::BTreeMap;
use store::work::Facility;
use store::{Store, Transaction, View};

/// The field that says: I looked again, and what is unusual is so.
pub const CONFIRM: &str = "confirm";

/// What was typed into a form, by field.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Given(pub BTreeMap<String, String>);

impl Given {
    /// The trimmed text of a field; empty where it is not given.
    pub fn text(&self, name: &str) -> String {
        self.0.get(name).map(|text| text.trim().to_owned()).unwrap_or_default()
    }

    /// Whether a box is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.text(name) == "yes"
    }

    /// Sets a field, unless it is given already.
    pub fn or_put(&mut self, name: &str, value: impl Into<String>) {
        self.0.entry(name.to_owned()).or_insert(value.into());
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Given {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Given {
        Given(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// The facility at whose desk this is typed, and its time zone.
#[derive(Clone, Debug)]
pub struct Place {
    /// The facility; none before an administrator made one.
    pub facility: Option<Facility>,
    /// Times without an offset are taken in it.
    pub zone: TimeZone,
    /// Nursing units, by name.
    pub units: Vec<String>,
    /// Providers with an account: id and name.
    pub providers: Vec<(i64, String)>,
}

/// Reads the place: nothing of a patient.
///
/// # Errors
/// When the store fails.
pub fn place(store: &Store, context: &Context) -> Result<Place, Error> {
    store.look(context, place_in)
}

pub(crate) fn place_in(view: &mut View<'_>) -> Result<Place, Error> {
    let facility = view.facility_list()?.into_iter().next();
    let zone = zone_of(facility.as_ref());
    let mut units: Vec<String> = view
        .nursing_unit_list()?
        .into_iter()
        .filter(|unit| unit.until_date.is_none())
        .map(|unit| unit.name)
        .collect();
    units.dedup();
    let is_provider =
        |person: &store::person::Person| person.active && person.roles.contains(&Role::Provider);
    let people = view.person_list()?.into_iter().filter(is_provider);
    let providers = people.map(|person| (person.id, person.name)).collect();
    Ok(Place { facility, zone, units, providers })
}

fn zone_of(facility: Option<&Facility>) -> TimeZone {
    let name = facility.map_or("UTC", |facility| facility.time_zone.as_str());
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The time zone of the site, in which pages show times.
pub(crate) fn zone_in(view: &mut View<'_>) -> Result<TimeZone, Error> {
    Ok(zone_of(view.facility_list()?.first()))
}

/// The names behind keys of actors: `person:7` is `Noor Hadley`.
pub(crate) fn names<'k>(
    view: &mut View<'_>,
    keys: impl Iterator<Item = &'k str>,
) -> Result<BTreeMap<String, String>, Error> {
    let mut names = BTreeMap::new();
    for key in keys {
        if names.contains_key(key) {
            continue;
        }
        let name = match key.split_once(':') {
            Some(("person", id)) => match id.parse() {
                Ok(id) => view.person(id)?.map(|person| person.name),
                Err(_) => None,
            },
            Some(("client", id)) => view
                .client_list()?
                .into_iter()
                .find(|client| client.id.to_string() == id)
                .map(|client| format!("{} (program)", client.name)),
            Some(("system", name)) => Some(format!("Chartroom ({name})")),
            _ => None,
        };
        names.insert(key.to_owned(), name.unwrap_or_else(|| key.to_owned()));
    }
    Ok(names)
}

impl Place {
    /// The desk at which it is typed.
    pub(crate) fn desk(&self, context: &Context) -> Desk<'_> {
        Desk { zone: &self.zone, now: context.at }
    }
}

/// The account of the person who acts.
pub(crate) fn person_of(context: &Context) -> Option<i64> {
    match context.actor {
        Actor::Person { id } => Some(id),
        _ => None,
    }
}

/// The person as a party of an entry: their name, and the practitioner they are.
pub(crate) fn party(view: &mut View<'_>, person: i64) -> Result<Party, Error> {
    let person = view.person(person)?.ok_or(Error::NotFound)?;
    let reference = person.practitioner.map(|id| format!("Practitioner/{id}"));
    Ok(Party::new(reference.unwrap_or_default(), person.name))
}

/// The one who types, as a party.
pub(crate) fn self_party(view: &mut View<'_>, context: &Context) -> Result<Party, Error> {
    match person_of(context) {
        Some(id) => party(view, id),
        None => Ok(Party::new("", context.actor.key())),
    }
}

/// The provider that a form names: one with an account, or another by name.
pub(crate) fn provider(
    view: &mut View<'_>,
    given: &Given,
    field: &str,
) -> Result<(Party, Option<i64>), Error> {
    let chosen = given.text(field);
    if let Some(id) = chosen.strip_prefix("person:").and_then(|id| id.parse().ok()) {
        let is_provider = view.person(id)?.is_some_and(|p| p.roles.contains(&Role::Provider));
        if is_provider {
            return Ok((party(view, id)?, Some(id)));
        }
    }
    Ok((Party::new("", given.text(&format!("{field}_name"))), None))
}

/// The faults of a form as the page shows them.
pub(crate) fn faults(found: Vec<Fault>) -> Vec<FieldError> {
    found
        .into_iter()
        .map(|fault| FieldError {
            field: fault.field.to_owned(),
            reason: fault.reason,
            would_do: fault.would_do,
        })
        .collect()
}

/// Refuses what stops the saving, and what is unusual until it is confirmed.
pub(crate) fn settle(found: Vec<Fault>, given: &Given) -> Result<(), Error> {
    if found.is_empty() {
        return Ok(());
    }
    if found.iter().any(Fault::stops) {
        return Err(Error::Invalid(faults(found)));
    }
    if given.ticked(CONFIRM) {
        return Ok(());
    }
    let mut errors = faults(found);
    errors.push(confirm_error());
    Err(Error::Invalid(errors))
}

pub(crate) fn confirm_error() -> FieldError {
    FieldError {
        field: CONFIRM.to_owned(),
        reason: "Something here is unusual.".to_owned(),
        would_do: "Look again; tick that it is right, then save.".to_owned(),
    }
}

/// A fresh FHIR id: 128 random bits.
pub(crate) fn new_fhir_id() -> Result<String, Error> {
    Ok(record::hash::hex(&store::keys::random::<16>()?))
}

/// Refuses when another version came meanwhile.
pub(crate) fn same_version(row: &store::ResourceRow, shown: i64) -> Result<(), Error> {
    if row.number == shown {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "This entry has version {} now; you were shown version {shown}. Nothing was saved. Open \
         the entry to see what changed, then correct it again.",
        row.number
    )))
}

/// Forgets the draft of a form once it is saved.
pub(crate) fn drop_draft(
    transaction: &mut Transaction<'_>,
    context: &Context,
    form: &str,
) -> Result<(), Error> {
    if let Some(person) = person_of(context) {
        transaction.draft_delete(person, form)?;
        transaction.draft_delete(person, &drafts::other(form))?;
    }
    Ok(())
}
