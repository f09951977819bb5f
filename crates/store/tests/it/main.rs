//! The store through its public surface, on both engines.
#![allow(clippy::unwrap_used)]

mod backups;
mod crash;
mod destructions;
mod files;
mod labels;
mod odd_texts;
mod records;
#[allow(dead_code, reason = "the vocabulary is shared with the tests inside the crate")]
mod site;
mod writing;
