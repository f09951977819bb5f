//! Authentication: a provider takes responsibility for what was entered for them
//! (42 CFR 482.24(c)(1)).

use super::{party, person_of, place_in};
use crate::Error;
use crate::access::{Right, require};
use crate::chart::shown;
use exchange::fhir::build::authenticate as mark;
use record::{Context, ResourceKey, Role};
use store::find::PatientRow;
use store::work::WorkItem;
use store::{Action, AuditEntry, Prepared, Store};

/// Entries that the list shows, at most.
const WAITING_MAX: i64 = 200;

/// An entry that waits for its provider.
#[derive(Clone)]
pub struct Waiting {
    /// The work.
    pub work: WorkItem,
    /// Whose chart.
    pub patient: PatientRow,
    /// The entry.
    pub entry: crate::chart::Entry,
    /// The text of a note: nobody signs what they have not read.
    pub text: Option<String>,
}

/// What waits for the authentication of the one who asks, the oldest first.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn waiting(store: &Store, context: &Context) -> Result<Vec<Waiting>, Error> {
    require(store, context, Right::Authenticate)?;
    let Some(person) = person_of(context) else { return Ok(Vec::new()) };
    store.read(context, |view| {
        let zone = super::zone_in(view)?;
        let mut found = Vec::new();
        for work in view.work_of_kind("authenticate", Role::Provider, person, WAITING_MAX)? {
            let Some(row) = view.resource_by_key(ResourceKey(work.subject))? else { continue };
            let Some(patient) = row.patient.map(|key| view.patient_row(key)).transpose()? else {
                continue;
            };
            let Some(patient) = patient else { continue };
            let text = exchange::fhir::text(&view.resource_value(&row)?);
            found.push(Waiting { work, patient, entry: shown(view, row, &zone)?, text });
        }
        let patients = found.iter().map(|one| one.patient.patient);
        let entry = AuditEntry::new(context, "authenticate.list", "work").patients(patients);
        Ok((found, entry))
    })
}

/// Authenticates entries, each in the version that was read: a new version that says by whom and
/// when. Returns how many.
///
/// # Errors
/// [`Error::Refused`] for one that waits for another provider or for nobody;
/// [`Error::Conflict`] where it was corrected meanwhile. Then none is authenticated.
pub fn authenticate(
    store: &Store,
    context: &Context,
    entries: &[(ResourceKey, i64)],
) -> Result<usize, Error> {
    require(store, context, Right::Authenticate)?;
    let person = person_of(context)
        .ok_or_else(|| Error::Forbidden("Only a person authenticates entries.".into()))?;
    if entries.is_empty() {
        return Err(Error::Refused("Choose the entries that you authenticate.".into()));
    }
    store.write(context, |transaction| {
        let place = place_in(transaction)?;
        let by = party(transaction, person)?;
        let mut patients = Vec::new();
        for (key, version) in entries {
            let row = transaction.resource_by_key(*key)?.ok_or(Error::NotFound)?;
            super::same_version(&row, *version)?;
            let work = transaction.work_about("authenticate", key.0)?.ok_or_else(|| {
                Error::Refused("This entry waits for no authentication: it may be done.".into())
            })?;
            if work.assigned_to.is_some_and(|other| other != person) {
                return Err(Error::Refused(
                    "This entry waits for another provider. Only who made it authenticates it \
                     (42 CFR 482.24(c)(1))."
                        .into(),
                ));
            }
            let mut value = transaction.resource_value(&row)?;
            if !mark(&mut value, &by, &place.desk(context)) {
                return Err(Error::Refused(
                    "This entry came from outside: its source authenticates it.".into(),
                ));
            }
            let prepared = Prepared::new(&value, None)?;
            let row =
                transaction.resource_put(&prepared, Some(&row), Action::Update, "authenticated")?;
            crate::completion::review_entry(transaction, &row)?;
            transaction.work_close("authenticate", key.0, true)?;
            patients.extend(row.patient);
        }
        let ids: Vec<String> = entries.iter().map(|(key, _)| key.0.to_string()).collect();
        let detail = format!(r#"{{"entries":[{}]}}"#, ids.join(","));
        let entry = AuditEntry::new(context, "entry.authenticate", "resources");
        transaction.audit(&entry.patients(patients).detail(detail))?;
        Ok(entries.len())
    })
}
