//! Figures of the running store for those who operate it: commits and what one of them holds, jobs,
//! blocks, sessions, size. Counts only: nothing of a patient, and no id.

use crate::open::Store;
use crate::{Error, Row, View};
use record::{Context, Instant};
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes of a commit, as the buckets of a histogram count them: at most so many.
pub const COMMIT_WRITES: [u64; 8] = [1, 2, 4, 8, 16, 64, 128, 256];

/// What the writer counts since the start of the program.
#[derive(Default)]
pub(crate) struct Counted {
    commits: AtomicU64,
    failed: AtomicU64,
    writes: AtomicU64,
    buckets: [AtomicU64; COMMIT_WRITES.len()],
}

impl Counted {
    /// A commit of so many writes is durable, or was undone.
    pub fn commit(&self, writes: u64, is_durable: bool) {
        let one = |counter: &AtomicU64| counter.fetch_add(1, Ordering::Relaxed);
        if !is_durable {
            one(&self.failed);
            return;
        }
        one(&self.commits);
        self.writes.fetch_add(writes, Ordering::Relaxed);
        let fits = COMMIT_WRITES.iter().position(|most| writes <= *most);
        one(&self.buckets[fits.unwrap_or(COMMIT_WRITES.len() - 1)]);
    }
}

/// Jobs of one kind in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobCount {
    /// What they do: `quality`.
    pub kind: String,
    /// `ready`, `leased` or `failed`; those that are done are not counted.
    pub state: String,
    /// How many.
    pub count: i64,
}

/// The figures of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Commits that became durable since the start of the program.
    pub commits: u64,
    /// Commits that were undone.
    pub commits_failed: u64,
    /// Writes in durable commits.
    pub writes: u64,
    /// Commits by their writes: each of [`COMMIT_WRITES`] counts those above the one before.
    pub commit_writes: [u64; COMMIT_WRITES.len()],
    /// Jobs that wait, go on or were given up.
    pub jobs: Vec<JobCount>,
    /// Messages that wait to be sent.
    pub outbox: i64,
    /// Blocks of the chain.
    pub blocks: i64,
    /// Sessions that are open and were seen since an instant.
    pub sessions: i64,
    /// Bytes of the database.
    pub database_bytes: i64,
    /// Bytes of files, before they were encrypted.
    pub files_bytes: i64,
}

impl Store {
    /// The figures of this store; sessions count that were seen since an instant.
    ///
    /// # Errors
    /// When the database fails.
    pub fn metrics(&self, context: &Context, seen_since: Instant) -> Result<Metrics, Error> {
        let counted = self.writer.counted();
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let metrics = Metrics {
            commits: count(&counted.commits),
            commits_failed: count(&counted.failed),
            writes: count(&counted.writes),
            commit_writes: counted.buckets.each_ref().map(count),
            ..Metrics::default()
        };
        self.look(context, |view| view.metrics_read(metrics, seen_since))
    }
}

impl View<'_> {
    fn metrics_read(&mut self, counted: Metrics, seen_since: Instant) -> Result<Metrics, Error> {
        let sql =
            "SELECT kind, state, COUNT(*) FROM job WHERE state IN ('ready', 'leased', 'failed')
                   GROUP BY kind, state ORDER BY kind, state";
        let job = |row: &Row| {
            let (kind, state) = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
            Ok(JobCount { kind, state, count: row.integer(2)? })
        };
        let jobs = self.query(sql, &[])?.iter().map(job).collect::<Result<_, Error>>()?;
        let size = match self.connection.is_sqlite() {
            true => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
            false => "SELECT pg_database_size(current_database())",
        };
        let sessions = "SELECT COUNT(*) FROM session WHERE ended_at IS NULL AND seen_at >= $1";
        let outbox = "SELECT COUNT(*) FROM outbox WHERE state IN ('ready', 'leased')";
        let files = "SELECT CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) FROM blob";
        Ok(Metrics {
            jobs,
            outbox: self.number(outbox, &[])?,
            blocks: self.head()?.block,
            sessions: self.number(sessions, &[seen_since.0.into()])?,
            database_bytes: self.number(size, &[])?,
            files_bytes: self.number(files, &[])?,
            ..counted
        })
    }

    fn number(&mut self, sql: &str, parameters: &[crate::Value]) -> Result<i64, Error> {
        self.query_one(sql, parameters)?.ok_or(Error::NotFound)?.integer(0)
    }
}
