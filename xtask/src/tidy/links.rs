//! Links between documents lead somewhere.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::Finding;
use super::files::File;

/// Checks the links of one document to files and headings of the repository.
pub fn check(file: &File, root: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !file.is(".md") {
        return findings;
    }
    for (line, target) in targets(&file.text) {
        let (path, heading) = target.split_once('#').unwrap_or((target, ""));
        let wanted = if path.is_empty() { file.path.clone() } else { beside(&file.path, path) };
        let absolute = root.join(&wanted);
        if !absolute.exists() {
            let message = format!("nothing is at {target}");
            findings.push(Finding::new(&file.path, line, "links", message));
        } else if !heading.is_empty() && wanted.ends_with(".md") {
            let text = fs::read_to_string(&absolute).unwrap_or_default();
            if !headings(&text).iter().any(|known| known == heading) {
                let message = format!("{wanted} has no heading #{heading}");
                findings.push(Finding::new(&file.path, line, "links", message));
            }
        }
    }
    findings
}

/// Line and target of every link that stays in the repository, outside of blocks of code.
fn targets(text: &str) -> Vec<(usize, &str)> {
    let mut targets = Vec::new();
    let mut in_code = false;
    for (index, line) in text.lines().enumerate() {
        in_code ^= line.trim_start().starts_with("```");
        if in_code {
            continue;
        }
        let mut rest = line;
        while let Some((_, after)) = rest.split_once("](") {
            let Some((target, after)) = after.split_once(')') else { break };
            if !target.contains("://") && !target.starts_with("mailto:") {
                targets.push((index + 1, target));
            }
            rest = after;
        }
    }
    targets
}

/// A path as seen from the folder of another file.
fn beside(file: &str, path: &str) -> String {
    let mut folder = PathBuf::from(file);
    folder.pop();
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => drop(folder.pop()),
            Component::Normal(name) => folder.push(name),
            _ => {}
        }
    }
    folder.to_string_lossy().into_owned()
}

/// The names by which headings are linked to.
fn headings(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
                .map(|letter| if letter == ' ' { '-' } else { letter })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_inside_the_repository_are_found() {
        let text = "See [a](b.md) and [c](https://d.example).\n```\n[e](f.md)\n```\n[g](#h)\n";
        assert_eq!(targets(text), [(1, "b.md"), (5, "#h")]);
    }

    #[test]
    fn paths_are_seen_from_the_documents_folder() {
        assert_eq!(beside("docs/design/a.md", "../terms.md"), "docs/terms.md");
        assert_eq!(beside("README.md", "./docs/terms.md"), "docs/terms.md");
    }

    #[test]
    fn headings_are_linked_by_their_words() {
        assert_eq!(headings("# One thing, and 2\ntext\n"), ["one-thing-and-2"]);
    }
}
