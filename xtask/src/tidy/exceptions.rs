//! The few allowed exceptions. The list only shrinks: one that is no longer needed is a finding.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::Finding;

const LIST: &str = "xtask/tidy-exceptions.txt";

/// Takes away what the list allows, and adds what it allows in vain.
pub fn apply(root: &Path, findings: Vec<Finding>) -> Result<Vec<Finding>> {
    let list = fs::read_to_string(root.join(LIST)).context(LIST)?;
    Ok(take_away(&list, findings))
}

/// A line of the list is `rule path`; `#` begins a comment, which gives the reason.
fn take_away(list: &str, mut findings: Vec<Finding>) -> Vec<Finding> {
    let mut vain = Vec::new();
    for (index, line) in list.lines().enumerate() {
        let entry = line.split('#').next().unwrap_or_default();
        let Some((rule, path)) = entry.trim().split_once(' ') else { continue };
        let before = findings.len();
        findings.retain(|finding| finding.rule != rule || finding.path != path.trim());
        if findings.len() == before {
            let message = format!("{path} keeps the rule {rule}: take the line out");
            vain.push(Finding::new(LIST, index + 1, "exceptions", message));
        }
    }
    findings.extend(vain);
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_take_away_and_vain_ones_are_found() {
        let findings =
            vec![Finding::new("a.rs", 1, "sql", ""), Finding::new("a.rs", 2, "names", "")];
        let left = take_away("# why\nsql a.rs # for now\npurity b.rs\n", findings);
        let rules: Vec<_> = left.iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["names", "exceptions"]);
    }
}
