//! What is done with a deficiency: the one way from state to state, with its event and its work.

use super::complete::work_words;
use super::review::{is_wanting, rules_actor};
use super::{DESK_WORK_KIND, WORK_KIND};
use crate::access::{Right, require};
use crate::{Error, FieldError};
use integrity::deficiency::{Acting, Assignee, DeficiencyAction, DeficiencyState, apply};
use integrity::{ClockStart, TimeAllowed};
use record::{Actor, Context, Instant, ResourceKey, Role};
use store::deficiency::{DeficiencyMove, DeficiencyRow};
use store::work::NewWork;
use store::{AuditEntry, Store, Transaction, View};

/// One step of a deficiency: what is done, by whom, and by which document it is met.
pub(super) struct Step<'a> {
    pub action: &'a DeficiencyAction,
    pub actor: Actor,
    pub roles: &'a [Role],
    pub shown_by: Option<ResourceKey>,
}

impl<'a> Step<'a> {
    /// A step that the rules take by themselves.
    pub(super) fn of_rules(action: &'a DeficiencyAction) -> Step<'a> {
        Step { action, actor: rules_actor(), roles: &[], shown_by: None }
    }

    /// A step of the person who asks.
    pub(super) fn of_person(action: &'a DeficiencyAction, context: &'a Context) -> Step<'a> {
        Step { action, actor: context.actor.clone(), roles: &context.roles, shown_by: None }
    }
}

fn word(action: &DeficiencyAction) -> &'static str {
    match action {
        DeficiencyAction::Complete => "complete",
        DeficiencyAction::Decline { .. } => "decline",
        DeficiencyAction::Satisfy { .. } => "satisfy",
        DeficiencyAction::Verify => "verify",
        DeficiencyAction::Reject { .. } => "reject",
        DeficiencyAction::Reassign { .. } => "reassign",
        DeficiencyAction::Waive { .. } => "waive",
        DeficiencyAction::Reopen { .. } => "reopen",
    }
}

fn reason(action: &DeficiencyAction) -> &str {
    match action {
        DeficiencyAction::Complete | DeficiencyAction::Verify => "",
        DeficiencyAction::Decline { reason, .. }
        | DeficiencyAction::Satisfy { reason }
        | DeficiencyAction::Reject { reason }
        | DeficiencyAction::Reassign { reason, .. }
        | DeficiencyAction::Waive { reason }
        | DeficiencyAction::Reopen { reason } => reason,
    }
}

/// Takes a step: the lifecycle decides, the row is saved, its event told, its work opened and
/// closed.
pub(super) fn step(
    transaction: &mut Transaction<'_>,
    row: &DeficiencyRow,
    step: &Step<'_>,
) -> Result<(), Error> {
    let at = transaction.context().at;
    let acting = Acting { actor: &step.actor, roles: step.roles, at };
    let to = apply(&row.state, step.action, &acting)
        .map_err(|refusal| Error::Refused(format!("{refusal} ({})", refusal.citation.text)))?;
    let from = row.state.as_str();
    let mut row = row.clone();
    row.state = to;
    match step.action {
        DeficiencyAction::Reassign { .. } => {
            row.assigned_at = at;
            if row.starts == ClockStart::Assignment {
                let zone = crate::entry::zone_in(transaction)?;
                row.event_at = Some(at);
                row.due_at = Some(row.allowed.after(at, &zone));
            }
        }
        DeficiencyAction::Complete | DeficiencyAction::Satisfy { .. } => {
            row.shown_by = step.shown_by;
        }
        DeficiencyAction::Reopen { .. } | DeficiencyAction::Reject { .. } => row.shown_by = None,
        DeficiencyAction::Decline { .. }
        | DeficiencyAction::Verify
        | DeficiencyAction::Waive { .. } => {}
    }
    transaction.deficiency_move(&DeficiencyMove {
        row: &row,
        from,
        action: word(step.action),
        actor: &step.actor.key(),
        reason: reason(step.action).trim(),
    })?;
    work(transaction, &row)
}

