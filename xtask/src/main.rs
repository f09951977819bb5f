//! The project's chores: `cargo xtask test`, `services`, `tidy`, `codesets`, `pictures`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};

mod codesets;
mod interrupt;
mod pictures;
mod program;
mod services;
mod test;
mod tidy;

const USAGE: &str = "usage: cargo xtask CHORE

  test [ARGUMENTS…]        install what is missing, start PostgreSQL and a browser, run everything;
                           with arguments: only `cargo test ARGUMENTS…`
  services -- COMMAND…     run any command with PostgreSQL and a browser driver up
  tidy                     check the house's rules that the compiler doesn't know
  codesets [SET…]          rebuild codesets/ from pinned packages
  pictures                 take the pictures of docs/pictures anew, of the demonstration";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        // Whoever interrupts knows why it ended.
        Err(_) if interrupt::happened() => ExitCode::from(130),
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest = arguments.get(1..).unwrap_or_default();
    match arguments.first().map(String::as_str) {
        Some("test") => test::run(rest),
        Some("services") => services::run(rest),
        Some("tidy") => tidy::run(),
        Some("pictures") => pictures::run(),
        Some("codesets") => codesets::run(rest).map(|()| ExitCode::SUCCESS),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("{USAGE}"),
    }
}

/// The folder that holds the workspace.
fn repository() -> PathBuf {
    let mut folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.pop();
    folder
}
