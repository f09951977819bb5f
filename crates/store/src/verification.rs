//! Verifications of the store: asked for, under way, and what each found.

use crate::quality::applied;
use crate::verify::{Stage, Verification};
use crate::{Error, Row, Transaction, Value, View};
use integrity::run::{RunAction, RunState};
use record::Instant;

/// A verification as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationRun {
    /// Key.
    pub id: i64,
    /// `daily` or `asked`.
    pub cause: String,
    /// When it was asked for.
    pub asked_at: Instant,
    /// By whom.
    pub asked_by: String,
    /// `waiting`, `running`, `done` or `failed`.
    pub state: String,
    /// What is being read; empty before and after.
    pub stage: String,
    /// How much of it is done.
    pub stage_done: i64,
    /// How much there is.
    pub stage_total: i64,
    /// Blocks read.
    pub blocks_count: i64,
    /// Journaled rows read.
    pub rows_count: i64,
    /// Resources recomputed.
    pub resources_count: i64,
    /// Files read.
    pub files_count: i64,
    /// Breaks found.
    pub breaks_count: i64,
    /// The breaks, each named by table and key.
    pub breaks: Vec<String>,
    /// When it ended.
    pub finished_at: Option<Instant>,
    /// When somebody wrote what became of its breaks.
    pub reviewed_at: Option<Instant>,
    /// Who did.
    pub reviewed_by: Option<String>,
    /// What they wrote.
    pub note: Option<String>,
    /// Why it was given up, as a class of reasons.
    pub failure: Option<String>,
}

impl VerificationRun {
    /// Where it stands.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where its state is unknown.
    pub fn lifecycle(&self) -> Result<RunState, Error> {
        let state = RunState::read(&self.state, self.breaks_count, self.reviewed_at.is_some());
        state.ok_or_else(|| Error::Corrupt("the state of a verification is unknown".into()))
    }
}

const COLUMNS: &str = "verification_run, cause, asked_at, asked_by, state, stage, stage_done, \
     stage_total, blocks_count, rows_count, resources_count, files_count, breaks_count, breaks, \
     finished_at, reviewed_at, reviewed_by, note, failure";

fn run_of(row: &Row) -> Result<VerificationRun, Error> {
    Ok(VerificationRun {
        id: row.integer(0)?,
        cause: row.text(1)?.to_owned(),
        asked_at: Instant(row.integer(2)?),
        asked_by: row.text(3)?.to_owned(),
        state: row.text(4)?.to_owned(),
        stage: row.text(5)?.to_owned(),
        stage_done: row.integer(6)?,
        stage_total: row.integer(7)?,
        blocks_count: row.integer(8)?,
        rows_count: row.integer(9)?,
        resources_count: row.integer(10)?,
        files_count: row.integer(11)?,
        breaks_count: row.integer(12)?,
        breaks: row.text(13)?.lines().map(str::to_owned).collect(),
        finished_at: row.integer_or_none(14)?.map(Instant),
        reviewed_at: row.integer_or_none(15)?.map(Instant),
        reviewed_by: row.text_or_none(16)?.map(str::to_owned),
        note: row.text_or_none(17)?.map(str::to_owned),
        failure: row.text_or_none(18)?.map(str::to_owned),
    })
}

impl View<'_> {
    /// Verifications, the newest first.
    pub fn verification_list(&mut self, limit: i64) -> Result<Vec<VerificationRun>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM verification_run ORDER BY verification_run DESC LIMIT $1"
        );
        self.query(&sql, &[limit.into()])?.iter().map(run_of).collect()
    }

    /// One verification.
    pub fn verification(&mut self, id: i64) -> Result<Option<VerificationRun>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM verification_run WHERE verification_run = $1");
        self.query_one(&sql, &[id.into()])?.as_ref().map(run_of).transpose()
    }

    /// Verifications with breaks of which nobody wrote what became of them.
    pub fn verification_unreviewed_count(&mut self) -> Result<i64, Error> {
        let sql = "SELECT COUNT(*) FROM verification_run
                   WHERE breaks_count > 0 AND reviewed_at IS NULL";
        self.query_one(sql, &[])?.ok_or(Error::NotFound)?.integer(0)
    }
}

