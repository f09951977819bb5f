//! `chartroom import` under SIGKILL at any of its writes: what was there stays, and a run that
//! goes through afterwards leaves the same records as one that was never disturbed.
//!
//! `strace` kills the program at the n-th call that changes or syncs a file.
//! `CHARTROOM_TEST_KILLS` asks for more runs.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use synthetic::{Charts, Options};
use tempfile::TempDir;

const KILLS: &str = "CHARTROOM_TEST_KILLS";
const KILLS_DEFAULT: u64 = 12;
const PATIENTS: u64 = 6;
/// The calls at which the program is killed.
const CALLS: [&str; 6] = ["pwrite64", "fdatasync", "fsync", "write", "rename", "ftruncate"];

#[test]
fn an_import_that_is_killed_at_any_write_loses_nothing() -> Result<()> {
    let kills = std::env::var(KILLS).ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS_DEFAULT);
    let files = charts()?;
    let whole = Site::new()?;
    let counts = whole.traced_import(files.path())?;
    let expected = whole.export()?;
    ensure!(!expected.is_empty(), "the charts have records");
    let mut killed = 0;
    for run in 0..kills {
        let site = Site::new()?;
        let call = CALLS[run as usize % CALLS.len()];
        let Some(count) = counts.get(call).copied() else { continue };
        let at = 1 + (run * 7919 + 13) % count;
        killed += u64::from(site.killed_import(files.path(), call, at)?);
        let said = format!("killed at {call} {at} of {count}");
        let before = site.export().context(said.clone())?;
        let held: Vec<&String> = before.iter().filter(|line| !expected.contains(line)).collect();
        ensure!(held.is_empty(), "{said}: half a record is held: {held:?}");
        site.run(&["verify"]).context(said.clone())?;
        site.run(&["import", &files.path().display().to_string()]).context(said.clone())?;
        ensure!(site.export()? == expected, "{said}: the records are not the same");
        site.run(&["verify"]).context(said)?;
    }
    ensure!(killed > 0, "no run was killed");
    println!("{killed} of {kills} imports were killed; nothing was lost");
    Ok(())
}

/// Charts in several files.
fn charts() -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let today = jiff::civil::date(2026, 3, 1);
    let charts = Charts::new(Options { patients: PATIENTS, seed: 7, today });
    write(&folder.path().join("0-site.ndjson"), &charts.site())?;
    for (number, chart) in charts.enumerate() {
        write(&folder.path().join(format!("{}-chart.ndjson", number + 1)), &chart.resources)?;
        for (scan, page) in chart.scans.iter().enumerate() {
            fs::write(folder.path().join(format!("{}-scan-{scan}", number + 1)), &page.bytes)?;
        }
    }
    Ok(folder)
}

fn write(path: &Path, resources: &[serde_json::Value]) -> Result<()> {
    let lines: Vec<String> = resources.iter().map(ToString::to_string).collect();
    Ok(fs::write(path, lines.join("\n"))?)
}

/// A store of the program in a folder.
struct Site {
    folder: TempDir,
}

impl Site {
    fn new() -> Result<Site> {
        let site = Site { folder: tempfile::tempdir()? };
        site.run(&["init"])?;
        Ok(site)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str, before: &[&str], arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(program);
        command.args(before);
        if program != env!("CARGO_BIN_EXE_chartroom") {
            command.arg(env!("CARGO_BIN_EXE_chartroom"));
        }
        command.arg(arguments[0]).arg("--data").arg(self.data()).args(&arguments[1..]);
        command.output().with_context(|| format!("{program} runs: use cargo xtask test"))
    }

    /// Runs the program, which must end well.
    fn run(&self, arguments: &[&str]) -> Result<()> {
        let output = self.command(env!("CARGO_BIN_EXE_chartroom"), &[], arguments)?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "{} ended with {}: {said}", arguments[0], output.status);
        Ok(())
    }

    /// Imports undisturbed; returns how often the busiest thread made each call.
    fn traced_import(&self, files: &Path) -> Result<BTreeMap<&'static str, u64>> {
        let trace = self.folder.path().join("trace");
        let (trace_text, calls) = (trace.display().to_string(), CALLS.join(","));
        let before =
            ["-f", "--quiet=all", "--string-limit=0", "--output", &trace_text, "--trace", &calls];
        let output = self.command("strace", &before, &["import", &files.display().to_string()])?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "the traced import ended with {}: {said}", output.status);
        let mut counts: BTreeMap<(String, &str), u64> = BTreeMap::new();
        for line in fs::read_to_string(&trace)?.lines() {
            let Some((thread, call)) = line.trim_start().split_once(' ') else { continue };
            let called = CALLS.iter().find(|name| {
                call.trim_start().strip_prefix(**name).is_some_and(|rest| rest.starts_with('('))
            });
            if let Some(called) = called {
                *counts.entry((thread.to_owned(), called)).or_default() += 1;
            }
        }
        let mut busiest = BTreeMap::new();
        for ((_, call), count) in counts {
            let most: &mut u64 = busiest.entry(call).or_default();
            *most = count.max(*most);
        }
        Ok(busiest)
    }

    /// Imports, and is killed at the n-th such call of a thread; whether it was.
    fn killed_import(&self, files: &Path, call: &str, at: u64) -> Result<bool> {
        let inject = format!("--inject={call}:signal=SIGKILL:when={at}");
        let trace = format!("--trace={call}");
        let before = ["-f", "--quiet=all", &trace, &inject, "--output", "/dev/null"];
        let output = self.command("strace", &before, &["import", &files.display().to_string()])?;
        Ok(!output.status.success())
    }

    /// Every line of an export, in order.
    fn export(&self) -> Result<Vec<String>> {
        let folder = tempfile::tempdir_in(self.folder.path())?;
        let output = folder.path().join("out");
        self.run(&["export", "--output", &output.display().to_string()])?;
        let mut lines = Vec::new();
        for entry in fs::read_dir(&output)? {
            let text = fs::read_to_string(entry?.path())?;
            lines.extend(text.lines().map(without_times));
        }
        lines.sort();
        Ok(lines)
    }
}

/// A resource without what says when it was written here.
fn without_times(line: &str) -> String {
    let Ok(mut resource) = serde_json::from_str::<serde_json::Value>(line) else {
        return line.to_owned();
    };
    if let Some(meta) = resource.get_mut("meta").and_then(|meta| meta.as_object_mut()) {
        meta.shift_remove("lastUpdated");
        meta.shift_remove("versionId");
    }
    resource.to_string()
}
