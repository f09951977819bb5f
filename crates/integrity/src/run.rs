//! A run over the whole store that the background does: the quality checks, or a verification.
//!
//! ```text
//!                    begin, or begin again on another server
//! (asked) --> waiting ---> running --finish--> done --review (where breaks were found)--> reviewed
//!                |            |
//!                +--give up---+--> failed
//! ```
//!
//! Asked for while one waits or goes on, it is that one; asked for afterwards, it is another.
//! What has ended is not begun again: a server that was slow finds its run given up.

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Asked for; nobody has begun.
    Waiting,
    /// Under way.
    Running,
    /// It came to its end.
    Done {
        /// What a person must look into: breaks of the store. The rows that quality checks find
        /// have lifecycles of their own.
        breaks: i64,
    },
    /// Somebody wrote what became of its breaks.
    Reviewed,
    /// Given up after its last attempt.
    Failed,
}

impl RunState {
    /// The stored word. That a run was reviewed stands beside it.
    pub fn as_str(self) -> &'static str {
        match self {
            RunState::Waiting => "waiting",
            RunState::Running => "running",
            RunState::Done { .. } | RunState::Reviewed => "done",
            RunState::Failed => "failed",
        }
    }

    /// Reads the stored row back.
    pub fn read(word: &str, breaks: i64, is_reviewed: bool) -> Option<RunState> {
        match (word, is_reviewed) {
            ("waiting", false) => Some(RunState::Waiting),
            ("running", false) => Some(RunState::Running),
            ("done", false) => Some(RunState::Done { breaks }),
            ("done", true) => Some(RunState::Reviewed),
            ("failed", false) => Some(RunState::Failed),
            _ => None,
        }
    }

    /// Whether it is yet to come to its end.
    pub fn is_open(self) -> bool {
        match self {
            RunState::Waiting | RunState::Running => true,
            RunState::Done { .. } | RunState::Reviewed | RunState::Failed => false,
        }
    }
}

/// What happens to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunAction {
    /// A run is asked for.
    Ask,
    /// A server begins, goes on, or takes over from one that was lost.
    Begin,
    /// It comes to its end.
    Finish {
        /// Breaks that it found.
        breaks: i64,
    },
    /// No attempt came to its end.
    GiveUp,
    /// Somebody writes what became of its breaks.
    Review,
}

/// Why an action is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunRefusal {
    /// It is over.
    #[error("This run is over. Ask for another one.")]
    IsOver,
    /// It was given up.
    #[error("This run was given up. Ask for another one.")]
    WasGivenUp,
    /// There is nothing to look into yet.
    #[error("This run has not come to its end. Wait for what it finds.")]
    IsNotOver,
    /// There is nothing to look into.
    #[error("This run found no break, so there is nothing to look into.")]
    FoundNothing,
    /// What is written stands.
    #[error("This was looked into before; what is written stands.")]
    WasReviewed,
}

