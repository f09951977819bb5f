//! MS-DRG: Medicare severity diagnosis related groups, v40 to v44, from a claim to its DRG.
//!
//! An interpreter of the published tables and formulas; the discharge date chooses the version.
//! `claim` is what goes in, `grouping` the order of grouping, `stay` a claim seen by formulas,
//! `logic` a version compiled, `formula` the language, `tables` the packed file.

mod claim;
mod code;
mod evidence;
mod formula;
mod grouping;
mod inspect;
pub mod jsonl;
mod logic;
mod presence;
mod stay;
pub(crate) mod tables;
mod why;

pub use claim::{Claim, Code, Diagnosis, HospitalPoaStatus, PresentOnAdmission, Procedure, Sex};
pub(crate) use grouping::number_of;
pub use grouping::{
    Conditions, Decision, Ending, Grouper, Grouping, NotLoaded, RelativeWeight, UNGROUPABLE,
};
pub use inspect::{DiagnosisFacts, LogicRow, ProcedureFacts};
pub use logic::{DrgType, Severity};
pub use presence::missing_present_on_admission;
pub use stay::{Lost, Scratch};
pub use tables::{Tables, TablesError, VersionDates};
pub use why::{Step, StepKind};
