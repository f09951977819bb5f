//! What the server does by itself: a verification a day, the quality checks a night, what was
//! asked for in between, checking charts again that were written to, holding encounters against
//! the rules of completion, and reading the words of files for the search.

use crate::Error;
use crate::entry::zone_in;
use crate::file_text::{self, ReadText};
use crate::integrity;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::{Context, Instant};
use store::Store;
use store::job::{ATTEMPTS_MAX, Job};

/// Seconds that one piece of work may take before another server takes it over.
const LEASE_SECONDS: i64 = 3600;
const DAY_MICROS: i64 = 86_400_000_000;
/// The hour of the night at which all checks run, at the site.
const NIGHT_HOUR: i8 = 2;

/// The jobs that the background does.
const KINDS: &[&str] = &[
    "verify-daily",
    "quality-nightly",
    integrity::verification_job(),
    integrity::quality_job(),
    file_text::JOB_KIND,
];

/// Does the background work that is due; returns whether there was any. `reader` reads the words
/// of files from outside.
///
/// # Errors
/// [`Error::Internal`] when the store fails; failed work is tried again later.
pub fn tick(store: &Store, context: &Context, reader: &ReadText) -> Result<bool, Error> {
    let reviewed = crate::completion::review_job(store, context)?;
    let zone = store.look(context, zone_in)?;
    let leased = store.write(context, |transaction| {
        let day = context.at.0.div_euclid(DAY_MICROS);
        transaction.job_add("verify-daily", &format!("verify:{day}"), "{}", context.at)?;
        let (night, begins) = night(context.at, &zone);
        transaction.job_add("quality-nightly", &format!("quality:{night}"), "{}", begins)?;
        transaction.job_lease(KINDS, LEASE_SECONDS)
    })?;
    let Some(job) = leased else {
        return Ok(integrity::recheck_due(store, context)? || reviewed);
    };
    // A server that ended in the middle of each attempt has told nothing of them.
    let done = match job.attempts > ATTEMPTS_MAX {
        true => Err(Error::Internal("no attempt came to its end".into())),
        false => perform(store, context, &job, reader),
    };
    settle(store, context, &job, &done)?;
    Ok(true)
}

/// Writes what became of an attempt. After the last one the work is given up, and what it was for
/// says so.
fn settle(
    store: &Store,
    context: &Context,
    job: &Job,
    done: &Result<(), Error>,
) -> Result<(), Error> {
    let settled = store.write(context, |transaction| match done {
        Ok(()) => Ok(transaction.job_done(job)?),
        Err(error) => {
            transaction.job_fail(job, &error.to_string())?;
            match job.attempts >= ATTEMPTS_MAX {
                true => integrity::given_up(transaction, job, failure_class(error)),
                false => Ok(()),
            }
        }
    });
    match settled {
        // Another server took it over while this one was slow: it settles the work.
        Err(Error::Conflict(_)) => Ok(()),
        other => other,
    }
}

/// Why work was given up, as people are told: a class, since the error's own text may name rows.
fn failure_class(error: &Error) -> &'static str {
    match error {
        Error::Busy => "the store was busy at each attempt",
        Error::NotFound => "what it was to read is no longer there",
        Error::Internal(_) => "the store could not be read or written",
        Error::Forbidden(_) | Error::Conflict(_) | Error::Refused(_) | Error::Invalid(_) => {
            "something else changed the same rows at each attempt"
        }
    }
}

fn perform(store: &Store, context: &Context, job: &Job, reader: &ReadText) -> Result<(), Error> {
    match job.kind.as_str() {
        file_text::JOB_KIND => file_text::work_off(store, context, job, reader),
        "verify-daily" => store.write(context, integrity::verify_daily),
        "quality-nightly" => store.write(context, integrity::run_nightly),
        kind if kind == integrity::verification_job() => integrity::verify_off(store, context, job),
        _ => integrity::work_off(store, context, job),
    }
}

/// The night that this moment belongs to, and when its checks begin. A site that is down at that
/// hour checks as soon as it is up.
fn night(at: Instant, zone: &TimeZone) -> (Date, Instant) {
    let day = at.date_in(zone);
    let begins = day.at(NIGHT_HOUR, 0, 0, 0).to_zoned(zone.clone());
    let begins = begins.map(|zoned| Instant::from_timestamp(zoned.timestamp()));
    (day, begins.unwrap_or(at))
}

