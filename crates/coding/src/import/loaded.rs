//! A file as a loaded set: what the store keeps, what it changes, and what it touches.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::hcpcs::HcpcsCode;
use super::index_xml::IndexFile;
use super::licensed::DrgWeight;
use super::ncci::{MueTable, PtpTable};
use super::pcs_tables::{Definition, PcsTables};
use super::poa_exempt::PoaExemptList;
use super::{ImportError, hcpcs, index_xml, licensed, ncci, order_file, pcs_tables, poa_exempt};
use crate::codeset::{Edition, Entry, EntryKind, PackError, System, source};

/// The publishers' layouts that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// ICD-10-CM order file.
    Icd10CmOrder,
    /// ICD-10-CM tabular XML.
    Icd10CmTabular,
    /// ICD-10-CM index XML: diseases, external causes, neoplasms, drugs.
    Icd10CmIndex,
    /// ICD-10-PCS order file.
    Icd10PcsOrder,
    /// ICD-10-PCS tables XML.
    Icd10PcsTables,
    /// ICD-10-PCS index XML.
    Icd10PcsIndex,
    /// ICD-10-PCS definitions XML.
    Icd10PcsDefinitions,
    /// List of codes exempt from present-on-admission reporting.
    PoaExempt,
    /// HCPCS Level II record layout.
    Hcpcs,
    /// NCCI procedure-to-procedure pairs.
    NcciPairs,
    /// NCCI medically unlikely edits.
    NcciUnits,
    /// A licensee's CPT file.
    Cpt,
    /// IPPS Table 5: DRG weights.
    DrgWeights,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Codes with titles, and a tree and notes where the file has them.
    Codes {
        /// Whose codes.
        system: System,
        /// In the published order.
        entries: Vec<Entry>,
    },
    /// An alphabetic index.
    Index(IndexFile),
    /// ICD-10-PCS tables.
    PcsTables(PcsTables),
    /// ICD-10-PCS definitions.
    PcsDefinitions(Vec<Definition>),
    /// Exempt codes.
    PoaExempt(PoaExemptList),
    /// HCPCS codes with their dates.
    Hcpcs(Vec<HcpcsCode>),
    /// Pairs.
    NcciPairs(PtpTable),
    /// Limits of units.
    NcciUnits(MueTable),
    /// DRG weights.
    DrgWeights(Vec<DrgWeight>),
}

/// A set as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Loaded {
    /// How it was read.
    pub layout: Layout,
    /// First and last dates on which it is in force.
    pub covers: (Date, Date),
    /// SHA-256 of the file, in hexadecimal: the same file can't be loaded twice.
    pub sha256: String,
    /// What it holds.
    pub content: Content,
    /// What was left out, and why.
    pub findings: Vec<String>,
}

/// The first and last dates of a United States federal fiscal year.
#[must_use]
pub fn fiscal_year_dates(year: i16) -> Option<(Date, Date)> {
    (2000..=2100).contains(&year).then(|| (date(year - 1, 10, 1), date(year, 9, 30)))
}

/// The layout that the beginning of a file shows; `None` for plain text that could be several.
#[must_use]
pub fn recognized(bytes: &[u8]) -> Option<Layout> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    let marks = [
        ("<ICD10CM.tabular", Layout::Icd10CmTabular),
        ("<ICD10CM.index", Layout::Icd10CmIndex),
        ("<ICD10PCS.tabular", Layout::Icd10PcsTables),
        ("<ICD10PCS.index", Layout::Icd10PcsIndex),
        ("<ICD10PCS.definitions", Layout::Icd10PcsDefinitions),
    ];
    if let Some((_, layout)) = marks.iter().find(|(mark, _)| head.contains(mark)) {
        return Some(*layout);
    }
    let lower = head.to_lowercase();
    if lower.contains("exempt") {
        return Some(Layout::PoaExempt);
    }
    if lower.contains("mue value") {
        return Some(Layout::NcciUnits);
    }
    if lower.contains("column 1") && lower.contains("column 2") {
        return Some(Layout::NcciPairs);
    }
    if lower.contains("ms-drg") && lower.contains("weight") {
        return Some(Layout::DrgWeights);
    }
    let first = head.lines().find(|line| !line.trim().is_empty())?;
    let is_order = first.len() > 77
        && first.is_ascii()
        && first[..5].bytes().all(|byte| byte.is_ascii_digit())
        && matches!(&first[14..15], "0" | "1");
    if is_order {
        let procedure = first[6..7].bytes().all(|byte| byte.is_ascii_digit());
        return Some(if procedure { Layout::Icd10PcsOrder } else { Layout::Icd10CmOrder });
    }
    let is_record = first.len() > 91 && matches!(first.get(10..11), Some("3" | "7"));
    is_record.then_some(Layout::Hcpcs)
}

