//! The lifecycle of a chart's destruction.
//!
//! ```text
//!             approve (another person,      carry out (not the witness)
//!              who becomes its witness)
//!   proposed -----------------> approved ---------------> destroyed
//!      |  |                       |  |  |                     ^  ^
//!      |  | reject                |  |  | carry out,    finish|  | explain (not who carried
//!      |  +------> rejected <-----+  |  | and not all         |  |          it out)
//!      |                             |  | reconciles yet      |  |
//!      |                             |  +----------> incomplete -+
//!      +---------> stopped <---------+
//!        a hold, open work, a changed chart, a longer class
//! ```
//!
//! Destruction closes only when what was destroyed reconciles with what was listed; who proposed
//! it, who approved and witnessed it and who carried it out stand in its certificate for good.
//! Rejected and stopped are ends: the chart stays whole and may be proposed anew.

use jiff::civil::Date;
use record::{Actor, Citation, Instant, Role};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a chart held when it was listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holdings {
    /// Entries.
    pub entries_count: i64,
    /// Versions of entries.
    pub versions_count: i64,
    /// Files.
    pub files_count: i64,
    /// First day of which the chart tells.
    pub from: Option<Date>,
    /// Last day of which the chart tells.
    pub until: Option<Date>,
    /// Id of the newest version: what came or changed later has a higher one.
    pub newest: i64,
}

/// What was destroyed, and what of it is still there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Entries.
    pub entries_count: i64,
    /// Versions of entries.
    pub versions_count: i64,
    /// Files.
    pub files_count: i64,
    /// Entries of the index and of the registers that outlive the chart.
    pub cards_count: i64,
    /// Files that could not be removed from the disk. Without their key nobody can read them.
    pub files_left_count: i64,
}

/// Where what was destroyed differs from what was listed, as sentences.
pub fn differences(listed: &Holdings, done: &Done) -> Vec<String> {
    let pairs = [
        ("entries", listed.entries_count, done.entries_count),
        ("versions", listed.versions_count, done.versions_count),
        ("files", listed.files_count, done.files_count),
    ];
    let mut differ: Vec<String> = pairs
        .iter()
        .filter(|(_, listed, destroyed)| listed != destroyed)
        .map(|(what, listed, destroyed)| {
            format!("{listed} {what} were listed, {destroyed} were destroyed.")
        })
        .collect();
    if done.files_left_count > 0 {
        differ.push(format!(
            "{} files could not be removed from the disk; their key is forgotten.",
            done.files_left_count
        ));
    }
    differ
}

/// Why a chart may not be destroyed now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stop", content = "of", rename_all = "kebab-case")]
pub enum Stop {
    /// A legal hold stands, for this reason.
    Hold(String),
    /// Its retention has not ended.
    Kept(Option<Date>),
    /// A class protects minors, and the birth date isn't known.
    BirthDate,
    /// An encounter is not finished.
    Encounters(i64),
    /// A request for release or for an accounting is open.
    Requests(i64),
    /// A deficiency is open.
    Deficiencies(i64),
    /// An encounter has no final codes.
    Coding(i64),
    /// It may be one person's with another chart: that is decided first.
    Duplicates(i64),
    /// Other work is open.
    Work(i64),
    /// It changed since it was listed.
    Changed,
}

impl Stop {
    /// What stops it and what to do, as a sentence.
    pub fn sentence(&self) -> String {
        let some = |count: &i64, one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {many}"),
        };
        match self {
            Stop::Hold(reason) => format!("A legal hold stands: {reason}"),
            Stop::Kept(Some(day)) => {
                format!("It must be kept until {}.", day.strftime("%-d %b %Y"))
            }
            Stop::Kept(None) => "No class says when its retention ends.".to_owned(),
            Stop::BirthDate => {
                "A class protects minors, and the birth date isn't known. Enter it first."
                    .to_owned()
            }
            Stop::Encounters(n) => {
                format!("{} not finished.", some(n, "encounter is", "encounters are"))
            }
            Stop::Requests(n) => {
                format!("{} open at the release desk.", some(n, "request is", "requests are"))
            }
            Stop::Deficiencies(n) => {
                format!("{} open.", some(n, "deficiency is", "deficiencies are"))
            }
            Stop::Coding(n) => {
                format!("{} without final codes.", some(n, "encounter is", "encounters are"))
            }
            Stop::Duplicates(n) => {
                let pairs = some(n, "possible duplicate is", "possible duplicates are");
                format!("{pairs} not decided.")
            }
            Stop::Work(n) => {
                format!("{} open.", some(n, "other piece of work is", "other pieces of work are"))
            }
            Stop::Changed => "The chart changed since it was listed. List it anew.".to_owned(),
        }
    }
}

/// How a destruction was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// Who proposed it.
    pub proposed_by: Actor,
    /// Who approved it and saw it done.
    pub witness: Actor,
    /// Who carried it out.
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// How the record that is held here was destroyed, and what became of paper and copies.
    pub method: String,
    /// What was destroyed.
    pub done: Done,
}

