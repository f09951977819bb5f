//! What a file and its lines look like.

use super::Finding;
use super::files::File;

const COLUMNS_MAX: usize = 100;
const LINES_MAX: usize = 600;

/// A line may be longer when one word of it (an address, a digest) can't be broken.
const WORD_COLUMNS_MIN: usize = 60;

/// Marks that may not stay in the code, and what to do instead. Split, so that this file has none.
const MARKS: &[(&str, &str)] = &[
    (concat!("todo", "!("), "write it, or return an error that says what is missing"),
    (concat!("unimplemented", "!("), "write it, or return an error that says what is missing"),
    (concat!("#[ign", "ore"), "a test that doesn't run proves nothing: mend it or delete it"),
    (concat!("#[should", "_panic"), "bad input never panics: test the error"),
];

/// Checks the looks of one file.
pub fn check(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let rust = file.is(".rs");
    if rust && !file.text.starts_with("//! ") {
        findings.push(Finding::new(
            &file.path,
            1,
            "module-line",
            "begin with a `//!` line that says what the module is for",
        ));
    }
    // Manifests keep a reason beside a version; style sheets a rule, documents a sentence a line.
    let limited = rust || file.is(".sql") || file.is(".js");
    let count = file.text.lines().count();
    if count > LINES_MAX && !file.is(".md") {
        let message = format!("{count} lines; split it by sense, {LINES_MAX} is the most");
        findings.push(Finding::new(&file.path, 0, "file-length", message));
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        findings.push(Finding::new(&file.path, count, "last-line", "end with a line break"));
    }
    let mut in_snapshot = false;
    for (index, line) in file.text.lines().enumerate() {
        in_snapshot |= line.contains("expect![[r");
        if !in_snapshot && line.trim_end() != line {
            findings.push(Finding::new(
                &file.path,
                index + 1,
                "trailing-space",
                "space at the end",
            ));
        }
        if limited && !in_snapshot && too_long(line) {
            let message = format!("over {COLUMNS_MAX} columns");
            findings.push(Finding::new(&file.path, index + 1, "line-length", message));
        }
        in_snapshot &= !line.contains("\"#]]");
        for (mark, advice) in MARKS {
            if rust && line.contains(mark) {
                let message = format!("`{mark}`: {advice}");
                findings.push(Finding::new(&file.path, index + 1, "left-over", message));
            }
        }
    }
    findings
}

/// Whether a line is too long and could be broken. Rows of tables can't.
fn too_long(line: &str) -> bool {
    let table = line.trim_start_matches(['/', '!', ' ']).starts_with('|');
    line.chars().count() > COLUMNS_MAX
        && !table
        && line.split_whitespace().all(|word| word.chars().count() < WORD_COLUMNS_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<&'static str> {
        let file = File { path: "crates/record/src/example.rs".into(), text: text.into() };
        check(&file).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn a_plain_file_passes() {
        assert!(rules("//! An example.\n").is_empty());
    }

    #[test]
    fn each_rule_finds_its_break() {
        assert_eq!(rules("use std::fmt;\n"), ["module-line"]);
        assert_eq!(rules("//! An example."), ["last-line"]);
        assert_eq!(rules("//! An example. \n"), ["trailing-space"]);
        assert_eq!(rules(&format!("//! A{}\n", " b".repeat(50))), ["line-length"]);
        assert_eq!(rules(&format!("//! A\n{}", "\n".repeat(LINES_MAX))), ["file-length"]);
        for (mark, _) in MARKS {
            assert_eq!(rules(&format!("//! A\n{mark}\n")), ["left-over"]);
        }
    }

    #[test]
    fn snapshots_look_as_what_they_show() {
        let long = " b".repeat(60);
        let text = format!("//! A\nexpect![[r#\"\n{long} \n\"#]]\n");
        assert!(rules(&text).is_empty());
        assert_eq!(rules(&format!("{text}{long}\n")), ["line-length"]);
    }

    #[test]
    fn rows_of_tables_and_addresses_may_be_long() {
        assert!(rules(&format!("//! | A{}\n", " b".repeat(60))).is_empty());
        assert!(rules(&format!("//! see https://{}\n", "b".repeat(100))).is_empty());
    }
}
