//! Code sets as versions in time: what a code is called, whether it can be reported on a date,
//! where it stands in its tree and which instructional notes bear on it.
//!
//! ```text
//! publishers' files -> import -> Edition (a tree or a list, with the dates it covers)
//! editions + validity dates -> CodeSets -> lookup, notes, tree, search, edits
//! ```
//!
//! A set states the dates it covers. A date outside them is a visible stop, never a check
//! against another year.

pub mod code;
pub mod edition;
pub mod embedded;
pub mod lookup;
pub mod notes;
pub mod risk;
pub mod sets;
pub mod source;
pub mod validity;

pub use code::{Code, System, dotted, normalized};
pub use edition::{Edition, Node, NodeId};
pub use lookup::{Lookup, Title};
pub use notes::{CodeRange, NoteKind};
pub use sets::CodeSets;
pub use source::{Entry, EntryKind, PackError};
pub use validity::Validity;
