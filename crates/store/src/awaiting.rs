//! What was read, sealed until the entry that tells of it is durable.
//!
//! Entries of many reads are gathered and written by one thread in one commit. A reader that can
//! do something else meanwhile is called when that commit is durable; no thread stands waiting for
//! each of them ([why](../../../docs/design/why-one-writer.md)).

use crate::Error;
use crate::chain::AuditEntry;
use crate::keys::Keys;
use crate::units::Units;
use crate::writer::{Outcome, Writer, lock};
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

/// Entries that wait to be written.
#[derive(Default)]
struct Waiting {
    entries: Vec<AuditEntry>,
    outcome: Arc<Outcome>,
    is_closed: bool,
}

/// Entries that wait for the thread that writes them.
#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

impl Queue {
    /// The entries that wait, once there are any; `None` when nothing will come any more.
    fn take(&self) -> Option<(Vec<AuditEntry>, Arc<Outcome>)> {
        let mut waiting = lock(&self.waiting);
        while waiting.entries.is_empty() {
            if waiting.is_closed {
                return None;
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        let entries = std::mem::take(&mut waiting.entries);
        Some((entries, std::mem::take(&mut waiting.outcome)))
    }
}

/// The thread that writes the entries of reads.
pub(crate) struct EntryWriter {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
}

impl EntryWriter {
    pub fn start(writer: Arc<Writer>, keys: Arc<Keys>, units: Arc<Units>) -> EntryWriter {
        let queue = Arc::new(Queue::default());
        let taken = queue.clone();
        let thread = std::thread::spawn(move || {
            while let Some((entries, outcome)) = taken.take() {
                let at = entries.iter().map(|entry| entry.at).max().expect("there are entries");
                let context = Context::system("store", at);
                let written = writer.write(&keys, &units, &context, |transaction| {
                    entries.iter().try_for_each(|entry| transaction.audit(entry))
                });
                outcome.settle(written.map_err(|error: Error| error.to_string()));
            }
        });
        EntryWriter { queue, thread: Some(thread) }
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

impl Drop for EntryWriter {
    fn drop(&mut self) {
        lock(&self.queue.waiting).is_closed = true;
        self.queue.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // It ended by a panic only if a commit did, whose callers were told.
            let _ = thread.join();
        }
    }
}
