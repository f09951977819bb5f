//! Every dependency has its reason and its one version in the workspace's `Cargo.toml`.

use super::Finding;
use super::files::File;

/// Checks one manifest.
pub fn check(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !file.is("Cargo.toml") {
        return findings;
    }
    let mut section = "";
    for (index, line) in file.text.lines().enumerate() {
        if line.starts_with('[') {
            section = line.trim_end();
        } else if !line.contains('=') || line.starts_with('#') || line.starts_with(' ') {
            continue;
        } else if section == "[workspace.dependencies]" {
            let ours = line.contains("path = ");
            if !ours && line.split_once(" # ").is_none_or(|(_, reason)| reason.trim().is_empty()) {
                let message = "give the reason after the dependency, ` # why`";
                findings.push(Finding::new(&file.path, index + 1, "dependency-reason", message));
            }
        } else if section.ends_with("dependencies]") && !line.contains("workspace = true") {
            let message = "take the workspace's version: `name.workspace = true`";
            findings.push(Finding::new(&file.path, index + 1, "dependency-version", message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<&'static str> {
        let file = File { path: "Cargo.toml".into(), text: text.into() };
        check(&file).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn reasons_and_versions_are_asked_for() {
        assert!(rules("[workspace.dependencies]\na = \"1\" # sorts\n").is_empty());
        assert!(rules("[workspace.dependencies]\na = { path = \"crates/a\" }\n").is_empty());
        assert_eq!(rules("[workspace.dependencies]\na = \"1\"\n"), ["dependency-reason"]);
        assert!(rules("[dependencies]\na.workspace = true\n").is_empty());
        assert_eq!(rules("[dev-dependencies]\na = \"1\"\n"), ["dependency-version"]);
    }
}
