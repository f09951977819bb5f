//! The lifecycle of a possible duplicate.
//!
//! ```text
//!            take                judge same            merge done
//!   open -----------> in review ----------> to merge ------------> merged
//!    ^  \______________/  | |  \___________________________________/ |
//!    |     release        | | judge different                        | unmerge
//!    |                    | +--------------> different               |
//!    |  evidence changes  | not sure              |                  |
//!    +--------------------+-----> waiting <-------|------------------+ (to different)
//!    +--------------------------------------------+
//!   withdrawn: the evidence is gone before anyone judged; new evidence opens it again
//! ```

use crate::judgement::Answer;
use crate::link::LinkId;
use record::{Actor, Citation, ContentHash, Instant};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Where a possible duplicate stands, with what only that state has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum DuplicateState {
    /// Nobody looks at it yet.
    Open,
    /// Somebody compares the two.
    InReview {
        /// Who.
        by: Actor,
    },
    /// It can't be told yet; it comes back on a day or with new evidence.
    Waiting {
        /// What is waited for.
        reason: String,
        /// When to look again.
        until: Instant,
    },
    /// Judged one person; the merge is still to be done.
    ToMerge {
        /// Why.
        reason: String,
    },
    /// Merged.
    Merged {
        /// The link that stands.
        link: LinkId,
    },
    /// Judged two people, on this evidence.
    Different {
        /// Why.
        reason: String,
        /// What was compared.
        evidence: ContentHash,
    },
    /// The records no longer look alike; nobody had judged.
    Withdrawn,
}

/// What can be done with a possible duplicate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum DuplicateAction {
    /// Take it to compare.
    Take,
    /// Put it back.
    Release,
    /// Say what it is.
    Judge {
        /// The answer.
        answer: Answer,
        /// Why.
        reason: String,
        /// What was compared.
        evidence: ContentHash,
        /// For "not sure": when to look again.
        until: Option<Instant>,
    },
    /// The merge was done.
    RecordMerge {
        /// Its link.
        link: LinkId,
    },
    /// The merge was undone: two people after all.
    RecordUnmerge {
        /// Why.
        reason: String,
        /// What was compared.
        evidence: ContentHash,
    },
    /// The records changed; they still look alike.
    EvidenceChanged {
        /// Digest of what they hold now.
        evidence: ContentHash,
    },
    /// The records changed; they no longer look alike.
    Withdraw,
}

/// Why an action is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{sentence}")]
pub struct DuplicateRefusal {
    /// What is wrong and what to do, for a clerk.
    pub sentence: String,
    /// The rule behind it.
    pub citation: Citation,
}

fn refuse(sentence: &str) -> Result<DuplicateState, DuplicateRefusal> {
    let citation = Citation::new("AHIMA, Managing the Integrity of Patient Identity, 2020");
    Err(DuplicateRefusal { sentence: sentence.to_owned(), citation })
}

