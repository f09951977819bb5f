//! A power failure at any moment loses nothing that was acknowledged.
//!
//! A child writes under `strace`, which sees each write, each sync, each rename and each
//! acknowledgement in one order. [`disk`] plays that trace again up to a chosen moment and forgets
//! what was not synced by then, all of it or a part drawn from a seed; the store is opened on what
//! is left. The same child under `synchronous=NORMAL` must come out red, or the harness sees
//! nothing.

mod disk;
mod trace;

use super::site::{Site, note, patient, put};
use crate::{Error, Location, SITE_UNIT, Store};
use disk::{Disk, Loss};
use record::{Context, Instant, Private};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use trace::Event;

const CHILD: &str = "CHARTROOM_TEST_POWER_CHILD";
const THREADS: i64 = 4;
const WRITES_OF_A_THREAD: i64 = 10;
/// Power failures tried in each of the two ways of losing.
const CUTS: usize = 40;

/// Writes a little under the trace; in an ordinary run of the tests it does nothing.
#[test]
fn power_child() {
    let Ok(order) = std::env::var(CHILD) else { return };
    let (folder, synchronous) = order.split_once('|').unwrap();
    let store = open(Path::new(folder)).unwrap();
    // A short log, so that it moves into the file several times.
    let pragmas = format!("PRAGMA synchronous={synchronous}; PRAGMA wal_autocheckpoint=40");
    store.writer.batch(&pragmas).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let store = &store;
            scope.spawn(move || {
                for n in 0..WRITES_OF_A_THREAD {
                    write_one(store, &format!("t{thread}n{n}"), n);
                }
            });
        }
    });
}

fn open(folder: &Path) -> Result<Store, Error> {
    Store::open(&Location::Directory(folder.join("data")), &folder.join("keys"))
}

/// A document or an entry, and its acknowledgement as one write to standard error.
fn write_one(store: &Store, id: &str, n: i64) {
    let context = Context::system("test", Instant(1_800_000_000_000_000 + n * 3_000_000));
    let kind = if n % 3 == 2 {
        let wrote = store.write(&context, |transaction| {
            let blob = store.blob_stage(transaction, SITE_UNIT, id.as_bytes())?;
            transaction.document_create(blob, "text/plain", &Private::new(id))
        });
        wrote.unwrap();
        "document"
    } else {
        put(store, &context, &note(id, "a", "cough")).unwrap();
        "resource"
    };
    let line = format!("ack {kind} {id} end\n");
    std::io::stderr().lock().write_all(line.as_bytes()).unwrap();
}

/// The events of a child that ran to its end on a store with one patient.
fn traced(synchronous: &str) -> (Disk, Vec<Event>) {
    let mut site = Site::sqlite();
    site.put(&patient("a", "Roe"));
    site.close();
    let folder = site.folder.path();
    let before = Disk::of(folder);
    let output = tempfile::NamedTempFile::new().unwrap();
    let child = Command::new("strace")
        .args(["--follow-forks", "--decode-fds=path", "--strings-in-hex=all"])
        .args(["--string-limit=1000000", "--quiet=all", trace::CALLS, "--output"])
        .arg(output.path())
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "tests::power::power_child", "--nocapture"])
        .env(CHILD, format!("{}|{synchronous}", folder.display()))
        .stdout(Stdio::null())
        .output()
        .expect("strace runs; all tests run with: cargo xtask test");
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
    let events = trace::read(&std::fs::read_to_string(output.path()).unwrap(), folder);
    (before, events)
}

/// What is wrong after the power failed at that event.
fn wrong_after(before: &Disk, events: &[Event], loss: &mut Loss) -> Vec<String> {
    let mut disk = before.clone();
    let mut acknowledged = Vec::new();
    for event in events {
        match event {
            Event::Said(text) => acknowledged.extend(whole_line(text)),
            other => disk.apply(other),
        }
    }
    let left = tempfile::tempdir().unwrap();
    disk.after_power_failure(loss).write_to(left.path());
    let store = match open(left.path()) {
        Ok(store) => store,
        Err(error) => return vec![format!("it does not open: {error}")],
    };
    let mut wrong = store.verify(&later()).unwrap().breaks;
    let lost = acknowledged.iter().filter(|line| !is_there(&store, line));
    wrong.extend(lost.map(|line| format!("{line} was acknowledged and is lost")));
    wrong
}

fn later() -> Context {
    Context::system("test", Instant(1_900_000_000_000_000))
}

fn whole_line(text: &str) -> Option<String> {
    text.strip_prefix("ack ")?.strip_suffix(" end\n").map(str::to_owned)
}

fn is_there(store: &Store, line: &str) -> bool {
    let (kind, id) = line.split_once(' ').expect("a line names kind and id");
    let found = store.look(&later(), |view| {
        if kind == "resource" {
            return Ok::<_, Error>(view.resource("Observation", id)?.is_some());
        }
        let hash = record::ContentHash::of(id.as_bytes());
        match view.document_by_content(hash)? {
            Some(document) => Ok(store.blob_content(view, document.blob)? == id.as_bytes()),
            None => Ok(false),
        }
    });
    found.unwrap_or(false)
}

/// Everything that was wrong after power failures at moments spread over the whole run.
fn failures(synchronous: &str) -> Vec<String> {
    let (before, events) = traced(synchronous);
    let said = events.iter().filter(|event| matches!(event, Event::Said(_))).count() as i64;
    assert!(said >= THREADS * WRITES_OF_A_THREAD, "only {said} acknowledgements were seen");
    let seed = u64::from_le_bytes(crate::keys::random().unwrap());
    let mut wrong = Vec::new();
    for mut loss in [Loss::Everything, Loss::drawn_from(seed)] {
        for cut in 1..=CUTS {
            let until = events.len() * cut / CUTS;
            let found = wrong_after(&before, &events[..until], &mut loss);
            wrong.extend(found.iter().map(|text| format!("seed {seed}, cut {until}: {text}")));
        }
    }
    println!("{} events, {} power failures, {} faults", events.len(), 2 * CUTS, wrong.len());
    wrong
}

#[test]
fn nothing_acknowledged_is_lost_by_a_power_failure() {
    assert_eq!(failures("FULL"), Vec::<String>::new());
}

#[test]
fn a_log_that_is_not_synced_at_each_commit_loses_what_was_acknowledged() {
    let wrong = failures("NORMAL");
    assert!(wrong.iter().any(|text| text.ends_with("was acknowledged and is lost")), "{wrong:?}");
}
