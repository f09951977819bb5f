//! The plain form of a code set: entries in the publisher's order, and the text that packs them.
//!
//! One line an entry or a note, fields parted by tabs. An entry starts with its depth, a note
//! with its letter, a seventh character with `7`:
//!
//! ```text
//! 2<TAB>S02<TAB>Fracture of skull and facial bones
//! n<TAB>A fracture not indicated as open or closed should be coded to closed
//! 7<TAB>A<TAB>initial encounter for closed fracture
//! ```

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::notes::NoteKind;

/// What an entry is in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// A chapter: `1`, "Certain infectious and parasitic diseases".
    Chapter,
    /// A block of categories: `A00-A09`.
    Block,
    /// A category, subcategory or code: `A00`, `A00.1`.
    Code,
}

/// One entry as published, before seventh characters are expanded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Chapter, block or code.
    pub kind: EntryKind,
    /// How deep it stands: 0 for the top.
    pub depth: u8,
    /// The code without a dot, or the name of the chapter or block.
    pub code: String,
    /// The title as published, without tabs.
    pub title: String,
    /// Notes and inclusion terms in the published order.
    pub notes: Vec<(NoteKind, String)>,
    /// Seventh characters defined here, for everything below.
    pub seventh: Vec<(char, String)>,
}

/// A packed set that cannot be read.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PackError {
    /// The bytes are not a compressed text.
    #[error("the packed code set cannot be unpacked; rebuild it with `cargo xtask codesets`")]
    Compression,
    /// A line is not in the format.
    #[error("line {line} of the packed code set is not an entry or a note; rebuild the set")]
    Line {
        /// Counted from 1.
        line: usize,
    },
}

/// Writes entries as text. Tabs and line ends inside a text become single spaces.
#[must_use]
pub fn to_text(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        let mark = match entry.kind {
            EntryKind::Chapter => "c",
            EntryKind::Block => "b",
            EntryKind::Code => "",
        };
        let title = tidy(&entry.title);
        text.push_str(&format!("{}{mark}\t{}\t{title}\n", entry.depth, entry.code));
        for (kind, note) in &entry.notes {
            text.push_str(&format!("{}\t{}\n", kind.letter(), tidy(note)));
        }
        for (character, meaning) in &entry.seventh {
            text.push_str(&format!("7\t{character}\t{}\n", tidy(meaning)));
        }
    }
    text
}

/// One space between words, none at the ends.
#[must_use]
pub fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line of the packed text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    Entry { kind: EntryKind, depth: u8, code: &'a str, title: &'a str },
    Note(NoteKind, &'a str),
    Seventh(char, &'a str),
}

/// Reads one line; `None` when it is in no known form.
pub(super) fn read_line(line: &str) -> Option<Line<'_>> {
    let (mark, rest) = line.split_once('\t')?;
    if mark == "7" && rest.as_bytes().get(1) == Some(&b'\t') {
        return Some(Line::Seventh(rest.chars().next()?, &rest[2..]));
    }
    let first = *mark.as_bytes().first()?;
    if first.is_ascii_digit() {
        let kind = match &mark[1..] {
            "c" => EntryKind::Chapter,
            "b" => EntryKind::Block,
            "" => EntryKind::Code,
            _ => return None,
        };
        let (code, title) = rest.split_once('\t')?;
        return Some(Line::Entry { kind, depth: first - b'0', code, title });
    }
    Some(Line::Note(NoteKind::of_letter(mark)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_as_written() {
        let entry = Entry {
            kind: EntryKind::Code,
            depth: 7,
            code: "S02".into(),
            title: "Fracture of\tskull".into(),
            notes: vec![(NoteKind::Excludes1, "none  (A00)".into())],
            seventh: vec![('7', "odd".into())],
        };
        let text = to_text(&[entry]);
        let lines: Vec<_> = text.lines().map(|line| read_line(line).unwrap()).collect();
        assert_eq!(
            lines,
            [
                Line::Entry {
                    kind: EntryKind::Code,
                    depth: 7,
                    code: "S02",
                    title: "Fracture of skull"
                },
                Line::Note(NoteKind::Excludes1, "none (A00)"),
                Line::Seventh('7', "odd"),
            ]
        );
        assert_eq!(read_line("nothing"), None);
        assert_eq!(read_line("Q\tx"), None);
    }
}