/// The work that a deficiency makes as it stands: its provider's, the desk's, or none.
pub(super) fn work(transaction: &mut Transaction<'_>, row: &DeficiencyRow) -> Result<(), Error> {
    let account = row.state.assignee().account;
    let (kind, role, to, reason) = match (&row.state, account) {
        (DeficiencyState::Completed { .. }, _) => {
            (DESK_WORK_KIND, Role::Technician, None, "Completed: look, and verify it.".to_owned())
        }
        (DeficiencyState::Declined { .. }, _) => {
            let reason = "Its provider says that it is not theirs: decide whose it is.";
            (DESK_WORK_KIND, Role::Technician, None, reason.to_owned())
        }
        (state, Some(account)) if state.waits_for_provider() => {
            (WORK_KIND, Role::Provider, Some(account), work_words(row))
        }
        (state, None) if state.waits_for_provider() => {
            let reason = format!("{} Its provider has no account here.", work_words(row));
            (DESK_WORK_KIND, Role::Technician, None, reason)
        }
        _ => {
            transaction.work_close(WORK_KIND, row.id, true)?;
            return Ok(transaction.work_close(DESK_WORK_KIND, row.id, true)?);
        }
    };
    let other = if kind == WORK_KIND { DESK_WORK_KIND } else { WORK_KIND };
    transaction.work_close(other, row.id, true)?;
    if let Some(open) = transaction.work_about(kind, row.id)? {
        let stands = open.reason == reason && open.due_at == row.due_at;
        if stands && (to.is_none() || open.assigned_to == to) {
            return Ok(());
        }
        transaction.work_close(kind, row.id, false)?;
    }
    let id = transaction.work_open(&NewWork {
        kind,
        subject: row.id,
        patient: Some(row.patient),
        role,
        due_at: row.due_at,
        reason: &reason,
    })?;
    if to.is_some() {
        transaction.work_assign(id, to)?;
    }
    Ok(())
}

/// What the desk does with a deficiency.
#[derive(Clone, Debug)]
pub enum DeskAct {
    /// It is done.
    Verify,
    /// It is not done: back to its provider, with what is still wanting.
    Reject(String),
    /// The record shows it, on paper that was scanned or otherwise.
    Satisfy(String),
    /// To another provider: the account, or a name where they have none.
    Reassign {
        /// Account.
        account: Option<i64>,
        /// Name of one without an account.
        name: String,
        /// Why.
        reason: String,
    },
    /// It will not be done.
    Waive(String),
    /// It is wanting after all.
    Reopen(String),
}

/// Does it.
///
/// # Errors
/// [`Error::Conflict`] when somebody was faster; [`Error::Refused`] by the lifecycle, with its
/// citation; [`Error::Invalid`] without a reason or a provider.
pub fn act(
    store: &Store,
    context: &Context,
    id: i64,
    changes: i64,
    done: &DeskAct,
) -> Result<(), Error> {
    require(store, context, Right::Completion)?;
    let result = store.write(context, |transaction| {
        let row = current(transaction, id, changes)?;
        let action = action_of(transaction, done)?;
        if matches!(done, DeskAct::Verify) {
            refuse_wanting(transaction, &row)?;
        }
        step(transaction, &row, &Step::of_person(&action, context))?;
        audit(transaction, context, &row, word(&action))
    });
    refused(store, context, id, result)
}

/// The provider says that it is not theirs, and perhaps whose it is.
///
/// # Errors
/// [`Error::Refused`] where it is not theirs to refuse; [`Error::Invalid`] without a reason.
pub fn decline(
    store: &Store,
    context: &Context,
    id: i64,
    changes: i64,
    suggested: Option<i64>,
    reason: &str,
) -> Result<(), Error> {
    require(store, context, Right::Authenticate)?;
    let result = store.write(context, |transaction| {
        let row = current(transaction, id, changes)?;
        let suggested = match suggested {
            Some(account) => Some(provider(transaction, account)?),
            None => None,
        };
        let action = DeficiencyAction::Decline { suggested, reason: written(reason)? };
        step(transaction, &row, &Step::of_person(&action, context))?;
        audit(transaction, context, &row, "decline")
    });
    refused(store, context, id, result)
}

