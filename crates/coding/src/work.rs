//! The coding of one encounter: its lifecycle, and the codes that it ends in.
//!
//! ```text
//!            save                    finalize
//! waiting ---------> in progress ----------------> final
//!    |                 |     ^                       |
//!    | hold       hold |     | resume                | reopen (reason)
//!    v                 v     |                       v
//!    +------------> on hold (reason) <---- hold -- reopened --- finalize --> final
//! ```
//!
//! A final code set is kept as a numbered version; reopening makes the next one.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::edits::{Diagnosis, Procedure};

/// Why an encounter can't be coded yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldReason {
    /// A document that the codes need is not in the chart.
    MissingDocument,
    /// A document waits for its provider's signature.
    Unsigned,
    /// A provider was asked and has not answered.
    AwaitingAnswer,
    /// A result, such as pathology, is still out.
    AwaitingResult,
    /// Registration or coverage must be settled first.
    Registration,
    /// Something else, told in the note.
    Other,
}

impl HoldReason {
    /// Every reason, in the order of the form.
    pub const ALL: &'static [HoldReason] = &[
        HoldReason::MissingDocument,
        HoldReason::Unsigned,
        HoldReason::AwaitingAnswer,
        HoldReason::AwaitingResult,
        HoldReason::Registration,
        HoldReason::Other,
    ];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            HoldReason::MissingDocument => "missing-document",
            HoldReason::Unsigned => "unsigned",
            HoldReason::AwaitingAnswer => "awaiting-answer",
            HoldReason::AwaitingResult => "awaiting-result",
            HoldReason::Registration => "registration",
            HoldReason::Other => "other",
        }
    }

    /// The words that people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            HoldReason::MissingDocument => "A document is missing",
            HoldReason::Unsigned => "A document is not signed",
            HoldReason::AwaitingAnswer => "Waits for a provider's answer",
            HoldReason::AwaitingResult => "Waits for a result",
            HoldReason::Registration => "Registration must be settled",
            HoldReason::Other => "Another reason",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<HoldReason> {
        HoldReason::ALL.iter().copied().find(|reason| reason.as_str() == text)
    }
}

/// Where the coding of an encounter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody has begun.
    Waiting,
    /// A draft exists.
    InProgress,
    /// It can't go on, for this reason.
    OnHold {
        /// Why.
        reason: HoldReason,
        /// Whether a final version stands already.
        was_final: bool,
    },
    /// The last version holds.
    Final,
    /// A final version is being revised.
    Reopened,
}

impl State {
    /// One of each, for tests and lists.
    pub const ALL: &'static [State] = &[
        State::Waiting,
        State::InProgress,
        State::OnHold { reason: HoldReason::AwaitingAnswer, was_final: false },
        State::OnHold { reason: HoldReason::AwaitingAnswer, was_final: true },
        State::Final,
        State::Reopened,
    ];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::InProgress => "in-progress",
            State::OnHold { .. } => "on-hold",
            State::Final => "final",
            State::Reopened => "reopened",
        }
    }

    /// The word that people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            State::Waiting => "Waiting",
            State::InProgress => "In progress",
            State::OnHold { .. } => "On hold",
            State::Final => "Final",
            State::Reopened => "Reopened",
        }
    }

    /// Whether codes can be changed now.
    #[must_use]
    pub fn can_be_edited(self) -> bool {
        apply(self, Action::Save).is_ok()
    }
}

/// What is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The draft is saved.
    Save,
    /// It is put on hold.
    Hold(HoldReason),
    /// The hold ends.
    Resume,
    /// The codes become final.
    Finalize {
        /// Hard stops that are neither resolved nor overridden.
        stops_open: usize,
    },
    /// A final version is opened again.
    Reopen {
        /// Whether a reason was given.
        has_reason: bool,
    },
}

impl Action {
    /// One of each, for tests.
    pub const ALL: &'static [Action] = &[
        Action::Save,
        Action::Hold(HoldReason::AwaitingAnswer),
        Action::Resume,
        Action::Finalize { stops_open: 0 },
        Action::Finalize { stops_open: 2 },
        Action::Reopen { has_reason: true },
        Action::Reopen { has_reason: false },
    ];
}

