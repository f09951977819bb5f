//! Is the record whole and right? Completion and its clocks, quality checks, the order of work,
//! the review of broken glass.

pub mod checks;
pub mod clock;
pub mod completion;
pub mod completion_rules;
pub mod deficiency;
pub mod destruction;
pub mod finding;
pub mod glass;
pub mod indexing;
pub mod manual;
pub mod queue;
mod queue_terms;
pub mod retention;
pub mod rows;
pub mod run;
pub mod schedule;
pub mod work;

pub use checks::{Check, CheckResult, Finding, Threshold, all as all_checks, run};
pub use clock::{ChartStatus, ClockStart, NoticeLevel, NoticeRule, TimeAllowed};
pub use completion::{
    CompletionRule, DeficiencyProposal, DocumentFacts, EncounterFacts, ProcedureFacts, missing,
};
pub use completion_rules::completion_rules;
pub use deficiency::{Assignee, Deficiency, DeficiencyAction, DeficiencyKind, DeficiencyState};
pub use destruction::{DestructionAction, DestructionState};
pub use finding::{FindingAction, FindingRefusal, FindingState};
pub use queue::{Priority, PriorityTerm, QueueTerms, WorkItem, WorkKind, order};
pub use retention::{Keep, RetentionClass, RetentionStart};

#[cfg(test)]
mod law_tests;
