//! Coding and classification: code sets, search, edits, grouper, suggestion.

pub mod codeset;
pub mod edits;
pub mod grouper;
pub mod import;
pub mod mce;
pub mod search;
pub mod suggest;
pub mod work;
