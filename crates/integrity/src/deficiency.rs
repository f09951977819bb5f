//! The lifecycle of a deficiency.
//!
//! ```text
//!              complete                  verify
//!   pending  ------------> completed  ------------> verified
//!      |  ^                    |                        |
//!      |  | reopen             | reject                 | reopen
//!      |  +--------------------v------------------------+
//!      |                   rejected  --complete--> completed
//!      | reassign
//!      +---------> reassigned --complete--> completed
//!      | decline (its provider says that it is not theirs)
//!      +---------> declined --reassign--> reassigned, or --reject--> rejected
//!      | satisfy (from every open state: the record itself shows that it is done)
//!      +---------> verified
//!      | waive (from every open state, by a supervisor, with a reason)
//!      +---------> waived --reopen--> pending
//! ```
//!
//! The product itself satisfies, reopens and reassigns where the rules, asked again, say so: the
//! document came by import, was found to be entered in error, its author got an account.
//! Suspending a provider, or the chart, changes nothing here: the clock runs on.

use crate::clock::{ClockStart, TimeAllowed};
use jiff::tz::TimeZone;
use record::{Actor, Citation, Instant, Role};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What is wanting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeficiencyKind {
    /// The chart lacks a document.
    MissingDocument,
    /// A document lacks its authentication.
    MissingSignature,
    /// A document lacks content.
    MissingContent,
}

impl DeficiencyKind {
    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            DeficiencyKind::MissingDocument => "Missing document",
            DeficiencyKind::MissingSignature => "Missing signature",
            DeficiencyKind::MissingContent => "Missing content",
        }
    }

    /// The word that the store and the API use.
    pub fn as_str(self) -> &'static str {
        match self {
            DeficiencyKind::MissingDocument => "missing-document",
            DeficiencyKind::MissingSignature => "missing-signature",
            DeficiencyKind::MissingContent => "missing-content",
        }
    }
}

/// The provider who has to complete it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Assignee {
    /// Id of their account, where they have one.
    pub account: Option<i64>,
    /// Their name.
    pub name: String,
}

/// A deficiency: what is wanting, where, since when, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deficiency {
    /// What is wanting.
    pub kind: DeficiencyKind,
    /// The encounter's id.
    pub encounter: String,
    /// The document's id, where there is one.
    pub document: Option<String>,
    /// The kind of document, in words.
    pub document_name: String,
    /// The rule that opened it; `None` when a person did.
    pub rule: Option<String>,
    /// What starts its clock.
    pub starts: ClockStart,
    /// How long the clock runs.
    pub allowed: TimeAllowed,
    /// When it was opened.
    pub opened: Instant,
    /// When it was given to its present provider.
    pub assigned: Instant,
    /// How it stands.
    pub state: DeficiencyState,
}

impl Deficiency {
    /// When it is due: by its clock's start. `event` is the admission, discharge or procedure;
    /// `None` where that has not happened, and then no clock runs. A reassignment starts a clock
    /// anew only where the clock runs from assignment.
    pub fn due(&self, event: Option<Instant>, zone: &TimeZone) -> Option<Instant> {
        let start = match self.starts {
            ClockStart::Assignment => Some(self.assigned),
            ClockStart::Admission | ClockStart::Discharge | ClockStart::Procedure => event,
        };
        start.map(|start| self.allowed.after(start, zone))
    }
}

/// How a deficiency stands, with what only that state has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum DeficiencyState {
    /// Waits for its provider.
    Pending {
        /// The provider.
        assignee: Assignee,
    },
    /// Waits for another provider than at first.
    Reassigned {
        /// The provider.
        assignee: Assignee,
        /// Who had it before.
        before: Assignee,
        /// Why it was moved.
        reason: String,
    },
    /// The analyst sent it back to its provider.
    Rejected {
        /// The provider.
        assignee: Assignee,
        /// What is still wanting.
        reason: String,
    },
    /// Its provider says that it is not theirs; the desk has to decide whose it is.
    Declined {
        /// The provider who says so.
        assignee: Assignee,
        /// Whose it is in their opinion.
        suggested: Option<Assignee>,
        /// When.
        at: Instant,
        /// Why it is not theirs.
        reason: String,
    },
    /// The provider did it; the analyst has to look.
    Completed {
        /// The provider.
        assignee: Assignee,
        /// Who completed it.
        by: Actor,
        /// When.
        at: Instant,
    },
    /// The analyst saw that it is done.
    Verified {
        /// The provider.
        assignee: Assignee,
        /// Who verified it.
        by: Actor,
        /// When.
        at: Instant,
    },
    /// It will not be done.
    Waived {
        /// The provider.
        assignee: Assignee,
        /// Who waived it.
        by: Actor,
        /// When.
        at: Instant,
        /// Why.
        reason: String,
    },
}

