//! Judging a possible duplicate: same, different, not sure; merge and unmerge.

use super::WORK_KIND;
use crate::access::{Right, require};
use crate::{Error, FieldError};
use identity::duplicate::{DuplicateAction, DuplicateState, apply};
use identity::{Answer, evidence_digest};
use record::{ContentHash, Context, Instant, PatientKey, Role};
use store::identity::DuplicatePair;
use store::work::NewWork;
use store::{AuditEntry, Store, Transaction};

/// The answer that a person gives.
#[derive(Clone, Debug)]
pub struct JudgeForm {
    /// The pair.
    pub pair: i64,
    /// Its changes when the form was shown.
    pub changes: i64,
    /// The answer.
    pub answer: Option<Answer>,
    /// Why.
    pub reason: String,
    /// For "same": the record under which both are found from now on.
    pub keep: Option<PatientKey>,
    /// For "not sure": when to look again.
    pub until: Option<Instant>,
}

/// Judges a pair. "Same" merges the other record into the one kept, as a link that an unmerge
/// ends; "different" stands until the evidence changes; "not sure" comes back on its day.
///
/// # Errors
/// [`Error::Conflict`] when somebody was faster, [`Error::Invalid`] and [`Error::Refused`] with
/// what is missing or forbidden.
pub fn judge(store: &Store, context: &Context, form: &JudgeForm) -> Result<(), Error> {
    require(store, context, Right::IdentityDecide)?;
    let answer = checked(form)?;
    store.write(context, |transaction| {
        let mut row = current(transaction, form.pair, form.changes)?;
        let (pair, evidence) = (row.pair, evidence(transaction, &row)?);
        let mut state = row.state.clone();
        if matches!(state, DuplicateState::Open | DuplicateState::Waiting { .. }) {
            state = step(&state, &DuplicateAction::Take, context)?;
        }
        let reason = form.reason.trim().to_owned();
        let judge = DuplicateAction::Judge { answer, reason, evidence, until: form.until };
        state = step(&state, &judge, context)?;
        if let (DuplicateState::ToMerge { .. }, Some(keep)) = (&state, form.keep) {
            let other = if keep == pair.low { pair.high } else { pair.low };
            state = merge(transaction, context, &state, other, keep, form.reason.trim())?;
        }
        row.state = state;
        row.evidence = evidence;
        transaction.duplicate_save(&row, form.reason.trim())?;
        transaction.work_close(WORK_KIND, row.id, true)?;
        if let DuplicateState::Waiting { until, .. } = row.state {
            transaction.work_open(&NewWork {
                kind: WORK_KIND,
                subject: row.id,
                patient: Some(pair.low),
                role: Role::Technician,
                due_at: Some(until),
                reason: "Could not be told before; look again.",
            })?;
        }
        close_others(transaction, context)?;
        let entry = AuditEntry::new(context, "identity.judge", format!("duplicate/{}", row.id));
        let detail = format!(r#"{{"state":"{}"}}"#, row.state.as_str());
        Ok(transaction.audit(&entry.patients([pair.low, pair.high]).detail(detail))?)
    })
}

fn checked(form: &JudgeForm) -> Result<Answer, Error> {
    let mut errors = Vec::new();
    if form.answer.is_none() {
        errors.push(FieldError::new("answer", "Choose an answer."));
    }
    if form.reason.trim().is_empty() {
        let why = "Write why. The next person who meets this pair reads it.";
        errors.push(FieldError::new("reason", why));
    }
    if form.answer == Some(Answer::Same) && form.keep.is_none() {
        let which = "Choose the record to keep: both are found under it from now on.";
        errors.push(FieldError::new("keep", which));
    }
    if form.answer == Some(Answer::NotSure) && form.until.is_none() {
        let when = "Give the day on which to look again: 2026-03-04.";
        errors.push(FieldError::new("until", when));
    }
    match form.answer {
        Some(answer) if errors.is_empty() => Ok(answer),
        _ => Err(Error::Invalid(errors)),
    }
}

fn current(
    transaction: &mut Transaction<'_>,
    id: i64,
    changes: i64,
) -> Result<DuplicatePair, Error> {
    let row = transaction.duplicate(id)?.ok_or(Error::NotFound)?;
    if row.changes != changes {
        return Err(Error::Conflict(
            "Somebody else has worked on this pair. Load the page again.".into(),
        ));
    }
    Ok(row)
}

fn evidence(transaction: &mut Transaction<'_>, row: &DuplicatePair) -> Result<ContentHash, Error> {
    let (_, low) = transaction.patient_to_decide(row.pair.low)?.ok_or(Error::NotFound)?;
    let (_, high) = transaction.patient_to_decide(row.pair.high)?.ok_or(Error::NotFound)?;
    Ok(evidence_digest(&low, &high))
}

fn step(
    state: &DuplicateState,
    action: &DuplicateAction,
    context: &Context,
) -> Result<DuplicateState, Error> {
    apply(state, action, &context.actor).map_err(|refusal| Error::Refused(refusal.sentence))
}

/// Links the two records as they are found today: what was merged before comes along.
fn merge(
    transaction: &mut Transaction<'_>,
    context: &Context,
    state: &DuplicateState,
    retired: PatientKey,
    keep: PatientKey,
    reason: &str,
) -> Result<DuplicateState, Error> {
    let links = transaction.patient_links()?;
    let (retired, keep) = (links.resolve(retired), links.resolve(keep));
    links
        .may_merge(retired, keep, reason)
        .map_err(|refusal| Error::Refused(refusal.to_string()))?;
    let link = transaction.patient_link_create(retired, keep, reason)?;
    step(state, &DuplicateAction::RecordMerge { link }, context)
}

/// Withdraws open pairs whose two records have become one by other merges.
fn close_others(transaction: &mut Transaction<'_>, context: &Context) -> Result<(), Error> {
    let links = transaction.patient_links()?;
    for mut row in transaction.duplicate_list(&["open", "waiting"], 1_000_000)? {
        if links.resolve(row.pair.low) != links.resolve(row.pair.high) {
            continue;
        }
        row.state = step(&row.state, &DuplicateAction::Withdraw, context)?;
        transaction.duplicate_save(&row, "The two are one by another merge.")?;
        transaction.work_close(WORK_KIND, row.id, true)?;
    }
    Ok(())
}

/// Undoes the merge of a pair: both records stand for themselves again, each with what was filed
/// under it before and since.
///
/// # Errors
/// [`Error::Conflict`] when somebody was faster, [`Error::Refused`] when it is not merged.
pub fn unmerge(
    store: &Store,
    context: &Context,
    pair: i64,
    changes: i64,
    reason: &str,
) -> Result<(), Error> {
    require(store, context, Right::IdentityDecide)?;
    let reason = reason.trim();
    if reason.is_empty() {
        let why = "Write why. A merge and its undoing are kept with their reason.";
        return Err(Error::Invalid(vec![FieldError::new("reason", why)]));
    }
    store.write(context, |transaction| {
        let mut row = current(transaction, pair, changes)?;
        let evidence = evidence(transaction, &row)?;
        let action = DuplicateAction::RecordUnmerge { reason: reason.to_owned(), evidence };
        let state = step(&row.state, &action, context)?;
        if let DuplicateState::Merged { link } = row.state {
            transaction.patient_link_end(link, reason)?;
        }
        row.state = state;
        row.evidence = evidence;
        transaction.duplicate_save(&row, reason)?;
        let entry = AuditEntry::new(context, "identity.unmerge", format!("duplicate/{}", row.id));
        Ok(transaction.audit(&entry.patients([row.pair.low, row.pair.high]))?)
    })
}
