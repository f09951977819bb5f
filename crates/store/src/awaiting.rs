//! What was read, sealed until the entry that tells of it is durable; and writes that nobody
//! stands waiting for.
//!
//! Entries of many reads, and writes of many requests, are gathered and written by one thread in
//! one commit. Who can do something else meanwhile is called when that commit is durable; no
//! thread stands waiting for each of them ([why](../../../docs/design/why-one-writer.md)).

use crate::chain::AuditEntry;
use crate::keys::Keys;
use crate::units::Units;
use crate::writer::{Deferred, Outcome, QUEUE_MAX, Writer, lock};
use crate::{Error, Transaction};
use record::Context;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

/// A value that nobody can look at before its audit entry is durable.
pub struct Awaiting<T> {
    value: T,
    outcome: Arc<Outcome>,
}

impl<T> Awaiting<T> {
    /// Makes something else of the value; it stays sealed.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Awaiting<U> {
        Awaiting { value: change(self.value), outcome: self.outcome }
    }

    /// Calls with the value once it may be seen, on the thread that commits: be quick.
    pub fn then(self, call: impl FnOnce(Result<T, Error>) + Send + 'static)
    where
        T: Send + 'static,
    {
        let Awaiting { value, outcome } = self;
        outcome.then(move |settled| call(settled.map(|()| value)));
    }

    /// Waits until it may be seen.
    ///
    /// # Errors
    /// [`Error::Database`] when the entry could not be written.
    pub fn wait(self) -> Result<T, Error> {
        self.outcome.wait().map(|()| self.value)
    }
}

/// What waits to be written.
#[derive(Default)]
struct Waiting {
    writes: Vec<Deferred>,
    entries: Vec<AuditEntry>,
    /// That of the commit that will hold the entries.
    outcome: Arc<Outcome>,
    is_closed: bool,
}

/// What waits for the thread that writes it.
#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

impl Queue {
    /// What waits, once there is any; `None` when nothing will come any more.
    fn take(&self) -> Option<Vec<Deferred>> {
        let mut waiting = lock(&self.waiting);
        while waiting.entries.is_empty() && waiting.writes.is_empty() {
            if waiting.is_closed {
                return None;
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        let mut writes = std::mem::take(&mut waiting.writes);
        let entries = std::mem::take(&mut waiting.entries);
        let outcome = std::mem::take(&mut waiting.outcome);
        drop(waiting);
        writes.extend(entries_write(entries, outcome));
        Some(writes)
    }
}

/// The write of entries that were gathered, where there are any.
fn entries_write(entries: Vec<AuditEntry>, outcome: Arc<Outcome>) -> Option<Deferred> {
    let at = entries.iter().map(|entry| entry.at).max()?;
    let context = Context::system("store", at);
    let work = move |transaction: &mut Transaction<'_>| {
        entries.iter().try_for_each(|entry| transaction.audit(entry))
    };
    Some(Deferred::new(
        context,
        work,
        |_| None,
        move |written: Result<(), Error>| {
            outcome.settle(written.map_err(|error| error.to_string()));
        },
    ))
}

/// The thread that writes what nobody stands waiting for.
pub(crate) struct LaterWriter {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
}

impl LaterWriter {
    pub fn start(writer: Arc<Writer>, keys: Arc<Keys>, units: Arc<Units>) -> LaterWriter {
        let queue = Arc::new(Queue::default());
        let taken = queue.clone();
        let thread = std::thread::spawn(move || {
            while let Some(writes) = taken.take() {
                writer.write_each(&keys, &units, writes);
            }
        });
        LaterWriter { queue, thread: Some(thread) }
    }

    /// Takes a write for the next commit; gives it back where too many wait.
    pub fn add(&self, write: Deferred) -> Result<(), Deferred> {
        let mut waiting = lock(&self.queue.waiting);
        if waiting.writes.len() >= QUEUE_MAX {
            return Err(write);
        }
        waiting.writes.push(write);
        drop(waiting);
        self.queue.changed.notify_one();
        Ok(())
    }

    /// Seals a value until this entry is durable.
    pub fn seal<T>(&self, value: T, entry: AuditEntry) -> Awaiting<T> {
        let mut waiting = lock(&self.queue.waiting);
        waiting.entries.push(entry);
        let outcome = waiting.outcome.clone();
        drop(waiting);
        self.queue.changed.notify_one();
        Awaiting { value, outcome }
    }
}

impl Drop for LaterWriter {
    fn drop(&mut self) {
        lock(&self.queue.waiting).is_closed = true;
        self.queue.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // It ended by a panic only if a commit did, whose callers were told.
            let _ = thread.join();
        }
    }
}
