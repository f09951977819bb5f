//! The completion desk: what charts lack, whose it is and until when; the provider's own page;
//! verification.
//!
//! ```text
//! an encounter ends, a document is indexed, an entry is authenticated, an import is done
//!        └──review──> missing (rules) ──> opened, met, opened again
//! provider: write, sign, file, or "not mine"   desk: verify, send back, reassign, waive
//! ```

mod act;
mod complete;
mod facts;
mod hand;
mod lists;
mod one;
mod review;
mod rules;

pub use act::{DeskAct, act, decline};
pub use complete::{How, complete, file};
pub use hand::{HandForm, open_by_hand};
pub use lists::{
    Chart, ChartPanel, Charts, Listed, ListedChart, Mine, Part, Provider, Standing, chart,
    delinquent_rows, list, mine, of_patient, provider, provider_word, standing,
};
pub use one::{Opened, opened};
pub use review::{Found, find};
pub use rules::Terms;

pub(crate) use review::{review_entry, review_job};

/// The kind of the work of a provider.
pub const WORK_KIND: &str = "deficiency";
/// The kind of the work of the desk: to verify, or to say whose it is.
pub const DESK_WORK_KIND: &str = "deficiency-desk";
/// The kind of the job that holds encounters against the rules.
pub const JOB_KIND: &str = "completion";
