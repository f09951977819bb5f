//! Where a rule stands in the law, a guideline or a standard.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A citation that a reader can look up: `45 CFR 164.508(c)(1)(iv)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Citation {
    /// The regulation, guideline or standard, with the paragraph.
    pub text: String,
}

impl Citation {
    /// Wraps the text of a citation.
    pub fn new(text: impl Into<String>) -> Citation {
        Citation { text: text.into() }
    }
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
