//! `chartroom suggest`: codes that notes support, with the words that support them.

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use coding::codeset::CodeSets;
use coding::suggest::{Setting, Suggester};
use std::fs;
use std::io::{BufWriter, Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `chartroom suggest`.
#[derive(Args)]
pub struct Arguments {
    /// Where the patient was treated: uncertain diagnoses are coded for inpatients only.
    #[arg(long, value_enum, default_value_t = Place::Inpatient)]
    setting: Place,
    /// Notes as plain text.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Place {
    Inpatient,
    Outpatient,
}

/// Runs the command: one JSON line a code and file. Files that can't be read are named, the rest
/// goes on, and the exit code is then 2.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let setting = match arguments.setting {
        Place::Inpatient => Setting::Inpatient,
        Place::Outpatient => Setting::Outpatient,
    };
    let suggester = Suggester::new(&CodeSets::embedded());
    let mut output = BufWriter::new(stdout().lock());
    let mut unread_count = 0;
    for file in &arguments.files {
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("{}: can't be read: {error}", file.display());
                unread_count += 1;
                continue;
            }
        };
        let text = String::from_utf8_lossy(&bytes);
        for suggestion in suggester.suggest(&text, setting) {
            let evidence: Vec<serde_json::Value> = suggestion
                .evidence
                .iter()
                .map(|e| serde_json::json!({"start": e.start, "end": e.end, "text": e.text}))
                .collect();
            let line = serde_json::json!({
                "file": file.display().to_string(),
                "code": suggestion.code,
                "score": suggestion.score,
                "evidence": evidence,
            });
            writeln!(output, "{line}").context("can't write")?;
        }
    }
    output.flush().context("can't write")?;
    Ok(if unread_count == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
}
