//! Reading one resource: as it stands, as it stood, and all that it was.

use super::access::Doing;
use super::{Caller, Error};
use record::id::is_id;
use record::{Instant, PatientKey};
use store::search::Found;
use store::{AuditEntry, Awaiting, Store, Version, body};

/// A resource as the API hands it out.
#[derive(Clone)]
pub struct Resource {
    /// Type.
    pub kind: String,
    /// Logical id.
    pub id: String,
    /// Version number, from 1.
    pub number: i64,
    /// When that version was written.
    pub at: Instant,
    /// Its JSON, with version and time.
    pub json: String,
}

impl Resource {
    pub(crate) fn of(found: &Found) -> Resource {
        Resource {
            kind: found.row.kind.clone(),
            id: found.row.fhir_id.clone(),
            number: found.row.number,
            at: found.row.updated_at,
            json: found.json(),
        }
    }
}

/// What came of a read, sealed until its audit entry is durable.
pub type Later<T> = Awaiting<Result<T, Error>>;

/// The versions of a resource.
#[derive(Clone)]
pub struct History {
    /// The newest first; no JSON where the version is a deletion.
    pub versions: Vec<(Resource, &'static str)>,
    /// How many there are.
    pub total: u64,
}

/// Which versions of a history are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct HistoryPart {
    /// At most so many, the newest.
    pub count: Option<usize>,
    /// Written at this time or later.
    pub since: Option<Instant>,
}

/// The address of a resource for the audit trail. What is no id may be anything: it isn't kept.
pub(crate) fn target(kind: &str, id: &str) -> String {
    let id = if is_id(id) { id } else { "-" };
    format!("{kind}/{id}")
}

/// The resource as it stands.
///
/// # Errors
/// Not found where it isn't, or is hidden: the same for both. [`Error::Gone`] when deleted.
pub fn read(
    store: &Store,
    caller: &Caller,
    kind: &str,
    id: &str,
) -> Result<Later<Resource>, Error> {
    caller.require(store, Doing::Read, kind)?;
    let context = &caller.context;
    let found = store.read_later(context, |view| {
        let found = view.resource_found(kind, id)?;
        let patient = found.as_ref().and_then(|found| found.row.patient);
        Ok::<_, Error>((found, entry(caller, "fhir.read", kind, id, patient)))
    })?;
    Ok(found.map(|found| {
        let found = found.ok_or_else(Error::not_found)?;
        match found.row.deleted {
            true => Err(Error::Gone { number: found.row.number }),
            false => Ok(Resource::of(&found)),
        }
    }))
}

/// One version of a resource. Today's labels govern old versions.
///
/// # Errors
/// As [`read`]; not found too where there is no such version.
pub fn version_read(
    store: &Store,
    caller: &Caller,
    kind: &str,
    id: &str,
    number: &str,
) -> Result<Later<Resource>, Error> {
    caller.require(store, Doing::Read, kind)?;
    let wanted = number.parse::<i64>().ok().filter(|number| *number > 0);
    let found = store.read_later(&caller.context, |view| {
        let row = view.resource(kind, id)?;
        let patient = row.as_ref().and_then(|row| row.patient);
        let found = match (row, wanted) {
            (Some(row), Some(number)) => view.version(row.resource, number)?,
            _ => None,
        };
        Ok::<_, Error>((found, entry(caller, "fhir.vread", kind, id, patient)))
    })?;
    Ok(found.map(|found| {
        let version = found.ok_or_else(Error::not_found)?;
        match version.action.as_str() {
            "delete" => Err(Error::Gone { number: version.number }),
            _ => Ok(of_version(kind, id, &version)),
        }
    }))
}

/// All versions of a resource, the newest first.
///
/// # Errors
/// As [`read`], but a deleted resource has a history.
pub fn history(
    store: &Store,
    caller: &Caller,
    kind: &str,
    id: &str,
    part: HistoryPart,
) -> Result<Later<History>, Error> {
    caller.require(store, Doing::Read, kind)?;
    let versions = store.read_later(&caller.context, |view| {
        let row = view.resource(kind, id)?;
        let patient = row.as_ref().and_then(|row| row.patient);
        let versions = match row {
            Some(row) => Some(view.versions(row.resource)?),
            None => None,
        };
        Ok::<_, Error>((versions, entry(caller, "fhir.history", kind, id, patient)))
    })?;
    let (kind, id) = (kind.to_owned(), id.to_owned());
    Ok(versions.map(move |versions| {
        let mut versions = versions.ok_or_else(Error::not_found)?;
        versions.retain(|version| part.since.is_none_or(|since| version.at >= since));
        let total = versions.len() as u64;
        versions.truncate(part.count.unwrap_or(usize::MAX));
        let shown = |version: &Version| {
            let method = match version.action.as_str() {
                "create" => "POST",
                "delete" => "DELETE",
                _ => "PUT",
            };
            (of_version(&kind, &id, version), method)
        };
        Ok(History { versions: versions.iter().map(shown).collect(), total })
    }))
}

fn of_version(kind: &str, id: &str, version: &Version) -> Resource {
    Resource {
        kind: kind.to_owned(),
        id: id.to_owned(),
        number: version.number,
        at: version.at,
        json: body::with_version(&version.text, kind, id, version.number, version.at),
    }
}

fn entry(
    caller: &Caller,
    action: &str,
    kind: &str,
    id: &str,
    patient: Option<PatientKey>,
) -> AuditEntry {
    AuditEntry::new(&caller.context, action, target(kind, id)).patients(patient)
}