impl DeficiencyState {
    /// The word that the store and the API use.
    pub fn as_str(&self) -> &'static str {
        match self {
            DeficiencyState::Pending { .. } => "pending",
            DeficiencyState::Reassigned { .. } => "reassigned",
            DeficiencyState::Rejected { .. } => "rejected",
            DeficiencyState::Declined { .. } => "declined",
            DeficiencyState::Completed { .. } => "completed",
            DeficiencyState::Verified { .. } => "verified",
            DeficiencyState::Waived { .. } => "waived",
        }
    }

    /// The provider in charge.
    pub fn assignee(&self) -> &Assignee {
        match self {
            DeficiencyState::Pending { assignee }
            | DeficiencyState::Reassigned { assignee, .. }
            | DeficiencyState::Rejected { assignee, .. }
            | DeficiencyState::Declined { assignee, .. }
            | DeficiencyState::Completed { assignee, .. }
            | DeficiencyState::Verified { assignee, .. }
            | DeficiencyState::Waived { assignee, .. } => assignee,
        }
    }

    /// Whether its provider has to do something.
    pub fn waits_for_provider(&self) -> bool {
        match self {
            DeficiencyState::Pending { .. }
            | DeficiencyState::Reassigned { .. }
            | DeficiencyState::Rejected { .. } => true,
            DeficiencyState::Declined { .. }
            | DeficiencyState::Completed { .. }
            | DeficiencyState::Verified { .. }
            | DeficiencyState::Waived { .. } => false,
        }
    }

    /// Whether the desk has to do something: to verify it, or to say whose it is.
    pub fn waits_for_desk(&self) -> bool {
        match self {
            DeficiencyState::Declined { .. } | DeficiencyState::Completed { .. } => true,
            DeficiencyState::Pending { .. }
            | DeficiencyState::Reassigned { .. }
            | DeficiencyState::Rejected { .. }
            | DeficiencyState::Verified { .. }
            | DeficiencyState::Waived { .. } => false,
        }
    }

    /// Whether the chart is still deficient by it: until it is verified or waived.
    pub fn is_open(&self) -> bool {
        self.waits_for_provider() || self.waits_for_desk()
    }

    /// The word that people read.
    pub fn label(&self) -> &'static str {
        match self {
            DeficiencyState::Pending { .. } => "Pending",
            DeficiencyState::Reassigned { .. } => "Reassigned",
            DeficiencyState::Rejected { .. } => "Sent back",
            DeficiencyState::Declined { .. } => "Not theirs",
            DeficiencyState::Completed { .. } => "To verify",
            DeficiencyState::Verified { .. } => "Verified",
            DeficiencyState::Waived { .. } => "Waived",
        }
    }
}

/// What can be done with a deficiency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum DeficiencyAction {
    /// The provider has done it.
    Complete,
    /// Its provider says that it is not theirs.
    Decline {
        /// Whose it is in their opinion.
        suggested: Option<Assignee>,
        /// Why it is not theirs.
        reason: String,
    },
    /// The record itself shows that it is done: the document came in, its signature stands on
    /// the scanned page.
    Satisfy {
        /// What shows it.
        reason: String,
    },
    /// The analyst sees that it is done.
    Verify,
    /// The analyst sends it back.
    Reject {
        /// What is still wanting.
        reason: String,
    },
    /// It goes to another provider.
    Reassign {
        /// To whom.
        to: Assignee,
        /// Why.
        reason: String,
    },
    /// It will not be done.
    Waive {
        /// Why.
        reason: String,
    },
    /// It is wanting after all.
    Reopen {
        /// Why.
        reason: String,
    },
}

/// Who acts, in what roles, when.
#[derive(Clone, Debug)]
pub struct Acting<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// Their roles.
    pub roles: &'a [Role],
    /// When.
    pub at: Instant,
}

