//! Checks of the house's rules that the compiler doesn't know. Also runs as a test.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::repository;

mod arrows;
mod code_sets;
mod exceptions;
mod files;
mod licences;
mod lines;
mod links;
mod metadata;
mod names;
mod purity;
mod reasons;

/// One break of a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, from the repository's root.
    pub path: String,
    /// Line, counted from 1; 0 for the whole file.
    pub line: usize,
    /// The rule's name, as the list of exceptions spells it.
    pub rule: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Finding {
    fn new(path: &str, line: usize, rule: &'static str, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, rule, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {} [{}]", self.path, self.line, self.message, self.rule)
    }
}

/// `cargo xtask tidy`: prints every finding.
pub fn run() -> Result<ExitCode> {
    let findings = check(&repository())?;
    for finding in &findings {
        println!("{finding}");
    }
    println!("tidy: {} findings", findings.len());
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every break of a rule in the repository, without the allowed exceptions.
pub fn check(root: &Path) -> Result<Vec<Finding>> {
    let files = files::read(root)?;
    let metadata = metadata::read(root)?;
    let mut findings = Vec::new();
    let banned = names::banned(&files);
    for file in &files {
        findings.extend(lines::check(file));
        findings.extend(purity::check(file));
        findings.extend(names::check(file, &banned));
        findings.extend(links::check(file, root));
        findings.extend(reasons::check(file));
    }
    findings.extend(arrows::check(&metadata));
    findings.extend(licences::check(&metadata));
    findings.extend(code_sets::check(root)?);
    let mut findings = exceptions::apply(root, findings)?;
    findings.sort();
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let findings = check(&repository()).unwrap();
        let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
        assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
    }
}
