//! The lifecycle of a finding of a quality check.
//!
//! ```text
//!             pass (the row no longer fails, or is gone)
//!   open ------------------------------------------------> fixed
//!    |  ^                                                  |  ^
//!    |  +------------------- fail (again) -----------------+  |
//!    |  ^                                                     |
//!    |  | end, or fail once its last day is over              | pass
//!    |  +----------------------------------------+            |
//!    +--accept (known, not a fault, until a day)--> accepted -+
//! ```
//!
//! Nobody closes a finding by hand: the check runs again on the row, and only that closes it.

use record::{Citation, Instant};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest time for which a finding may be accepted, in seconds: a year, and then somebody
/// looks again.
pub const ACCEPTED_SECONDS_MAX: i64 = 366 * 86_400;

/// How a finding stands, with what only that state has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum FindingState {
    /// The row fails.
    Open,
    /// The row fails, and somebody with the right says that it is no fault.
    Accepted {
        /// Until when that holds.
        until: Instant,
    },
    /// The row no longer fails, or is gone.
    Fixed,
}

impl FindingState {
    /// The word that the store and the pages use.
    pub fn as_str(self) -> &'static str {
        match self {
            FindingState::Open => "open",
            FindingState::Accepted { .. } => "accepted",
            FindingState::Fixed => "fixed",
        }
    }
}

/// What can happen to a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum FindingAction {
    /// The check ran, and the row fails.
    Fail,
    /// The check ran, and the row does not fail.
    Pass,
    /// Known, and not a fault.
    Accept {
        /// Why.
        reason: String,
        /// Until when.
        until: Instant,
    },
    /// A fault after all.
    EndAcceptance {
        /// Why.
        reason: String,
    },
}

impl FindingAction {
    /// The words of the person who acts; empty for the check itself.
    pub fn reason(&self) -> &str {
        match self {
            FindingAction::Fail | FindingAction::Pass => "",
            FindingAction::Accept { reason, .. } | FindingAction::EndAcceptance { reason } => {
                reason
            }
        }
    }
}

/// Why an action is refused: a sentence, and the rule behind it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{sentence}")]
pub struct FindingRefusal {
    /// What is wrong and what to do.
    pub sentence: String,
    /// The rule.
    pub citation: Citation,
}

fn refusal(sentence: &str) -> FindingRefusal {
    let citation = "AHIMA, Data Quality Management Model (2015): exceptions are documented";
    FindingRefusal { sentence: sentence.to_owned(), citation: Citation::new(citation) }
}

type Policy = fn(&FindingAction, Instant) -> Option<FindingRefusal>;

/// What forbids an action whatever the state, in the order in which a clerk is told.
const POLICIES: &[Policy] = &[reasons_are_written, an_end_lies_ahead, an_end_comes_within_a_year];

fn reasons_are_written(action: &FindingAction, _: Instant) -> Option<FindingRefusal> {
    let is_of_a_person = !matches!(action, FindingAction::Fail | FindingAction::Pass);
    (is_of_a_person && action.reason().trim().is_empty())
        .then(|| refusal("Write why. The next person who meets this row reads it."))
}

fn an_end_lies_ahead(action: &FindingAction, now: Instant) -> Option<FindingRefusal> {
    matches!(action, FindingAction::Accept { until, .. } if *until <= now)
        .then(|| refusal("Give a day that is still to come: until then it counts as known."))
}

fn an_end_comes_within_a_year(action: &FindingAction, now: Instant) -> Option<FindingRefusal> {
    let latest = now.plus_seconds(ACCEPTED_SECONDS_MAX);
    matches!(action, FindingAction::Accept { until, .. } if *until > latest)
        .then(|| refusal("Give a day within a year: then somebody looks again."))
}

