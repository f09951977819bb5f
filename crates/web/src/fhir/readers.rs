//! The threads on which the API reads: as many as keep the processors and the disk busy.
//!
//! They take one read after another from a queue and never wait for a commit, so under load none
//! of them sleeps; waking a thread for each read would cost more than the read.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

type Job = Box<dyn FnOnce() + Send>;

/// Threads for each processor: one may wait for the disk.
const THREADS_PER_PROCESSOR: usize = 2;

static QUEUE: LazyLock<Sender<Job>> = LazyLock::new(|| {
    let (send, receive) = channel::<Job>();
    let receive = Arc::new(Mutex::new(receive));
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    for _ in 0..processors * THREADS_PER_PROCESSOR {
        let receive = receive.clone();
        std::thread::spawn(move || work(&receive));
    }
    send
});

fn work(receive: &Mutex<Receiver<Job>>) {
    loop {
        let next = receive.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // Who waits for it is told by the end of its channel.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

/// Runs a job on one of the threads.
pub(super) fn run(job: impl FnOnce() + Send + 'static) {
    QUEUE.send(Box::new(job)).expect("the queue lives as long as the process");
}
