//! Packed code sets are what their manifest says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use ring::digest::{SHA256, digest};
use serde::Deserialize;

use super::Finding;

const MANIFEST: &str = "codesets/manifest.json";

#[derive(Deserialize)]
struct Entry {
    sha256: String,
}

/// Checks that files and manifest name each other, and that each file has its hash.
pub fn check(root: &Path) -> Result<Vec<Finding>> {
    let folder = root.join("codesets");
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read(root.join(MANIFEST)).context(MANIFEST)?;
    let entries: BTreeMap<String, Entry> = serde_json::from_slice(&text).context(MANIFEST)?;
    let mut hashes = BTreeMap::new();
    for file in fs::read_dir(folder)? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if name != "manifest.json" && !name.ends_with(".md") {
            hashes.insert(name, sha256_hex(&fs::read(file.path())?));
        }
    }
    Ok(compare(&entries, &hashes))
}

fn compare(entries: &BTreeMap<String, Entry>, hashes: &BTreeMap<String, String>) -> Vec<Finding> {
    let finding =
        |name: &str, what: &str| Finding::new(&format!("codesets/{name}"), 0, "codesets", what);
    let mut findings = Vec::new();
    for (name, hash) in hashes {
        match entries.get(name) {
            None => findings.push(finding(name, "the manifest doesn't name it")),
            Some(entry) if entry.sha256 != *hash => {
                findings.push(finding(name, "not the file of the manifest: rebuild it"));
            }
            Some(_) => {}
        }
    }
    for name in entries.keys().filter(|name| !hashes.contains_key(*name)) {
        findings.push(finding(name, "the manifest names it, and it is missing"));
    }
    findings
}

fn sha256_hex(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_disagreement_is_named() {
        let entry = |hash: &str| Entry { sha256: hash.into() };
        let entries = BTreeMap::from([
            ("same".to_owned(), entry("1")),
            ("changed".to_owned(), entry("1")),
            ("missing".to_owned(), entry("1")),
        ]);
        let hashes = ["same 1", "changed 2", "foreign 3"]
            .iter()
            .filter_map(|pair| pair.split_once(' '))
            .map(|(name, hash)| (name.to_owned(), hash.to_owned()))
            .collect();
        let paths: Vec<String> =
            compare(&entries, &hashes).into_iter().map(|finding| finding.path).collect();
        assert_eq!(paths, ["codesets/changed", "codesets/foreign", "codesets/missing"]);
    }
}
