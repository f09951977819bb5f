//! Figures of the running program, for the programs that watch over it.
//!
//! They hold no patient data and no id. They are read every few seconds, so reading them leaves no
//! audit entry: the trail would tell of nothing else. Who may not read them is refused with one.

use crate::Error;
use crate::access::{Right, allowed};
use crate::fhir::caller;
use crate::sign_in::IDLE_SECONDS_MAX;
use record::{Context, Instant};
use store::metric::Metrics;
use store::{AuditEntry, Store};

/// The scope that a client needs, beside the role of an administrator.
pub const SCOPE: &str = "system/metrics.read";

/// The figures, for the client to whom a token belongs; none where it is no client's.
///
/// # Errors
/// [`Error::Forbidden`] where the client's role is not an administrator's, or the scope is missing.
pub fn read(
    store: &Store,
    at: Instant,
    token: Option<&str>,
    request_id: &str,
) -> Result<Option<Metrics>, Error> {
    let Some(caller) = caller(store, at, token, request_id)? else { return Ok(None) };
    let has_scope = caller.client.scopes.split_whitespace().any(|scope| scope == SCOPE);
    if !has_scope || !allowed(&caller.context, Right::Administer) {
        let entry = AuditEntry::new(&caller.context, "access.refuse", "metrics").refused();
        store.write(&caller.context, |transaction| transaction.audit(&entry))?;
        return Err(Error::Forbidden(format!(
            "Metrics are for a client with the role Administrator and the scope {SCOPE}. Make one \
             under Administration, Clients of the API."
        )));
    }
    let context = Context { cleared: record::LabelMask::NONE, ..caller.context };
    Ok(Some(store.metrics(&context, at.plus_seconds(-IDLE_SECONDS_MAX))?))
}
