//! `chartroom import`: files and folders into the store, with progress, a table, one JSON line.

use super::files::{Files, name_of};
use super::local_socket::{self, Request};
use super::output::Output;
use crate::site::{Site, context};
use anyhow::{Context as _, Result};
use app::import::{Progress, Source, Summary};
use clap::Args;
use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use record::Private;
use std::fs;
use std::path::{PathBuf, absolute};
use std::process::ExitCode;
use store::Store;

/// Options of `chartroom import`.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    site: Site,
    /// Files and folders. What each file is, is read from its content.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

/// Findings shown in a terminal; a file that standard error goes to gets all of them.
const FINDINGS_SHOWN_MAX: u64 = 50;

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let absolute = |path| absolute(path).map(PathBuf::into_os_string);
    let paths = arguments.paths.iter().map(absolute).collect::<std::io::Result<_>>()?;
    local_socket::run(&arguments.site, &Request::Import(paths))
}

/// Does the work on an open store.
pub fn perform(store: &Store, paths: &[PathBuf], output: &Output) -> Result<u8> {
    let mut files = Files::default();
    for path in paths {
        fs::metadata(path).with_context(|| format!("can't read {}", name_of(path)))?;
        files.collect(path);
    }
    let shown = Shown::new(files.bytes, output);
    let sources: Vec<Source<'_>> = files
        .found
        .iter()
        .map(|file| Source {
            name: Private::new(name_of(&file.path)),
            read: Box::new(move || file.read()),
        })
        .collect();
    let names: Vec<Private> = paths.iter().map(|path| Private::new(name_of(path))).collect();
    let summary = app::import::run_paths(store, &context("import"), &names, &sources, &shown)?;
    // Encounters that have ended wait for codes from now on.
    app::coding::find_work(store, &context("import"), None)?;
    store.checkpoint_keep(&context("import"))?;
    shown.bar.finish_and_clear();
    table(&summary, &shown);
    for name in &summary.unknown_files {
        output.aside(&format!("{}: no known format; it was left out", name.reveal()));
    }
    output.line(&serde_json::to_string(&summary)?);
    Ok(if summary.unknown_files.is_empty() { 0 } else { 2 })
}

struct Shown<'a> {
    output: &'a Output,
    bar: ProgressBar,
    findings: std::sync::atomic::AtomicU64,
}

impl Shown<'_> {
    fn new(bytes: u64, output: &Output) -> Shown<'_> {
        let bar = match output.is_terminal() {
            true => ProgressBar::new(bytes),
            false => ProgressBar::hidden(),
        };
        let style = ProgressStyle::with_template(
            "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta} left",
        );
        bar.set_style(style.expect("the template is sound"));
        Shown { output, bar, findings: 0.into() }
    }
}

impl Progress for Shown<'_> {
    fn bytes_done(&self, count: u64) {
        self.bar.inc(count);
    }

    fn finding(&self, file: &Private, line: usize, reason: &str) {
        let before = self.findings.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        if before < FINDINGS_SHOWN_MAX || !self.output.is_terminal() {
            let text = format!("{}:{line}: {reason}", file.reveal());
            self.bar.suspend(|| self.output.aside(&text));
        } else if before == FINDINGS_SHOWN_MAX {
            let text = "… more findings; all are kept: `chartroom imports` lists them";
            self.bar.suspend(|| self.output.aside(text));
        }
    }
}

fn table(summary: &Summary, shown: &Shown<'_>) {
    let row = |what: &str, count: &str| shown.output.aside(&format!("{what:<28} {count:>10}"));
    row("held from these files", "count");
    for (kind, count) in &summary.resources {
        row(kind, &HumanCount(*count).to_string());
    }
    for (what, count) in [
        ("documents", summary.documents),
        ("new resources", summary.created),
        ("new versions", summary.updated),
        ("unchanged", summary.unchanged),
        ("findings", summary.findings),
    ] {
        row(what, &HumanCount(count).to_string());
    }
    row("time", &HumanDuration(shown.bar.elapsed()).to_string());
}