impl Acting<'_> {
    fn account(&self) -> Option<i64> {
        match self.actor {
            Actor::Person { id } => Some(*id),
            Actor::Client { .. } | Actor::System { .. } => None,
        }
    }

    fn is_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.roles.contains(role))
    }
}

/// Why an action is refused: a sentence, and the rule behind it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{sentence}")]
pub struct DeficiencyRefusal {
    /// What is wrong and what to do.
    pub sentence: String,
    /// The rule.
    pub citation: Citation,
}

fn refusal(sentence: &str, citation: &str) -> DeficiencyRefusal {
    DeficiencyRefusal { sentence: sentence.to_owned(), citation: Citation::new(citation) }
}

const AUTHENTICATION: &str = "42 CFR 482.24(c)(1)";
const COMPLETION: &str = "42 CFR 482.24(c)(4)(vii)";

type Policy = fn(&DeficiencyState, &DeficiencyAction, &Acting<'_>) -> Option<DeficiencyRefusal>;

/// What forbids an action whatever the state, in the order in which a clerk is told.
const POLICIES: &[Policy] = &[
    only_its_provider_completes,
    only_analysts_verify,
    nobody_verifies_their_own,
    only_supervisors_waive,
    reasons_are_written,
];

fn only_its_provider_completes(
    state: &DeficiencyState,
    action: &DeficiencyAction,
    acting: &Acting<'_>,
) -> Option<DeficiencyRefusal> {
    let is_theirs = acting.account().is_some() && state.assignee().account == acting.account();
    let may = acting.roles.contains(&Role::Provider) && is_theirs;
    (is_providers(action) && !may).then(|| {
        refusal(
            "Only its own provider completes it, or says that it is not theirs. The desk \
             reassigns it if it is another's.",
            AUTHENTICATION,
        )
    })
}

/// Whether it is the provider's own action; all others are the desk's.
fn is_providers(action: &DeficiencyAction) -> bool {
    matches!(action, DeficiencyAction::Complete | DeficiencyAction::Decline { .. })
}

/// What the product itself does, where the rules are asked again.
fn is_of_rules(action: &DeficiencyAction) -> bool {
    match action {
        DeficiencyAction::Satisfy { .. }
        | DeficiencyAction::Reopen { .. }
        | DeficiencyAction::Reassign { .. } => true,
        DeficiencyAction::Complete
        | DeficiencyAction::Decline { .. }
        | DeficiencyAction::Verify
        | DeficiencyAction::Reject { .. }
        | DeficiencyAction::Waive { .. } => false,
    }
}

fn only_analysts_verify(
    _: &DeficiencyState,
    action: &DeficiencyAction,
    acting: &Acting<'_>,
) -> Option<DeficiencyRefusal> {
    let is_system = matches!(acting.actor, Actor::System { .. });
    let may = acting.is_any(&[Role::Technician, Role::Analyst, Role::Supervisor])
        || (is_system && is_of_rules(action));
    (!is_providers(action) && !may).then(|| {
        refusal("Only a technician, analyst or supervisor does this at the desk.", COMPLETION)
    })
}

fn nobody_verifies_their_own(
    state: &DeficiencyState,
    action: &DeficiencyAction,
    acting: &Acting<'_>,
) -> Option<DeficiencyRefusal> {
    let is_own = matches!(state, DeficiencyState::Completed { by, .. } if by == acting.actor);
    let verifies = matches!(action, DeficiencyAction::Verify | DeficiencyAction::Satisfy { .. });
    (verifies && is_own).then(|| {
        refusal("You completed this yourself. Another person has to verify it.", AUTHENTICATION)
    })
}

fn only_supervisors_waive(
    _: &DeficiencyState,
    action: &DeficiencyAction,
    acting: &Acting<'_>,
) -> Option<DeficiencyRefusal> {
    let may = acting.roles.contains(&Role::Supervisor);
    (matches!(action, DeficiencyAction::Waive { .. }) && !may).then(|| {
        refusal("Only a supervisor waives a deficiency. Ask yours, with the reason.", COMPLETION)
    })
}

fn reasons_are_written(
    _: &DeficiencyState,
    action: &DeficiencyAction,
    _: &Acting<'_>,
) -> Option<DeficiencyRefusal> {
    let reason = match action {
        DeficiencyAction::Complete | DeficiencyAction::Verify => return None,
        DeficiencyAction::Reject { reason }
        | DeficiencyAction::Decline { reason, .. }
        | DeficiencyAction::Satisfy { reason }
        | DeficiencyAction::Reassign { reason, .. }
        | DeficiencyAction::Waive { reason }
        | DeficiencyAction::Reopen { reason } => reason,
    };
    let is_empty = reason.trim().is_empty();
    is_empty.then(|| refusal("Write why: the provider and the next analyst read it.", COMPLETION))
}

/// The next state.
///
/// # Errors
/// A sentence that says why the action can't be done, and what can.
pub fn apply(
    state: &DeficiencyState,
    action: &DeficiencyAction,
    acting: &Acting<'_>,
) -> Result<DeficiencyState, DeficiencyRefusal> {
    use DeficiencyAction as A;
    use DeficiencyState as S;
    if let Some(refused) = POLICIES.iter().find_map(|policy| policy(state, action, acting)) {
        return Err(refused);
    }
    let assignee = state.assignee().clone();
    let (by, at) = (acting.actor.clone(), acting.at);
    let no = |sentence: &str| Err(refusal(sentence, COMPLETION));
    let what_to_complete = "The provider has not completed it yet. There is nothing to look at.";
    match (state, action) {
        (
            S::Pending { .. } | S::Reassigned { .. } | S::Rejected { .. } | S::Declined { .. },
            A::Complete,
        ) => Ok(S::Completed { assignee, by, at }),
        (
            S::Pending { .. } | S::Reassigned { .. } | S::Rejected { .. },
            A::Decline { suggested, reason },
        ) => Ok(S::Declined { assignee, suggested: suggested.clone(), at, reason: reason.clone() }),
        (S::Declined { .. }, A::Decline { .. }) => no("The desk knows, and decides whose it is."),
        (S::Completed { .. }, A::Decline { .. }) => {
            no("You completed it. Ask the desk to send it back if that was wrong.")
        }
        (
            S::Pending { .. }
            | S::Reassigned { .. }
            | S::Rejected { .. }
            | S::Declined { .. }
            | S::Completed { .. },
            A::Satisfy { .. },
        )
        | (S::Completed { .. }, A::Verify) => Ok(S::Verified { assignee, by, at }),
        (S::Completed { .. } | S::Declined { .. }, A::Reject { reason }) => {
            Ok(S::Rejected { assignee, reason: reason.clone() })
        }
        (
            S::Pending { .. } | S::Reassigned { .. } | S::Rejected { .. } | S::Declined { .. },
            A::Reassign { to, reason },
        ) if *to != assignee => {
            Ok(S::Reassigned { assignee: to.clone(), before: assignee, reason: reason.clone() })
        }
        (S::Declined { .. }, A::Reassign { .. }) => {
            no("It is this provider's already. Send it back with the reason if it is theirs.")
        }
        (S::Pending { .. } | S::Reassigned { .. } | S::Rejected { .. }, A::Reassign { .. }) => {
            no("It is assigned to this provider already.")
        }
        (
            S::Pending { .. }
            | S::Reassigned { .. }
            | S::Rejected { .. }
            | S::Declined { .. }
            | S::Completed { .. },
            A::Waive { reason },
        ) => Ok(S::Waived { assignee, by, at, reason: reason.clone() }),
        (S::Verified { .. } | S::Waived { .. }, A::Reopen { .. }) => Ok(S::Pending { assignee }),
        (
            S::Pending { .. } | S::Reassigned { .. } | S::Rejected { .. },
            A::Verify | A::Reject { .. },
        )
        | (S::Declined { .. }, A::Verify) => no(what_to_complete),
        (S::Completed { .. }, A::Complete) => no("It is completed and waits for verification."),
        (S::Completed { .. }, A::Reassign { .. }) => {
            no("It is completed. Verify it, or reject it and then reassign it.")
        }
        (
            S::Pending { .. }
            | S::Reassigned { .. }
            | S::Rejected { .. }
            | S::Declined { .. }
            | S::Completed { .. },
            A::Reopen { .. },
        ) => no("It is open. There is nothing to reopen."),
        (
            S::Verified { .. } | S::Waived { .. },
            A::Complete
            | A::Decline { .. }
            | A::Satisfy { .. }
            | A::Verify
            | A::Reject { .. }
            | A::Reassign { .. }
            | A::Waive { .. },
        ) => no("It is closed. Reopen it first, with the reason."),
    }
}

#[cfg(test)]
#[path = "deficiency_tests.rs"]
mod tests;
