//! `chartroom suggest`: codes that notes support, with the words that support them.

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use coding::codeset::CodeSets;
use coding::suggest::{Setting, Suggester};
use std::fs;
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Options of `chartroom suggest`.
#[derive(Args)]
pub struct Arguments {
    /// Where the patient was treated: uncertain diagnoses are coded for inpatients only.
    #[arg(long, value_enum, default_value_t = Place::Inpatient)]
    setting: Place,
    /// Notes as plain text.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Place {
    Inpatient,
    Outpatient,
}

/// The largest note, in bytes: a chart of some thousand pages.
const NOTE_BYTES_MAX: u64 = 16 << 20;

/// The text of a note: UTF-8, UTF-16 with its mark, or Latin-1.
fn note(file: &Path) -> Result<String, String> {
    let unread = |error: std::io::Error| format!("can't be read: {error}");
    if fs::metadata(file).map_err(unread)?.len() > NOTE_BYTES_MAX {
        return Err("is larger than 16 MB, and so no note: give its notes one by one".into());
    }
    let text = text_of(fs::read(file).map_err(unread)?);
    text.ok_or_else(|| "is no plain text: save the note as text".into())
}

fn text_of(bytes: Vec<u8>) -> Option<String> {
    let pairs = |of: fn([u8; 2]) -> u16| -> Option<String> {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|two| of([two[0], two[1]])).collect();
        String::from_utf16(&units).ok()
    };
    let text = match &bytes[..] {
        [0xFF, 0xFE, ..] => pairs(u16::from_le_bytes)?,
        [0xFE, 0xFF, ..] => pairs(u16::from_be_bytes)?,
        _ => match String::from_utf8(bytes) {
            Ok(text) => text,
            // Every byte is a letter of Latin-1.
            Err(error) => error.into_bytes().iter().map(|byte| char::from(*byte)).collect(),
        },
    };
    let is_odd = |letter: char| letter.is_control() && !letter.is_whitespace();
    let odd_count = text.chars().filter(|letter| is_odd(*letter)).count();
    (!text.contains('\0') && odd_count * ODD_SHARE <= text.chars().count()).then_some(text)
}

/// A text holds at most one control character in so many.
const ODD_SHARE: usize = 100;

/// Runs the command: one JSON line a code and file. Files that can't be read are named, the rest
/// goes on, and the exit code is then 2.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let setting = match arguments.setting {
        Place::Inpatient => Setting::Inpatient,
        Place::Outpatient => Setting::Outpatient,
    };
    let suggester = Suggester::new(&CodeSets::embedded());
    let mut output = BufWriter::new(stdout().lock());
    let mut unread_count = 0;
    for file in &arguments.files {
        let text = match note(file) {
            Ok(text) => text,
            Err(reason) => {
                eprintln!("{}: {reason}", file.display());
                unread_count += 1;
                continue;
            }
        };
        for suggestion in suggester.suggest(&text, setting) {
            let evidence: Vec<serde_json::Value> = suggestion
                .evidence
                .iter()
                .map(|e| serde_json::json!({"start": e.start, "end": e.end, "text": e.text}))
                .collect();
            let line = serde_json::json!({
                "file": file.display().to_string(),
                "code": suggestion.code,
                "score": (suggestion.score * 1000.0).round() / 1000.0,
                "evidence": evidence,
            });
            writeln!(output, "{line}").context("can't write")?;
        }
    }
    output.flush().context("can't write")?;
    Ok(if unread_count == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_read_as_they_were_saved() {
        let utf16: Vec<u8> = "\u{feff}Ménière".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, text) in [
            (&b"M\xc3\xa9ni\xc3\xa8re\r\n"[..], Some("Ménière\r\n")),
            (&utf16[..], Some("Ménière")),
            (&b"M\xe9ni\xe8re"[..], Some("Ménière")),
            (&b""[..], Some("")),
            (&b"PK\x03\x04\0\0\0"[..], None),
            (&b"\x01\x02\x03\x04 COPD"[..], None),
        ] {
            assert_eq!(text_of(bytes.to_vec()).as_deref(), text, "{bytes:?}");
        }
    }
}
