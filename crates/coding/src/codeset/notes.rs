//! Instructional notes: their kinds, and the codes that a note's text refers to.

use serde::{Deserialize, Serialize};

use super::code::normalized;

/// The kinds of note in the tabular list (ICD-10-CM Official Guidelines, section I.A).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// A term that the code holds.
    Inclusion,
    /// Defines a category or gives examples of its content.
    Includes,
    /// Never coded together (guidelines I.A.12.a).
    Excludes1,
    /// Not included here; both may be reported (guidelines I.A.12.b).
    Excludes2,
    /// The underlying condition stands first (guidelines I.A.13).
    CodeFirst,
    /// A further code is needed, after this one (guidelines I.A.13).
    UseAdditional,
    /// Two codes may be needed, in either order (guidelines I.A.17).
    CodeAlso,
    /// Explains the use of the code.
    Note,
    /// Says which seventh characters apply.
    SeventhCharacter,
}

impl NoteKind {
    /// Every kind with its letter in packed text.
    const LETTERS: [(Self, &'static str); 9] = [
        (Self::Inclusion, "i"),
        (Self::Includes, "I"),
        (Self::Excludes1, "x"),
        (Self::Excludes2, "X"),
        (Self::CodeFirst, "f"),
        (Self::UseAdditional, "u"),
        (Self::CodeAlso, "a"),
        (Self::Note, "n"),
        (Self::SeventhCharacter, "s"),
    ];

    pub(super) fn letter(self) -> &'static str {
        Self::LETTERS.iter().find(|(kind, _)| *kind == self).map_or("n", |(_, letter)| letter)
    }

    pub(super) fn of_letter(letter: &str) -> Option<Self> {
        Self::LETTERS.iter().find(|(_, l)| *l == letter).map(|(kind, _)| *kind)
    }

    /// The heading as the tabular list prints it.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Inclusion => "Inclusion term",
            Self::Includes => "Includes",
            Self::Excludes1 => "Excludes1",
            Self::Excludes2 => "Excludes2",
            Self::CodeFirst => "Code first",
            Self::UseAdditional => "Use additional code",
            Self::CodeAlso => "Code also",
            Self::Note => "Note",
            Self::SeventhCharacter => "Seventh character",
        }
    }
}

/// Codes from `first` to `last`, each with all codes below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CodeRange {
    /// Without a dot.
    pub first: String,
    /// Without a dot; the same as `first` for a single code.
    pub last: String,
}

impl CodeRange {
    /// Whether `code` (without a dot) is in the range or below one of its ends.
    #[must_use]
    pub fn holds(&self, code: &str) -> bool {
        code.starts_with(&self.first)
            || code.starts_with(&self.last)
            || (self.first.as_str() <= code && code <= self.last.as_str())
    }
}

/// The codes that stand in the brackets of a note: `(O98.-)`, `(N18.1-N18.6)`, `(I15.0, I15.1)`,
/// `(S00-T88 with fourth character 2)` gives the range alone.
#[must_use]
pub fn codes_in(note: &str) -> Vec<CodeRange> {
    let mut ranges = Vec::new();
    let mut rest = note;
    while let Some(open) = rest.find('(') {
        rest = &rest[open + 1..];
        let close = rest.find(')').unwrap_or(rest.len());
        for part in rest[..close].split([',', ';']) {
            ranges.extend(range_of(part));
        }
        rest = &rest[close..];
    }
    ranges
}

/// One part of the brackets, where it is a code or a range of codes.
fn range_of(part: &str) -> Option<CodeRange> {
    let word = part.split_whitespace().find(|word| *word != "and" && *word != "or")?;
    let word = word.trim_end_matches(['.', '-']);
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let first = code_shaped(first.trim_end_matches('.'))?;
    let last = code_shaped(last.trim_end_matches('.'))?;
    (first <= last).then_some(CodeRange { first, last })
}

/// The code without its dot, where the text has the form of an ICD-10-CM code.
fn code_shaped(text: &str) -> Option<String> {
    let code = normalized(text);
    let bytes = code.as_bytes();
    let shaped = (3..=7).contains(&bytes.len())
        && bytes[0].is_ascii_uppercase()
        && bytes[1..3].iter().any(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && (bytes.len() == 3 || text.contains('.'))
        && text.starts_with(|c: char| c.is_ascii_uppercase());
    shaped.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(note: &str) -> String {
        let parts: Vec<String> =
            codes_in(note).iter().map(|r| format!("{}:{}", r.first, r.last)).collect();
        parts.join(" ")
    }

    #[test]
    fn codes_are_read_from_the_brackets() {
        let table = [
            ("complicating pregnancy (O98.-)", "O98:O98"),
            ("stage of chronic kidney disease (N18.1-N18.6)", "N181:N186"),
            ("hypertension due to kidney disease (I15.0, I15.1)", "I150:I150 I151:I151"),
            ("perinatal (P00-P96)", "P00:P96"),
            ("with heart failure (I50.-) in stage (N18.5, N18.6)", "I50:I50 N185:N185 N186:N186"),
            ("diabetes (mellitus) NOS", ""),
            ("bones (C40.-, C41.-)", "C40:C40 C41:C41"),
            ("drug (T36-T50 with fifth or sixth character 5)", "T36:T50"),
            ("dislocation of hip (S73.0-)", "S730:S730"),
            ("gout (M1A.-)", "M1A:M1A"),
            ("other (QA0.0-)", "QA00:QA00"),
            ("infection (HIV) (HPV)", ""),
            ("unclosed (A00", "A00:A00"),
        ];
        for (note, expected) in table {
            assert_eq!(ranges(note), expected, "{note}");
        }
    }

    #[test]
    fn range_holds_what_is_below_its_ends() {
        let range = CodeRange { first: "N181".into(), last: "N186".into() };
        for code in ["N181", "N1830", "N186"] {
            assert!(range.holds(code), "{code}");
        }
        for code in ["N18", "N187", "N19"] {
            assert!(!range.holds(code), "{code}");
        }
    }
}
