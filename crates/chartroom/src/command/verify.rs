//! `chartroom verify`: exits 0 when everything is as it was written, 3 with each break named.

use super::local_socket::{self, Request};
use super::output::Output;
use crate::site::{Site, context};
use anyhow::Result;
use clap::Args;
use std::process::ExitCode;
use store::Store;

/// Options of `chartroom verify`.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    site: Site,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    local_socket::run(&arguments.site, &Request::Verify(arguments.json))
}

/// Does the work on an open store.
pub fn perform(store: &Store, json: bool, output: &Output) -> Result<u8> {
    let result = store.verify(&context("verify"))?;
    if json {
        output.line(&serde_json::to_string(&result)?);
    } else {
        for what in &result.breaks {
            output.line(&format!("BREAK {what}"));
        }
        output.line(&format!(
            "{} blocks, {} audit entries, {} rows, {} resources, {} files read; {} breaks",
            result.blocks_count,
            result.entries_count,
            result.rows_count,
            result.resources_count,
            result.files_count,
            result.breaks_count
        ));
        if result.orphans_count > 0 {
            output.line(&format!(
                "{} stored files have no row; a process was stopped between the two. Harmless.",
                result.orphans_count
            ));
        }
    }
    Ok(if result.is_whole() { 0 } else { 3 })
}
