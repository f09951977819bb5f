//! The identity desk: possible duplicates found, judged, merged, and unmerged again.

mod decide;
mod find;
mod pairs;

pub use decide::{JudgeForm, judge, unmerge};
pub(crate) use find::open_pair;
pub use find::{Found, find};
pub use pairs::{Compared, Listed, PAIRS_MAX, Part, Side, Standing, compared, list};

/// The kind of work that a possible duplicate opens.
pub const WORK_KIND: &str = "possible-duplicate";
