//! Which edits a coder may set aside, and what for.

use thiserror::Error;

use super::Edit;

/// Why an edit stays.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OverrideRefusal {
    /// The code itself is wrong.
    #[error("{rule} can't be overridden: correct the code instead")]
    MustBeCorrected {
        /// The rule.
        rule: &'static str,
    },
    /// No reason, or one that says nothing.
    #[error("give the reason for overriding {rule} in at least {REASON_WORDS_MIN} words")]
    ReasonMissing {
        /// The rule.
        rule: &'static str,
    },
}

/// The fewest words of a reason.
const REASON_WORDS_MIN: usize = 3;

/// Whether an edit may be set aside for a reason.
///
/// # Errors
/// An edit about a code that is not valid stays, whatever the reason; any other needs one.
pub fn may_be_overridden(edit: &Edit, reason: &str) -> Result<(), OverrideRefusal> {
    if !edit.can_be_overridden {
        return Err(OverrideRefusal::MustBeCorrected { rule: edit.rule });
    }
    let words = reason.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    if words.count() < REASON_WORDS_MIN {
        return Err(OverrideRefusal::ReasonMissing { rule: edit.rule });
    }
    Ok(())
}
