//! Runs of the quality checks over all charts, with what each check counted.

use crate::{Error, Row, Transaction, Value, View};
use integrity::run::{RunAction, RunState};
use record::Instant;

/// A run of all checks over all charts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QualityRun {
    /// Key.
    pub id: i64,
    /// `nightly` or `asked`.
    pub cause: String,
    /// When it was asked for.
    pub asked_at: Instant,
    /// By whom.
    pub asked_by: String,
    /// `waiting`, `running`, `done` or `failed`.
    pub state: String,
    /// Patients to check.
    pub patients_count: i64,
    /// Patients checked.
    pub patients_done: i64,
    /// Findings that it opened.
    pub opened_count: i64,
    /// Findings that it saw fixed.
    pub fixed_count: i64,
    /// When it ended.
    pub finished_at: Option<Instant>,
    /// Why it was given up, as a class of reasons: nothing of a patient.
    pub failure: Option<String>,
}

/// What one check counted in one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QualityCount {
    /// The run.
    pub run: i64,
    /// When the run ended.
    pub at: Instant,
    /// Name of the check.
    pub check: String,
    /// Rows that fail.
    pub failing: i64,
    /// Rows judged.
    pub judged: i64,
}

impl QualityRun {
    /// Where it stands.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where its state is unknown.
    pub fn lifecycle(&self) -> Result<RunState, Error> {
        let state = RunState::read(&self.state, 0, false);
        state.ok_or_else(|| Error::Corrupt("the state of a quality run is unknown".into()))
    }
}

/// What an action makes of a run, by its lifecycle.
pub(crate) fn applied(state: RunState, action: RunAction) -> Result<RunState, Error> {
    integrity::run::apply(state, action).map_err(|no| Error::Conflict(no.to_string()))
}

const RUN_COLUMNS: &str = "quality_run, cause, asked_at, asked_by, state, patients_count, \
     patients_done, opened_count, fixed_count, finished_at, failure";

fn run_of(row: &Row) -> Result<QualityRun, Error> {
    Ok(QualityRun {
        id: row.integer(0)?,
        cause: row.text(1)?.to_owned(),
        asked_at: Instant(row.integer(2)?),
        asked_by: row.text(3)?.to_owned(),
        state: row.text(4)?.to_owned(),
        patients_count: row.integer(5)?,
        patients_done: row.integer(6)?,
        opened_count: row.integer(7)?,
        fixed_count: row.integer(8)?,
        finished_at: row.integer_or_none(9)?.map(Instant),
        failure: row.text_or_none(10)?.map(str::to_owned),
    })
}

impl View<'_> {
    /// Runs, the newest first.
    pub fn quality_runs(&mut self, limit: i64) -> Result<Vec<QualityRun>, Error> {
        let sql =
            format!("SELECT {RUN_COLUMNS} FROM quality_run ORDER BY quality_run DESC LIMIT $1");
        self.query(&sql, &[limit.into()])?.iter().map(run_of).collect()
    }

    /// One run.
    pub fn quality_run(&mut self, id: i64) -> Result<Option<QualityRun>, Error> {
        let sql = format!("SELECT {RUN_COLUMNS} FROM quality_run WHERE quality_run = $1");
        self.query_one(&sql, &[id.into()])?.as_ref().map(run_of).transpose()
    }

    /// What the checks counted in the last so many runs that ended, the oldest run first.
    pub fn quality_counts(&mut self, runs: i64) -> Result<Vec<QualityCount>, Error> {
        let sql = "SELECT c.quality_run, r.finished_at, c.check_name, c.failing_count,
                          c.judged_count
                   FROM quality_count c JOIN quality_run r ON r.quality_run = c.quality_run
                   WHERE r.state = 'done' AND r.quality_run IN
                     (SELECT d.quality_run FROM quality_run d WHERE d.state = 'done'
                      ORDER BY d.quality_run DESC LIMIT $1)
                   ORDER BY c.quality_run, c.check_name";
        self.query(sql, &[runs.into()])?
            .iter()
            .map(|row| {
                Ok(QualityCount {
                    run: row.integer(0)?,
                    at: Instant(row.integer_or_none(1)?.unwrap_or(0)),
                    check: row.text(2)?.to_owned(),
                    failing: row.integer(3)?,
                    judged: row.integer(4)?,
                })
            })
            .collect()
    }
}

impl Transaction<'_> {
    /// Asks for a run; where one waits or goes on already, that one is meant.
    pub fn quality_run_ask(&mut self, cause: &str) -> Result<(i64, bool), Error> {
        let last = self.quality_runs(1)?.pop();
        if let Some(run) = last {
            let before = run.lifecycle()?;
            if applied(before, RunAction::Ask)? == before {
                return Ok((run.id, false));
            }
        }
        let id = self.new_id();
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "quality_run",
            &[
                ("quality_run", id.into()),
                ("cause", cause.into()),
                ("asked_at", at.into()),
                ("asked_by", actor.into()),
                ("state", "waiting".into()),
                ("patients_count", 0.into()),
                ("patients_done", 0.into()),
                ("opened_count", 0.into()),
                ("fixed_count", 0.into()),
            ],
        )?;
        Ok((id, true))
    }

    /// Gives a run up, with the class of its reasons; another can be asked for.
    pub fn quality_run_failed(&mut self, id: i64, failure: &str) -> Result<(), Error> {
        let run = self.quality_run(id)?.ok_or(Error::NotFound)?;
        let after = applied(run.lifecycle()?, RunAction::GiveUp)?;
        let at = self.context().at.0;
        let values: [(&str, Value); 3] = [
            ("state", after.as_str().into()),
            ("failure", failure.into()),
            ("finished_at", at.into()),
        ];
        self.update("quality_run", &[id.into()], &values).map(|_| ())
    }

    /// Saves how far a run has come; an end gives its counts, a check's failing and judged rows.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it came to its end, or was given up, meanwhile.
    pub fn quality_run_save(
        &mut self,
        run: &QualityRun,
        counts: &[(&str, i64, i64)],
    ) -> Result<(), Error> {
        let before = self.quality_run(run.id)?.ok_or(Error::NotFound)?;
        let action = match run.finished_at {
            None => RunAction::Begin,
            Some(_) => RunAction::Finish { breaks: 0 },
        };
        let after = applied(before.lifecycle()?, action)?;
        let values: [(&str, Value); 6] = [
            ("state", after.as_str().into()),
            ("patients_count", run.patients_count.into()),
            ("patients_done", run.patients_done.into()),
            ("opened_count", run.opened_count.into()),
            ("fixed_count", run.fixed_count.into()),
            ("finished_at", run.finished_at.map(|at| at.0).into()),
        ];
        self.update("quality_run", &[run.id.into()], &values)?;
        for (check, failing, judged) in counts {
            self.insert(
                "quality_count",
                &[
                    ("quality_run", run.id.into()),
                    ("check_name", (*check).into()),
                    ("failing_count", (*failing).into()),
                    ("judged_count", (*judged).into()),
                ],
            )?;
        }
        Ok(())
    }
}