/// How a destruction stands, with what only that state has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum DestructionState {
    /// Listed, for another person to approve.
    Proposed {
        /// Who proposed it.
        by: Actor,
    },
    /// Approved, to be carried out.
    Approved {
        /// Who proposed it.
        proposed_by: Actor,
        /// Who approved it and witnesses it.
        witness: Actor,
        /// When.
        at: Instant,
    },
    /// Destroyed, and reconciled with what was listed.
    Destroyed {
        /// How.
        carried: Carried,
        /// What the witness said of differences, where there were any.
        explained: Option<String>,
    },
    /// Destroyed, and it does not reconcile.
    Incomplete {
        /// How.
        carried: Carried,
        /// What differs.
        differences: Vec<String>,
    },
    /// Not to be destroyed.
    Rejected {
        /// By whom.
        by: Actor,
        /// When.
        at: Instant,
        /// Why.
        reason: String,
    },
    /// Something came in between.
    Stopped {
        /// When.
        at: Instant,
        /// What.
        stops: Vec<Stop>,
    },
}

impl DestructionState {
    /// The word that the store uses.
    pub fn as_str(&self) -> &'static str {
        match self {
            DestructionState::Proposed { .. } => "proposed",
            DestructionState::Approved { .. } => "approved",
            DestructionState::Destroyed { .. } => "destroyed",
            DestructionState::Incomplete { .. } => "incomplete",
            DestructionState::Rejected { .. } => "rejected",
            DestructionState::Stopped { .. } => "stopped",
        }
    }

    /// The word that people read.
    pub fn label(&self) -> &'static str {
        match self {
            DestructionState::Proposed { .. } => "Proposed",
            DestructionState::Approved { .. } => "Approved",
            DestructionState::Destroyed { .. } => "Destroyed",
            DestructionState::Incomplete { .. } => "Does not reconcile",
            DestructionState::Rejected { .. } => "Rejected",
            DestructionState::Stopped { .. } => "Stopped",
        }
    }

    /// How it was carried out, where it was.
    pub fn carried(&self) -> Option<&Carried> {
        match self {
            DestructionState::Destroyed { carried, .. }
            | DestructionState::Incomplete { carried, .. } => Some(carried),
            DestructionState::Proposed { .. }
            | DestructionState::Approved { .. }
            | DestructionState::Rejected { .. }
            | DestructionState::Stopped { .. } => None,
        }
    }
}