/// What the state becomes.
///
/// # Errors
/// [`RunRefusal`] where the state doesn't allow it.
pub fn apply(state: RunState, action: RunAction) -> Result<RunState, RunRefusal> {
    use RunAction as A;
    use RunState as S;
    match (state, action) {
        (S::Waiting | S::Running, A::Ask) => Ok(state),
        (S::Done { .. } | S::Reviewed | S::Failed, A::Ask) => Ok(S::Waiting),
        (S::Waiting | S::Running, A::Begin) => Ok(S::Running),
        (S::Waiting | S::Running, A::Finish { breaks }) => Ok(S::Done { breaks }),
        (S::Waiting | S::Running, A::GiveUp) => Ok(S::Failed),
        (S::Waiting | S::Running, A::Review) => Err(RunRefusal::IsNotOver),
        (S::Done { .. } | S::Reviewed, A::Begin | A::Finish { .. } | A::GiveUp) => {
            Err(RunRefusal::IsOver)
        }
        (S::Done { breaks: 0 }, A::Review) => Err(RunRefusal::FoundNothing),
        (S::Done { .. }, A::Review) => Ok(S::Reviewed),
        (S::Reviewed, A::Review) => Err(RunRefusal::WasReviewed),
        (S::Failed, A::Begin | A::Finish { .. } | A::GiveUp | A::Review) => {
            Err(RunRefusal::WasGivenUp)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    /// Judged: one run at a time, begun as often as servers are lost, ended once; only what found
    /// a break is looked into, and only once.
    #[test]
    fn matrix_of_states_and_actions() {
        let states = [
            ("waiting", RunState::Waiting),
            ("running", RunState::Running),
            ("done", RunState::Done { breaks: 0 }),
            ("done with 2 breaks", RunState::Done { breaks: 2 }),
            ("reviewed", RunState::Reviewed),
            ("failed", RunState::Failed),
        ];
        let actions = [
            ("ask", RunAction::Ask),
            ("begin", RunAction::Begin),
            ("finish", RunAction::Finish { breaks: 0 }),
            ("finish with 2 breaks", RunAction::Finish { breaks: 2 }),
            ("give up", RunAction::GiveUp),
            ("review", RunAction::Review),
        ];
        let mut matrix = String::new();
        for (is, state) in states {
            for (what, action) in actions {
                let after = match apply(state, action) {
                    Ok(after) => format!("{after:?}"),
                    Err(refused) => format!("refused: {refused}"),
                };
                matrix += &format!("{is} + {what} = {after}\n");
            }
        }
        expect![[r#"
            waiting + ask = Waiting
            waiting + begin = Running
            waiting + finish = Done { breaks: 0 }
            waiting + finish with 2 breaks = Done { breaks: 2 }
            waiting + give up = Failed
            waiting + review = refused: This run has not come to its end. Wait for what it finds.
            running + ask = Running
            running + begin = Running
            running + finish = Done { breaks: 0 }
            running + finish with 2 breaks = Done { breaks: 2 }
            running + give up = Failed
            running + review = refused: This run has not come to its end. Wait for what it finds.
            done + ask = Waiting
            done + begin = refused: This run is over. Ask for another one.
            done + finish = refused: This run is over. Ask for another one.
            done + finish with 2 breaks = refused: This run is over. Ask for another one.
            done + give up = refused: This run is over. Ask for another one.
            done + review = refused: This run found no break, so there is nothing to look into.
            done with 2 breaks + ask = Waiting
            done with 2 breaks + begin = refused: This run is over. Ask for another one.
            done with 2 breaks + finish = refused: This run is over. Ask for another one.
            done with 2 breaks + finish with 2 breaks = refused: This run is over. Ask for another one.
            done with 2 breaks + give up = refused: This run is over. Ask for another one.
            done with 2 breaks + review = Reviewed
            reviewed + ask = Waiting
            reviewed + begin = refused: This run is over. Ask for another one.
            reviewed + finish = refused: This run is over. Ask for another one.
            reviewed + finish with 2 breaks = refused: This run is over. Ask for another one.
            reviewed + give up = refused: This run is over. Ask for another one.
            reviewed + review = refused: This was looked into before; what is written stands.
            failed + ask = Waiting
            failed + begin = refused: This run was given up. Ask for another one.
            failed + finish = refused: This run was given up. Ask for another one.
            failed + finish with 2 breaks = refused: This run was given up. Ask for another one.
            failed + give up = refused: This run was given up. Ask for another one.
            failed + review = refused: This run was given up. Ask for another one.
        "#]].assert_eq(&matrix);
    }

    #[test]
    fn stored_rows_are_read_back() {
        let all = [
            RunState::Waiting,
            RunState::Running,
            RunState::Done { breaks: 2 },
            RunState::Reviewed,
            RunState::Failed,
        ];
        for state in all {
            let is_reviewed = state == RunState::Reviewed;
            assert_eq!(RunState::read(state.as_str(), 2, is_reviewed), Some(state));
            assert_eq!(state.is_open(), matches!(state.as_str(), "waiting" | "running"));
        }
        assert_eq!(RunState::read("failed", 0, true), None);
    }
}