/// The deficiency as the form showed it.
pub(super) fn current(view: &mut View<'_>, id: i64, changes: i64) -> Result<DeficiencyRow, Error> {
    let row = view.deficiency(id)?.ok_or(Error::NotFound)?;
    if row.changes != changes {
        return Err(Error::Conflict(
            "Somebody else has worked on this deficiency. Load the page again.".into(),
        ));
    }
    Ok(row)
}

fn action_of(view: &mut View<'_>, done: &DeskAct) -> Result<DeficiencyAction, Error> {
    Ok(match done {
        DeskAct::Verify => DeficiencyAction::Verify,
        DeskAct::Reject(reason) => DeficiencyAction::Reject { reason: written(reason)? },
        DeskAct::Satisfy(reason) => DeficiencyAction::Satisfy { reason: written(reason)? },
        DeskAct::Waive(reason) => DeficiencyAction::Waive { reason: written(reason)? },
        DeskAct::Reopen(reason) => DeficiencyAction::Reopen { reason: written(reason)? },
        DeskAct::Reassign { account, name, reason } => DeficiencyAction::Reassign {
            to: assignee(view, *account, name)?,
            reason: written(reason)?,
        },
    })
}

fn written(reason: &str) -> Result<String, Error> {
    match reason.trim() {
        "" => {
            let why = "Write why: the provider and the next one at the desk read it.";
            Err(Error::Invalid(vec![FieldError::new("reason", why)]))
        }
        reason => Ok(reason.to_owned()),
    }
}

/// A provider by account, or one without an account by name.
pub(super) fn assignee(
    view: &mut View<'_>,
    account: Option<i64>,
    name: &str,
) -> Result<Assignee, Error> {
    match (account, name.trim()) {
        (Some(account), _) => provider(view, account),
        (None, "") => {
            let why = "Choose the provider, or name one who has no account.";
            Err(Error::Invalid(vec![FieldError::new("account", why)]))
        }
        (None, name) => Ok(Assignee { account: None, name: name.to_owned() }),
    }
}

fn provider(view: &mut View<'_>, account: i64) -> Result<Assignee, Error> {
    let person = view.person(account)?.filter(|one| one.roles.contains(&Role::Provider));
    let person = person.ok_or_else(|| {
        Error::Invalid(vec![FieldError::new("account", "This person is no provider.")])
    })?;
    Ok(Assignee { account: Some(person.id), name: person.name })
}

/// Nothing is verified that the rules still find wanting.
fn refuse_wanting(transaction: &mut Transaction<'_>, row: &DeficiencyRow) -> Result<(), Error> {
    let completed = matches!(row.state, DeficiencyState::Completed { .. });
    let Some(encounter) = transaction.resource_by_key(row.encounter)? else { return Ok(()) };
    if completed && is_wanting(transaction, &encounter, row)? {
        return Err(Error::Refused(
            "The chart does not show it: the document is not there, or is not authenticated. \
             Send it back to its provider."
                .into(),
        ));
    }
    Ok(())
}

pub(super) fn audit(
    transaction: &mut Transaction<'_>,
    context: &Context,
    row: &DeficiencyRow,
    action: &str,
) -> Result<(), Error> {
    let target = format!("deficiency/{}", row.id);
    let entry = AuditEntry::new(context, &format!("deficiency.{action}"), target);
    Ok(transaction.audit(&entry.patients([row.patient]))?)
}

/// A refusal is audited, too.
pub(super) fn refused<T>(
    store: &Store,
    context: &Context,
    id: i64,
    result: Result<T, Error>,
) -> Result<T, Error> {
    if let Err(Error::Refused(_) | Error::Conflict(_)) = &result {
        let target = format!("deficiency/{id}");
        let entry = AuditEntry::new(context, "deficiency.act", target).refused();
        store.write(context, |transaction| transaction.audit(&entry))?;
    }
    result
}

/// When something given to a provider now is due.
pub(super) fn due_from(
    view: &mut View<'_>,
    allowed: TimeAllowed,
    at: Instant,
) -> Result<Instant, Error> {
    let zone = crate::entry::zone_in(view)?;
    Ok(allowed.after(at, &zone))
}
