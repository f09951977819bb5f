//! `chartroom restore`: a backup put back, what was destroyed since destroyed again, audited.

use crate::site::{Site, context};
use anyhow::{Context as _, Result, bail};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use store::{Location, Store};

/// Options of `chartroom restore`.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    site: Site,
    /// Folder of the backup.
    backup: PathBuf,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let (site, folder) = (&arguments.site, &arguments.backup);
    let backup = Store::backup_read(folder)
        .with_context(|| format!("{} holds no backup of Chartroom", folder.display()))?;
    let keys = site.keys()?;
    if !keys.is_dir() {
        bail!(
            "there are no keys in {}; name the folder of the store's own keys with --keys: \
             without them a backup can't be read",
            keys.display()
        );
    }
    match site.location() {
        Location::Directory(data) => {
            Store::backup_unpack(folder, &data)?;
        }
        Location::Postgres(_) => eprintln!(
            "The database itself must have been put back by PostgreSQL's own tool: pg_restore \
             --dbname {} {}/chartroom.dump",
            site.data_shown(),
            folder.display()
        ),
    }
    let store = site.open()?;
    let restored = store.restore_record(&context("restore"), &backup)?;
    if restored.block_seen > restored.block {
        eprintln!(
            "This copy ends at block {}; the store was last seen at block {}. What was written \
             between them is not in it. The audit trail says so.",
            restored.block, restored.block_seen
        );
    }
    for unit in &restored.units_destroyed {
        eprintln!("Unit {unit} was destroyed after the backup: it is destroyed again.");
    }
    println!(
        "{}",
        serde_json::json!({
            "block": restored.block,
            "block_seen": restored.block_seen,
            "units_destroyed": restored.units_destroyed,
        })
    );
    Ok(ExitCode::SUCCESS)
}
