//! The coding desk: encounters that wait, the page on which one is coded, the engines behind it.
//!
//! ```text
//! finished encounters -> find_work -> worklist -> open (notes, codes, review, suggestions)
//!                                                   change: save, hold, finalize, reopen
//! ```

mod change;
pub(crate) mod engines;
pub(crate) mod facts;
mod favourites;
mod open;
pub(crate) mod review;
mod worklist;

pub use change::{
    Change, CodeFields, DiagnosisFields, Outcome, ProcedureFields, change, change_quietly,
};
pub use engines::{Asked, CodeNote, Guide, Hit, find_codes, guide, search, warm};
pub use facts::Facts;
pub(crate) use facts::zone_of;
pub use favourites::{FAVOURITES_MAX, favourite_turn};
pub(crate) use open::final_weight;
pub use open::{
    CodedDiagnosis, CodedProcedure, NoteText, Opened, Place, Services, Suggested, open,
};
pub use review::{Grouped, Review, Reviewed};
pub use worklist::{Listed, Unbilled, Worklist, find_work, worklist};
pub(crate) use worklist::{queue_finished, weigh_charge};

/// The kind of its work items.
pub const WORK_KIND: &str = "code-encounter";
