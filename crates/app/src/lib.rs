//! Use cases: authorize, load, decide, save, audit, in one transaction. One file a desk.
//!
//! The pages and the API call the same functions. Each takes the store and a
//! [`record::Context`]; none holds a clock.

pub mod access;
pub mod administration;
pub mod audit;
pub mod background;
pub mod chart;
pub mod code_sets;
pub mod coding;
pub mod completion;
pub mod documents;
pub mod entry;
mod error;
pub mod export;
pub mod fhir;
pub mod file_text;
pub mod find;
pub mod glass;
pub mod holds;
pub mod identity;
pub mod import;
pub mod integrity;
pub mod labels;
pub mod metrics;
pub mod pages_of;
pub mod people;
pub mod release;
pub mod reports;
pub mod retention;
pub mod rules;
pub mod sign_in;
pub mod work;

pub use access::Right;
pub use error::{Error, FieldError};
