//! `codesets/manifest.json`: what each packed set holds, from where, and for which dates.

use std::collections::BTreeMap;
use std::fs;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::packages::{Package, repository, sha256_hex};

/// The package that a set was built from.
#[derive(Serialize, Deserialize)]
pub struct Source {
    /// Its name in the registry.
    pub package: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the package's file.
    pub sha256: String,
}

/// One packed set.
#[derive(Serialize, Deserialize)]
pub struct Entry {
    /// What the set holds, in a sentence.
    pub holds: String,
    /// First date that it covers, `YYYY-MM-DD`.
    pub covers_from: String,
    /// Last date that it covers, `YYYY-MM-DD`.
    pub covers_to: String,
    /// Where its content comes from.
    pub sources: Vec<Source>,
    /// Number of records by table.
    pub counts: BTreeMap<String, u64>,
    /// SHA-256 of the packed file; filled by [`write()`].
    pub sha256: String,
}

impl From<&Package> for Source {
    fn from(package: &Package) -> Self {
        Self {
            package: package.name.to_owned(),
            version: package.version.to_owned(),
            sha256: package.sha256.to_owned(),
        }
    }
}

/// Writes a packed set to `codesets/FILE` and its entry to the manifest.
pub fn write(file: &str, packed: &[u8], mut entry: Entry) -> Result<()> {
    let folder = repository().join("codesets");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(file), packed)?;
    entry.sha256 = sha256_hex(packed);
    let path = folder.join("manifest.json");
    let mut manifest: BTreeMap<String, Entry> =
        if path.exists() { serde_json::from_slice(&fs::read(&path)?)? } else { BTreeMap::new() };
    manifest.insert(file.to_owned(), entry);
    let mut text = serde_json::to_string_pretty(&manifest)?;
    text.push('\n');
    fs::write(path, text)?;
    Ok(())
}

/// Packs bytes with zstd at its strongest level: built once, read at every start.
pub fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    Ok(zstd::bulk::compress(bytes, 22)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_packed_set_is_the_one_that_the_manifest_names() {
        let folder = repository().join("codesets");
        let text = fs::read(folder.join("manifest.json")).unwrap();
        let manifest: BTreeMap<String, Entry> = serde_json::from_slice(&text).unwrap();
        assert!(manifest.contains_key("msdrg.bin.zst"));
        for (file, entry) in &manifest {
            let packed = fs::read(folder.join(file)).unwrap();
            assert_eq!(sha256_hex(&packed), entry.sha256, "{file}");
        }
    }
}
