//! Background work, and messages out: leased rows that commit with the decision that made them.
//!
//! A lease that runs out gives the row to the next taker, so both must bear being done twice:
//! that is what the idempotency key is for.

use crate::units::SITE_UNIT;
use crate::{Error, Row, Transaction, Value, View};
use record::{Instant, PatientKey};

/// Attempts after which work is given up and left for a person.
pub const ATTEMPTS_MAX: i64 = 8;

/// A piece of background work that was leased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Id.
    pub id: i64,
    /// What is to be done: `verify`.
    pub kind: String,
    /// Its particulars, in JSON; ids only.
    pub body: String,
    /// Attempts so far, this one included.
    pub attempts: i64,
}

/// A message that was leased for sending.
#[derive(Clone, Debug)]
pub struct Message {
    /// Id.
    pub id: i64,
    /// Whom it goes to, as the sending part understands it.
    pub destination: String,
    /// Its text.
    pub body: Vec<u8>,
    /// Attempts so far, this one included.
    pub attempts: i64,
}

fn job_of(row: &Row) -> Result<Job, Error> {
    Ok(Job {
        id: row.integer(0)?,
        kind: row.text(1)?.to_owned(),
        body: row.text(2)?.to_owned(),
        attempts: row.integer(3)?,
    })
}

impl View<'_> {
    /// Jobs that were given up, with their last error.
    pub fn job_failed_list(&mut self) -> Result<Vec<(Job, String)>, Error> {
        let sql = "SELECT job, kind, body, attempts, last_error FROM job
                   WHERE state = 'failed' ORDER BY job";
        let rows = self.query(sql, &[])?;
        let error = |row: &Row| row.text_or_none(4).map(|text| text.unwrap_or("").to_owned());
        rows.iter().map(|row| Ok((job_of(row)?, error(row)?))).collect()
    }
}

