//! Patient identity: how a name is found, when two records are one person, merge and unmerge.
//!
//! ```text
//! Person --search_keys--> index keys <--keys-- query_terms <-- what a clerk types
//! Person --block_keys--> candidate pairs --compare--> Comparison{probability, verdict, reasons}
//! possible pair --duplicate task--> judgement --merge / unmerge--> Links --resolve--> survivor
//! ```

pub mod birth_date;
pub mod block;
pub mod compare;
pub mod duplicate;
pub mod estimate;
pub mod frequency;
pub mod judgement;
pub mod levels;
pub mod link;
pub mod model;
pub mod name;
pub mod nickname;
pub mod overlay;
pub mod person;
mod prepared;
pub mod search;

pub use block::{block_keys, candidate_pairs};
pub use compare::{Comparison, Prepared, Reason, Verdict, compare, compare_with};
pub use judgement::{Answer, Judgement, Pair, evidence_digest};
pub use link::{Link, LinkId, LinkRefusal, Links};
pub use model::{Field, Level, Model};
pub use overlay::{OverlayWarning, overlay_warning};
pub use person::{Address, Identifier, IdentifierKind, Name, NameUse, Person, Sex};
pub use search::{
    Candidate, Query, Reading, Term, identifier_keys, person_keys, query_terms, score, search_keys,
};
