//! Checking charts again that were written to, and keeping what the checks found.

use super::{groups, own_context};
use crate::Error;
use crate::entry::zone_in;
use integrity::checks::{Check, CheckResult, all, run};
use integrity::finding::{FindingAction, FindingState, apply};
use integrity::rows::Rows;
use jiff::tz::TimeZone;
use record::{Context, PatientKey, ResourceKey};
use std::collections::{BTreeMap, BTreeSet};
use store::quality::{BATCH_PATIENTS, Failing, QualityFinding};
use store::{AuditEntry, Store, Transaction, View};

/// The setting that holds up to where changes have been checked.
pub(super) const MARK: &str = "quality.mark";
/// Charts that one look of the background checks; more wait for the next.
const CHANGED_MAX: i64 = 2_000;
/// Charts that a request checks which wrote to them.
const CHANGED_BY_REQUEST_MAX: i64 = 20;
/// Records that are compared with one another outside of a whole run; a stand-in of a birth date
/// may be shared by more, and those wait for the night.
const COMPARED_MAX: usize = 2_000;

/// Failing rows by check and entry.
type Failures = BTreeMap<(&'static str, i64), (PatientKey, String)>;

/// How many findings changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changed {
    /// Opened, or open again.
    pub opened: i64,
    /// Seen fixed.
    pub fixed: i64,
    /// Those that are work now, and have none open.
    pub unworked: Vec<i64>,
}

/// What some checks found of some patients.
#[derive(Default)]
pub(super) struct Judged {
    checks: BTreeSet<&'static str>,
    patients: Vec<PatientKey>,
    failures: Failures,
}

impl Judged {
    /// Of these patients, by these checks, whose findings on them are in the results.
    pub fn new<'r>(
        patients: Vec<PatientKey>,
        results: impl Iterator<Item = (&'static Check, &'r CheckResult)>,
    ) -> Judged {
        let mut judged = Judged { patients, ..Judged::default() };
        let known: BTreeSet<PatientKey> = judged.patients.iter().copied().collect();
        for (check, result) in results {
            judged.checks.insert(check.name);
            for found in &result.findings {
                let (Some(patient), Ok(resource)) = (found.patient, found.id.parse()) else {
                    continue;
                };
                if known.contains(&patient) {
                    let failure = (patient, found.sentence.clone());
                    judged.failures.insert((check.name, resource), failure);
                }
            }
        }
        judged
    }

    fn resources(&self) -> Vec<ResourceKey> {
        self.failures.keys().map(|(_, resource)| ResourceKey(*resource)).collect()
    }

    /// Whether what is known differs from what was found.
    fn differs(&self, view: &mut View<'_>, context: &Context) -> Result<bool, Error> {
        let known = view.quality_known(&self.patients, &self.resources())?;
        let mut left = self.failures.len();
        for finding in known.iter().filter(|one| self.checks.contains(one.check.as_str())) {
            let failure = self.failure_of(finding);
            left -= usize::from(failure.is_some());
            if step(finding, failure.is_some(), context)? != finding.state
                || failure.is_some_and(|(patient, _)| *patient != finding.patient)
            {
                return Ok(true);
            }
        }
        Ok(left > 0)
    }

    fn failure_of(&self, finding: &QualityFinding) -> Option<&(PatientKey, String)> {
        let check = self.checks.get(finding.check.as_str())?;
        self.failures.get(&(*check, finding.resource.0))
    }

    /// Opens, closes and moves findings as the checks found, with their work.
    pub fn keep(
        mut self,
        transaction: &mut Transaction<'_>,
        context: &Context,
    ) -> Result<Changed, Error> {
        let mut changed = Changed::default();
        for finding in transaction.quality_known(&self.patients, &self.resources())? {
            let Some(check) = self.checks.get(finding.check.as_str()).copied() else { continue };
            let failure = self.failures.remove(&(check, finding.resource.0));
            settle(transaction, context, &finding, failure, &mut changed)?;
        }
        for ((check, resource), (patient, sentence)) in &self.failures {
            let resource = ResourceKey(*resource);
            let failing = Failing { check, resource, patient: *patient, sentence };
            changed.unworked.push(transaction.quality_open(&failing)?);
            changed.opened += 1;
        }
        Ok(changed)
    }
}

