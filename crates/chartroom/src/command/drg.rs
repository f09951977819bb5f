//! `chartroom drg`: claims as JSON Lines in, MS-DRGs with their reasons out.

use anyhow::{Context as _, Result};
use clap::Args;
use coding::grouper::{Grouper, jsonl};
use std::io::{BufWriter, stdin, stdout};
use std::process::ExitCode;

/// Options of `chartroom drg`: claims come on standard input.
#[derive(Args)]
pub struct Arguments {}

/// Runs the command.
pub fn run(_: &Arguments) -> Result<ExitCode> {
    let grouper = Grouper::shipped();
    let output = BufWriter::with_capacity(1 << 16, stdout().lock());
    jsonl::run(grouper, stdin().lock(), output).context("can't read claims or write answers")?;
    Ok(ExitCode::SUCCESS)
}
