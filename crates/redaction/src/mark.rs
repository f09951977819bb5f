//! A mark: a place of a document that is to be taken out of the copy, or that somebody decided
//! may stay.
//!
//! ```text
//!              confirm                 reject
//! proposed --------------> confirmed <--------> rejected
//!     |                        ^      confirm       ^
//!     +------------------------|--------------------+
//!                            reject
//! ```
//!
//! A finder proposes; only a person decides. What a person marks by hand is confirmed at once.
//! Nothing is ever deleted: a mark that was taken back stays as rejected.

use crate::page::PageBox;
use record::Citation;
use serde::{Deserialize, Serialize};

/// How far a mark has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkState {
    /// A finder proposes it.
    Proposed,
    /// A person decided that it goes.
    Confirmed,
    /// A person decided that it stays.
    Rejected,
}

impl MarkState {
    /// Every state.
    pub const ALL: [MarkState; 3] =
        [MarkState::Proposed, MarkState::Confirmed, MarkState::Rejected];

    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            MarkState::Proposed => "proposed",
            MarkState::Confirmed => "confirmed",
            MarkState::Rejected => "rejected",
        }
    }

    /// Reads the stored word back.
    pub fn parse(text: &str) -> Option<MarkState> {
        MarkState::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What a person decides on a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It goes.
    Confirm,
    /// It stays.
    Reject,
}

impl Decision {
    /// Both.
    pub const ALL: [Decision; 2] = [Decision::Confirm, Decision::Reject];

    /// Reads the word of a form.
    pub fn parse(text: &str) -> Option<Decision> {
        match text {
            "confirm" => Some(Decision::Confirm),
            "reject" => Some(Decision::Reject),
            _ => None,
        }
    }
}

/// Why a decision is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkRefusal {
    /// It was decided so before.
    #[error("This mark is {} already. Load the page again.", .0.as_str())]
    AlreadySo(MarkState),
}

/// Decides a mark.
pub fn decide(state: MarkState, decision: Decision) -> Result<MarkState, MarkRefusal> {
    match (state, decision) {
        (MarkState::Proposed | MarkState::Rejected, Decision::Confirm) => Ok(MarkState::Confirmed),
        (MarkState::Proposed | MarkState::Confirmed, Decision::Reject) => Ok(MarkState::Rejected),
        (MarkState::Confirmed, Decision::Confirm) | (MarkState::Rejected, Decision::Reject) => {
            Err(MarkRefusal::AlreadySo(state))
        }
    }
}

/// Who made a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finder {
    /// The finder of identifiers.
    Identifier,
    /// The finder of sensitive content, against the scope of the release.
    Sensitive,
    /// The same text as a confirmed mark, elsewhere.
    Same,
    /// A person who searched a phrase.
    Search,
    /// A person by hand.
    Hand,
}

impl Finder {
    /// Every finder.
    pub const ALL: [Finder; 5] =
        [Finder::Identifier, Finder::Sensitive, Finder::Same, Finder::Search, Finder::Hand];

    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Finder::Identifier => "identifier",
            Finder::Sensitive => "sensitive",
            Finder::Same => "same",
            Finder::Search => "search",
            Finder::Hand => "hand",
        }
    }

    /// Reads the stored word back.
    pub fn parse(text: &str) -> Option<Finder> {
        Finder::ALL.into_iter().find(|finder| finder.as_str() == text)
    }

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Finder::Identifier => "Found: identifier",
            Finder::Sensitive => "Found: sensitive content",
            Finder::Same => "Found: the same text as withheld elsewhere",
            Finder::Search => "Marked by a search",
            Finder::Hand => "Marked by hand",
        }
    }
}

/// Why a place is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It identifies somebody else.
    AnotherPerson,
    /// Told by somebody in confidence.
    Confidence,
    /// Of a sensitive class that the release doesn't cover.
    Sensitive,
    /// Outside what was asked for or authorized.
    OutsideScope,
    /// An identifier, where the copy is to hold none.
    Identifier,
}

impl Reason {
    /// Every reason, in the order of its list.
    pub const ALL: [Reason; 5] = [
        Reason::AnotherPerson,
        Reason::Confidence,
        Reason::Sensitive,
        Reason::OutsideScope,
        Reason::Identifier,
    ];

    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::AnotherPerson => "another-person",
            Reason::Confidence => "confidence",
            Reason::Sensitive => "sensitive",
            Reason::OutsideScope => "outside-scope",
            Reason::Identifier => "identifier",
        }
    }

    /// Reads the stored word back.
    pub fn parse(text: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.as_str() == text)
    }

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Reason::AnotherPerson => "Identifies another person",
            Reason::Confidence => "Told in confidence",
            Reason::Sensitive => "Sensitive class not released",
            Reason::OutsideScope => "Outside the scope",
            Reason::Identifier => "Identifier",
        }
    }

    /// The paragraph.
    pub fn citation(self) -> Citation {
        Citation::new(match self {
            Reason::AnotherPerson | Reason::OutsideScope => "45 CFR 164.502(b)(1)",
            Reason::Confidence => "45 CFR 164.524(a)(2)(v)",
            Reason::Sensitive => "45 CFR 164.508(c)(1)(i); 42 CFR 2.13(a)",
            Reason::Identifier => "45 CFR 164.514(b)(2)(i), (e)(2)",
        })
    }
}

/// Where a mark lies in a part of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// A stretch of a text, in characters: first, and the one after the last.
    Span(usize, usize),
    /// A box on a page.
    Box(PageBox),
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn the_matrix_of_states_and_decisions() {
        let mut matrix = String::new();
        for state in MarkState::ALL {
            for decision in Decision::ALL {
                let after = match decide(state, decision) {
                    Ok(after) => after.as_str().to_owned(),
                    Err(refusal) => refusal.to_string(),
                };
                matrix += &format!("{} {decision:?}: {after}\n", state.as_str());
            }
        }
        expect![[r#"
            proposed Confirm: confirmed
            proposed Reject: rejected
            confirmed Confirm: This mark is confirmed already. Load the page again.
            confirmed Reject: rejected
            rejected Confirm: confirmed
            rejected Reject: This mark is rejected already. Load the page again.
        "#]]
        .assert_eq(&matrix);
    }

    #[test]
    fn stored_words_come_back() {
        assert!(MarkState::ALL.iter().all(|one| MarkState::parse(one.as_str()) == Some(*one)));
        assert!(Finder::ALL.iter().all(|one| Finder::parse(one.as_str()) == Some(*one)));
        assert!(Reason::ALL.iter().all(|one| Reason::parse(one.as_str()) == Some(*one)));
    }
}