impl Transaction<'_> {
    /// Adds background work, unless work with this idempotency key was ever added.
    pub fn job_add(
        &mut self,
        kind: &str,
        idempotency_key: &str,
        body: &str,
        not_before: Instant,
    ) -> Result<(), Error> {
        let known = "SELECT job FROM job WHERE idempotency_key = $1";
        if self.query_one(known, &[idempotency_key.into()])?.is_some() {
            return Ok(());
        }
        let id = self.new_id();
        self.insert(
            "job",
            &[
                ("job", id.into()),
                ("kind", kind.into()),
                ("idempotency_key", idempotency_key.into()),
                ("body", body.into()),
                ("state", "ready".into()),
                ("not_before", not_before.0.into()),
                ("attempts", 0.into()),
            ],
        )
    }

    /// Leases the next work of these kinds that is due, for so many seconds.
    pub fn job_lease(&mut self, kinds: &[&str], seconds: i64) -> Result<Option<Job>, Error> {
        let now = self.context().at;
        let mut parameters: Vec<Value> = vec![now.0.into()];
        parameters.extend(kinds.iter().map(|kind| Value::from(*kind)));
        let list: Vec<String> = (0..kinds.len()).map(|n| format!("${}", n + 2)).collect();
        let sql = format!(
            "SELECT job, kind, body, attempts FROM job
             WHERE ((state = 'ready' AND not_before <= $1) OR
                    (state = 'leased' AND leased_until <= $1)) AND kind IN ({})
             ORDER BY not_before, job LIMIT 1",
            list.join(", ")
        );
        let Some(row) = self.query_one(&sql, &parameters)? else { return Ok(None) };
        let mut job = job_of(&row)?;
        job.attempts += 1;
        let values = [
            ("state", "leased".into()),
            ("leased_until", now.plus_seconds(seconds).0.into()),
            ("attempts", job.attempts.into()),
        ];
        self.update("job", &[job.id.into()], &values)?;
        Ok(Some(job))
    }

    /// Refuses what is not leased any more under this attempt: its lease ran out, and another
    /// server took it over, or it was settled.
    fn job_expect(&mut self, job: &Job) -> Result<(), Error> {
        let sql = "SELECT job FROM job WHERE job = $1 AND state = 'leased' AND attempts = $2";
        match self.query_one(sql, &[job.id.into(), job.attempts.into()])? {
            Some(_) => Ok(()),
            None => Err(Error::Conflict("this work was taken over, or is settled".into())),
        }
    }

    /// Records that leased work is done.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was taken over, or settled, meanwhile.
    pub fn job_done(&mut self, job: &Job) -> Result<(), Error> {
        self.job_expect(job)?;
        let values = [("state", "done".into()), ("leased_until", Value::Null)];
        self.update("job", &[job.id.into()], &values).map(|_| ())
    }

    /// Records that leased work failed: it is tried again later, or given up.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was taken over, or settled, meanwhile.
    pub fn job_fail(&mut self, job: &Job, error: &str) -> Result<(), Error> {
        self.job_expect(job)?;
        let given_up = job.attempts >= ATTEMPTS_MAX;
        // Twice as long after each attempt: one minute, two, four…
        let wait = 60 << job.attempts.clamp(0, 16);
        let at = self.context().at.plus_seconds(wait).0;
        let values = [
            ("state", if given_up { "failed" } else { "ready" }.into()),
            ("leased_until", Value::Null),
            ("not_before", at.into()),
            ("last_error", error.into()),
        ];
        self.update("job", &[job.id.into()], &values).map(|_| ())
    }

    /// Puts a message into the outbox, unless one with this idempotency key was ever there.
    pub fn message_add(
        &mut self,
        idempotency_key: &str,
        destination: &str,
        patient: Option<PatientKey>,
        body: &[u8],
    ) -> Result<(), Error> {
        let known = "SELECT message FROM outbox WHERE idempotency_key = $1";
        if self.query_one(known, &[idempotency_key.into()])?.is_some() {
            return Ok(());
        }
        let (id, at) = (self.new_id(), self.context().at.0);
        let unit = patient.map_or(Ok(SITE_UNIT), |patient| self.unit_of(Some(patient)))?;
        let sealed = self.unit_key(unit)?.encrypt(body, format!("message:{id}").as_bytes())?;
        self.insert(
            "outbox",
            &[
                ("message", id.into()),
                ("idempotency_key", idempotency_key.into()),
                ("destination", destination.into()),
                ("unit", unit.into()),
                ("body", sealed.into()),
                ("state", "ready".into()),
                ("attempts", 0.into()),
                ("at", at.into()),
            ],
        )
    }

    /// Leases the next message to send, for so many seconds.
    pub fn message_lease(&mut self, seconds: i64) -> Result<Option<Message>, Error> {
        let now = self.context().at;
        let sql = "SELECT message, destination, unit, body, attempts FROM outbox
                   WHERE state = 'ready' OR (state = 'leased' AND leased_until <= $1)
                   ORDER BY message LIMIT 1";
        let Some(row) = self.query_one(sql, &[now.0.into()])? else { return Ok(None) };
        let (id, attempts) = (row.integer(0)?, row.integer(4)? + 1);
        let key = self.unit_key(row.integer(2)?)?;
        let body = key.decrypt(row.blob(3)?, format!("message:{id}").as_bytes())?;
        let values = [
            ("state", "leased".into()),
            ("leased_until", now.plus_seconds(seconds).0.into()),
            ("attempts", attempts.into()),
        ];
        self.update("outbox", &[id.into()], &values)?;
        Ok(Some(Message { id, destination: row.text(1)?.to_owned(), body, attempts }))
    }

    /// Records that a leased message went out, or that it failed and is tried again.
    pub fn message_settle(&mut self, message: &Message, sent: bool) -> Result<(), Error> {
        let given_up = message.attempts >= ATTEMPTS_MAX;
        let state = match (sent, given_up) {
            (true, _) => "sent",
            (false, true) => "failed",
            (false, false) => "ready",
        };
        let values = [("state", state.into()), ("leased_until", Value::Null)];
        self.update("outbox", &[message.id.into()], &values).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Location, Store};
    use record::Context;

    #[test]
    fn work_is_leased_once_tried_again_and_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let at = |seconds: i64| Context::system("test", Instant(0).plus_seconds(seconds));
        let location = Location::Directory(folder.path().join("data"));
        let store = Store::create(&location, &folder.path().join("keys"), &at(0)).unwrap();
        let lease =
            |seconds: i64| store.write(&at(seconds), |t| t.job_lease(&["verify"], 30)).unwrap();
        for _ in 0..2 {
            store.write(&at(0), |t| t.job_add("verify", "day 1", "{}", Instant(0))).unwrap();
        }
        let first = lease(1).unwrap();
        assert_eq!(lease(2), None, "leased, and the second of the same key was never added");
        let again = lease(31).unwrap();
        assert_eq!((again.id, again.attempts), (first.id, 2), "the lease ran out");
        store.write(&at(32), |t| t.job_fail(&again, "no disk")).unwrap();
        assert_eq!(lease(33), None, "it waits before the next attempt");
        let mut now = 32;
        let mut job = again;
        while job.attempts < ATTEMPTS_MAX {
            now += 60 << 10;
            job = lease(now).unwrap();
            store.write(&at(now), |t| t.job_fail(&job, "no disk")).unwrap();
        }
        assert_eq!(lease(now + (60 << 20)), None, "given up");
        let failed = store.look(&at(now), |view| view.job_failed_list()).unwrap();
        assert_eq!(failed[0].1, "no disk");
    }

    /// Judged: what waits or whose lease ran out is leased; what is leased, done or given up is
    /// not; work of the same key is never added again.
    #[test]
    fn matrix_of_states_and_actions() {
        let folder = tempfile::tempdir().unwrap();
        let at = |seconds: i64| Context::system("test", Instant(0).plus_seconds(seconds));
        let location = Location::Directory(folder.path().join("data"));
        let store = Store::create(&location, &folder.path().join("keys"), &at(0)).unwrap();
        let states = ["waiting", "ready", "leased", "lost", "taken over", "done", "failed"];
        let actions = ["add", "lease", "done", "fail"];
        let mut matrix = String::new();
        for (state, action) in states.iter().flat_map(|s| actions.map(|action| (*s, action))) {
            // A kind of its own, so that no cell sees the work of another.
            let kind = format!("{state}-{action}");
            let not_before = Instant(0).plus_seconds(if state == "waiting" { 900 } else { 0 });
            let add = |t: &mut Transaction<'_>| t.job_add(&kind, &kind, "{}", not_before);
            let lease = |t: &mut Transaction<'_>, seconds| t.job_lease(&[&kind], seconds);
            store.write(&at(0), add).unwrap();
            let mut job = Job { id: 0, kind: kind.clone(), body: "{}".into(), attempts: 0 };
            if !matches!(state, "waiting" | "ready") {
                let seconds = if matches!(state, "lost" | "taken over") { 10 } else { 1_000 };
                job = store.write(&at(1), |t| lease(t, seconds)).unwrap().unwrap();
            }
            match state {
                "done" => store.write(&at(2), |t| t.job_done(&job)).unwrap(),
                "taken over" => {
                    store.write(&at(20), |t| lease(t, 1_000)).unwrap().unwrap();
                }
                "failed" => {
                    let mut now = 2;
                    store.write(&at(now), |t| t.job_fail(&job, "no disk")).unwrap();
                    while job.attempts < ATTEMPTS_MAX {
                        now += 60 << 10;
                        job = store.write(&at(now), |t| lease(t, 10)).unwrap().unwrap();
                        store.write(&at(now), |t| t.job_fail(&job, "no disk")).unwrap();
                    }
                }
                _ => {}
            }
            let was_leased = job.id != 0;
            let after = match action {
                "add" => {
                    store.write(&at(100), add).unwrap();
                    "nothing is added".to_owned()
                }
                "lease" => match store.write(&at(100), |t| lease(t, 10)).unwrap() {
                    Some(job) => format!("leased, attempt {}", job.attempts),
                    None => "not leased".to_owned(),
                },
                "done" if was_leased => settled(store.write(&at(100), |t| t.job_done(&job))),
                _ if was_leased => settled(store.write(&at(100), |t| t.job_fail(&job, "late"))),
                _ => "nobody has it".to_owned(),
            };
            matrix += &format!("{state} + {action} = {after}\n");
        }
        expect_test::expect![[r#"
            waiting + add = nothing is added
            waiting + lease = not leased
            waiting + done = nobody has it
            waiting + fail = nobody has it
            ready + add = nothing is added
            ready + lease = leased, attempt 1
            ready + done = nobody has it
            ready + fail = nobody has it
            leased + add = nothing is added
            leased + lease = not leased
            leased + done = settled
            leased + fail = settled
            lost + add = nothing is added
            lost + lease = leased, attempt 2
            lost + done = settled
            lost + fail = settled
            taken over + add = nothing is added
            taken over + lease = not leased
            taken over + done = refused: conflict: this work was taken over, or is settled
            taken over + fail = refused: conflict: this work was taken over, or is settled
            done + add = nothing is added
            done + lease = not leased
            done + done = refused: conflict: this work was taken over, or is settled
            done + fail = refused: conflict: this work was taken over, or is settled
            failed + add = nothing is added
            failed + lease = not leased
            failed + done = refused: conflict: this work was taken over, or is settled
            failed + fail = refused: conflict: this work was taken over, or is settled
        "#]]
        .assert_eq(&matrix);
    }

    fn settled(done: Result<(), Error>) -> String {
        done.map_or_else(|error| format!("refused: {error}"), |()| "settled".to_owned())
    }

    #[test]
    fn a_message_goes_out_once() {
        let folder = tempfile::tempdir().unwrap();
        let context = Context::system("test", Instant(1));
        let location = Location::Directory(folder.path().join("data"));
        let store = Store::create(&location, &folder.path().join("keys"), &context).unwrap();
        for _ in 0..2 {
            store.write(&context, |t| t.message_add("key", "lab", None, b"text")).unwrap();
        }
        let lease = || store.write(&context, |t| t.message_lease(30)).unwrap();
        let message = lease().unwrap();
        assert_eq!((&message.destination[..], &message.body[..]), ("lab", &b"text"[..]));
        assert!(lease().is_none());
        store.write(&context, |t| t.message_settle(&message, true)).unwrap();
        assert!(lease().is_none());
    }
}