/// Reads a file. `covers` are the dates on which it is in force; files that name their year need
/// none.
///
/// # Errors
/// What the layout's reader says, or that the dates are missing.
pub fn read(
    layout: Layout,
    bytes: &[u8],
    covers: Option<(Date, Date)>,
) -> Result<Loaded, ImportError> {
    let mut findings = Vec::new();
    let mut year = None;
    let content = match layout {
        Layout::Icd10CmOrder => codes(System::Icd10Cm, order_file::read(bytes, System::Icd10Cm)?),
        Layout::Icd10PcsOrder => {
            codes(System::Icd10Pcs, order_file::read(bytes, System::Icd10Pcs)?)
        }
        Layout::Icd10CmTabular => {
            let list = super::tabular_xml::read(bytes)?;
            year = Some(list.fiscal_year);
            codes(System::Icd10Cm, list.entries)
        }
        Layout::Icd10CmIndex | Layout::Icd10PcsIndex => {
            let index = index_xml::read(bytes)?;
            year = Some(index.fiscal_year);
            Content::Index(index)
        }
        Layout::Icd10PcsTables => {
            let tables = pcs_tables::read(bytes)?;
            year = Some(tables.fiscal_year);
            Content::PcsTables(tables)
        }
        Layout::Icd10PcsDefinitions => {
            Content::PcsDefinitions(pcs_tables::read_definitions(bytes)?)
        }
        Layout::PoaExempt => Content::PoaExempt(poa_exempt::read(bytes)?),
        Layout::Hcpcs => {
            let (read, dental) = hcpcs::read(bytes)?;
            if dental > 0 {
                findings.push(format!("{dental} dental codes are the ADA's and were left out"));
            }
            Content::Hcpcs(read)
        }
        Layout::NcciPairs => Content::NcciPairs(ncci::read_ptp(bytes)?),
        Layout::NcciUnits => Content::NcciUnits(ncci::read_mue(bytes)?),
        Layout::Cpt => codes(System::Cpt, licensed::read_cpt(bytes)?),
        Layout::DrgWeights => Content::DrgWeights(licensed::read_drg_weights(bytes)?),
    };
    let covers = covers.or_else(|| fiscal_year_dates(year?)).ok_or_else(|| {
        ImportError::at(1, "the file does not name its dates: say from when to when it is in force")
    })?;
    let hash = digest(&SHA256, bytes);
    let sha256 = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Loaded { layout, covers, sha256, content, findings })
}

fn codes(system: System, entries: Vec<Entry>) -> Content {
    Content::Codes { system, entries }
}

impl Loaded {
    /// The edition that the set makes for lookup and search, where it holds codes.
    ///
    /// # Errors
    /// Entries that can't be a tree; a set that this module read has none.
    pub fn edition(&self) -> Result<Option<Edition>, PackError> {
        let (system, entries) = match &self.content {
            Content::Codes { system, entries } => (*system, entries.clone()),
            Content::Hcpcs(codes) => {
                (System::Hcpcs, codes.iter().filter_map(hcpcs_entry).collect())
            }
            _ => return Ok(None),
        };
        let name = format!("{} to {}", self.covers.0, self.covers.1);
        Edition::from_text(system, &name, self.covers, &source::to_text(&entries)).map(Some)
    }

    /// Each key of the set with its text: what a comparison looks at.
    fn texts(&self) -> BTreeMap<String, String> {
        match &self.content {
            Content::Codes { entries, .. } => entries
                .iter()
                .filter(|entry| entry.kind == EntryKind::Code)
                .map(|entry| (entry.code.clone(), format!("{}{:?}", entry.title, entry.notes)))
                .collect(),
            Content::Index(index) => index
                .entries
                .iter()
                .map(|entry| (entry.phrase(), format!("{:?} {:?}", entry.code, entry.see)))
                .collect(),
            Content::PcsTables(tables) => tables
                .tables
                .iter()
                .map(|table| (table.beginning(), format!("{:?}", table.rows)))
                .collect(),
            Content::PcsDefinitions(all) => all
                .iter()
                .map(|one| {
                    (
                        format!("{}{} {}", one.section, one.position, one.term),
                        one.definition.clone(),
                    )
                })
                .collect(),
            Content::PoaExempt(list) => {
                list.codes.iter().map(|code| (code.clone(), String::new())).collect()
            }
            Content::Hcpcs(codes) => codes
                .iter()
                .map(|code| (code.code.clone(), format!("{} {:?}", code.title, code.terminated)))
                .collect(),
            Content::NcciPairs(table) => table
                .pairs
                .iter()
                .map(|pair| {
                    let key = format!("{} {} {}", pair.column_one, pair.column_two, pair.from);
                    (key, format!("{:?} {}", pair.to, pair.modifier_indicator))
                })
                .collect(),
            Content::NcciUnits(table) => table
                .limits
                .iter()
                .map(|(code, limit)| {
                    (code.clone(), format!("{} {}", limit.units_max, limit.adjudication))
                })
                .collect(),
            Content::DrgWeights(weights) => {
                weights.iter().map(|one| (one.drg.to_string(), format!("{one:?}"))).collect()
            }
        }
    }
}

