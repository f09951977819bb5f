//! Verification of the store from the workbench: asked for, done by the background, kept with
//! what it found.

use super::BREAK_KIND;
use crate::access::{Right, require};
use crate::entry::names;
use crate::{Error, FieldError};
use record::{Context, Instant, Role};
use std::collections::BTreeMap;
use store::job::Job;
use store::verification::VerificationRun;
use store::work::NewWork;
use store::{AuditEntry, Checkpoint, Store, Transaction};

/// The kind of the job that a verification is.
pub(crate) const JOB_KIND: &str = "verify";
/// Verifications that the history shows.
const RUNS_MAX: i64 = 90;
const DAY_MICROS: i64 = 86_400_000_000;

/// Asks for a verification now; the background does it. Where one waits or goes on, that is meant.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn ask_verification(store: &Store, context: &Context) -> Result<i64, Error> {
    require(store, context, Right::Verify)?;
    store.write(context, |transaction| {
        let run = ask_in(transaction, "asked")?;
        let target = format!("verification/{run}");
        transaction.audit(&AuditEntry::new(context, "store.verify-ask", target))?;
        Ok(run)
    })
}

/// Asks for a verification, and adds the job that does it.
pub(crate) fn ask_in(transaction: &mut Transaction<'_>, cause: &str) -> Result<i64, Error> {
    let at = transaction.context().at;
    let (run, is_new) = transaction.verification_ask(cause)?;
    if is_new {
        let body = format!(r#"{{"run":{run}}}"#);
        transaction.job_add(JOB_KIND, &format!("verify:run:{run}"), &body, at)?;
    }
    Ok(run)
}

/// Does the verification of a leased job; a break opens work for the privacy officer.
///
/// # Errors
/// When the store can't be read at all; the job is tried again.
pub fn verify_off(store: &Store, context: &Context, job: &Job) -> Result<(), Error> {
    let body: serde_json::Value = serde_json::from_str(&job.body).unwrap_or_default();
    let run = body["run"].as_i64();
    let run = run.ok_or_else(|| Error::Internal("a verification has no number".into()))?;
    let known = store.look(context, |view| view.verification(run))?.ok_or(Error::NotFound)?;
    if !known.lifecycle()?.is_open() {
        return Ok(());
    }
    let found = store.verify_telling(context, &mut |stage| {
        // Progress is a help to who waits; failing to tell it must not fail the verification.
        let told = store.write(context, |t| t.verification_progress(run, &stage));
        drop(told);
    })?;
    store.write(context, |transaction| {
        transaction.verification_done(run, &found)?;
        let detail = format!(r#"{{"rows":{},"breaks":{}}}"#, found.rows_count, found.breaks_count);
        if !found.is_whole() {
            transaction.work_open(&NewWork {
                kind: BREAK_KIND,
                subject: 0,
                patient: None,
                role: Role::PrivacyOfficer,
                due_at: Some(context.at),
                reason: "What is stored is not what was written. Keep the server as it is; the \
                         verification names each break.",
            })?;
        }
        let entry = AuditEntry::new(context, "store.verify", format!("verification/{run}"));
        Ok(transaction.audit(&entry.detail(detail))?)
    })
}

/// How the store stands: the head of the chain, the kept checkpoint, the history.
#[derive(Clone, Debug)]
pub struct VerificationPage {
    /// Number of the last block.
    pub block: i64,
    /// The head that was last kept beside the keys.
    pub kept: Option<Checkpoint>,
    /// Verifications, the newest first.
    pub runs: Vec<VerificationRun>,
    /// Names of those who asked.
    pub names: BTreeMap<String, String>,
    /// When the next daily verification begins.
    pub next_at: Instant,
}

/// The history of verifications.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn verifications(store: &Store, context: &Context) -> Result<VerificationPage, Error> {
    require(store, context, Right::Verify)?;
    store.read(context, |view| {
        let runs = view.verification_list(RUNS_MAX)?;
        let names = names(view, runs.iter().map(|run| run.asked_by.as_str()))?;
        let next_day = context.at.0.div_euclid(DAY_MICROS) + 1;
        let page = VerificationPage {
            block: view.head()?.block,
            kept: store.keys().checkpoint()?,
            runs,
            names,
            next_at: Instant(next_day * DAY_MICROS),
        };
        Ok((page, AuditEntry::new(context, "store.verifications", "store")))
    })
}

/// One verification with the names of those who asked for it and looked into it.
#[derive(Clone, Debug)]
pub struct VerificationShown {
    /// The verification.
    pub run: VerificationRun,
    /// Names.
    pub names: BTreeMap<String, String>,
}

/// Opens one verification: its breaks, each named.
///
/// # Errors
/// [`Error::NotFound`] where there is no such verification.
pub fn verification(store: &Store, context: &Context, id: i64) -> Result<VerificationShown, Error> {
    require(store, context, Right::Verify)?;
    store.read(context, |view| {
        let run = view.verification(id)?.ok_or(Error::NotFound)?;
        let people = [Some(run.asked_by.as_str()), run.reviewed_by.as_deref()];
        let names = names(view, people.into_iter().flatten())?;
        let target = format!("verification/{id}");
        let entry = AuditEntry::new(context, "store.verification-open", target);
        Ok((VerificationShown { run, names }, entry))
    })
}

/// Writes what became of the breaks of a verification. Once every one was looked into, the work
/// is done.
///
/// # Errors
/// [`Error::Invalid`] without a word; [`Error::Conflict`] when it was written before.
pub fn review(store: &Store, context: &Context, id: i64, note: &str) -> Result<(), Error> {
    require(store, context, Right::GlassReview)?;
    if note.trim().is_empty() {
        let why = "Write what was found out, and what was done.";
        return Err(Error::Invalid(vec![FieldError::new("note", why)]));
    }
    store.write(context, |transaction| {
        transaction.verification_review(id, note.trim())?;
        if transaction.verification_unreviewed_count()? == 0 {
            transaction.work_close(BREAK_KIND, 0, true)?;
        }
        let target = format!("verification/{id}");
        Ok(transaction.audit(&AuditEntry::new(context, "store.verification-review", target))?)
    })
}