impl Transaction<'_> {
    /// Asks for a verification; where one waits or goes on already, that one is meant.
    pub fn verification_ask(&mut self, cause: &str) -> Result<(i64, bool), Error> {
        let last = self.verification_list(1)?.pop();
        if let Some(run) = last {
            let before = run.lifecycle()?;
            if applied(before, RunAction::Ask)? == before {
                return Ok((run.id, false));
            }
        }
        let id = self.new_id();
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let mut values: Vec<(&str, Value)> = vec![
            ("verification_run", id.into()),
            ("cause", cause.into()),
            ("asked_at", at.into()),
            ("asked_by", actor.into()),
            ("state", "waiting".into()),
            ("stage", "".into()),
            ("breaks", "".into()),
        ];
        for count in [
            "stage_done",
            "stage_total",
            "blocks_count",
            "rows_count",
            "resources_count",
            "files_count",
            "breaks_count",
        ] {
            values.push((count, 0.into()));
        }
        self.insert("verification_run", &values)?;
        Ok((id, true))
    }

    /// What an action makes of a verification, by its lifecycle.
    fn verification_after(&mut self, id: i64, action: RunAction) -> Result<RunState, Error> {
        applied(self.verification(id)?.ok_or(Error::NotFound)?.lifecycle()?, action)
    }

    /// Tells how far a verification has come.
    pub fn verification_progress(&mut self, id: i64, stage: &Stage) -> Result<(), Error> {
        let after = self.verification_after(id, RunAction::Begin)?;
        let values: [(&str, Value); 4] = [
            ("state", after.as_str().into()),
            ("stage", stage.label().into()),
            ("stage_done", (stage.done as i64).into()),
            ("stage_total", (stage.total as i64).into()),
        ];
        self.update("verification_run", &[id.into()], &values).map(|_| ())
    }

    /// Gives a verification up, with the class of its reasons; another can be asked for.
    pub fn verification_failed(&mut self, id: i64, failure: &str) -> Result<(), Error> {
        let after = self.verification_after(id, RunAction::GiveUp)?;
        let at = self.context().at.0;
        let values: [(&str, Value); 4] = [
            ("state", after.as_str().into()),
            ("stage", "".into()),
            ("failure", failure.into()),
            ("finished_at", at.into()),
        ];
        self.update("verification_run", &[id.into()], &values).map(|_| ())
    }

    /// Keeps what a verification found.
    pub fn verification_done(&mut self, id: i64, found: &Verification) -> Result<(), Error> {
        let count = |number: u64| Value::Integer(number as i64);
        // One break a line: names of tables and keys hold no line's end.
        let breaks: Vec<String> =
            found.breaks.iter().map(|what| what.replace(['\n', '\r'], " ")).collect();
        let breaks_count = found.breaks_count as i64;
        let after = self.verification_after(id, RunAction::Finish { breaks: breaks_count })?;
        let at = self.context().at.0;
        let values: [(&str, Value); 9] = [
            ("state", after.as_str().into()),
            ("stage", "".into()),
            ("blocks_count", count(found.blocks_count)),
            ("rows_count", count(found.rows_count)),
            ("resources_count", count(found.resources_count)),
            ("files_count", count(found.files_count)),
            ("breaks_count", count(found.breaks_count)),
            ("breaks", breaks.join("\n").into()),
            ("finished_at", at.into()),
        ];
        self.update("verification_run", &[id.into()], &values).map(|_| ())
    }

    /// Writes what became of the breaks of a verification.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was written before.
    pub fn verification_review(&mut self, id: i64, note: &str) -> Result<(), Error> {
        self.verification_after(id, RunAction::Review)?;
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let values: [(&str, Value); 3] =
            [("reviewed_at", at.into()), ("reviewed_by", actor.into()), ("note", note.into())];
        self.update("verification_run", &[id.into()], &values).map(|_| ())
    }
}