/// The next state, or why there is none. `by` is who acts.
///
/// # Errors
/// A sentence that says why the action can't be done now, and what can.
pub fn apply(
    state: &DuplicateState,
    action: &DuplicateAction,
    by: &Actor,
) -> Result<DuplicateState, DuplicateRefusal> {
    use DuplicateAction as A;
    use DuplicateState as S;
    match (state, action) {
        (S::Open | S::Waiting { .. }, A::Take) => Ok(S::InReview { by: by.clone() }),
        (S::InReview { by: holder }, A::Take) if holder == by => Ok(state.clone()),
        (S::InReview { .. }, A::Take) => {
            refuse("Somebody else compares this pair. Ask them, or have it reassigned.")
        }
        (S::InReview { .. }, A::Release) => Ok(S::Open),
        (S::InReview { by: holder }, A::Judge { .. }) if holder != by => {
            refuse("Somebody else compares this pair. Only they can judge it.")
        }
        (S::InReview { .. }, A::Judge { answer, reason, evidence, until }) => {
            judge(*answer, reason, *evidence, *until)
        }
        (S::Open | S::Waiting { .. }, A::Judge { .. }) => {
            refuse("Take the pair first, so that no one else judges it at the same time.")
        }
        (S::ToMerge { .. }, A::RecordMerge { link }) => Ok(S::Merged { link: *link }),
        (S::ToMerge { .. }, A::Release) => Ok(S::Open),
        (S::Merged { .. }, A::RecordUnmerge { reason, evidence }) => {
            Ok(S::Different { reason: reason.clone(), evidence: *evidence })
        }
        (S::Different { evidence: then, .. }, A::EvidenceChanged { evidence })
            if then == evidence =>
        {
            refuse("Nothing that was compared has changed. The pair stays judged.")
        }
        (S::Different { .. } | S::Waiting { .. } | S::Withdrawn, A::EvidenceChanged { .. }) => {
            Ok(S::Open)
        }
        (S::Open | S::InReview { .. } | S::ToMerge { .. }, A::EvidenceChanged { .. }) => {
            Ok(state.clone())
        }
        (S::Open | S::Waiting { .. }, A::Withdraw) => Ok(S::Withdrawn),
        (S::InReview { .. } | S::ToMerge { .. }, A::Withdraw) => {
            refuse("Somebody compares this pair now. Their judgement is waited for.")
        }
        (S::Different { .. } | S::Merged { .. } | S::Withdrawn, A::Withdraw) => {
            refuse("This pair is closed. There is nothing to withdraw.")
        }
        (S::Merged { .. }, A::EvidenceChanged { .. }) => {
            refuse("The two records are merged. Changed data is compared again after an unmerge.")
        }
        (S::Open | S::Waiting { .. }, A::Release) => refuse("Nobody has taken this pair."),
        (S::Open | S::InReview { .. } | S::Waiting { .. }, A::RecordMerge { .. }) => {
            refuse("Judge the pair first: a merge follows the judgement \"same person\".")
        }
        (S::ToMerge { .. }, A::Take | A::Judge { .. }) => {
            refuse("This pair is judged and waits for its merge. Put it back to judge it again.")
        }
        (
            S::Merged { .. } | S::Different { .. } | S::Withdrawn,
            A::Take | A::Release | A::Judge { .. } | A::RecordMerge { .. },
        ) => refuse("This pair is closed. It opens again when the evidence changes."),
        (
            S::Open
            | S::InReview { .. }
            | S::Waiting { .. }
            | S::ToMerge { .. }
            | S::Different { .. }
            | S::Withdrawn,
            A::RecordUnmerge { .. },
        ) => refuse("This pair is not merged. There is nothing to undo."),
    }
}

fn judge(
    answer: Answer,
    reason: &str,
    evidence: ContentHash,
    until: Option<Instant>,
) -> Result<DuplicateState, DuplicateRefusal> {
    if reason.trim().is_empty() {
        return refuse("Write why. The next person who meets this pair reads it.");
    }
    let reason = reason.to_owned();
    match (answer, until) {
        (Answer::Same, _) => Ok(DuplicateState::ToMerge { reason }),
        (Answer::Different, _) => Ok(DuplicateState::Different { reason, evidence }),
        (Answer::NotSure, Some(until)) => Ok(DuplicateState::Waiting { reason, until }),
        (Answer::NotSure, None) => refuse("Say when to look at this pair again."),
    }
}

impl DuplicateState {
    /// The word that the store and the API use.
    pub fn as_str(&self) -> &'static str {
        match self {
            DuplicateState::Open => "open",
            DuplicateState::InReview { .. } => "in-review",
            DuplicateState::Waiting { .. } => "waiting",
            DuplicateState::ToMerge { .. } => "to-merge",
            DuplicateState::Merged { .. } => "merged",
            DuplicateState::Different { .. } => "different",
            DuplicateState::Withdrawn => "withdrawn",
        }
    }

    /// Whether work is left to do.
    pub fn is_open(&self) -> bool {
        match self {
            DuplicateState::Open
            | DuplicateState::InReview { .. }
            | DuplicateState::Waiting { .. }
            | DuplicateState::ToMerge { .. } => true,
            DuplicateState::Merged { .. }
            | DuplicateState::Different { .. }
            | DuplicateState::Withdrawn => false,
        }
    }
}

#[cfg(test)]
#[path = "duplicate_tests.rs"]
mod tests;
