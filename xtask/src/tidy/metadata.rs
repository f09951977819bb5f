//! What cargo knows of the packages: their dependencies and licences.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// Packages of this workspace and all that it depends on, on this platform.
#[derive(Deserialize)]
pub struct Metadata {
    /// Every package.
    pub packages: Vec<Package>,
}

/// One package.
#[derive(Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, an SPDX expression.
    pub license: Option<String>,
    /// Where it comes from; none for ours.
    pub source: Option<String>,
    /// What it depends on.
    pub dependencies: Vec<Dependency>,
}

/// One dependency of a package.
#[derive(Deserialize)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// `dev`, `build`, or none for an ordinary one.
    pub kind: Option<String>,
    /// Its folder, for ours.
    pub path: Option<String>,
}

/// Asks cargo. Nothing is fetched that a build doesn't need.
pub fn read(root: &Path) -> Result<Metadata> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--locked", "--filter-platform", &platform])
        .current_dir(root)
        .output()
        .context("can't run cargo metadata")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("cargo metadata is not what was expected")
}
