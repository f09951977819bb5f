//! Create, update and delete. A version is never overwritten; what is of the legal record is
//! never removed.

use super::access::Doing;
use super::named;
use super::query::{Handling, Query};
use super::read::{Resource, target};
use super::{Caller, Error};
use exchange::fhir::{CHART_NAME, Standing, build, check, is_companion, localize, parse, standing};
use record::id::is_id;
use record::{Context, Reference};
use serde_json::Value;
use store::{Action, AuditEntry, Prepared, ResourceRow, Store, Transaction};

/// What came of a create or an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Created,
    /// It has a new version.
    Updated,
    /// It is held as it was sent, or a conditional create found it.
    Unchanged,
}

/// A resource after a write.
pub struct Written {
    /// As it stands now.
    pub resource: Resource,
    /// What was done.
    pub outcome: Outcome,
}

/// What came of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// It is gone from reads and searches; its versions stay.
    Gone {
        /// Version of the deletion.
        number: i64,
    },
    /// It is of the legal record: it stays, as entered in error.
    EnteredInError {
        /// The version that says so.
        number: i64,
    },
}

/// Takes a new resource under an id of our own.
///
/// # Errors
/// [`Error::Precondition`] when `if_none_exist` (a search) finds more than one.
pub fn create(
    store: &Store,
    caller: &Caller,
    kind: &str,
    body: &[u8],
    if_none_exist: Option<&str>,
    told: impl FnOnce(Result<Written, Error>) + Send + 'static,
) {
    if let Err(error) = caller.require(store, Doing::Write, kind) {
        return told(Err(error));
    }
    let ready = (|| {
        let mut resource = resource_of(caller, kind, body)?;
        let condition = if_none_exist.map(|text| condition_of(caller, text)).transpose()?;
        resource["id"] = new_id()?.into();
        Ok((Ready::new(caller, resource)?, condition))
    })();
    let work = |ready: Ready, condition: Option<Vec<(String, String)>>| {
        let caller = caller.clone();
        move |transaction: &mut Transaction<'_>| {
            if let Some(condition) = &condition
                && let Some(found) = found_before(transaction, &ready.prepared.kind, condition)?
            {
                audit(transaction, &caller, "fhir.create", &found)?;
                return written(transaction, &found, Outcome::Unchanged);
            }
            let prepared = ready.with_ids(transaction, None)?;
            let row = put(transaction, &caller, &prepared, None, Action::Create)?;
            audit(transaction, &caller, "fhir.create", &row)?;
            put_written(&prepared, &row, Outcome::Created)
        }
    };
    let work = ready.map(|(ready, condition)| work(ready, condition));
    write(store, caller, "fhir.create", kind.to_owned(), work, told);
}

/// A resource made ready, before its turn to be written comes.
struct Ready {
    prepared: Prepared,
    /// The resource, where references of it are searches that have to be carried out first.
    value: Option<Value>,
}

impl Ready {
    fn new(caller: &Caller, value: Value) -> Result<Ready, Error> {
        let prepared = Prepared::new(&value, None)?;
        let waits = !caller.sees_all() && named::has_searches(&prepared);
        Ok(Ready { prepared, value: waits.then_some(value) })
    }

    /// As it is written: references by search as ids.
    fn with_ids(
        self,
        transaction: &mut Transaction<'_>,
        existing: Option<&ResourceRow>,
    ) -> Result<Prepared, Error> {
        match self.value {
            Some(value) => named::with_ids(transaction, &self.prepared, value, existing),
            None => Ok(self.prepared),
        }
    }
}