fn step(finding: &QualityFinding, fails: bool, context: &Context) -> Result<FindingState, Error> {
    let action = if fails { FindingAction::Fail } else { FindingAction::Pass };
    apply(finding.state, &action, context.at).map_err(|refused| Error::Refused(refused.sentence))
}

/// Takes a known finding to what the check says now.
pub(super) fn settle(
    transaction: &mut Transaction<'_>,
    context: &Context,
    finding: &QualityFinding,
    failure: Option<(PatientKey, String)>,
    changed: &mut Changed,
) -> Result<(), Error> {
    let state = step(finding, failure.is_some(), context)?;
    let moved = failure.as_ref().is_some_and(|(patient, _)| *patient != finding.patient);
    if state == finding.state && !moved {
        return Ok(());
    }
    let failing = failure.as_ref().map(|(patient, sentence)| Failing {
        check: &finding.check,
        resource: finding.resource,
        patient: *patient,
        sentence,
    });
    transaction.quality_save(finding, state, failing.as_ref(), "")?;
    // In a group it stays one piece of work with the others, whichever chart it is found in.
    let goes_on = state == FindingState::Open && finding.state == state && finding.group.is_some();
    if finding.state == FindingState::Open && !goes_on {
        groups::close(transaction, finding, state == FindingState::Fixed)?;
    }
    if state == FindingState::Open && !goes_on {
        changed.unworked.push(finding.id);
    }
    changed.opened += i64::from(state == FindingState::Open && finding.state != state);
    changed.fixed += i64::from(state == FindingState::Fixed);
    Ok(())
}

/// Up to where things were written: what comes later is found by [`recheck_since`].
///
/// # Errors
/// When the store fails.
fn mark(store: &Store, context: &Context) -> Result<i64, Error> {
    store.look(context, |view| Ok(view.quality_mark()?))
}

/// Checks the charts again that were written to since a mark and have findings that are not
/// fixed: so the one who mends a row sees its work gone. Returns how many charts there were.
///
/// # Errors
/// When the store fails; what was written stays written, and the background checks it.
fn recheck_since(store: &Store, context: &Context, mark: i64) -> Result<usize, Error> {
    let context = own_context(context);
    let changed =
        store.look(&context, |view| view.quality_changed(mark, true, CHANGED_BY_REQUEST_MAX))?;
    if !changed.is_empty() {
        recheck(store, &context, &changed)?;
    }
    Ok(changed.len())
}

/// Runs a use case and then the quality checks on charts with findings that it wrote to: who
/// mends a row sees its work gone on the next page. The second answer tells whether the checks
/// could be run; what was written stays written, and the background checks it.
pub fn followed<T>(
    store: &Store,
    context: &Context,
    work: impl FnOnce(&Store, &Context) -> Result<T, Error>,
) -> (Result<T, Error>, Result<usize, Error>) {
    let before = mark(store, context);
    let done = work(store, context);
    let rechecked = match (&done, before) {
        (Ok(_), Ok(before)) => recheck_since(store, context, before),
        (Ok(_), Err(error)) => Err(error),
        (Err(_), _) => Ok(0),
    };
    (done, rechecked)
}

/// Checks every chart again that was written to since the last look or run; returns whether there
/// was any. Before the first run there is nothing to keep up with.
///
/// # Errors
/// When the store fails.
pub fn recheck_due(store: &Store, context: &Context) -> Result<bool, Error> {
    let context = own_context(context);
    let found = store.look(&context, |view| {
        let Some(mark) = view.setting(MARK)?.and_then(|text| text.parse().ok()) else {
            return Ok::<_, Error>(None);
        };
        let next = view.quality_mark()?;
        let changed = view.quality_changed(mark, false, CHANGED_MAX)?;
        let is_all = (changed.len() as i64) < CHANGED_MAX;
        Ok(Some((next, changed, is_all)))
    })?;
    let Some((next, changed, is_all)) = found.filter(|(_, changed, _)| !changed.is_empty()) else {
        return Ok(false);
    };
    if !is_all {
        // After a large import one run over everything costs less than so many parts.
        store.write(&context, |transaction| super::run::ask_in(transaction, "nightly"))?;
    }
    for some in changed.chunks(BATCH_PATIENTS) {
        recheck(store, &context, some)?;
    }
    store.write(&context, |transaction| transaction.setting_put(MARK, &next.to_string()))?;
    Ok(true)
}

