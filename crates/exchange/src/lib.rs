//! FHIR R4 to and from the record; parsing never fails, it returns findings.
//!
//! Pure functions: bytes in, entries and findings out. Only this crate knows FHIR member names.

pub mod fhir;
pub mod finding;
pub mod kind;
mod loinc;

pub use finding::{Finding, Location};
pub use kind::{Kind, detect};
pub use loinc::{DocumentType, LoincDocuments, loinc_documents};