/// Writes in the next commit what was made ready; what is refused is audited, whenever it is.
fn write<W>(
    store: &Store,
    caller: &Caller,
    action: &'static str,
    target: String,
    ready: Result<W, Error>,
    told: impl FnOnce(Result<Written, Error>) + Send + 'static,
) where
    W: FnOnce(&mut Transaction<'_>) -> Result<Written, Error> + Send + 'static,
{
    match ready {
        Ok(work) => {
            let context = caller.context.clone();
            let refusal = move |error: &Error| refusal(&context, action, &target, error);
            store.write_later(&caller.context, work, refusal, told);
        }
        Err(error) => told(audited(store, caller, action, &target, Err(error))),
    }
}

/// Writes the next version of a resource, or takes it under the id that the client chose.
///
/// # Errors
/// [`Error::Precondition`] when `if_match` is not the current version; [`Error::NotAllowed`] for
/// an id that isn't held, or is hidden, from a client that something is hidden from.
pub fn update(
    store: &Store,
    caller: &Caller,
    kind: &str,
    id: &str,
    body: &[u8],
    if_match: Option<i64>,
    told: impl FnOnce(Result<Written, Error>) + Send + 'static,
) {
    if let Err(error) = caller.require(store, Doing::Write, kind) {
        return told(Err(error));
    }
    let ready = (|| {
        let resource = resource_of(caller, kind, body)?;
        if resource.get("id").and_then(Value::as_str) != Some(id) || !is_id(id) {
            return Err(Error::invalid(
                "The id in the resource must be the id in the address, of 1 to 64 letters, \
                 digits, '-' and '.'.",
            ));
        }
        Ready::new(caller, resource)
    })();
    let work = ready.map(|ready| {
        let caller = caller.clone();
        move |transaction: &mut Transaction<'_>| update_to(transaction, &caller, ready, if_match)
    });
    write(store, caller, "fhir.update", target(kind, id), work, told);
}

fn update_to(
    transaction: &mut Transaction<'_>,
    caller: &Caller,
    ready: Ready,
    if_match: Option<i64>,
) -> Result<Written, Error> {
    let existing = transaction.resource(&ready.prepared.kind, &ready.prepared.fhir_id)?;
    match_version(existing.as_ref(), if_match)?;
    let Some(row) = existing else {
        return create_as(transaction, caller, &ready.prepared);
    };
    let prepared = &ready.with_ids(transaction, Some(&row))?;
    let same = transaction.version_sent_as(row.resource, prepared.content_hash)?;
    if same == Some(row.number) && !row.deleted {
        audit(transaction, caller, "fhir.update", &row)?;
        return written(transaction, &row, Outcome::Unchanged);
    }
    let (action, outcome) = match row.deleted {
        true => (Action::Create, Outcome::Created),
        false => (Action::Update, Outcome::Updated),
    };
    let row = put(transaction, caller, prepared, Some(&row), action)?;
    audit(transaction, caller, "fhir.update", &row)?;
    put_written(prepared, &row, outcome)
}

/// Deletes a resource logically; an entry of the legal record becomes entered in error instead.
///
/// # Errors
/// A conflict while a hold stands on the chart, and for a patient whose chart has entries.
pub fn delete(
    store: &Store,
    caller: &Caller,
    kind: &str,
    id: &str,
    if_match: Option<i64>,
) -> Result<Deleted, Error> {
    caller.require(store, Doing::Write, kind)?;
    let result = store.write(&caller.context, |transaction| {
        let row = transaction.resource(kind, id)?.ok_or_else(Error::not_found)?;
        match_version(Some(&row), if_match)?;
        if row.deleted {
            audit(transaction, caller, "fhir.delete", &row)?;
            return Ok(Deleted::Gone { number: row.number });
        }
        deletable(transaction, caller, &row)?;
        let mut value = transaction.resource_value(&row)?;
        let action = match standing(&value) {
            Standing::Before => Action::Delete,
            Standing::Part => {
                build::entered_in_error(&mut value);
                Action::Update
            }
            Standing::EnteredInError => {
                return Err(conflict(
                    "This entry is marked as entered in error. It belongs to the legal record \
                     and stays.",
                ));
            }
        };
        let prepared = Prepared::new(&value, None)?;
        let row = transaction.resource_put(&prepared, Some(&row), action, "API delete")?;
        audit(transaction, caller, "fhir.delete", &row)?;
        let number = row.number;
        Ok(match action {
            Action::Delete => Deleted::Gone { number },
            _ => Deleted::EnteredInError { number },
        })
    });
    audited(store, caller, "fhir.delete", &target(kind, id), result)
}

fn conflict(text: &str) -> Error {
    Error::App(crate::Error::Conflict(text.to_owned()))
}

/// What forbids a deletion whatever the entry says.
fn deletable(
    transaction: &mut Transaction<'_>,
    caller: &Caller,
    row: &ResourceRow,
) -> Result<(), Error> {
    let Some(patient) = row.patient else { return Ok(()) };
    if transaction.hold_stands(patient)? {
        return Err(conflict(
            "A hold stands on this record: nothing of it may be deleted until the hold ends.",
        ));
    }
    if row.kind != "Patient" {
        return Ok(());
    }
    if !caller.sees_all() {
        return Err(Error::NotAllowed(
            "A patient may only be deleted by a client that is cleared for every class of label: \
             the chart may hold what others don't see."
                .into(),
        ));
    }
    let counts = transaction.chart_counts(patient)?;
    match counts.iter().any(|(kind, _)| kind != "Patient") {
        true => Err(conflict("This patient's chart has entries. A chart is not deleted here.")),
        false => Ok(()),
    }
}

/// The version in `If-Match` must be the current one.
fn match_version(existing: Option<&ResourceRow>, if_match: Option<i64>) -> Result<(), Error> {
    let Some(wanted) = if_match else { return Ok(()) };
    match existing {
        Some(row) if row.number == wanted => Ok(()),
        Some(row) => Err(Error::Precondition(format!(
            "Version {} is the current one, not {wanted}. Read it, and send the change again.",
            row.number
        ))),
        None => Err(Error::Precondition(format!("There is no version {wanted} of it here."))),
    }
}

/// A create under an id of the client's choice. Whether an id is free may be learnt only by those
/// from whom nothing is hidden: for all others no id is.
fn create_as(
    transaction: &mut Transaction<'_>,
    caller: &Caller,
    prepared: &Prepared,
) -> Result<Written, Error> {
    if !caller.sees_all() {
        return Err(Error::NotAllowed(
            "There is nothing to update here, or nothing that this client may see. Only a client \
             that is cleared for every class of label may choose ids; create it with POST, and \
             keep the id that the answer gives."
                .into(),
        ));
    }
    let row = put(transaction, caller, prepared, None, Action::Create)?;
    audit(transaction, caller, "fhir.update", &row)?;
    put_written(prepared, &row, Outcome::Created)
}

fn put(
    transaction: &mut Transaction<'_>,
    caller: &Caller,
    prepared: &Prepared,
    existing: Option<&ResourceRow>,
    action: Action,
) -> Result<ResourceRow, Error> {
    chart_holds(transaction, caller, prepared, existing)?;
    let reason = if action == Action::Create { "API create" } else { "API update" };
    let row = transaction.resource_put(prepared, existing, action, reason)?;
    crate::import::label_chart(transaction, prepared, &row)?;
    crate::coding::weigh_charge(transaction, &row).map_err(Error::App)?;
    if row.kind == "Encounter" {
        // What ended waits for its codes, and its chart to be completed, from now on.
        crate::coding::queue_finished(transaction, &row).map_err(Error::App)?;
        crate::completion::review_entry(transaction, &row).map_err(Error::App)?;
    }
    Ok(row)
}

/// The chart of an entry must be one that this client may see, and stays the same.
fn chart_holds(
    transaction: &mut Transaction<'_>,
    caller: &Caller,
    prepared: &Prepared,
    existing: Option<&ResourceRow>,
) -> Result<(), Error> {
    if prepared.kind == "Patient" {
        return Ok(());
    }
    if !caller.sees_all() {
        accompanied_holds(transaction, prepared)?;
    }
    // What is learnt for a request that is then refused is undone with it.
    transaction.names_learn(&prepared.projection)?;
    let chart = transaction.chart_of(&prepared.projection)?;
    let needs_chart = chart.is_some() || names_hidden(transaction, prepared)?;
    if !caller.sees_all() && needs_chart {
        let patient = match &chart {
            Some(id) => transaction.resource("Patient", id)?,
            None => None,
        };
        if patient.is_none_or(|row| row.deleted) {
            return Err(Error::Unprocessable(
                "The patient to whom this refers is not held here. Create the patient first."
                    .into(),
            ));
        }
    }
    if !caller.sees_all() {
        encounter_holds(transaction, prepared, existing)?;
    }
    let Some(before) = existing.and_then(|row| row.patient) else { return Ok(()) };
    let now = match chart {
        Some(id) => transaction.patient_key(&id)?,
        None => None,
    };
    if now != Some(before) {
        return Err(Error::Unprocessable(
            "An update can't move an entry to another chart. Mark it as entered in error, and \
             create it anew in the right chart."
                .into(),
        ));
    }
    Ok(())
}

/// What a file or a statement of provenance is about must be seen by this client: else whether it
/// can be read afterwards would tell of an entry that is hidden.
fn accompanied_holds(transaction: &mut Transaction<'_>, prepared: &Prepared) -> Result<(), Error> {
    if !is_companion(&prepared.kind) {
        return Ok(());
    }
    for entry in &prepared.projection.tied {
        if transaction.resource(&entry.kind, &entry.id)?.is_none() {
            return Err(Error::Unprocessable(
                "An entry to which this refers is not held here. Create the entry first.".into(),
            ));
        }
    }
    Ok(())
}

/// The encounter of an entry must be one that this client may see: else whether the entry can be
/// read afterwards would tell of an encounter that is hidden.
fn encounter_holds(
    transaction: &mut Transaction<'_>,
    prepared: &Prepared,
    existing: Option<&ResourceRow>,
) -> Result<(), Error> {
    let projection = &prepared.projection;
    if prepared.kind == "Encounter" {
        return Ok(());
    }
    let encounter = transaction.encounter_of(projection)?;
    // A name that stands for nothing here is not kept: it may stand for what is hidden.
    let is_kept = encounter.is_some() && existing.is_some_and(|row| row.encounter == encounter);
    let is_seen = match &encounter {
        Some(id) => transaction.resource("Encounter", id)?.is_some(),
        None => projection.encounter_names.is_empty(),
    };
    match is_kept || is_seen {
        true => Ok(()),
        false => Err(Error::Unprocessable(
            "The encounter to which this refers is not held here. Create the encounter first."
                .into(),
        )),
    }
}

/// Whether a name stands for nothing that this client may see. Names of entries that are held,
/// seen and in no chart, and a file's own, stand for no patient.
fn names_hidden(transaction: &mut Transaction<'_>, prepared: &Prepared) -> Result<bool, Error> {
    let own = Reference::new(&prepared.kind[..], &prepared.fhir_id[..]);
    for name in &prepared.projection.patient_names {
        let Some(entry) = name.strip_prefix(CHART_NAME).and_then(Reference::parse) else {
            return Ok(true);
        };
        if entry != own && transaction.resource(&entry.kind, &entry.id)?.is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The one resource that the search of a conditional create finds.
fn found_before(
    transaction: &mut Transaction<'_>,
    kind: &str,
    condition: &[(String, String)],
) -> Result<Option<ResourceRow>, Error> {
    let query = Query::read(transaction, kind, condition, Handling::Strict)?;
    if query.conditions.is_empty() {
        return Err(Error::invalid("If-None-Exist holds no search."));
    }
    let mut search = query.search(i64::MAX);
    search.limit = 1;
    let page = transaction.search(&search)?;
    match page.next {
        Some(_) => Err(Error::Precondition(
            "The search of If-None-Exist finds more than one; nothing was created.".into(),
        )),
        None => Ok(page.matches.into_iter().next().map(|found| found.row)),
    }
}

fn condition_of(caller: &Caller, text: &str) -> Result<Vec<(String, String)>, Error> {
    let text = text.split_once('?').map_or(text, |(_, query)| query);
    let pairs: Vec<(String, String)> = caller.localized(super::parameters(text));
    match pairs.is_empty() {
        true => Err(Error::invalid("If-None-Exist holds no search.")),
        false => Ok(pairs),
    }
}

/// Reads the body as a resource of this type, without the sender's version.
fn resource_of(caller: &Caller, kind: &str, body: &[u8]) -> Result<Value, Error> {
    let unreadable = |text: String| Error::Unreadable("structure", text);
    let text = std::str::from_utf8(body)
        .map_err(|_| unreadable("The body is not text in UTF-8.".into()))?;
    let mut resource = parse(text).map_err(unreadable)?;
    let found = check(&resource).map_err(unreadable)?;
    if found.kind != kind {
        return Err(Error::invalid(format!(
            "The body is of type {}, and the address of type {kind}.",
            found.kind
        )));
    }
    if let Some(meta) = resource.get_mut("meta").and_then(Value::as_object_mut) {
        meta.shift_remove("versionId");
        meta.shift_remove("lastUpdated");
    }
    localize(&mut resource, &|base| base == caller.base);
    Ok(resource)
}

/// A random id in the form of a UUID (RFC 9562, version 4).
fn new_id() -> Result<String, Error> {
    let mut bytes = store::keys::random::<16>()?;
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let digits = record::hash::hex(&bytes);
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Ok(parts.join("-"))
}

/// What is held already.
fn written(
    transaction: &mut Transaction<'_>,
    row: &ResourceRow,
    outcome: Outcome,
) -> Result<Written, Error> {
    Ok(Written { resource: shown(row, transaction.resource_json(row)?), outcome })
}

/// What was put just now.
fn put_written(prepared: &Prepared, row: &ResourceRow, outcome: Outcome) -> Result<Written, Error> {
    let json = prepared.json(row.number, row.updated_at)?;
    Ok(Written { resource: shown(row, json), outcome })
}

fn shown(row: &ResourceRow, json: String) -> Resource {
    Resource {
        kind: row.kind.clone(),
        id: row.fhir_id.clone(),
        number: row.number,
        at: row.updated_at,
        json,
    }
}

fn audit(
    transaction: &mut Transaction<'_>,
    caller: &Caller,
    action: &str,
    row: &ResourceRow,
) -> Result<(), Error> {
    let target = format!("{}/{}", row.kind, row.fhir_id);
    let entry = AuditEntry::new(&caller.context, action, target).patients(row.patient);
    Ok(transaction.audit(&entry.detail(format!("{{\"version\":{}}}", row.number)))?)
}

/// Records that a request was refused: what it had written was undone, its entry too.
pub(super) fn audited<T>(
    store: &Store,
    caller: &Caller,
    action: &str,
    target: &str,
    result: Result<T, Error>,
) -> Result<T, Error> {
    if let Err(error) = &result
        && let Some(entry) = refusal(&caller.context, action, target, error)
    {
        store.write(&caller.context, |transaction| transaction.audit(&entry))?;
    }
    result
}

/// The entry about a refusal; none where it is our failure and no decision.
fn refusal(context: &Context, action: &str, target: &str, error: &Error) -> Option<AuditEntry> {
    let failed = matches!(error, Error::App(crate::Error::Internal(_) | crate::Error::Busy));
    (!failed).then(|| AuditEntry::new(context, action, target).refused())
}
