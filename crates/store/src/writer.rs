//! The single writer and its group commit.
//!
//! Callers take turns on one connection and one open transaction, each under a savepoint. Who
//! finds nobody waiting behind commits for all; the others wait for that commit. So a lone
//! writer commits at once, and under load one sync of the disk serves everybody in the queue.

use crate::chain::{AuditEntry, Change, EntriesHash, Head, seal};
use crate::engine::Connection;
use crate::keys::{Checkpoint, Keys};
use crate::metric::Counted;
use crate::open::{Location, connect};
use crate::units::Units;
use crate::{Error, Transaction, Value};
use record::{Context, Instant, hash::hex};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Writes that one commit may hold.
const BATCH_WRITES_MAX: usize = 256;
/// Writers that may wait before others are turned away.
pub(crate) const QUEUE_MAX: usize = 2048;
/// Microseconds between two checkpoints kept beside the keys.
const CHECKPOINT_INTERVAL_MICROS: i64 = 2_000_000;

pub(crate) struct Writer {
    state: Mutex<State>,
    queued: AtomicUsize,
    counted: Arc<Counted>,
}

struct State {
    connection: Connection,
    location: Location,
    batch: Option<Batch>,
    head: Option<Head>,
    checkpoint_at: i64,
    /// Whether this store goes on from the kept checkpoint; unknown until one is to be kept.
    continues: Option<bool>,
    counted: Arc<Counted>,
}

/// What the open transaction holds so far.
pub(crate) struct Batch {
    pub head: Head,
    pub changes: Vec<Change>,
    pub entries: EntriesHash,
    pub entries_count: usize,
    pub at: Instant,
    writes_count: usize,
    outcome: Arc<Outcome>,
}

/// Whether the commit that a writer waits for is durable. Each commit has its own.
#[derive(Default)]
pub(crate) struct Outcome {
    state: Mutex<OutcomeState>,
    changed: Condvar,
}

#[derive(Default)]
struct OutcomeState {
    settled: Option<Result<(), String>>,
    calls: Vec<Call>,
}

type Call = Box<dyn FnOnce(Result<(), Error>) + Send>;

impl Outcome {
    pub fn settle(&self, result: Result<(), String>) {
        let mut state = lock(&self.state);
        let calls = std::mem::take(&mut state.calls);
        state.settled = Some(result.clone());
        drop(state);
        self.changed.notify_all();
        for call in calls {
            call(told(&result));
        }
    }

