//! `chartroom export`: every current version as NDJSON.

use super::local_socket::{self, Request};
use super::output::Output;
use crate::site::{Site, context};
use anyhow::{Context as _, Result, bail};
use clap::Args;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf, absolute};
use std::process::ExitCode;
use store::Store;

/// Options of `chartroom export`.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    site: Site,
    /// Folder to write to; it must be new or empty.
    #[arg(short, long)]
    output: PathBuf,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    local_socket::run(&arguments.site, &Request::Export(absolute(&arguments.output)?))
}

/// Does the work on an open store.
pub fn perform(store: &Store, output: &Path, told: &Output) -> Result<u8> {
    store::keys::folder_private(output)
        .with_context(|| format!("can't make {}", output.display()))?;
    if fs::read_dir(output)?.next().is_some() {
        bail!("{} is not empty; name a new folder", output.display());
    }
    let mut files: HashMap<String, BufWriter<File>> = HashMap::new();
    let counts = app::export::run(store, &context("export"), &mut |name, line| {
        if !files.contains_key(name) {
            let file = File::create(output.join(name))?;
            files.insert(name.to_owned(), BufWriter::new(file));
        }
        let file = files.get_mut(name).expect("the file was just put in");
        file.write_all(line.as_bytes())?;
        file.write_all(b"\n")
    })?;
    for file in files.into_values() {
        file.into_inner()?.sync_all()?;
    }
    told.line(&serde_json::json!({ "resources": counts }).to_string());
    Ok(0)
}
