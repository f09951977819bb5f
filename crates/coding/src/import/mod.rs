//! Reading the publishers' own files: bytes in, a set or a clear error with its line out.

pub mod changes;
mod delimited;
pub mod hcpcs;
pub mod held;
pub mod index_xml;
pub mod layout;
pub mod licensed;
pub mod lifecycle;
pub mod loaded;
pub mod ncci;
pub mod order_file;
pub mod pcs_tables;
pub mod poa_exempt;
pub mod tabular_xml;
pub mod zip;

use thiserror::Error;

/// Why a file could not be taken. Nothing is loaded from a file with an error.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum ImportError {
    /// The content of a line is not what the layout says.
    #[error("line {line}: {what}; nothing was loaded")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        what: String,
    },
    /// The file is another one than the named layout.
    #[error("line {line}: this is {found}, not {expected}; choose the layout of the file")]
    WrongFile {
        /// Counted from 1.
        line: usize,
        /// What should stand there.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// The bytes are not text in UTF-8 or Latin-1.
    #[error("line {line}: the file is not text; unpack it first if it is a ZIP or PDF file")]
    NotText {
        /// Counted from 1.
        line: usize,
    },
    /// The file holds nothing.
    #[error("the file is empty; nothing was loaded")]
    Empty,
}

impl ImportError {
    /// An error at a line.
    #[must_use]
    pub fn at(line: usize, what: &str) -> Self {
        Self::Line { line, what: what.to_owned() }
    }

    pub(crate) fn wrong_file(line: usize, expected: &str, found: &str) -> Self {
        let found = if found.is_empty() { "an unnamed file" } else { found };
        Self::WrongFile { line, expected: expected.to_owned(), found: found.to_owned() }
    }
}

/// The text of a file in UTF-8, without its byte order mark.
fn text_of(bytes: &[u8]) -> Result<&str, ImportError> {
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ImportError::Empty);
    }
    std::str::from_utf8(bytes).map_err(|error| ImportError::NotText {
        line: bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1,
    })
}

/// The XML of a file, read without any document type definition.
fn xml_of(text: &str) -> Result<roxmltree::Document<'_>, ImportError> {
    roxmltree::Document::parse(text).map_err(|error| {
        let line = error.pos().row as usize;
        ImportError::at(line, &format!("the XML is cut or broken ({error})"))
    })
}

/// Whether a text has the form of an ICD-10-CM code: a letter, two more characters with a digit
/// among them (`A00`, `M1A`, `QA0`), and up to four more.
fn is_diagnosis(text: &str) -> bool {
    let code = crate::codeset::normalized(text);
    let bytes = code.as_bytes();
    (3..=7).contains(&bytes.len())
        && bytes[0].is_ascii_uppercase()
        && bytes[1..3].iter().any(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && text.starts_with(|first: char| first.is_ascii_uppercase())
}
