//! The health record: ids, dates, labels, people who act. No I/O, no clock.
//!
//! Every other crate speaks in these words. What identifies a patient is held in types whose
//! `Debug` prints only what they are, so that no log, error or panic can carry it.

pub mod actor;
pub mod citation;
pub mod effective;
pub mod hash;
pub mod id;
pub mod label;
pub mod manual;
pub mod private;
pub mod time;

pub use actor::{Actor, Context, Credential, PurposeOfUse, Role};
pub use citation::Citation;
pub use hash::ContentHash;
pub use id::{PatientKey, Reference, ResourceKey};
pub use label::{LabelMask, SensitiveClass};
pub use private::{BirthDate, Mrn, PersonName, Private};
pub use time::{Instant, PartialDate};
