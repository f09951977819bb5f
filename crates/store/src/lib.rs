//! SQLite and PostgreSQL: all the SQL, schema, blobs, keys, the sealed chain.
//!
//! A use case reads through a [`View`] and writes through a [`Transaction`]. Every table is
//! either *journaled* (each change stands in the signed block of its commit) or a *projection*
//! (recomputed from the record by [`verify`]). There is nothing else.

#[cfg(test)]
extern crate self as store;

pub mod absence;
pub mod audit;
mod awaiting;
pub mod backup;
pub mod blob;
pub mod body;
pub mod chain;
pub mod code_set;
pub mod coding;
mod companion;
pub mod deficiency;
pub mod destruction;
pub mod destruction_case;
pub mod document;
mod engine;
mod error;
pub mod favourite;
pub mod file_text;
pub mod find;
pub mod hold;
pub mod identity;
pub mod import;
pub mod job;
pub mod keys;
pub mod label;
mod mask;
pub mod metric;
mod named;
mod open;
pub mod person;
pub mod projection;
pub mod quality;
pub mod release;
pub mod report;
mod resource;
pub mod retention;
pub mod rule;
mod schema;
pub mod search;
#[cfg(test)]
mod tests;
mod transaction;
mod typed;
mod units;
pub mod verification;
pub mod verify;
pub mod work;
mod writer;

pub use awaiting::Awaiting;
pub use body::Prepared;
pub use chain::AuditEntry;
pub use engine::{Row, Value};
pub use error::Error;
pub use keys::{Checkpoint, Keys};
pub use open::{Location, Store};
pub use resource::{Action, ResourceRow, Version};
pub use transaction::{Transaction, View};
pub use units::SITE_UNIT;
