//! What a person does with a finding: accept it for a time, end that, check the row again.

use super::recheck::recheck;
use super::{groups, own_context};
use crate::access::{Right, require};
use crate::{Error, FieldError};
use integrity::checks::by_name;
use integrity::finding::{FindingAction, FindingState, apply};
use record::{Context, Instant};
use store::quality::QualityFinding;
use store::{AuditEntry, Store, Transaction};

/// An acceptance as it was typed.
#[derive(Clone, Debug)]
pub struct AcceptForm {
    /// The finding.
    pub finding: i64,
    /// Its changes when the form was shown.
    pub changes: i64,
    /// Why it is no fault.
    pub reason: String,
    /// Until when; none where what was typed is no date.
    pub until: Option<Instant>,
}

/// Accepts a finding as known and not a fault, until a day; its work is taken off the queue.
///
/// # Errors
/// [`Error::Conflict`] when it changed meanwhile, [`Error::Invalid`] with what is missing,
/// [`Error::Refused`] by the lifecycle.
pub fn accept(store: &Store, context: &Context, form: &AcceptForm) -> Result<(), Error> {
    require(store, context, Right::FindingAccept)?;
    let mut errors = Vec::new();
    if form.reason.trim().is_empty() {
        let why = "Write why. The next person who meets this row reads it.";
        errors.push(FieldError::new("reason", why).would_do("As: date as the embassy gave it."));
    }
    if form.until.is_none() {
        let when = "Give the day until which it counts as known.";
        errors.push(FieldError::new("until", when).would_do("A date as 2026-03-04."));
    }
    let (true, Some(until)) = (errors.is_empty(), form.until) else {
        return Err(Error::Invalid(errors));
    };
    let reason = form.reason.trim().to_owned();
    let action = FindingAction::Accept { reason, until };
    act(store, context, (form.finding, form.changes), &action, "quality.accept")
}

/// Ends an acceptance: the finding is work again.
///
/// # Errors
/// As [`accept`].
pub fn end_acceptance(
    store: &Store,
    context: &Context,
    finding: i64,
    changes: i64,
    reason: &str,
) -> Result<(), Error> {
    require(store, context, Right::FindingAccept)?;
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        let why = "Write why. The next person who meets this row reads it.";
        return Err(Error::Invalid(vec![FieldError::new("reason", why)]));
    }
    let action = FindingAction::EndAcceptance { reason };
    act(store, context, (finding, changes), &action, "quality.end-acceptance")
}

fn act(
    store: &Store,
    context: &Context,
    (id, changes): (i64, i64),
    action: &FindingAction,
    name: &str,
) -> Result<(), Error> {
    store.write(context, |transaction| {
        let finding = current(transaction, id, changes)?;
        let state = apply(finding.state, action, context.at)
            .map_err(|refused| Error::Refused(refused.sentence))?;
        transaction.quality_save(&finding, state, None, action.reason())?;
        match state {
            FindingState::Open => groups::open_one(transaction, context, &finding)?,
            FindingState::Accepted { .. } | FindingState::Fixed => {
                groups::close(transaction, &finding, false)?;
            }
        }
        let entry = AuditEntry::new(context, name, format!("finding/{id}"));
        Ok(transaction.audit(&entry.patients([finding.patient]))?)
    })
}

fn current(
    transaction: &mut Transaction<'_>,
    id: i64,
    changes: i64,
) -> Result<QualityFinding, Error> {
    let finding = transaction.quality_finding(id)?.ok_or(Error::NotFound)?;
    if finding.changes != changes {
        return Err(Error::Conflict(
            "This finding has changed meanwhile. Load the page again.".into(),
        ));
    }
    Ok(finding)
}

/// Runs the checks over the chart of a finding now. True when the row no longer fails.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, or its entry is hidden.
pub fn check_again(store: &Store, context: &Context, finding: i64) -> Result<bool, Error> {
    require(store, context, Right::Integrity)?;
    let found = store.read(context, |view| {
        let found = view.quality_finding(finding)?.ok_or(Error::NotFound)?;
        by_name(&found.check).ok_or(Error::NotFound)?;
        let entry = AuditEntry::new(context, "quality.check-again", format!("finding/{finding}"));
        let patients = [found.patient];
        Ok::<_, Error>((found, entry.patients(patients)))
    })?;
    recheck(store, &own_context(context), &[found.patient])?;
    let now = store.look(context, |view| view.quality_finding(finding))?;
    Ok(now.is_none_or(|now| now.state == FindingState::Fixed))
}