fn hcpcs_entry(code: &HcpcsCode) -> Option<Entry> {
    (!code.is_modifier).then(|| Entry {
        kind: EntryKind::Code,
        depth: 0,
        code: code.code.clone(),
        title: code.title.clone(),
        notes: Vec::new(),
        seventh: Vec::new(),
    })
}

/// What a set changes against the one before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Codes or entries that are new.
    pub added: Vec<String>,
    /// Those whose text or values differ.
    pub revised: Vec<String>,
    /// Those that are gone: open drafts, favourites and reports that hold them are touched.
    pub retired: Vec<String>,
}

/// What `after` changes against `before`.
#[must_use]
pub fn changes(before: &Loaded, after: &Loaded) -> Changes {
    let (old, new) = (before.texts(), after.texts());
    let revised = new.iter().filter(|(key, text)| old.get(*key).is_some_and(|old| old != *text));
    Changes {
        added: new.keys().filter(|key| !old.contains_key(*key)).cloned().collect(),
        revised: revised.map(|(key, _)| key.clone()).collect(),
        retired: old.keys().filter(|key| !new.contains_key(*key)).cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn order(codes: &[(&str, bool, &str)]) -> Vec<u8> {
        let lines = codes.iter().enumerate().map(|(at, (code, reportable, title))| {
            order_file::line(at + 1, code, *reportable, title)
        });
        lines.collect::<String>().into_bytes()
    }

    #[test]
    fn new_year_is_a_file() {
        let old = order(&[("A00", false, "Cholera"), ("A000", true, "One"), ("A001", true, "Two")]);
        let new = order(&[
            ("A00", false, "Cholera"),
            ("A000", true, "One"),
            ("A001", true, "2"),
            ("A009", true, "New"),
        ]);
        assert_eq!(recognized(&old), Some(Layout::Icd10CmOrder));
        let old = read(Layout::Icd10CmOrder, &old, fiscal_year_dates(2026)).unwrap();
        let new = read(Layout::Icd10CmOrder, &new, fiscal_year_dates(2027)).unwrap();
        assert_ne!(old.sha256, new.sha256);
        let changed = changes(&old, &new);
        assert_eq!(changed.added, ["A009"]);
        assert_eq!(changed.revised, ["A001"]);
        assert!(changed.retired.is_empty());
        assert_eq!(changes(&new, &old).retired, ["A009"]);
        let edition = new.edition().unwrap().unwrap();
        assert_eq!(edition.reportable().count(), 3);
        let kept = serde_json::to_string(&new).unwrap();
        assert_eq!(serde_json::from_str::<Loaded>(&kept).unwrap(), new);
    }

    #[test]
    fn dates_must_be_known() {
        let file = order(&[("A000", true, "One")]);
        let error = read(Layout::Icd10CmOrder, &file, None).unwrap_err().to_string();
        assert!(error.contains("say from when to when"), "{error}");
        let named = b"<ICD10CM.tabular><version>2027</version><chapter><name>1</name>\
            <desc>One</desc></chapter></ICD10CM.tabular>";
        let read = read(Layout::Icd10CmTabular, named, None).unwrap();
        assert_eq!(read.covers, (date(2026, 10, 1), date(2027, 9, 30)));
    }

    #[test]
    fn layouts_are_recognized() {
        for (text, layout) in [
            (ncci::PTP_SAMPLE, Layout::NcciPairs),
            (ncci::MUE_SAMPLE, Layout::NcciUnits),
            ("POA Exempt Codes\nZ79.4 Insulin\n", Layout::PoaExempt),
            ("<?xml?>\n<ICD10PCS.index>", Layout::Icd10PcsIndex),
        ] {
            assert_eq!(recognized(text.as_bytes()), Some(layout));
        }
        assert_eq!(recognized(b"something else"), None);
    }

    const LAYOUTS: [Layout; 13] = [
        Layout::Icd10CmOrder,
        Layout::Icd10CmTabular,
        Layout::Icd10CmIndex,
        Layout::Icd10PcsOrder,
        Layout::Icd10PcsTables,
        Layout::Icd10PcsIndex,
        Layout::Icd10PcsDefinitions,
        Layout::PoaExempt,
        Layout::Hcpcs,
        Layout::NcciPairs,
        Layout::NcciUnits,
        Layout::Cpt,
        Layout::DrgWeights,
    ];

    proptest! {
        #[test]
        fn no_file_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0_usize..13) {
            let _ = recognized(&bytes);
            let _ = read(LAYOUTS[at], &bytes, fiscal_year_dates(2026));
        }

        #[test]
        fn no_text_panics(text in "[0-9A-Z \t,\n\"<>/é]{0,300}", at in 0_usize..13) {
            let _ = recognized(text.as_bytes());
            let _ = read(LAYOUTS[at], text.as_bytes(), fiscal_year_dates(2026));
        }
    }
}
