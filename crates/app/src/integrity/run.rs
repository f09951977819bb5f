//! Runs of all checks over all charts: every night, and when somebody asks for one.

use super::recheck::{Changed, Judged, MARK, settle};
use super::{groups, own_context};
use crate::Error;
use crate::access::{Right, require};
use crate::entry::{names, zone_in};
use integrity::checks::{Check, CheckResult, add, all, run};
use integrity::rows::{PatientRow, Rows};
use jiff::tz::TimeZone;
use record::{Context, Instant, PatientKey};
use std::collections::BTreeMap;
use store::job::Job;
use store::quality::{BATCH_PATIENTS, QualityCount, QualityRun};
use store::{AuditEntry, Store, Transaction};

/// The kind of the job that a run is.
pub(crate) const JOB_KIND: &str = "quality";
/// Runs that the list shows.
const RUNS_MAX: i64 = 60;
/// Patients whose findings are kept in one commit of the comparing checks.
const KEPT_PATIENTS: usize = 500;

/// Asks for a run now; the background does it. Where one waits or goes on, that one is meant.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn ask(store: &Store, context: &Context) -> Result<i64, Error> {
    require(store, context, Right::Integrity)?;
    store.write(context, |transaction| {
        let run = ask_in(transaction, "asked")?;
        transaction.audit(&AuditEntry::new(
            context,
            "quality.ask",
            format!("quality-run/{run}"),
        ))?;
        Ok(run)
    })
}

/// Asks for a run, and adds the job that does it.
pub(crate) fn ask_in(transaction: &mut Transaction<'_>, cause: &str) -> Result<i64, Error> {
    let at = transaction.context().at;
    let (run, is_new) = transaction.quality_run_ask(cause)?;
    if is_new {
        let body = format!(r#"{{"run":{run}}}"#);
        transaction.job_add(JOB_KIND, &format!("quality:run:{run}"), &body, at)?;
    }
    Ok(run)
}

/// Does the run of a leased job.
///
/// # Errors
/// When the store fails; the job is tried again.
pub fn work_off(store: &Store, context: &Context, job: &Job) -> Result<(), Error> {
    let context = own_context(context);
    let body: serde_json::Value = serde_json::from_str(&job.body).unwrap_or_default();
    let id = body["run"].as_i64().ok_or_else(|| Error::Internal("a run has no number".into()))?;
    let run = store.look(&context, |view| view.quality_run(id))?.ok_or(Error::NotFound)?;
    if !run.lifecycle()?.is_open() {
        return Ok(());
    }
    Runner::new(store, &context, run)?.all()
}

struct Runner<'a> {
    store: &'a Store,
    context: &'a Context,
    run: QualityRun,
    zone: TimeZone,
    mark: i64,
    totals: BTreeMap<&'static str, CheckResult>,
    /// Who everybody is, for the checks that compare.
    people: Vec<PatientRow>,
}

