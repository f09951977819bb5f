//! A process that is killed at any moment loses nothing that it acknowledged.
//!
//! The test runs itself as a child that writes and prints each id once its write has returned.
//! The parent kills it after a number of acknowledgements drawn from a seed, opens the store,
//! and looks for every one. `CHARTROOM_TEST_KILLS` asks for more runs.

use crate::site::{Site, note, patient, put};
use record::{Context, Instant, Private};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use store::{Error, Location, Store};

const CHILD: &str = "CHARTROOM_TEST_CRASH_CHILD";
const KILLS: &str = "CHARTROOM_TEST_KILLS";
const KILLS_DEFAULT: u64 = 200;
const THREADS: usize = 4;

/// Writes until it is killed; in an ordinary run of the tests it does nothing.
#[test]
fn crash_child() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let (folder, run) = folder.split_once('|').unwrap();
    let location = Location::Directory(format!("{folder}/data").into());
    let store = Store::open(&location, format!("{folder}/keys").as_ref()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let store = &store;
            scope.spawn(move || {
                for n in 0_i64.. {
                    write_one(store, &format!("r{run}t{thread}n{n}"), n);
                }
            });
        }
    });
}

fn write_one(store: &Store, id: &str, n: i64) {
    let context = Context::system("test", Instant(1_800_000_000_000_000 + n * 1_000_000));
    match n % 4 {
        3 => {
            let wrote = store.write(&context, |transaction| {
                let blob = store.blob_stage(transaction, store::SITE_UNIT, id.as_bytes())?;
                transaction.document_create(blob, "text/plain", &Private::new(id))
            });
            wrote.unwrap();
        }
        _ => {
            put(store, &context, &note(id, "a", "cough")).unwrap();
        }
    }
    let kind = if n % 4 == 3 { "document" } else { "resource" };
    // One write, whole or not at all: a line that was cut would name another id.
    let line = format!("ack {kind} {id} end\n");
    std::io::stderr().lock().write_all(line.as_bytes()).unwrap();
}

fn start(site: &Site, run: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::crash_child", "--nocapture"])
        .env(CHILD, format!("{}|{run}", site.folder.path().display()))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn nothing_acknowledged_is_lost_by_a_kill() {
    let kills = std::env::var(KILLS).ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS_DEFAULT);
    let mut site = Site::sqlite();
    site.put(&patient("a", "Roe"));
    let mut seed = u64::from_le_bytes(store::keys::random().unwrap());
    println!("seed {seed}");
    let mut total = 0;
    for run in 0..kills {
        // A store of a few runs at a time keeps each check short.
        if run % 20 == 19 {
            site = Site::sqlite();
            site.put(&patient("a", "Roe"));
        }
        site.close();
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let acknowledged = kill_after(start(&site, run), (seed >> 33) as usize % 24);
        total += acknowledged.len();
        site.reopen();
        for line in &acknowledged {
            assert!(is_there(&site, line), "run {run}: {line} was acknowledged and is lost");
        }
        assert_eq!(site.breaks(), Vec::<String>::new(), "run {run}");
    }
    assert!(total > 0);
    println!("{kills} kills, {total} acknowledged writes, none lost");
}

/// Kills the child after so many acknowledgements; returns all that it still gave.
fn kill_after(mut child: Child, count: usize) -> Vec<String> {
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    let mut killed = count == 0;
    if killed {
        child.kill().unwrap();
    }
    for line in lines {
        let line = line.unwrap();
        let whole = line.strip_prefix("ack ").and_then(|rest| rest.strip_suffix(" end"));
        let Some(line) = whole else { continue };
        acknowledged.push(line.to_owned());
        if acknowledged.len() >= count && !killed {
            child.kill().unwrap();
            killed = true;
        }
    }
    child.wait().unwrap();
    acknowledged
}

fn is_there(site: &Site, line: &str) -> bool {
    let (kind, id) = line.split_once(' ').expect("a line names kind and id");
    let found = site.store().look(&site.context(), |view| {
        if kind == "resource" {
            return Ok::<_, Error>(view.resource("Observation", id)?.is_some());
        }
        let hash = record::ContentHash::of(id.as_bytes());
        match view.document_by_content(hash)? {
            Some(document) => Ok(site.store().blob_content(view, document.blob)? == id.as_bytes()),
            None => Ok(false),
        }
    });
    found.unwrap()
}
