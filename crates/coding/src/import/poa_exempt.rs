//! The list of ICD-10-CM codes exempt from present-on-admission reporting (CMS): a code and its
//! description on each line, parted by a tab or by spaces, under heading lines.

use std::collections::BTreeSet;

use super::ImportError;
use crate::codeset::normalized;

/// Codes that need no indicator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PoaExemptList {
    /// Without dots.
    pub codes: BTreeSet<String>,
}

impl PoaExemptList {
    /// Whether a code is exempt, with or without its dot.
    #[must_use]
    pub fn holds(&self, code: &str) -> bool {
        self.codes.contains(&normalized(code))
    }
}

/// Reads the list. Lines before the first code are headings; a first field that is a running
/// number is passed over.
///
/// # Errors
/// A line after the first code that has none; a file without any.
pub fn read(bytes: &[u8]) -> Result<PoaExemptList, ImportError> {
    let text = super::text_of(bytes)?;
    let mut codes = BTreeSet::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let words = line.split(['\t', ' ', ',']).filter(|word| !word.is_empty()).take(2);
        match words.map(|word| word.trim_matches('"')).find(|word| super::is_diagnosis(word)) {
            Some(code) => {
                codes.insert(normalized(code));
            }
            None if codes.is_empty() => {}
            None => return Err(ImportError::at(at + 1, "the line holds no ICD-10-CM code")),
        }
    }
    if codes.is_empty() {
        return Err(ImportError::at(1, "the file holds no ICD-10-CM code"));
    }
    Ok(PoaExemptList { codes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_is_read_under_its_heading() {
        let text = "FY 2026 POA Exempt List\nOrder\tCode\tDescription\n1\tB90.0\tSequelae\n\
                    2\tZ79.4\tLong term use of insulin\n";
        let list = read(text.as_bytes()).unwrap();
        assert!(list.holds("Z794") && list.holds("b90.0") && !list.holds("J189"));
        let plain = read(b"B900    Sequelae of tuberculosis\nB901    Sequelae\n").unwrap();
        assert_eq!(plain.codes.len(), 2);
    }

    #[test]
    fn line_without_a_code_is_named() {
        let error = read(b"B900 Sequelae\nend of the list here\n").unwrap_err();
        assert!(error.to_string().starts_with("line 2:"));
        assert!(read(b"nothing\n").is_err());
    }
}
