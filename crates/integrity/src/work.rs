//! A work item: one thing to be done, on the one queue of all desks.
//!
//! ```text
//!         assign, give back, weigh
//!             +------+
//!             v      |
//! (asked) --> open --+--finish--> done
//!               |
//!               +-------drop----> cancelled
//! ```
//!
//! Asked for while it is open, it is that item; asked for afterwards, it is another one. What is
//! closed stays closed: nobody's list can bring it back.

/// Where a work item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkState {
    /// It waits: for everybody of its role, or for one person.
    Open {
        /// The person to whom it is assigned.
        assigned_to: Option<i64>,
    },
    /// It was done.
    Done,
    /// There was nothing to do any more.
    Cancelled,
}

impl WorkState {
    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            WorkState::Open { .. } => "open",
            WorkState::Done => "done",
            WorkState::Cancelled => "cancelled",
        }
    }

    /// Refuses where it is closed.
    ///
    /// # Errors
    /// [`WorkRefusal`] where it was done, or fell away.
    pub fn require_open(self) -> Result<(), WorkRefusal> {
        match self {
            WorkState::Open { .. } => Ok(()),
            WorkState::Done => Err(WorkRefusal::IsDone),
            WorkState::Cancelled => Err(WorkRefusal::IsCancelled),
        }
    }

    /// Reads the stored row back.
    pub fn read(word: &str, assigned_to: Option<i64>) -> Option<WorkState> {
        match word {
            "open" => Some(WorkState::Open { assigned_to }),
            "done" => Some(WorkState::Done),
            "cancelled" => Some(WorkState::Cancelled),
            _ => None,
        }
    }
}

/// What is done with a work item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkAction {
    /// The same work is asked for.
    Ask,
    /// It is given to a person.
    Assign {
        /// The person.
        person: i64,
    },
    /// It goes back to everybody of its role.
    GiveBack,
    /// It is said who and what waits for it: a clinician, money.
    Weigh,
    /// It is done.
    Finish,
    /// There is nothing to do any more.
    Drop,
}

/// Why an action is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkRefusal {
    /// Somebody was faster.
    #[error("This work was done meanwhile. Load your list again.")]
    IsDone,
    /// It fell away.
    #[error("There is nothing to do here any more. Load your list again.")]
    IsCancelled,
}

/// What the state becomes.
///
/// # Errors
/// [`WorkRefusal`] where the work is closed.
pub fn apply(state: WorkState, action: WorkAction) -> Result<WorkState, WorkRefusal> {
    use WorkAction as A;
    use WorkState as S;
    match (state, action) {
        (S::Open { .. }, A::Ask | A::Weigh) => Ok(state),
        (S::Open { .. }, A::Assign { person }) => Ok(S::Open { assigned_to: Some(person) }),
        (S::Open { .. }, A::GiveBack) => Ok(S::Open { assigned_to: None }),
        (S::Open { .. }, A::Finish) => Ok(S::Done),
        (S::Open { .. }, A::Drop) => Ok(S::Cancelled),
        (S::Done | S::Cancelled, A::Ask) => Ok(S::Open { assigned_to: None }),
        (S::Done, A::Assign { .. } | A::GiveBack | A::Weigh | A::Finish | A::Drop) => {
            Err(WorkRefusal::IsDone)
        }
        (S::Cancelled, A::Assign { .. } | A::GiveBack | A::Weigh | A::Finish | A::Drop) => {
            Err(WorkRefusal::IsCancelled)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    /// Judged: an open item is one item however often it is asked for, moves between people, and
    /// ends; what has ended refuses everything but to be asked for anew.
    #[test]
    fn matrix_of_states_and_actions() {
        let states = [
            ("open", WorkState::Open { assigned_to: None }),
            ("open of 7", WorkState::Open { assigned_to: Some(7) }),
            ("done", WorkState::Done),
            ("cancelled", WorkState::Cancelled),
        ];
        let actions = [
            ("ask", WorkAction::Ask),
            ("assign to 8", WorkAction::Assign { person: 8 }),
            ("give back", WorkAction::GiveBack),
            ("weigh", WorkAction::Weigh),
            ("finish", WorkAction::Finish),
            ("drop", WorkAction::Drop),
        ];
        let mut matrix = String::new();
        for (is, state) in states {
            for (what, action) in actions {
                let after = match apply(state, action) {
                    Ok(WorkState::Open { assigned_to: Some(person) }) => {
                        format!("open of {person}")
                    }
                    Ok(after) => after.as_str().to_owned(),
                    Err(refused) => format!("refused: {refused}"),
                };
                matrix += &format!("{is} + {what} = {after}\n");
            }
        }
        expect![[r#"
            open + ask = open
            open + assign to 8 = open of 8
            open + give back = open
            open + weigh = open
            open + finish = done
            open + drop = cancelled
            open of 7 + ask = open of 7
            open of 7 + assign to 8 = open of 8
            open of 7 + give back = open
            open of 7 + weigh = open of 7
            open of 7 + finish = done
            open of 7 + drop = cancelled
            done + ask = open
            done + assign to 8 = refused: This work was done meanwhile. Load your list again.
            done + give back = refused: This work was done meanwhile. Load your list again.
            done + weigh = refused: This work was done meanwhile. Load your list again.
            done + finish = refused: This work was done meanwhile. Load your list again.
            done + drop = refused: This work was done meanwhile. Load your list again.
            cancelled + ask = open
            cancelled + assign to 8 = refused: There is nothing to do here any more. Load your list again.
            cancelled + give back = refused: There is nothing to do here any more. Load your list again.
            cancelled + weigh = refused: There is nothing to do here any more. Load your list again.
            cancelled + finish = refused: There is nothing to do here any more. Load your list again.
            cancelled + drop = refused: There is nothing to do here any more. Load your list again.
        "#]].assert_eq(&matrix);
    }

    #[test]
    fn stored_words_are_read_back() {
        for state in
            [WorkState::Open { assigned_to: Some(1) }, WorkState::Done, WorkState::Cancelled]
        {
            assert_eq!(WorkState::read(state.as_str(), Some(1)), Some(state));
        }
        assert_eq!(WorkState::read("lost", None), None);
    }
}
