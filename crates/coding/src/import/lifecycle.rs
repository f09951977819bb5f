//! A publisher's file as a load of the site: its lifecycle.
//!
//! ```text
//! not held --load--> in force --withdraw (with its reason)--> withdrawn
//!     ^                 |  ^                                      |
//!     |                 +--+ load: held already, nothing is done  |
//!     +---- load again: a load of its own, in force --------------+
//! ```
//!
//! A file that can't be read, or that looks cut, changes nothing. A check says what a load would
//! change, and changes nothing either.

use thiserror::Error;

/// Where a file stands, by the hash of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadState {
    /// Never taken in.
    NotHeld,
    /// It answers for its dates.
    InForce,
    /// It was wrong: it answers for nothing, and stays in the list.
    Withdrawn,
}

/// What is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadAction<'a> {
    /// It is looked at: what would change?
    Check {
        /// Whether far fewer codes are in it than in the set before.
        looks_cut: bool,
        /// Whether it is meant to hold fewer.
        may_be_fewer: bool,
    },
    /// It is taken in.
    Load {
        /// Whether far fewer codes are in it than in the set before.
        looks_cut: bool,
        /// Whether it is meant to hold fewer.
        may_be_fewer: bool,
    },
    /// It is withdrawn.
    Withdraw {
        /// What is wrong with it.
        reason: &'a str,
    },
}

/// Why an action is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LoadRefusal {
    /// Most of the set before is not in it.
    #[error(
        "It looks cut; nothing was loaded. Get it again, or say that it is meant to hold fewer."
    )]
    LooksCut,
    /// There is nothing to withdraw.
    #[error("This file was never loaded, so there is nothing to withdraw.")]
    IsNotHeld,
    /// It was withdrawn.
    #[error("This load was withdrawn before.")]
    WasWithdrawn,
    /// No reason.
    #[error("Say in a few words what is wrong with the file.")]
    NoReason,
}

/// Letters that a reason has at least.
pub const REASON_LETTERS_MIN: usize = 8;

/// The state after an action.
///
/// # Errors
/// The reason for which the action can't be taken in this state.
pub fn apply(state: LoadState, action: LoadAction<'_>) -> Result<LoadState, LoadRefusal> {
    use LoadAction as A;
    use LoadState as S;
    match (state, action) {
        (S::InForce, A::Check { .. } | A::Load { .. }) => Ok(S::InForce),
        (
            S::NotHeld | S::Withdrawn,
            A::Check { looks_cut: true, may_be_fewer: false }
            | A::Load { looks_cut: true, may_be_fewer: false },
        ) => Err(LoadRefusal::LooksCut),
        (S::NotHeld | S::Withdrawn, A::Check { .. }) => Ok(state),
        (S::NotHeld | S::Withdrawn, A::Load { .. }) => Ok(S::InForce),
        (S::NotHeld, A::Withdraw { .. }) => Err(LoadRefusal::IsNotHeld),
        (S::InForce, A::Withdraw { reason }) if is_reason(reason) => Ok(S::Withdrawn),
        (S::InForce, A::Withdraw { .. }) => Err(LoadRefusal::NoReason),
        (S::Withdrawn, A::Withdraw { .. }) => Err(LoadRefusal::WasWithdrawn),
    }
}

fn is_reason(text: &str) -> bool {
    text.chars().filter(|letter| letter.is_alphabetic()).count() >= REASON_LETTERS_MIN
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    /// Judged: a file is in force once; a cut one never is by accident; what was wrong ends with
    /// a reason, and can come again.
    #[test]
    fn matrix_of_states_and_actions() {
        let states = [LoadState::NotHeld, LoadState::InForce, LoadState::Withdrawn];
        let actions = [
            ("check", LoadAction::Check { looks_cut: false, may_be_fewer: false }),
            ("check a cut one", LoadAction::Check { looks_cut: true, may_be_fewer: false }),
            ("load", LoadAction::Load { looks_cut: false, may_be_fewer: false }),
            ("load a cut one", LoadAction::Load { looks_cut: true, may_be_fewer: false }),
            ("load a smaller one", LoadAction::Load { looks_cut: true, may_be_fewer: true }),
            ("withdraw", LoadAction::Withdraw { reason: "The wrong quarter" }),
            ("withdraw without a word", LoadAction::Withdraw { reason: "-" }),
        ];
        let mut matrix = String::new();
        for state in states {
            for (what, action) in actions {
                let after = match apply(state, action) {
                    Ok(after) => format!("{after:?}"),
                    Err(refused) => format!("refused: {refused}"),
                };
                matrix += &format!("{state:?} + {what} = {after}\n");
            }
        }
        expect![[r#"
            NotHeld + check = NotHeld
            NotHeld + check a cut one = refused: It looks cut; nothing was loaded. Get it again, or say that it is meant to hold fewer.
            NotHeld + load = InForce
            NotHeld + load a cut one = refused: It looks cut; nothing was loaded. Get it again, or say that it is meant to hold fewer.
            NotHeld + load a smaller one = InForce
            NotHeld + withdraw = refused: This file was never loaded, so there is nothing to withdraw.
            NotHeld + withdraw without a word = refused: This file was never loaded, so there is nothing to withdraw.
            InForce + check = InForce
            InForce + check a cut one = InForce
            InForce + load = InForce
            InForce + load a cut one = InForce
            InForce + load a smaller one = InForce
            InForce + withdraw = Withdrawn
            InForce + withdraw without a word = refused: Say in a few words what is wrong with the file.
            Withdrawn + check = Withdrawn
            Withdrawn + check a cut one = refused: It looks cut; nothing was loaded. Get it again, or say that it is meant to hold fewer.
            Withdrawn + load = InForce
            Withdrawn + load a cut one = refused: It looks cut; nothing was loaded. Get it again, or say that it is meant to hold fewer.
            Withdrawn + load a smaller one = InForce
            Withdrawn + withdraw = refused: This load was withdrawn before.
            Withdrawn + withdraw without a word = refused: This load was withdrawn before.
        "#]].assert_eq(&matrix);
    }
}