/// What can be done with a destruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DestructionAction {
    /// A second person approves it, and witnesses it.
    Approve,
    /// It is not to be destroyed.
    Reject {
        /// Why.
        reason: String,
    },
    /// It is carried out.
    CarryOut {
        /// How.
        method: String,
        /// What was destroyed.
        done: Done,
        /// Where that differs from what was listed.
        differences: Vec<String>,
    },
    /// The product itself has removed the files after the rows were committed.
    Finish {
        /// Files that could not be removed.
        files_left_count: i64,
        /// What differs now.
        differences: Vec<String>,
    },
    /// Another person says where the differences come from.
    Explain {
        /// Where from.
        reason: String,
    },
    /// The product itself stops it.
    Stop {
        /// What stops it.
        stops: Vec<Stop>,
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

/// Why an action is refused: a sentence, and the rule behind it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{sentence}")]
pub struct DestructionRefusal {
    /// What is wrong and what to do.
    pub sentence: String,
    /// The rule.
    pub citation: Citation,
}

const PRACTICE: &str = "AHIMA, Retention and Destruction of Health Information (2013)";

fn refusal(sentence: &str) -> DestructionRefusal {
    DestructionRefusal { sentence: sentence.to_owned(), citation: Citation::new(PRACTICE) }
}

type Policy = fn(&DestructionState, &DestructionAction, &Acting<'_>) -> Option<DestructionRefusal>;

/// What forbids an action whatever the state, in the order in which a clerk is told.
const POLICIES: &[Policy] = &[
    only_supervisors_and_privacy_officers_witness,
    only_technicians_and_supervisors_carry_out,
    two_persons,
    texts_are_written,
];

fn only_supervisors_and_privacy_officers_witness(
    _: &DestructionState,
    action: &DestructionAction,
    acting: &Acting<'_>,
) -> Option<DestructionRefusal> {
    use DestructionAction as A;
    let needs = matches!(action, A::Approve | A::Reject { .. } | A::Explain { .. });
    let may = [Role::Supervisor, Role::PrivacyOfficer].iter().any(|r| acting.roles.contains(r));
    (needs && !may).then(|| refusal("Only a supervisor or the privacy officer decides on it."))
}

fn only_technicians_and_supervisors_carry_out(
    _: &DestructionState,
    action: &DestructionAction,
    acting: &Acting<'_>,
) -> Option<DestructionRefusal> {
    let needs = matches!(action, DestructionAction::CarryOut { .. });
    let may = [Role::Technician, Role::Supervisor].iter().any(|r| acting.roles.contains(r));
    (needs && !may).then(|| refusal("Only a technician or a supervisor carries it out."))
}

/// Nobody approves what they proposed, and nobody witnesses what they do.
fn two_persons(
    state: &DestructionState,
    action: &DestructionAction,
    acting: &Acting<'_>,
) -> Option<DestructionRefusal> {
    match (state, action) {
        (DestructionState::Proposed { by }, DestructionAction::Approve) if by == acting.actor => {
            Some(refusal("You proposed it. Another person has to approve it."))
        }
        (DestructionState::Approved { witness, .. }, DestructionAction::CarryOut { .. })
            if witness == acting.actor =>
        {
            Some(refusal("You are its witness. Another person has to carry it out."))
        }
        (DestructionState::Incomplete { carried, .. }, DestructionAction::Explain { .. })
            if carried.by == *acting.actor =>
        {
            Some(refusal("You carried it out. Another person has to explain what differs."))
        }
        _ => None,
    }
}

fn texts_are_written(
    _: &DestructionState,
    action: &DestructionAction,
    _: &Acting<'_>,
) -> Option<DestructionRefusal> {
    let (text, sentence) = match action {
        DestructionAction::Approve
        | DestructionAction::Stop { .. }
        | DestructionAction::Finish { .. } => return None,
        DestructionAction::CarryOut { method, .. } => {
            (method, "Say what became of paper and copies, or that there were none.")
        }
        DestructionAction::Reject { reason } => (reason, "Write why it is not to be destroyed."),
        DestructionAction::Explain { reason } => (reason, "Write where the differences come from."),
    };
    text.trim().is_empty().then(|| refusal(sentence))
}

/// The next state.
///
/// # Errors
/// A sentence that says why the action can't be done, and what can.
pub fn apply(
    state: &DestructionState,
    action: &DestructionAction,
    acting: &Acting<'_>,
) -> Result<DestructionState, DestructionRefusal> {
    use DestructionAction as A;
    use DestructionState as S;
    if let Some(refused) = POLICIES.iter().find_map(|policy| policy(state, action, acting)) {
        return Err(refused);
    }
    let (by, at) = (acting.actor.clone(), acting.at);
    let no = |sentence: &str| Err(refusal(sentence));
    match (state, action) {
        (S::Proposed { by: proposed_by }, A::Approve) => {
            Ok(S::Approved { proposed_by: proposed_by.clone(), witness: by, at })
        }
        (S::Approved { .. }, A::Approve) => no("It is approved. It waits to be carried out."),
        (S::Proposed { .. } | S::Approved { .. }, A::Reject { reason }) => {
            Ok(S::Rejected { by, at, reason: reason.clone() })
        }
        (S::Proposed { .. } | S::Approved { .. }, A::Stop { stops }) => {
            Ok(S::Stopped { at, stops: stops.clone() })
        }
        (S::Proposed { .. }, A::CarryOut { .. }) => no("Another person has to approve it first."),
        (S::Approved { proposed_by, witness, .. }, A::CarryOut { method, done, differences }) => {
            let (proposed_by, witness) = (proposed_by.clone(), witness.clone());
            let method = method.trim().to_owned();
            let carried = Carried { proposed_by, witness, by, at, method, done: *done };
            match differences.is_empty() {
                true => Ok(S::Destroyed { carried, explained: None }),
                false => Ok(S::Incomplete { carried, differences: differences.clone() }),
            }
        }
        (S::Incomplete { carried, .. }, A::Explain { reason }) => {
            let explained = Some(reason.trim().to_owned());
            Ok(S::Destroyed { carried: carried.clone(), explained })
        }
        (S::Incomplete { carried, .. }, A::Finish { files_left_count, differences }) => {
            let mut carried = carried.clone();
            carried.done.files_left_count = *files_left_count;
            match differences.is_empty() {
                true => Ok(S::Destroyed { carried, explained: None }),
                false => Ok(S::Incomplete { carried, differences: differences.clone() }),
            }
        }
        (S::Proposed { .. } | S::Approved { .. }, A::Explain { .. } | A::Finish { .. }) => {
            no("Nothing is destroyed yet. There is nothing to explain.")
        }
        (
            S::Incomplete { .. },
            A::Approve | A::Reject { .. } | A::CarryOut { .. } | A::Stop { .. },
        ) => no("It is destroyed. What differs has to be explained."),
        (
            S::Destroyed { .. },
            A::Approve
            | A::Reject { .. }
            | A::CarryOut { .. }
            | A::Finish { .. }
            | A::Explain { .. }
            | A::Stop { .. },
        ) => no("It is destroyed. Nothing can be done about it any more."),
        (
            S::Rejected { .. } | S::Stopped { .. },
            A::Approve
            | A::Reject { .. }
            | A::CarryOut { .. }
            | A::Finish { .. }
            | A::Explain { .. }
            | A::Stop { .. },
        ) => no("It ended, and the chart is whole. Propose it anew."),
    }
}

#[cfg(test)]
#[path = "destruction_tests.rs"]
mod tests;
