//! `cargo xtask test`: the one command that runs every check.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::services::{Services, install_missing};
use crate::{interrupt, repository, tidy};

/// The variable that says which cases the property tests draw, and what it is here: a run tells of
/// the change, not of its luck. Other cases are drawn under another seed, or by plain `cargo test`.
const CASES_SEED: &str = "PROPTEST_RNG_SEED";
const CASES_SEED_DEFAULT: &str = "20261122";

/// How a phase ended.
enum Outcome {
    Passed,
    Failed,
    LeftOut(&'static str),
}

/// A phase's name, how it ended, and how long it took.
struct Phase {
    name: &'static str,
    outcome: Outcome,
    time: Duration,
}

/// Runs every check; with arguments, only `cargo test` with them and the services up.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    interrupt::listen()?;
    let mut phases = Vec::new();
    phase(&mut phases, "tools", || install_missing().map(|()| Outcome::Passed))?;
    let mut services = None;
    phase(&mut phases, "services", || {
        services = Some(Services::start()?);
        Ok(Outcome::Passed)
    })?;
    let services = services.context("the services have started")?;
    if arguments.is_empty() {
        phase(&mut phases, "tidy", tidy_outcome)?;
        phase(&mut phases, "fmt", || component("fmt", &["--all", "--check"]))?;
        phase(&mut phases, "clippy", || {
            component("clippy", &["--workspace", "--all-targets", "--", "-D", "warnings"])
        })?;
    }
    if arguments.is_empty() {
        phase(&mut phases, "doc", || {
            // A link in a docstring that leads nowhere is only seen here.
            let mut command = cargo();
            command.args([
                "doc",
                "--workspace",
                "--no-deps",
                "--document-private-items",
                "--quiet",
            ]);
            outcome(command.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links"))
        })?;
    }
    phase(&mut phases, "test", || {
        let mut command = cargo();
        command.arg("test").envs(services.environment());
        if std::env::var_os(CASES_SEED).is_none() {
            command.env(CASES_SEED, CASES_SEED_DEFAULT);
        }
        if !names_packages(arguments) {
            command.arg("--workspace");
        }
        outcome(command.args(arguments))
    })?;
    phase(&mut phases, "stop", || {
        drop(services);
        Ok(Outcome::Passed)
    })?;
    Ok(summary(&phases, !arguments.is_empty()))
}

/// Runs one phase, with its name before and its time kept. After an interrupt none is begun.
fn phase(
    phases: &mut Vec<Phase>,
    name: &'static str,
    body: impl FnOnce() -> Result<Outcome>,
) -> Result<()> {
    if interrupt::happened() && name != "stop" {
        bail!("interrupted");
    }
    println!("== {name}");
    let began = Instant::now();
    let outcome = body()?;
    phases.push(Phase { name, outcome, time: began.elapsed() });
    Ok(())
}

fn tidy_outcome() -> Result<Outcome> {
    let findings = tidy::check(&repository())?;
    for finding in &findings {
        println!("{finding}");
    }
    Ok(if findings.is_empty() { Outcome::Passed } else { Outcome::Failed })
}

/// Runs a part of the toolchain that a minimal installation doesn't have.
fn component(name: &'static str, arguments: &[&str]) -> Result<Outcome> {
    let installed = cargo()
        .args([name, "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?
        .success();
    if !installed {
        return Ok(Outcome::LeftOut("not installed: `rustup component add rustfmt clippy`"));
    }
    outcome(cargo().arg(name).args(arguments))
}

/// Runs a command in a process group of its own, so that an interrupt ends it whole.
fn outcome(command: &mut Command) -> Result<Outcome> {
    let mut child = command.stdin(Stdio::null()).process_group(0).spawn()?;
    let status = interrupt::wait(&mut child, true)?;
    Ok(if status.success() { Outcome::Passed } else { Outcome::Failed })
}

/// The cargo that runs this.
fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(repository());
    command
}

/// Whether arguments choose packages themselves.
fn names_packages(arguments: &[String]) -> bool {
    arguments.iter().take_while(|argument| *argument != "--").any(|argument| {
        argument.starts_with("-p")
            || argument.starts_with("--package")
            || argument == "--workspace"
            || argument.starts_with("--manifest-path")
    })
}

fn summary(phases: &[Phase], partial: bool) -> ExitCode {
    println!();
    let mut failed = false;
    for Phase { name, outcome, time } in phases {
        let word = match outcome {
            Outcome::Passed => "passed",
            Outcome::Failed => "FAILED",
            Outcome::LeftOut(_) => "LEFT OUT",
        };
        let reason = if let Outcome::LeftOut(reason) = outcome { reason } else { "" };
        println!("{name:<10} {:>8.1} s  {word} {reason}", time.as_secs_f64());
        failed |= matches!(outcome, Outcome::Failed);
    }
    if partial {
        println!("A part was asked for: tidy, fmt, clippy and doc did not run.");
    }
    if interrupt::happened() {
        println!("Interrupted.");
        return ExitCode::from(130);
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_that_choose_packages_are_known() {
        let chosen =
            |text: &str| names_packages(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert!(chosen("-p store"));
        assert!(chosen("--release --package=store"));
        assert!(!chosen("name_of_a_test"));
        assert!(!chosen("merge -- -p"));
    }
}