/// These records and those under which they are found today: a record that was merged since may
/// have findings that go on under the other.
fn survivors(view: &mut View<'_>, patients: &[PatientKey]) -> Result<Vec<PatientKey>, Error> {
    let mut found: BTreeSet<PatientKey> = patients.iter().copied().collect();
    for patient in patients {
        found.insert(view.patient_survivor(*patient)?);
    }
    Ok(found.into_iter().collect())
}

/// Runs the checks over these charts and keeps what they found.
pub(super) fn recheck(
    store: &Store,
    context: &Context,
    patients: &[PatientKey],
) -> Result<Changed, Error> {
    let (judged, differs) = store.look(context, |view| {
        let zone = zone_in(view)?;
        let patients = survivors(view, patients)?;
        let alone = alone(view, &patients)?;
        let rows = view.quality_rows(&alone, &zone)?;
        let checks = || all().iter().filter(|check| !check.is_across());
        let results: Vec<CheckResult> = checks().map(|check| run(check, &rows)).collect();
        let mut judged = vec![Judged::new(patients.clone(), checks().zip(&results))];
        for check in all().iter().filter(|check| check.is_across()) {
            judged.extend(compared(view, check, &patients, &zone)?);
        }
        let mut differs = false;
        for one in &judged {
            differs = differs || one.differs(view, context)?;
        }
        Ok::<_, Error>((judged, differs))
    })?;
    if !differs {
        return Ok(Changed::default());
    }
    store.write(context, |transaction| {
        let mut changed = Changed::default();
        for one in judged {
            let kept = one.keep(transaction, context)?;
            changed.opened += kept.opened;
            changed.fixed += kept.fixed;
            changed.unworked.extend(kept.unworked);
        }
        groups::open(transaction, context, &changed.unworked)?;
        let detail = format!(r#"{{"opened":{},"fixed":{}}}"#, changed.opened, changed.fixed);
        let entry = AuditEntry::new(context, "quality.recheck", "quality").detail(detail);
        transaction.audit(&entry.patients(patients.iter().copied()))?;
        Ok(changed)
    })
}

/// Runs a check that compares records over these, those that may be like them, and those that
/// failed with them before; none where there are too many to compare between two requests.
fn compared(
    view: &mut View<'_>,
    check: &'static Check,
    patients: &[PatientKey],
    zone: &TimeZone,
) -> Result<Option<Judged>, Error> {
    let mut judged: BTreeSet<PatientKey> = patients.iter().copied().collect();
    for patient in patients {
        judged.extend(like(view, *patient)?);
    }
    let failing = view.quality_patients_failing(check.name, COMPARED_MAX as i64)?;
    if patients.iter().any(|patient| failing.contains(patient)) {
        judged.extend(failing);
    }
    if judged.len() > COMPARED_MAX {
        return Ok(None);
    }
    let mut pool = judged.clone();
    for patient in &judged {
        pool.extend(like(view, *patient)?);
    }
    let alone = alone(view, &pool.into_iter().collect::<Vec<_>>())?;
    if alone.len() > COMPARED_MAX {
        return Ok(None);
    }
    let mut rows = Rows::empty(view.context().at, zone.clone());
    rows.patients = view.quality_patients(&alone)?;
    let result = run(check, &rows);
    Ok(Some(Judged::new(judged.into_iter().collect(), std::iter::once((check, &result)))))
}

/// Those of these records that are not merged into another.
fn alone(view: &mut View<'_>, patients: &[PatientKey]) -> Result<Vec<PatientKey>, Error> {
    let mut found = Vec::new();
    for patient in patients {
        if view.patient_survivor(*patient)? == *patient {
            found.push(*patient);
        }
    }
    Ok(found)
}

fn like(view: &mut View<'_>, patient: PatientKey) -> Result<Vec<PatientKey>, Error> {
    let terms = view.quality_terms(patient)?;
    Ok(view.quality_sharing(&terms)?)
}
