//! One word for one thing: the glossary's names, and none of those that it rules out.

use super::Finding;
use super::files::File;

/// Names that say nothing.
const EMPTY: &[&str] = &["util", "utils", "common", "helper", "helpers", "manager", "misc"];

/// Things whose name may not be empty. A function may well compute what is common to two lists.
const HOLDERS: &[&str] = &["struct", "enum", "trait", "mod", "file"];

/// What comes before a name where it is made.
const KEYWORDS: &[&str] = &["fn", "struct", "enum", "trait", "type", "mod", "const", "static"];

const GLOSSARY: &str = "docs/terms.md";

/// A word that names may not hold, and the glossary's word for it.
#[derive(Debug, PartialEq, Eq)]
pub struct Banned {
    word: String,
    instead: String,
}

/// Words in the glossary's last column, `Never`, where they stand as code.
pub fn banned(files: &[File]) -> Vec<Banned> {
    let Some(glossary) = files.iter().find(|file| file.path == GLOSSARY) else {
        return Vec::new();
    };
    let mut banned = Vec::new();
    for line in glossary.text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let (Some(term), Some(never)) = (cells.first(), cells.get(3)) else { continue };
        for word in never.split('`').skip(1).step_by(2) {
            banned.push(Banned { word: word.to_owned(), instead: (*term).to_owned() });
        }
    }
    banned
}

/// Checks the names that one file makes, and its own.
pub fn check(file: &File, banned: &[Banned]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !file.is(".rs") {
        return findings;
    }
    // Formats of others have words of their own.
    let foreign = matches!(file.crate_name(), Some("exchange") | None);
    let stem = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
    let own = std::iter::once((0, "file", stem));
    let made = file.text.lines().enumerate().filter_map(|(index, line)| {
        made_name(line).map(|(keyword, name)| (index + 1, keyword, name))
    });
    for (line, keyword, name) in own.chain(made) {
        for word in words(name) {
            if HOLDERS.contains(&keyword) && EMPTY.contains(&word.as_str()) {
                let message = format!("`{name}` says nothing: name what it does");
                findings.push(Finding::new(&file.path, line, "names", message));
            }
            if let Some(ban) = banned.iter().find(|ban| !foreign && ban.word == word) {
                let message = format!("`{name}`: the glossary's word is {}", ban.instead);
                findings.push(Finding::new(&file.path, line, "terms", message));
            }
        }
    }
    findings
}

/// The keyword and the name that a line makes.
fn made_name(line: &str) -> Option<(&str, &str)> {
    let mut tokens = line.split_whitespace().peekable();
    if line.trim_start().starts_with("//") {
        return None;
    }
    while let Some(token) = tokens.next() {
        if KEYWORDS.contains(&token) {
            let name = tokens.next()?;
            if KEYWORDS.contains(&name) {
                return None;
            }
            let end = |letter: char| !letter.is_alphanumeric() && letter != '_';
            return Some((token, name.split(end).next()?));
        }
        let before_a_name = token.starts_with("pub") || token.starts_with("in ");
        if !before_a_name && !matches!(token, "async" | "crate)" | "super)") {
            return None;
        }
    }
    None
}

/// The words of a name in snake case or camel case, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        if letter == '_' {
            words.push(String::new());
        } else {
            let camel = letter.is_uppercase() && !name.contains('_');
            if camel {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(letter.to_lowercase());
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_they_are_made() {
        assert_eq!(made_name("pub fn chart_open(id: Id) {"), Some(("fn", "chart_open")));
        assert_eq!(
            made_name("    pub(crate) struct OpenChart<T> {"),
            Some(("struct", "OpenChart"))
        );
        assert_eq!(made_name("pub const fn size() -> usize"), None);
        assert_eq!(made_name("let x = type_of(y);"), None);
        assert_eq!(made_name("// fn chart_open is"), None);
    }

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("chart_open"), ["chart", "open"]);
        assert_eq!(words("OpenChart"), ["open", "chart"]);
        assert_eq!(words("DAYS_MAX"), ["days", "max"]);
    }

    #[test]
    fn banned_and_empty_names_are_found() {
        let glossary = File {
            path: GLOSSARY.into(),
            text: "| Encounter | `encounter` | A stay. | `visit` |\n".into(),
        };
        let banned = banned(&[glossary]);
        assert_eq!(banned, [Banned { word: "visit".into(), instead: "Encounter".into() }]);
        let text = "//! A\nfn visit_close() {}\nstruct ChartManager;\n\
                    fn common_to() {}\nfn visitor() {}\n";
        let rules = |path: &str| {
            let file = File { path: path.into(), text: text.into() };
            check(&file, &banned).iter().map(|finding| finding.rule).collect::<Vec<_>>()
        };
        assert_eq!(rules("crates/app/src/chart.rs"), ["terms", "names"]);
        assert_eq!(rules("crates/exchange/src/chart.rs"), ["names"]);
        assert_eq!(rules("crates/exchange/src/util.rs"), ["names", "names"]);
    }
}
