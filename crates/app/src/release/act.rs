//! An action on a request: decided by the lifecycle, saved with its event, and followed by what
//! it brings about.

use super::effects;
use super::loaded::Loaded;
use crate::Error;
use crate::access::{Right, require};
use record::Context;
use release::lifecycle::{Action, ActionName, apply};
use store::release::ReleaseSave;
use store::{AuditEntry, Store, Transaction};

/// Takes an action on a request, as its page showed it.
///
/// # Errors
/// [`Error::Refused`] by the lifecycle, with the sentence and its paragraph;
/// [`Error::Conflict`] when somebody worked on it meanwhile.
pub fn act(
    store: &Store,
    context: &Context,
    id: i64,
    revision: i64,
    action: Action,
) -> Result<(), Error> {
    let right = match action.name() {
        ActionName::ReviewDenial => Right::Authenticate,
        _ => Right::Release,
    };
    require(store, context, right)?;
    let verb = verb(action.name());
    let done = store.write(context, |transaction| {
        let loaded = load(transaction, id, revision)?;
        carry_out(transaction, context, &loaded, action)
    });
    told(store, context, id, &verb, done)
}

/// Loads a request for a change, unless another change came first.
pub(super) fn load(
    transaction: &mut Transaction<'_>,
    id: i64,
    revision: i64,
) -> Result<Loaded, Error> {
    let loaded = Loaded::of(transaction, id)?;
    if loaded.row.revision != revision {
        return Err(Error::Conflict(
            "Somebody else worked on this request meanwhile. Load the page again, and see what \
             stands there now."
                .into(),
        ));
    }
    Ok(loaded)
}

/// Decides, saves, and brings about what follows.
pub(super) fn carry_out(
    transaction: &mut Transaction<'_>,
    context: &Context,
    loaded: &Loaded,
    action: Action,
) -> Result<(), Error> {
    everything_open(loaded, action.name())?;
    let decided = apply(loaded.request(), action.clone(), &loaded.facts(context));
    let (next, event) = decided.map_err(|refusal| Error::Refused(refusal.to_string()))?;
    let mut body = loaded.row.body.clone();
    body.request = next;
    effects::prepare(transaction, loaded, &action, &mut body)?;
    let save = ReleaseSave { was: &loaded.row, body: &body, event: Some(&event) };
    transaction.release_request_save(&save)?;
    effects::follow(transaction, context, loaded, &body, &action)?;
    let entry = AuditEntry::new(context, &verb(action.name()), target(loaded.row.id));
    let detail = format!(r#"{{"state":"{}"}}"#, body.request.state.name().as_str());
    transaction.audit(&entry.patients(body.request.patient).detail(detail))?;
    Ok(())
}

/// Who isn't cleared for all that was chosen can't vouch for it.
fn everything_open(loaded: &Loaded, action: ActionName) -> Result<(), Error> {
    let vouches = matches!(
        action,
        ActionName::StartReview
            | ActionName::FinishReview
            | ActionName::FinishRedaction
            | ActionName::Approve
            | ActionName::Deliver
    );
    let selected = loaded.request().selection.as_ref().map_or(0, |s| s.items.len());
    if vouches && loaded.items.len() < selected {
        return Err(Error::Refused(
            "Something that was chosen for this request isn't open to you. A colleague who is \
             cleared for it goes on with the request."
                .into(),
        ));
    }
    Ok(())
}

/// Where a request stands in the audit trail.
pub(super) fn target(id: i64) -> String {
    format!("release/{id}")
}

fn verb(action: ActionName) -> String {
    format!("release.{}", action.as_str())
}

/// A refusal and a conflict are told in the trail, too.
pub(super) fn told<T>(
    store: &Store,
    context: &Context,
    id: i64,
    verb: &str,
    done: Result<T, Error>,
) -> Result<T, Error> {
    if let Err(Error::Conflict(_) | Error::Refused(_)) = &done {
        let entry = AuditEntry::new(context, verb, target(id)).refused();
        store.write(context, |transaction| transaction.audit(&entry))?;
    }
    done
}
