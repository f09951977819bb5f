//! A document that came in: whose is it?
//!
//! ```text
//!                    index
//! unindexed <---------------------> indexed
//!     |       take the index back
//!     |  set aside
//!     +------------> set aside ---- take back ----> unindexed
//! ```
//!
//! Unindexed, it is in nobody's chart: it never goes into one by guess. Set aside, it belongs to
//! none, or to a request for release; it is kept.

/// Where a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentState {
    /// Not yet attached to a chart.
    Unindexed,
    /// Attached: a DocumentReference describes it.
    Indexed,
    /// Belongs to no chart: blank, a duplicate, not ours. Kept.
    SetAside,
}

impl DocumentState {
    /// Every state.
    pub const ALL: [DocumentState; 3] =
        [DocumentState::Unindexed, DocumentState::Indexed, DocumentState::SetAside];

    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            DocumentState::Unindexed => "unindexed",
            DocumentState::Indexed => "indexed",
            DocumentState::SetAside => "set-aside",
        }
    }

    /// Reads the stored word back.
    pub fn parse(text: &str) -> Option<DocumentState> {
        DocumentState::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What is done with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentAction {
    /// It is said whose it is, of which encounter and kind.
    Index,
    /// It was indexed wrongly: it waits again.
    Unindex,
    /// It belongs to no chart.
    SetAside,
    /// It was set aside wrongly: it waits again.
    TakeBack,
}

impl DocumentAction {
    /// Every action.
    pub const ALL: [DocumentAction; 4] = [
        DocumentAction::Index,
        DocumentAction::Unindex,
        DocumentAction::SetAside,
        DocumentAction::TakeBack,
    ];
}

/// Why an action is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentRefusal {
    /// It is in a chart.
    #[error("This document is indexed already. Take its index back first.")]
    IsIndexed,
    /// It is set aside.
    #[error("This document is set aside. Put it back into the queue first.")]
    IsSetAside,
    /// It is in no chart.
    #[error("This document is not indexed, so there is no index to take back.")]
    IsNotIndexed,
    /// It waits already.
    #[error("This document is not set aside. Load the page again.")]
    IsNotSetAside,
}

/// What the state becomes.
///
/// # Errors
/// [`DocumentRefusal`] where the state doesn't allow it.
pub fn apply(
    state: DocumentState,
    action: DocumentAction,
) -> Result<DocumentState, DocumentRefusal> {
    use DocumentAction as A;
    use DocumentState as S;
    match (state, action) {
        (S::Unindexed, A::Index) => Ok(S::Indexed),
        (S::Unindexed, A::SetAside) => Ok(S::SetAside),
        (S::Unindexed | S::SetAside, A::Unindex) => Err(DocumentRefusal::IsNotIndexed),
        (S::Unindexed | S::Indexed, A::TakeBack) => Err(DocumentRefusal::IsNotSetAside),
        (S::Indexed, A::Unindex) => Ok(S::Unindexed),
        (S::Indexed, A::Index | A::SetAside) => Err(DocumentRefusal::IsIndexed),
        (S::SetAside, A::TakeBack) => Ok(S::Unindexed),
        (S::SetAside, A::Index | A::SetAside) => Err(DocumentRefusal::IsSetAside),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    /// Judged: each of the two ways out of the queue has one way back, and no other.
    #[test]
    fn matrix_of_states_and_actions() {
        let mut matrix = String::new();
        for state in DocumentState::ALL {
            for action in DocumentAction::ALL {
                let after = match apply(state, action) {
                    Ok(after) => after.as_str().to_owned(),
                    Err(refused) => format!("refused: {refused}"),
                };
                matrix += &format!("{} + {action:?} = {after}\n", state.as_str());
            }
        }
        expect![[r#"
            unindexed + Index = indexed
            unindexed + Unindex = refused: This document is not indexed, so there is no index to take back.
            unindexed + SetAside = set-aside
            unindexed + TakeBack = refused: This document is not set aside. Load the page again.
            indexed + Index = refused: This document is indexed already. Take its index back first.
            indexed + Unindex = unindexed
            indexed + SetAside = refused: This document is indexed already. Take its index back first.
            indexed + TakeBack = refused: This document is not set aside. Load the page again.
            set-aside + Index = refused: This document is set aside. Put it back into the queue first.
            set-aside + Unindex = refused: This document is not indexed, so there is no index to take back.
            set-aside + SetAside = refused: This document is set aside. Put it back into the queue first.
            set-aside + TakeBack = unindexed
        "#]].assert_eq(&matrix);
    }

    #[test]
    fn stored_words_are_read_back() {
        for state in DocumentState::ALL {
            assert_eq!(DocumentState::parse(state.as_str()), Some(state));
        }
    }
}
