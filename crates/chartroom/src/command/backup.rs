//! `chartroom backup`: a copy of the store, also while it is served.

use super::local_socket::{self, Request};
use super::output::Output;
use crate::site::{Site, context};
use anyhow::{Context as _, Result, bail};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf, absolute};
use std::process::ExitCode;
use store::{Location, Store};

/// Options of `chartroom backup`.
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
    local_socket::run(&arguments.site, &Request::Backup(absolute(&arguments.output)?))
}

/// Does the work on an open store.
pub fn perform(store: &Store, folder: &Path, output: &Output) -> Result<u8> {
    store::keys::folder_private(folder)
        .with_context(|| format!("can't make {}", folder.display()))?;
    if fs::read_dir(folder)?.next().is_some() {
        bail!("{} is not empty; name a new folder", folder.display());
    }
    let backup = store.backup(&context("backup"), folder)?;
    output.aside(&format!(
        "The keys are not in it: keep a copy of {} elsewhere; without it a backup can't be read.",
        store.keys().folder().display()
    ));
    match store.location() {
        Location::Directory(_) => output.aside(&format!(
            "Put it back with: chartroom restore --data NEW_DIR --keys KEYS {}",
            folder.display()
        )),
        Location::Postgres(_) => output.aside(&format!(
            "The database itself, files included, is copied by PostgreSQL's own tool: pg_dump \
             --format=custom --file {}/chartroom.dump ADDRESS\nPut it back into an empty \
             database with: pg_restore --dbname NEW_ADDRESS {}/chartroom.dump; then: chartroom \
             restore --data NEW_ADDRESS --keys KEYS {}",
            folder.display(),
            folder.display(),
            folder.display()
        )),
    }
    output.line(&serde_json::to_string(&backup)?);
    Ok(0)
}
