//! Legal holds on a chart: while one stands, nothing of the record is deleted or destroyed, by
//! whomever and whatever a retention schedule says.

use crate::Error;
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use crate::people::field;
use record::{Context, PatientKey};
use store::hold::Hold;
use store::{AuditEntry, Store};

/// Every hold that a chart ever had, the newest first.
///
/// # Errors
/// [`Error::NotFound`] where the patient is not there, or hidden.
pub fn list(
    store: &Store,
    context: &Context,
    patient: PatientKey,
) -> Result<(Identity, Vec<Hold>), Error> {
    require(store, context, Right::Hold)?;
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let holds = view.hold_list(identity.patient.patient)?;
        let entry = AuditEntry::new(context, "hold.list", format!("patient/{}", patient.0));
        Ok(((identity, holds), entry.patients([patient])))
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
