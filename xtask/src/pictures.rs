//! `cargo xtask pictures`: the pictures of the guide, taken of the demonstration by the browser
//! test, into `docs/pictures`.

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::services::{Services, install_missing};
use crate::{interrupt, repository};

/// Takes the pictures anew.
pub fn run() -> Result<ExitCode> {
    interrupt::listen()?;
    install_missing()?;
    let services = Services::start()?;
    let mut child = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(repository())
        .args(["test", "-p", "chartroom", "--test", "workbench", "pictures_of_the_guide"])
        .envs(services.environment())
        .spawn()
        .context("can't run cargo")?;
    if !interrupt::wait(&mut child, false)?.success() {
        return Ok(ExitCode::FAILURE);
    }
    let kept = repository().join("docs/pictures");
    fs::create_dir_all(&kept)?;
    let taken = target().join("tmp/pictures");
    for entry in fs::read_dir(&taken).with_context(|| taken.display().to_string())? {
        let entry = entry?;
        let size = fs::copy(entry.path(), kept.join(entry.file_name()))?;
        println!("docs/pictures/{}: {} kB", entry.file_name().display(), size / 1000);
    }
    Ok(ExitCode::SUCCESS)
}

/// The folder into which cargo builds.
fn target() -> std::path::PathBuf {
    let chosen = std::env::var_os("CARGO_TARGET_DIR").map(std::path::PathBuf::from);
    chosen.unwrap_or_else(|| repository().join("target"))
}