impl Runner<'_> {
    fn new<'a>(
        store: &'a Store,
        context: &'a Context,
        mut run: QualityRun,
    ) -> Result<Runner<'a>, Error> {
        let (zone, mark, count) = store.look(context, |view| {
            Ok::<_, Error>((zone_in(view)?, view.quality_mark()?, view.patient_count()?.0))
        })?;
        run.state = "running".to_owned();
        run.patients_count = count;
        (run.patients_done, run.opened_count, run.fixed_count) = (0, 0, 0);
        let (totals, people) = (BTreeMap::new(), Vec::new());
        Ok(Runner { store, context, run, zone, mark, totals, people })
    }

    fn all(mut self) -> Result<(), Error> {
        let mut after = PatientKey(0);
        while let Some(last) = self.batch(after)? {
            after = last;
        }
        self.compare()?;
        self.finish()
    }

    /// Checks the next charts; returns the last of them, none at the end.
    fn batch(&mut self, after: PatientKey) -> Result<Option<PatientKey>, Error> {
        let zone = &self.zone;
        let (page, rows) = self.store.look(self.context, |view| {
            let page = view.quality_patient_page(after, BATCH_PATIENTS)?;
            let rows = view.quality_rows(&page, zone)?;
            Ok::<_, Error>((page, rows))
        })?;
        let Some(last) = page.last().copied() else { return Ok(None) };
        let checks = || all().iter().filter(|check| !check.is_across());
        let results: Vec<CheckResult> = checks().map(|check| run(check, &rows)).collect();
        let judged = Judged::new(page.clone(), checks().zip(&results));
        checks().zip(results).for_each(|(check, result)| self.count(check, result));
        self.people.extend(rows.patients);
        self.run.patients_done += page.len() as i64;
        self.keep(judged)?;
        Ok(Some(last))
    }

    fn count(&mut self, check: &'static Check, mut result: CheckResult) {
        result.findings.clear();
        match self.totals.get_mut(check.name) {
            Some(sum) => add(sum, result),
            None => {
                self.totals.insert(check.name, result);
            }
        }
    }

    fn keep(&mut self, judged: Judged) -> Result<(), Error> {
        let (context, run) = (self.context, &mut self.run);
        self.store.write(context, |transaction| {
            let changed = judged.keep(transaction, context)?;
            run.opened_count += changed.opened;
            run.fixed_count += changed.fixed;
            transaction.quality_run_save(run, &[])?;
            Ok(())
        })
    }

    /// The checks that compare records with one another, over everybody at once.
    fn compare(&mut self) -> Result<(), Error> {
        let mut rows = Rows::empty(self.context.at, self.zone.clone());
        rows.patients = std::mem::take(&mut self.people);
        let keys: Vec<PatientKey> = rows.patients.iter().map(|patient| patient.key).collect();
        for check in all().iter().filter(|check| check.is_across()) {
            let result = run(check, &rows);
            for some in keys.chunks(KEPT_PATIENTS) {
                self.keep(Judged::new(some.to_vec(), std::iter::once((check, &result))))?;
            }
            self.count(check, result);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), Error> {
        let counts: Vec<(&str, i64, i64)> = all()
            .iter()
            .map(|check| match self.totals.get(check.name) {
                Some(sum) => (check.name, sum.count as i64, sum.denominator as i64),
                None => (check.name, 0, 0),
            })
            .collect();
        let (context, mark) = (self.context, self.mark);
        groups::open_all(self.store, context)?;
        let run = &mut self.run;
        self.store.write(context, |transaction| {
            // Charts that are gone, or are read under another record now.
            let mut changed = Changed::default();
            for finding in transaction.quality_orphans()? {
                settle(transaction, context, &finding, None, &mut changed)?;
            }
            run.fixed_count += changed.fixed;
            run.state = "done".to_owned();
            run.patients_count = run.patients_done;
            run.finished_at = Some(context.at);
            transaction.quality_run_save(run, &counts)?;
            transaction.setting_put(MARK, &mark.to_string())?;
            let detail = format!(
                r#"{{"patients":{},"opened":{},"fixed":{}}}"#,
                run.patients_done, run.opened_count, run.fixed_count
            );
            let target = format!("quality-run/{}", run.id);
            Ok(transaction
                .audit(&AuditEntry::new(context, "quality.run", target).detail(detail))?)
        })
    }
}

/// Runs with who asked for them, and what the checks counted in those that ended.
#[derive(Clone, Debug)]
pub struct RunPage {
    /// The newest first.
    pub runs: Vec<QualityRun>,
    /// The oldest run first.
    pub counts: Vec<QualityCount>,
    /// Names of those who asked.
    pub names: BTreeMap<String, String>,
    /// When the checks run next by themselves.
    pub next_at: Instant,
    /// The zone of the site.
    pub zone: TimeZone,
}

/// Runs and their counts: nothing of a patient.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn runs(store: &Store, context: &Context) -> Result<RunPage, Error> {
    require(store, context, Right::Integrity)?;
    store.read(context, |view| {
        let runs = view.quality_runs(RUNS_MAX)?;
        let counts = view.quality_counts(RUNS_MAX)?;
        let names = names(view, runs.iter().map(|run| run.asked_by.as_str()))?;
        let zone = zone_in(view)?;
        let next_at = crate::background::next_night(context.at, &zone);
        let entry = AuditEntry::new(context, "quality.runs", "quality");
        Ok((RunPage { runs, counts, names, next_at, zone }, entry))
    })
}

/// One run with what each check counted in it.
///
/// # Errors
/// [`Error::NotFound`] where there is no such run.
pub fn run_page(
    store: &Store,
    context: &Context,
    id: i64,
) -> Result<(QualityRun, Vec<QualityCount>), Error> {
    require(store, context, Right::Integrity)?;
    store.read(context, |view| {
        let run = view.quality_run(id)?.ok_or(Error::NotFound)?;
        let mut counts = view.quality_counts(i64::MAX)?;
        counts.retain(|count| count.run == id);
        let entry = AuditEntry::new(context, "quality.run-open", format!("quality-run/{id}"));
        Ok(((run, counts), entry))
    })
}
