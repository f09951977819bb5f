//! `chartroom imports`: what was taken in, and what each import found, with what to do next.

use super::local_socket::{self, Request};
use super::output::Output;
use crate::site::{Site, context};
use anyhow::{Result, anyhow};
use app::import::{FindingKind, ImportShown, import_findings, imports};
use clap::Args;
use std::process::ExitCode;
use store::Store;

/// Options of `chartroom imports`.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    site: Site,
    /// The number of an import, as the list gives it: its findings are written, a line of JSON
    /// each.
    import: Option<i64>,
}

/// Runs the command: here, or by the server that has the data directory open.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    local_socket::run(&arguments.site, &Request::Imports(arguments.import))
}

/// Lists the imports of an open store, or the findings of one.
pub fn perform(store: &Store, import: Option<i64>, output: &Output) -> Result<u8> {
    match import {
        None => list(store, output),
        Some(import) => findings(store, import, output),
    }
}

fn list(store: &Store, output: &Output) -> Result<u8> {
    let all = imports(store, &context("imports"))?;
    for import in &all {
        output.line(&line_of(import));
    }
    if all.is_empty() {
        output.aside("Nothing was imported.");
    }
    Ok(0)
}

fn line_of(import: &ImportShown) -> String {
    let kept = &import.kept;
    let paths: Vec<&str> = import.paths.iter().map(|path| path.reveal()).collect();
    let end = if import.run.ended_at.is_some() { "" } else { "; did not end" };
    format!(
        "{:>8}  {}  {}: {} new, {} new versions, {} documents, {} unchanged, {} findings{end}  {}",
        import.run.id,
        import.run.at.timestamp().strftime("%Y-%m-%d %H:%M"),
        import.by,
        kept.created,
        kept.updated,
        kept.documents,
        kept.unchanged,
        kept.findings,
        paths.join(" ")
    )
}

fn findings(store: &Store, import: i64, output: &Output) -> Result<u8> {
    let page = match import_findings(store, &context("imports"), import, None) {
        Err(app::Error::NotFound) => {
            return Err(anyhow!(
                "there is no import {import}; `chartroom imports` lists those there are"
            ));
        }
        other => other?,
    };
    for finding in &page.findings {
        let kind = FindingKind::parse(&finding.kind);
        let line = serde_json::json!({
            "file": finding.file.reveal(),
            "line": finding.line,
            "kind": finding.kind,
            "reason": finding.reason,
            "next": kind.map(FindingKind::next_step),
        });
        output.line(&line.to_string());
    }
    output.aside(&format!("{} findings", page.findings.len()));
    if page.withheld_count > 0 {
        output.aside(&format!("{} more, about records that are gone", page.withheld_count));
    }
    Ok(0)
}