/// The state after an action.
///
/// # Errors
/// [`FindingRefusal`], with what to do instead.
pub fn apply(
    state: FindingState,
    action: &FindingAction,
    now: Instant,
) -> Result<FindingState, FindingRefusal> {
    use FindingAction as Do;
    use FindingState as Is;
    if let Some(refused) = POLICIES.iter().find_map(|policy| policy(action, now)) {
        return Err(refused);
    }
    match (state, action) {
        (Is::Open, Do::Fail) => Ok(Is::Open),
        (Is::Open, Do::Pass) => Ok(Is::Fixed),
        (Is::Open, Do::Accept { until, .. }) => Ok(Is::Accepted { until: *until }),
        (Is::Open, Do::EndAcceptance { .. }) => {
            Err(refusal("It is open: there is nothing to end."))
        }
        (Is::Accepted { until }, Do::Fail) if until <= now => Ok(Is::Open),
        (Is::Accepted { until }, Do::Fail) => Ok(Is::Accepted { until }),
        (Is::Accepted { .. }, Do::Pass) => Ok(Is::Fixed),
        (Is::Accepted { .. }, Do::Accept { until, .. }) => Ok(Is::Accepted { until: *until }),
        (Is::Accepted { .. }, Do::EndAcceptance { .. }) => Ok(Is::Open),
        (Is::Fixed, Do::Fail) => Ok(Is::Open),
        (Is::Fixed, Do::Pass) => Ok(Is::Fixed),
        (Is::Fixed, Do::Accept { .. } | Do::EndAcceptance { .. }) => {
            Err(refusal("The row no longer fails: there is nothing to accept."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    const DAY: i64 = 86_400;

    /// Judged by hand: only a check opens and fixes; a person accepts what is open, for a time.
    #[test]
    fn every_state_and_action() {
        let now = Instant(1_000_000 * DAY * 1000);
        let later = now.plus_seconds(30 * DAY);
        let reason = "The birth date is as the embassy gave it.".to_owned();
        let states = [
            ("open", FindingState::Open),
            ("accepted", FindingState::Accepted { until: later }),
            ("accepted, over", FindingState::Accepted { until: now.plus_seconds(-DAY) }),
            ("fixed", FindingState::Fixed),
        ];
        let actions = [
            ("fail", FindingAction::Fail),
            ("pass", FindingAction::Pass),
            ("accept", FindingAction::Accept { reason: reason.clone(), until: later }),
            (
                "accept until yesterday",
                FindingAction::Accept { reason: reason.clone(), until: now.plus_seconds(-DAY) },
            ),
            (
                "accept for years",
                FindingAction::Accept {
                    reason: reason.clone(),
                    until: now.plus_seconds(800 * DAY),
                },
            ),
            ("accept without a word", FindingAction::Accept { reason: " ".into(), until: later }),
            ("end", FindingAction::EndAcceptance { reason }),
        ];
        let mut matrix = String::new();
        for (is, state) in states {
            for (what, action) in &actions {
                let after = match apply(state, action, now) {
                    Ok(after) => after.as_str().to_owned(),
                    Err(refused) => format!("refused: {refused}"),
                };
                matrix += &format!("{is} + {what} = {after}\n");
            }
        }
        expect![[r#"
            open + fail = open
            open + pass = fixed
            open + accept = accepted
            open + accept until yesterday = refused: Give a day that is still to come: until then it counts as known.
            open + accept for years = refused: Give a day within a year: then somebody looks again.
            open + accept without a word = refused: Write why. The next person who meets this row reads it.
            open + end = refused: It is open: there is nothing to end.
            accepted + fail = accepted
            accepted + pass = fixed
            accepted + accept = accepted
            accepted + accept until yesterday = refused: Give a day that is still to come: until then it counts as known.
            accepted + accept for years = refused: Give a day within a year: then somebody looks again.
            accepted + accept without a word = refused: Write why. The next person who meets this row reads it.
            accepted + end = open
            accepted, over + fail = open
            accepted, over + pass = fixed
            accepted, over + accept = accepted
            accepted, over + accept until yesterday = refused: Give a day that is still to come: until then it counts as known.
            accepted, over + accept for years = refused: Give a day within a year: then somebody looks again.
            accepted, over + accept without a word = refused: Write why. The next person who meets this row reads it.
            accepted, over + end = open
            fixed + fail = open
            fixed + pass = fixed
            fixed + accept = refused: The row no longer fails: there is nothing to accept.
            fixed + accept until yesterday = refused: Give a day that is still to come: until then it counts as known.
            fixed + accept for years = refused: Give a day within a year: then somebody looks again.
            fixed + accept without a word = refused: Write why. The next person who meets this row reads it.
            fixed + end = refused: The row no longer fails: there is nothing to accept.
        "#]].assert_eq(&matrix);
    }
}
