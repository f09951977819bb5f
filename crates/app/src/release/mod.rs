//! The release desk: requests from their receipt to their end, and the accounting of what went
//! out.
//!
//! ```text
//! log --> identify --> verify, choose basis, answer its checklist --> validate | hold with letter
//!     --> choose documents within the scope --> review, redaction, second person's check
//!     --> fee --> deliver, disclosure written down --> close
//! ```
//!
//! Every change of state goes through `release::lifecycle::apply`, in [`act()`].

mod accounting;
mod act;
mod case;
mod choose;
mod effects;
mod entries;
mod letters;
mod lines;
mod loaded;
mod log;
mod material;
mod open;
mod packet;
mod propose;
mod review;
mod rules;
mod save;
mod standing;
mod tables;
#[cfg(test)]
mod tests;
mod worklist;

pub use accounting::{
    AccountingPage, DisclosureForm, SuspensionForm, Told, accounting, ask, asked, disclose, give,
    suspend,
};
pub use act::act;
pub use case::{Case, CaseDocument};
pub use choose::{Candidate, Choosing, Picked, ScopeForm, choose, choosing, put_scope};
pub use entries::{Group, SHOWN_MAX, Which};
pub use letters::{LetterShown, letter, letter_sent};
pub use lines::{
    LineShown, LinesOpened, decide as line_decide, open as lines_open, review as lines_review,
    section_of,
};
pub use loaded::Loaded;
pub use log::{LetterDocument, LogForm, letter_document, letter_page, letters_waiting, log};
pub use open::{Asked, Decided, Opened, open, open_denial};
pub use packet::{
    PacketShown, approve, file as packet_file, make as packet_make, packet, preview, send_back,
};
pub use review::{
    Drawn, DrawnAt, Opened as ReviewOpened, Overview, Progress, Shown, decide, draw,
    open as review_open, overview, page as review_page, review as review_mark, search,
};
pub use save::{
    CheckForm, FeeForm, VerifyForm, put_answers, put_cover, put_fee, put_verification, review_asked,
};
pub use standing::{Prepared, finish};
pub use worklist::{LISTED_MAX, Listed, Part, Turnaround, Worklist, times, worklist};

/// The kind of its work items.
pub const WORK_KIND: &str = "release-request";
/// The kind of the work of reviewing a denial.
pub const REVIEW_KIND: &str = "review-denial";
/// The kind of the work of giving an accounting of disclosures.
pub const ACCOUNTING_KIND: &str = "give-accounting";
/// Age from which a patient counts as an adult, in years. States differ; the federal rule leaves
/// it to them.
pub const ADULT_YEARS: i16 = 18;