    pub fn wait(&self) -> Result<(), Error> {
        let mut state = lock(&self.state);
        loop {
            match &state.settled {
                Some(result) => return told(result),
                None => {
                    state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    /// Calls once it is settled: at once where it is so already.
    pub fn then(&self, call: impl FnOnce(Result<(), Error>) + Send + 'static) {
        let mut state = lock(&self.state);
        match state.settled.clone() {
            None => state.calls.push(Box::new(call)),
            Some(result) => {
                drop(state);
                call(told(&result));
            }
        }
    }
}

fn told(result: &Result<(), String>) -> Result<(), Error> {
    result.clone().map_err(|reason| Error::Database(format!("nothing was saved: {reason}")))
}

/// What became of a use case inside the open transaction.
enum Ran<T, E> {
    /// It waits for the commit.
    Kept(T),
    /// It was undone; the others of the commit are not touched.
    Refused(E),
    /// It could not be undone by itself, so the whole commit is.
    Broken(E),
}

/// A use case that was run, or panicked, and the outcome of its commit.
type Taken<T, E> = (Arc<Outcome>, std::thread::Result<Ran<T, E>>);

impl Writer {
    pub fn new(connection: Connection, location: Location) -> Writer {
        let counted = Arc::new(Counted::default());
        Writer {
            state: Mutex::new(State {
                connection,
                location,
                batch: None,
                head: None,
                checkpoint_at: i64::MIN,
                continues: None,
                counted: counted.clone(),
            }),
            queued: AtomicUsize::new(0),
            counted,
        }
    }

    /// What was counted since the start.
    pub fn counted(&self) -> &Counted {
        &self.counted
    }

    /// Sends statements to the writing connection itself: a test changes its settings so.
    #[cfg(test)]
    pub fn batch(&self, sql: &str) -> Result<(), Error> {
        lock(&self.state).connection.batch(sql)
    }

    /// Runs `work` in the open transaction and returns once it is durable.
    pub fn write<T, E: From<Error>>(
        &self,
        keys: &Keys,
        units: &Units,
        context: &Context,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let enter = |queued: usize| (queued < QUEUE_MAX).then_some(queued + 1);
        if self.queued.fetch_update(Ordering::SeqCst, Ordering::SeqCst, enter).is_err() {
            return Err(Error::Busy.into());
        }
        let mut state = lock(&self.state);
        self.queued.fetch_sub(1, Ordering::SeqCst);
        let (outcome, result) = state.turn(keys, units, context, work)?;
        if state.is_full() || self.queued.load(Ordering::SeqCst) == 0 {
            state.settle(keys, units);
        }
        drop(state);
        match result {
            Ok(Ran::Kept(value)) => outcome.wait().map(|()| value).map_err(E::from),
            Ok(Ran::Refused(error)) => Err(outcome.wait().err().map_or(error, E::from)),
            Ok(Ran::Broken(error)) => Err(error),
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Runs each in the open transaction, in their order. They are called once it is durable.
    pub fn write_each(&self, keys: &Keys, units: &Units, writes: Vec<Deferred>) {
        let mut state = lock(&self.state);
        for write in writes {
            let turn = Turn::Run { state: &mut state, keys, units };
            if catch_unwind(AssertUnwindSafe(|| (write.0)(turn))).is_err() {
                state.abandon(units, "another use case of the same commit failed");
            }
            if state.is_full() {
                state.settle(keys, units);
            }
        }
        if self.queued.load(Ordering::SeqCst) == 0 {
            state.settle(keys, units);
        }
    }
}

/// A use case that nobody stands waiting for.
pub(crate) struct Deferred(Box<dyn FnOnce(Turn<'_>) + Send>);

/// What becomes of a deferred write.
enum Turn<'a> {
    Run { state: &'a mut State, keys: &'a Keys, units: &'a Units },
    TurnedAway(Error),
}

impl Deferred {
    /// A use case; the entry about its refusal, written where it is undone; who is told.
    pub fn new<T: Send + 'static, E: From<Error> + Send + 'static>(
        context: Context,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        refusal: impl FnOnce(&E) -> Option<AuditEntry> + Send + 'static,
        told: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Deferred {
        Deferred(Box::new(move |turn| {
            let (state, keys, units) = match turn {
                Turn::Run { state, keys, units } => (state, keys, units),
                Turn::TurnedAway(error) => return told(Err(error.into())),
            };
            let refused = |state: &mut State, error: &E| match refusal(error) {
                Some(entry) => state.audit(keys, units, &context, &entry),
                None => Ok(()),
            };
            match state.turn(keys, units, &context, work) {
                Ok((outcome, Ok(Ran::Kept(value)))) => {
                    outcome.then(|settled| told(settled.map(|()| value).map_err(E::from)));
                }
                Ok((outcome, Ok(Ran::Refused(error)))) => match refused(state, &error) {
                    Ok(()) => {
                        outcome.then(|settled| told(Err(settled.err().map_or(error, E::from))))
                    }
                    Err(error) => told(Err(error.into())),
                },
                Ok((_, Ok(Ran::Broken(error)))) => told(Err(error)),
                // Who waits is told by the end of what `told` holds.
                Ok((_, Err(_))) => {}
                Err(error) => told(Err(error.into())),
            }
        }))
    }

    /// Tells that it will not be run.
    pub fn turn_away(self, error: Error) {
        (self.0)(Turn::TurnedAway(error));
    }
}

impl State {
    /// Runs one use case in the open transaction. The commit is left to the caller.
    fn turn<T, E: From<Error>>(
        &mut self,
        keys: &Keys,
        units: &Units,
        context: &Context,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<Taken<T, E>, Error> {
        let outcome = self.begin(context.at)?;
        let result = catch_unwind(AssertUnwindSafe(|| self.run(keys, units, context, work)));
        match &result {
            Ok(Ran::Kept(_) | Ran::Refused(_)) => {}
            Ok(Ran::Broken(_)) => self.abandon(units, "the database undid the commit"),
            Err(_) => self.abandon(units, "another use case of the same commit failed"),
        }
        Ok((outcome, result))
    }

    /// Writes an entry in the open transaction.
    fn audit(
        &mut self,
        keys: &Keys,
        units: &Units,
        context: &Context,
        entry: &AuditEntry,
    ) -> Result<(), Error> {
        match self.turn(keys, units, context, |transaction| transaction.audit(entry))?.1 {
            Ok(Ran::Kept(())) => Ok(()),
            Ok(Ran::Refused(error) | Ran::Broken(error)) => Err(error),
            Err(_) => Err(Error::Database("the audit trail could not be written".into())),
        }
    }

    fn is_full(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| batch.writes_count >= BATCH_WRITES_MAX)
    }

    fn begin(&mut self, at: Instant) -> Result<Arc<Outcome>, Error> {
        if let Some(batch) = &mut self.batch {
            batch.at = batch.at.max(at);
            return Ok(batch.outcome.clone());
        }
        let sqlite = self.connection.is_sqlite();
        if sqlite {
            self.connection.execute("BEGIN IMMEDIATE", &[])?;
        } else if self.connection.execute("BEGIN", &[]).is_err() {
            // The server was restarted, or the network failed: once more on a new connection.
            self.connection = connect(&self.location, true)?;
            self.connection.execute("BEGIN", &[])?;
        }
        let head = match self.head.clone().filter(|_| sqlite) {
            Some(head) => Ok(head),
            None => head_locked(&mut self.connection),
        };
        match head {
            Ok(head) => {
                let outcome = Arc::new(Outcome::default());
                self.batch = Some(Batch {
                    head,
                    changes: Vec::new(),
                    entries: EntriesHash::new(),
                    entries_count: 0,
                    at,
                    writes_count: 0,
                    outcome: outcome.clone(),
                });
                Ok(outcome)
            }
            Err(error) => {
                self.connection.execute("ROLLBACK", &[])?;
                Err(error)
            }
        }
    }

    fn run<T, E: From<Error>>(
        &mut self,
        keys: &Keys,
        units: &Units,
        context: &Context,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Ran<T, E> {
        let batch = self.batch.as_mut().expect("begin opened a batch");
        batch.writes_count += 1;
        let (changes, entries) = (batch.changes.len(), batch.entries.clone());
        let entries_count = batch.entries_count;
        if let Err(error) = self.connection.execute("SAVEPOINT work", &[]) {
            return Ran::Broken(error.into());
        }
        let mut transaction = Transaction::new(&mut self.connection, keys, units, context, batch);
        let error = match work(&mut transaction) {
            Ok(value) => match self.connection.execute("RELEASE SAVEPOINT work", &[]) {
                Ok(_) => return Ran::Kept(value),
                Err(error) => error.into(),
            },
            Err(error) => error,
        };
        // A full disk makes the engine undo the whole transaction by itself: then there is no
        // savepoint any more, and nothing may be written as if there were.
        let undone = self
            .connection
            .execute("ROLLBACK TO SAVEPOINT work", &[])
            .and_then(|_| self.connection.execute("RELEASE SAVEPOINT work", &[]));
        batch.changes.truncate(changes);
        batch.entries = entries;
        batch.entries_count = entries_count;
        units.forget();
        match undone {
            Ok(_) => Ran::Refused(error),
            Err(_) => Ran::Broken(error),
        }
    }

    /// Undoes the open transaction and tells everybody who waits for its commit.
    fn abandon(&mut self, units: &Units, why: &str) {
        self.head = None;
        units.forget();
        // A failure here shows again at the next BEGIN, where it can be reported.
        let _ = self.connection.execute("ROLLBACK", &[]);
        if let Some(batch) = self.batch.take() {
            batch.outcome.settle(Err(why.to_owned()));
        }
    }

    /// Ends the open transaction, if there is one, and tells everybody who waits.
    fn settle(&mut self, keys: &Keys, units: &Units) {
        let Some(batch) = self.batch.take() else { return };
        let committed = self.commit(keys, &batch);
        if committed.is_err() {
            units.forget();
        }
        batch.outcome.settle(committed.map_err(|error| error.to_string()));
    }

    fn commit(&mut self, keys: &Keys, batch: &Batch) -> Result<(), Error> {
        if batch.changes.is_empty() && batch.entries_count == 0 {
            self.connection.execute("ROLLBACK", &[])?;
            return Ok(());
        }
        let sealed = self.seal_and_commit(keys, batch);
        self.counted.commit(batch.writes_count as u64, sealed.is_ok());
        match sealed {
            Ok(head) => {
                self.keep_checkpoint(keys, &head, batch.at);
                self.head = Some(head);
                Ok(())
            }
            Err(error) => {
                self.head = None;
                let _ = self.connection.execute("ROLLBACK", &[]);
                Err(error)
            }
        }
    }

    fn seal_and_commit(&mut self, keys: &Keys, batch: &Batch) -> Result<Head, Error> {
        let entries_hash = batch.entries.clone().finish();
        let (row, head) = seal(keys, &batch.head, batch.at, &entries_hash, &batch.changes)?;
        let block = crate::schema::table("audit_block")?;
        self.connection.execute(block.insert_sql(), &row)?;
        self.connection.execute(
            "UPDATE head SET next_id = $1, block = $2, block_hash = $3 WHERE one = 1",
            &[head.next_id.into(), head.block.into(), head.block_hash.clone().into()],
        )?;
        self.connection.execute("COMMIT", &[])?;
        Ok(head)
    }

    /// The checkpoint is a help to `verify`; failing to keep one must not fail the commit. An
    /// older copy that was put back must not replace the checkpoint that tells of it.
    fn keep_checkpoint(&mut self, keys: &Keys, head: &Head, at: Instant) {
        if at.0 < self.checkpoint_at.saturating_add(CHECKPOINT_INTERVAL_MICROS) {
            return;
        }
        self.checkpoint_at = at.0;
        if self.continues.is_none() {
            self.continues = continues(&mut self.connection, keys).ok();
        }
        if self.continues == Some(true) {
            let _ = keys.keep_checkpoint(&checkpoint_of(head));
        }
    }
}

/// Whether this store holds the very block that the kept checkpoint saw, or none was kept.
pub(crate) fn continues(connection: &mut Connection, keys: &Keys) -> Result<bool, Error> {
    let Some(kept) = keys.checkpoint()? else { return Ok(true) };
    let sql = "SELECT block_hash FROM audit_block WHERE block = $1";
    let rows = connection.query(sql, &[kept.block.into()])?;
    match rows.first() {
        Some(row) => Ok(hex(row.blob(0)?) == kept.block_hash),
        None => Ok(false),
    }
}

/// The checkpoint that this head makes.
pub(crate) fn checkpoint_of(head: &Head) -> Checkpoint {
    Checkpoint { block: head.block, block_hash: hex(&head.block_hash) }
}

/// Reads the head and, where writers of other processes may be, keeps them out until commit.
fn head_locked(connection: &mut Connection) -> Result<Head, Error> {
    let lock = if connection.is_sqlite() { "" } else { " FOR UPDATE" };
    let sql = format!("SELECT next_id, block, block_hash FROM head WHERE one = 1{lock}");
    let rows = connection.query(&sql, &[])?;
    let row = rows.first().ok_or_else(|| Error::Corrupt("the head of the chain is gone".into()))?;
    Ok(Head { next_id: row.integer(0)?, block: row.integer(1)?, block_hash: row.blob(2)?.to_vec() })
}

/// Writes the first head into an empty database.
pub(crate) fn head_create(connection: &mut Connection) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO head (one, next_id, block, block_hash) VALUES (1, $1, 0, $2)",
        &[Value::Integer(crate::units::SITE_UNIT + 1), Value::Blob(vec![0; 32])],
    )?;
    Ok(())
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
