//! What is absent where: no input or output in domain crates, no SQL outside of the store.

use super::Finding;
use super::files::File;

/// Crates that only compute: the same input always gives the same output.
pub const PURE: &[&str] = &[
    "record",
    "exchange",
    "identity",
    "coding",
    "release",
    "redaction",
    "integrity",
    "report",
    "synthetic",
];

/// What a pure crate may not reach for.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::time::SystemTime",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "SystemRandom",
    "thread_rng",
    "rand::",
    "getrandom",
    "async fn",
    "println!",
    "eprintln!",
];

/// How statements begin. They are spelled in capitals in the store.
const STATEMENTS: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "ALTER TABLE ",
];

/// Checks one file of a crate.
pub fn check(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(name) = file.crate_name() else { return findings };
    if !file.is(".rs") {
        return findings;
    }
    let pure = PURE.contains(&name) && file.path.contains("/src/");
    let mut in_tests = false;
    for (index, line) in file.text.lines().enumerate() {
        in_tests |= line.trim() == "#[cfg(test)]";
        if line.trim_start().starts_with("//") {
            continue;
        }
        if pure && !in_tests {
            for needle in IMPURE.iter().filter(|needle| line.contains(*needle)) {
                let message = format!("`{needle}` in {name}: let the caller pass it in");
                findings.push(Finding::new(&file.path, index + 1, "purity", message));
            }
        }
        if name != "store" && holds_statement(line) {
            findings.push(Finding::new(
                &file.path,
                index + 1,
                "sql",
                "a statement outside of crates/store: move it there, behind a named method",
            ));
        }
    }
    findings
}

/// Whether a line begins a statement: in a string, or as a string's next line.
fn holds_statement(line: &str) -> bool {
    STATEMENTS.iter().any(|statement| {
        line.contains(&format!("\"{statement}")) || line.trim_start().starts_with(statement)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        let file = File { path: path.into(), text: text.into() };
        check(&file).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn pure_crates_may_not_look_around() {
        let text = "let now = Timestamp::now();\n";
        assert_eq!(rules("crates/release/src/clock.rs", text), ["purity"]);
        assert!(rules("crates/web/src/clock.rs", text).is_empty());
        assert!(rules("crates/release/tests/clock.rs", text).is_empty());
        let tests = format!("#[cfg(test)]\nmod tests {{\n{text}}}\n");
        assert!(rules("crates/release/src/clock.rs", &tests).is_empty());
    }

    #[test]
    fn statements_stay_in_the_store() {
        for text in ["query(\"SELECT 1\")", "query(r#\"\n  DELETE FROM chart\"#)"] {
            assert_eq!(rules("crates/web/src/page.rs", text), ["sql"]);
            assert!(rules("crates/store/src/page.rs", text).is_empty());
        }
        assert!(rules("crates/web/src/page.rs", "label(\"Select a chart\")").is_empty());
    }
}
