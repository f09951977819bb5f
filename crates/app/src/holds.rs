//! Legal holds on a chart: while one stands, nothing of the record is deleted or destroyed, by
//! whomever and whatever a retention schedule says.

use crate::Error;
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use crate::entry::names;
use crate::people::field;
use record::{Context, PatientKey};
use std::collections::BTreeMap;
use store::hold::Hold;
use store::{AuditEntry, Store};

/// What the page of a chart's holds shows.
#[derive(Clone, Debug)]
pub struct Holds {
    /// Whose chart.
    pub identity: Identity,
    /// Every hold that it ever had, the newest first.
    pub holds: Vec<Hold>,
    /// Names of who put and ended them, by the keys that stand there.
    pub names: BTreeMap<String, String>,
}

/// Every hold that a chart ever had, with who put and ended it.
///
/// # Errors
/// [`Error::NotFound`] where the patient is not there, or hidden.
pub fn list(store: &Store, context: &Context, patient: PatientKey) -> Result<Holds, Error> {
    require(store, context, Right::Hold)?;
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let holds = view.hold_list(identity.patient.patient)?;
        let ends = holds.iter().filter_map(|hold| hold.ended.as_ref().map(|(_, by)| by));
        let keys = holds.iter().map(|hold| &hold.actor).chain(ends);
        let names = names(view, keys.map(String::as_str))?;
        let entry = AuditEntry::new(context, "hold.list", format!("patient/{}", patient.0));
        Ok((Holds { identity, holds, names }, entry.patients([patient])))
    })
}

/// Puts a legal hold on a chart.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::NotFound`] where the patient is hidden.
pub fn put(
    store: &Store,
    context: &Context,
    patient: PatientKey,
    reason: &str,
) -> Result<(), Error> {
    require(store, context, Right::Hold)?;
    store.write(context, |transaction| {
        let patient = identity_in(transaction, patient)?.patient.patient;
        if reason.trim().is_empty() {
            let sentence = "Say what asks for it: the case, the notice, the audit.";
            return Err(Error::Invalid(vec![field("reason", sentence)]));
        }
        let hold = transaction.hold_put(patient, reason.trim())?;
        let audit = AuditEntry::new(context, "hold.put", format!("hold/{hold}"));
        Ok(transaction.audit(&audit.patients([patient]))?)
    })
}

/// Ends a hold. It stays in the history.
///
/// # Errors
/// [`Error::NotFound`] where the chart is hidden, or has no such hold; [`Error::Conflict`] when
/// it was ended before.
pub fn end(store: &Store, context: &Context, patient: PatientKey, hold: i64) -> Result<(), Error> {
    require(store, context, Right::Hold)?;
    store.write(context, |transaction| {
        let patient = identity_in(transaction, patient)?.patient.patient;
        let holds = transaction.hold_list(patient)?;
        holds.iter().find(|known| known.id == hold).ok_or(Error::NotFound)?;
        transaction.hold_end(hold)?;
        let audit = AuditEntry::new(context, "hold.end", format!("hold/{hold}"));
        Ok(transaction.audit(&audit.patients([patient]))?)
    })
}
