//! What could not be taken, where it stands, and why.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A place in a file.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Location {
    /// Line, counted from 1.
    pub line: usize,
    /// Place in the bundle's `entry` list, counted from 0; `None` outside a bundle.
    pub entry: Option<usize>,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry {
            Some(entry) => write!(f, "line {}, entry {}", self.line, entry),
            None => write!(f, "line {}", self.line),
        }
    }
}

/// Something that was not taken. The reason is a sentence without any patient data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Where.
    pub location: Location,
    /// Why, and what to do.
    pub reason: String,
}

impl Finding {
    /// A finding at a place.
    pub fn new(location: Location, reason: impl Into<String>) -> Finding {
        Finding { location, reason: reason.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location, self.reason)
    }
}