/// Why an action is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The codes are final.
    #[error("These codes are final. Reopen them with a reason first.")]
    IsFinal,
    /// It is on hold.
    #[error("This encounter is on hold. End the hold first.")]
    IsOnHold,
    /// There is no hold.
    #[error("This encounter is not on hold.")]
    IsNotOnHold,
    /// Nothing is coded yet.
    #[error("Nothing is coded yet. Add the principal or first-listed diagnosis.")]
    NothingCoded,
    /// Hard stops stand.
    #[error("Resolve each stop, or override it with a reason where that is allowed: {0} left.")]
    StopsOpen(usize),
    /// It is not final.
    #[error("These codes are not final, so there is nothing to reopen.")]
    IsNotFinal,
    /// No reason.
    #[error("Say in a few words why the codes are reopened.")]
    ReasonMissing,
}

/// The state after an action.
///
/// # Errors
/// The reason for which the action can't be taken in this state.
pub fn apply(state: State, action: Action) -> Result<State, Refusal> {
    match (state, action) {
        (State::Waiting | State::InProgress, Action::Save) => Ok(State::InProgress),
        (State::Reopened, Action::Save) => Ok(State::Reopened),
        (State::OnHold { .. }, Action::Save | Action::Finalize { .. }) => Err(Refusal::IsOnHold),
        (State::Final, Action::Save | Action::Hold(_) | Action::Finalize { .. }) => {
            Err(Refusal::IsFinal)
        }
        (State::Waiting | State::InProgress, Action::Hold(reason)) => {
            Ok(State::OnHold { reason, was_final: false })
        }
        (State::Reopened, Action::Hold(reason)) => Ok(State::OnHold { reason, was_final: true }),
        (State::OnHold { was_final, .. }, Action::Hold(reason)) => {
            Ok(State::OnHold { reason, was_final })
        }
        (State::OnHold { was_final: true, .. }, Action::Resume) => Ok(State::Reopened),
        (State::OnHold { was_final: false, .. }, Action::Resume) => Ok(State::InProgress),
        (State::Waiting | State::InProgress | State::Final | State::Reopened, Action::Resume) => {
            Err(Refusal::IsNotOnHold)
        }
        (State::Waiting, Action::Finalize { .. }) => Err(Refusal::NothingCoded),
        (State::InProgress | State::Reopened, Action::Finalize { stops_open: 0 }) => {
            Ok(State::Final)
        }
        (State::InProgress | State::Reopened, Action::Finalize { stops_open }) => {
            Err(Refusal::StopsOpen(stops_open))
        }
        (State::Final, Action::Reopen { has_reason: true }) => Ok(State::Reopened),
        (State::Final, Action::Reopen { has_reason: false }) => Err(Refusal::ReasonMissing),
        (
            State::Waiting | State::InProgress | State::OnHold { .. } | State::Reopened,
            Action::Reopen { .. },
        ) => Err(Refusal::IsNotFinal),
    }
}

/// An edit that a coder set aside, and why.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The rule.
    pub rule: String,
    /// The codes that the edit was about, without dots.
    pub codes: Vec<String>,
    /// The coder's reason.
    pub reason: String,
}

impl std::fmt::Debug for Override {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "[override of {}]", self.rule)
    }
}

/// The codes of an encounter, as drafted or as final.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSet {
    /// Diagnoses: the first is the principal or first-listed one.
    pub diagnoses: Vec<Diagnosis>,
    /// Procedures in order.
    pub procedures: Vec<Procedure>,
    /// Patient discharge status (UB-04 form locator 17), where the coder set it.
    #[serde(default)]
    pub discharge_status: Option<u16>,
    /// Edits set aside.
    #[serde(default)]
    pub overrides: Vec<Override>,
}

