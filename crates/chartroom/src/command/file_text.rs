//! `chartroom file-text`: the process in which the words of files from outside are read.
//!
//! Like `chartroom page`, it limits itself before it reads the first byte, and the server ends it
//! when it takes too long. One runs at a time: the search can wait, people should not.

use super::page::{FILE_AT_FAULT, ask, limit_this_process};
use anyhow::{Context as _, Result};
use app::file_text::{ReadText, read};
use clap::Args;
use std::io::{Read, Write};
use std::process::ExitCode;
use std::sync::Arc;

const TOO_MUCH: &str = "Reading it took more time or memory than is allowed. The file may be \
    damaged. Ask the sender for a new copy.";

/// Options of `chartroom file-text`.
#[derive(Args)]
pub struct Arguments {
    /// Media type of the file.
    media_type: String,
}

/// Runs the command: the file comes by standard input, its words go to standard output.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    limit_this_process()?;
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    let (text, code) = match read(&bytes, &arguments.media_type) {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(sentence) => (sentence, ExitCode::from(FILE_AT_FAULT)),
    };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(code)
}

/// The function by which the background reads the words of files: in a process of their own.
///
/// # Errors
/// When the program does not know where it stands itself.
pub fn reader() -> Result<ReadText> {
    let program = std::env::current_exe().context("can't find the program's own file")?;
    Ok(Arc::new(move |bytes, media_type| {
        let answer = ask(&program, &["file-text", media_type], bytes).map_err(|error| {
            tracing::warn!(reason = %error, "the words of a file were not read");
            TOO_MUCH.to_owned()
        })?;
        answer.map(|text| String::from_utf8_lossy(&text).into_owned())
    }))
}