/// When the checks run next by themselves.
pub(crate) fn next_night(at: Instant, zone: &TimeZone) -> Instant {
    let (_, begins) = night(at, zone);
    if begins > at { begins } else { begins.plus_seconds(86_400) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::Location;

    fn store() -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Directory(folder.path().join("data"));
        let store = Store::create(&location, &folder.path().join("keys"), &at(0)).unwrap();
        (store, folder)
    }

    fn at(micros: i64) -> Context {
        Context::system("background", Instant(micros))
    }

    /// Everything that is due at a moment.
    fn drain(store: &Store, micros: i64) -> usize {
        let reader: ReadText = std::sync::Arc::new(file_text::read);
        (0..20).take_while(|_| tick(store, &at(micros), &reader).unwrap()).count()
    }

    #[test]
    fn a_store_is_verified_once_a_day() {
        let (store, _folder) = store();
        let runs = || store.look(&at(0), |view| view.verification_list(9)).unwrap();
        assert!(drain(&store, 1) > 0);
        assert_eq!(drain(&store, 2), 0, "once a day is enough");
        assert_eq!(runs().len(), 1);
        drain(&store, DAY_MICROS + 1);
        assert_eq!(runs().len(), 2);
        assert!(runs().iter().all(|run| run.state == "done" && run.breaks_count == 0));
    }

    /// Fails every attempt of the work of one kind; returns the moment after the last.
    fn fail(store: &Store, kind: &str, from: i64) -> i64 {
        let mut micros = from;
        loop {
            micros += DAY_MICROS;
            let lease = |transaction: &mut store::Transaction<'_>| {
                transaction.job_lease(&[kind], LEASE_SECONDS)
            };
            let Some(job) = store.write(&at(micros), lease).unwrap() else { return micros };
            let failed = Err(Error::Internal("disk I/O error".into()));
            settle(store, &at(micros), &job, &failed).unwrap();
        }
    }

    #[test]
    fn a_run_whose_work_is_given_up_has_failed_and_another_can_be_asked_for() {
        let (store, _folder) = store();
        let runs = || store.look(&at(0), |view| view.quality_runs(9)).unwrap();
        store.write(&at(1), integrity::run_nightly).unwrap();
        assert_eq!(runs()[0].state, "waiting");
        let end = fail(&store, integrity::quality_job(), 1);
        let run = &runs()[0];
        assert_eq!((run.state.as_str(), run.finished_at.is_some()), ("failed", true));
        assert_eq!(run.failure.as_deref(), Some("the store could not be read or written"));
        store.write(&at(end), integrity::run_nightly).unwrap();
        assert_eq!(runs().len(), 2, "the failed one stands in nobody's way");
        drain(&store, end);
        assert_eq!((runs()[0].state.as_str(), runs()[1].state.as_str()), ("done", "failed"));
    }

    #[test]
    fn a_verification_that_is_given_up_has_failed() {
        let (store, _folder) = store();
        let runs = || store.look(&at(0), |view| view.verification_list(9)).unwrap();
        store.write(&at(1), integrity::verify_daily).unwrap();
        let end = fail(&store, integrity::verification_job(), 1);
        assert_eq!(runs()[0].state, "failed");
        store.write(&at(end), integrity::verify_daily).unwrap();
        assert_eq!(runs()[0].state, "waiting");
    }

    #[test]
    fn work_that_never_comes_to_an_end_is_given_up() {
        let (store, _folder) = store();
        store.write(&at(1), integrity::run_nightly).unwrap();
        let kinds = [integrity::quality_job()];
        for attempt in 0..ATTEMPTS_MAX {
            // Leased, and never heard of again.
            let micros = 1 + attempt * DAY_MICROS;
            let job = store.write(&at(micros), |t| t.job_lease(&kinds, LEASE_SECONDS)).unwrap();
            assert!(job.is_some());
        }
        drain(&store, 30 * DAY_MICROS + 1);
        let runs = store.look(&at(0), |view| view.quality_runs(9)).unwrap();
        assert!(runs.iter().any(|run| run.state == "failed"));
    }

    #[test]
    fn all_checks_run_once_a_night() {
        let (store, _folder) = store();
        let runs = || store.look(&at(0), |view| view.quality_runs(9)).unwrap();
        drain(&store, DAY_MICROS + 1);
        assert_eq!(runs().len(), 0, "not before two in the morning");
        drain(&store, DAY_MICROS + 3 * 3_600_000_000);
        drain(&store, DAY_MICROS + 4 * 3_600_000_000);
        assert_eq!(runs().len(), 1);
        assert_eq!(runs()[0].state, "done");
    }
}
