//! The integrity desk: quality checks that run over all charts, their findings with the work to
//! mend them, and the verification of the store.
//!
//! ```text
//! nightly, or asked for ──run──> finding + work item ──chart is corrected──> the check runs again
//!                                   └──accept, for a time──> (its day comes) ──> open again
//! ```
//!
//! A chart that was written to is checked again: at once by the request that wrote to it where it
//! has open findings, and by the background for everything else. Neither is part of the write
//! itself: reading a whole chart would hold up everybody who waits for the one writer, and a check
//! that fails must never keep a correction from being saved. Nothing is lost by that, since what
//! was written is found by its place in the order of commits, not by a list that could be missed.

mod decide;
mod findings;
mod groups;
mod places;
mod recheck;
mod run;
mod verification;

pub use decide::{AcceptForm, accept, check_again, end_acceptance};
pub use findings::{
    CheckStanding, FINDINGS_MAX, Listed, Listing, Opened, Overview, Part, check_page, finding,
    group, list, overview,
};
pub use places::Place;
pub use recheck::{followed, recheck_due};
pub use run::{RunPage, ask, run_page, runs, work_off};
pub use verification::{
    VerificationPage, VerificationShown, ask_verification, review, verification, verifications,
    verify_off,
};

/// The kind of work item that a finding opens.
pub(crate) const WORK_KIND: &str = "quality-finding";
/// The kind of the work of mending findings of a check that came together.
pub(crate) const GROUP_KIND: &str = "quality-findings";
/// The kind of work item that a break opens.
pub(crate) const BREAK_KIND: &str = "chain-broken";

/// The context in which checks run: the product's own, in the same request.
fn own_context(context: &record::Context) -> record::Context {
    record::Context {
        request_id: context.request_id.clone(),
        ..record::Context::system("quality", context.at)
    }
}

/// The kind of the jobs that are runs of the checks.
pub(crate) const fn quality_job() -> &'static str {
    run::JOB_KIND
}

/// The kind of the jobs that are verifications.
pub(crate) const fn verification_job() -> &'static str {
    verification::JOB_KIND
}

/// Writes that the run or the verification of a job was given up, and why: nobody waits for it any
/// longer, and another can be asked for. Other jobs have nothing that shows how they stand.
pub(crate) fn given_up(
    transaction: &mut store::Transaction<'_>,
    job: &store::job::Job,
    failure: &str,
) -> Result<(), crate::Error> {
    let body: serde_json::Value = serde_json::from_str(&job.body).unwrap_or_default();
    let Some(run) = body["run"].as_i64() else { return Ok(()) };
    let (action, target) = match job.kind.as_str() {
        // One that came to its end on another server is not given up.
        run::JOB_KIND if !is_open(transaction.quality_run(run)?.map(|run| run.lifecycle()))? => {
            return Ok(());
        }
        verification::JOB_KIND
            if !is_open(transaction.verification(run)?.map(|run| run.lifecycle()))? =>
        {
            return Ok(());
        }
        run::JOB_KIND => {
            transaction.quality_run_failed(run, failure)?;
            ("quality.run-failed", format!("quality-run/{run}"))
        }
        verification::JOB_KIND => {
            transaction.verification_failed(run, failure)?;
            ("store.verify-failed", format!("verification/{run}"))
        }
        _ => return Ok(()),
    };
    let entry = store::AuditEntry::new(transaction.context(), action, target);
    Ok(transaction.audit(&entry)?)
}

/// Whether a run that is kept is yet to come to its end.
fn is_open(
    run: Option<Result<::integrity::run::RunState, store::Error>>,
) -> Result<bool, store::Error> {
    Ok(run.transpose()?.is_some_and(|state| state.is_open()))
}

/// Asks for the day's verification.
pub(crate) fn verify_daily(transaction: &mut store::Transaction<'_>) -> Result<(), crate::Error> {
    verification::ask_in(transaction, "daily").map(|_| ())
}

/// Asks for the night's run of all checks.
pub(crate) fn run_nightly(transaction: &mut store::Transaction<'_>) -> Result<(), crate::Error> {
    run::ask_in(transaction, "nightly").map(|_| ())
}