// What is wrong with a patient never stands in a log or a panic.
impl std::fmt::Debug for CodeSet {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "[{} codes]", self.diagnoses.len() + self.procedures.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    /// Judged by hand: only drafts change, only stops that are gone let codes become final, and
    /// only final codes are reopened, never without a reason.
    #[test]
    fn every_state_and_action() {
        let mut table = String::new();
        for state in State::ALL {
            for action in Action::ALL {
                let after = match apply(*state, *action) {
                    Ok(after) => format!("{after:?}"),
                    Err(refusal) => format!("refused: {refusal:?}"),
                };
                table.push_str(&format!("{state:?} + {action:?} = {after}\n"));
            }
        }
        expect![[r#"
            Waiting + Save = InProgress
            Waiting + Hold(AwaitingAnswer) = OnHold { reason: AwaitingAnswer, was_final: false }
            Waiting + Resume = refused: IsNotOnHold
            Waiting + Finalize { stops_open: 0 } = refused: NothingCoded
            Waiting + Finalize { stops_open: 2 } = refused: NothingCoded
            Waiting + Reopen { has_reason: true } = refused: IsNotFinal
            Waiting + Reopen { has_reason: false } = refused: IsNotFinal
            InProgress + Save = InProgress
            InProgress + Hold(AwaitingAnswer) = OnHold { reason: AwaitingAnswer, was_final: false }
            InProgress + Resume = refused: IsNotOnHold
            InProgress + Finalize { stops_open: 0 } = Final
            InProgress + Finalize { stops_open: 2 } = refused: StopsOpen(2)
            InProgress + Reopen { has_reason: true } = refused: IsNotFinal
            InProgress + Reopen { has_reason: false } = refused: IsNotFinal
            OnHold { reason: AwaitingAnswer, was_final: false } + Save = refused: IsOnHold
            OnHold { reason: AwaitingAnswer, was_final: false } + Hold(AwaitingAnswer) = OnHold { reason: AwaitingAnswer, was_final: false }
            OnHold { reason: AwaitingAnswer, was_final: false } + Resume = InProgress
            OnHold { reason: AwaitingAnswer, was_final: false } + Finalize { stops_open: 0 } = refused: IsOnHold
            OnHold { reason: AwaitingAnswer, was_final: false } + Finalize { stops_open: 2 } = refused: IsOnHold
            OnHold { reason: AwaitingAnswer, was_final: false } + Reopen { has_reason: true } = refused: IsNotFinal
            OnHold { reason: AwaitingAnswer, was_final: false } + Reopen { has_reason: false } = refused: IsNotFinal
            OnHold { reason: AwaitingAnswer, was_final: true } + Save = refused: IsOnHold
            OnHold { reason: AwaitingAnswer, was_final: true } + Hold(AwaitingAnswer) = OnHold { reason: AwaitingAnswer, was_final: true }
            OnHold { reason: AwaitingAnswer, was_final: true } + Resume = Reopened
            OnHold { reason: AwaitingAnswer, was_final: true } + Finalize { stops_open: 0 } = refused: IsOnHold
            OnHold { reason: AwaitingAnswer, was_final: true } + Finalize { stops_open: 2 } = refused: IsOnHold
            OnHold { reason: AwaitingAnswer, was_final: true } + Reopen { has_reason: true } = refused: IsNotFinal
            OnHold { reason: AwaitingAnswer, was_final: true } + Reopen { has_reason: false } = refused: IsNotFinal
            Final + Save = refused: IsFinal
            Final + Hold(AwaitingAnswer) = refused: IsFinal
            Final + Resume = refused: IsNotOnHold
            Final + Finalize { stops_open: 0 } = refused: IsFinal
            Final + Finalize { stops_open: 2 } = refused: IsFinal
            Final + Reopen { has_reason: true } = Reopened
            Final + Reopen { has_reason: false } = refused: ReasonMissing
            Reopened + Save = Reopened
            Reopened + Hold(AwaitingAnswer) = OnHold { reason: AwaitingAnswer, was_final: true }
            Reopened + Resume = refused: IsNotOnHold
            Reopened + Finalize { stops_open: 0 } = Final
            Reopened + Finalize { stops_open: 2 } = refused: StopsOpen(2)
            Reopened + Reopen { has_reason: true } = refused: IsNotFinal
            Reopened + Reopen { has_reason: false } = refused: IsNotFinal
        "#]].assert_eq(&table);
    }

    #[test]
    fn reasons_are_read_back() {
        for reason in HoldReason::ALL {
            assert_eq!(HoldReason::parse(reason.as_str()), Some(*reason));
        }
    }
}
