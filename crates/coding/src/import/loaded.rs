//! A file as a loaded set: its layout, the dates on which it is in force, and what it holds.

use jiff::civil::Date;
use ring::digest::{SHA256, digest};

use super::hcpcs::HcpcsCode;
use super::index_xml::IndexFile;
use super::layout::{Layout, fiscal_year_dates, year_in_heading};
use super::licensed::DrgWeight;
use super::ncci::{MueTable, PtpTable};
use super::pcs_tables::{Definition, PcsTables};
use super::poa_exempt::PoaExemptList;
use super::{ImportError, hcpcs, index_xml, licensed, ncci, order_file, pcs_tables, poa_exempt};
use crate::codeset::{Edition, Entry, EntryKind, Node, NoteKind, PackError, System, source};

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
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

/// A set as it was read.
#[derive(Debug, Clone, PartialEq)]
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

/// Reads a file that is in force from `effective` on; a file that names its fiscal year needs no
/// date, and contradicts one outside of it.
///
/// # Errors
/// What the layout's reader says, or that the date is missing or not the file's.
pub fn read(layout: Layout, bytes: &[u8], effective: Option<Date>) -> Result<Loaded, ImportError> {
    let mut findings = Vec::new();
    let (content, year) = content_of(layout, bytes, &mut findings)?;
    let covers = covers_of(layout, year, effective)?;
    let hash = digest(&SHA256, bytes);
    let sha256 = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Loaded { layout, covers, sha256, content, findings })
}

fn covers_of(
    layout: Layout,
    year: Option<i16>,
    effective: Option<Date>,
) -> Result<(Date, Date), ImportError> {
    let stated = year.and_then(fiscal_year_dates);
    match (effective, stated) {
        (Some(from), Some((first, last))) if from < first || last < from => {
            let what = format!(
                "the file says that it is of fiscal year {} ({first} to {last}), and {from} lies \
                 outside of it",
                last.year()
            );
            Err(ImportError::at(1, &what))
        }
        (Some(from), _) => Ok(layout.covers_from(from)),
        (None, Some(dates)) => Ok(dates),
        (None, None) => {
            let what = "the file does not name its dates: say from when it is in force";
            Err(ImportError::at(1, what))
        }
    }
}

fn content_of(
    layout: Layout,
    bytes: &[u8],
    findings: &mut Vec<String>,
) -> Result<(Content, Option<i16>), ImportError> {
    let codes = |system, entries| Content::Codes { system, entries };
    let (cm, pcs) = (System::Icd10Cm, System::Icd10Pcs);
    Ok(match layout {
        Layout::Icd10CmOrder => (codes(cm, order_file::read(bytes, cm)?), None),
        Layout::Icd10PcsOrder => (codes(pcs, order_file::read(bytes, pcs)?), None),
        Layout::Icd10CmTabular => {
            let list = super::tabular_xml::read(bytes)?;
            (codes(cm, list.entries), Some(list.fiscal_year))
        }
        Layout::Icd10CmIndex
        | Layout::Icd10CmExternalCauses
        | Layout::Icd10CmNeoplasms
        | Layout::Icd10CmDrugs
        | Layout::Icd10PcsIndex => {
            let index = index_xml::read(bytes)?;
            let year = index.fiscal_year;
            (Content::Index(index), Some(year))
        }
        Layout::Icd10PcsTables => {
            let tables = pcs_tables::read(bytes)?;
            let year = tables.fiscal_year;
            (Content::PcsTables(tables), Some(year))
        }
        Layout::Icd10PcsDefinitions => {
            let (definitions, year) = pcs_tables::read_definitions(bytes)?;
            (Content::PcsDefinitions(definitions), year)
        }
        Layout::PoaExempt => (Content::PoaExempt(poa_exempt::read(bytes)?), year_in_heading(bytes)),
        Layout::Hcpcs => {
            let (read, dental) = hcpcs::read(bytes)?;
            if dental > 0 {
                findings.push(format!("{dental} dental codes are the ADA's and were left out"));
            }
            (Content::Hcpcs(read), None)
        }
        Layout::NcciPairs => (Content::NcciPairs(ncci::read_ptp(bytes)?), None),
        Layout::NcciUnitsHospital | Layout::NcciUnitsPractitioner | Layout::NcciUnitsSupplier => {
            (Content::NcciUnits(ncci::read_mue(bytes)?), None)
        }
        Layout::Cpt => (codes(System::Cpt, licensed::read_cpt(bytes)?), None),
        Layout::DrgWeights => {
            (Content::DrgWeights(licensed::read_drg_weights(bytes)?), year_in_heading(bytes))
        }
    })
}

impl Loaded {
    /// The edition that the set makes for lookup and search, where it holds codes. An order file
    /// holds no notes: those of `beside`, the nearest edition that has them, stand with its codes.
    ///
    /// # Errors
    /// Entries that can't be a tree; a set that this module read has none.
    pub fn edition(&self, beside: Option<&Edition>) -> Result<Option<Edition>, PackError> {
        let (from, to) = self.covers;
        let name = format!("{} of {from} to {to}", self.layout.label());
        let (system, text, notes_of) = match (&self.content, beside) {
            (Content::Codes { system, entries }, Some(beside))
                if self.layout == Layout::Icd10CmOrder =>
            {
                let grafted = source::to_text(&with_notes(entries, beside));
                (*system, grafted, Some(beside.name.clone()))
            }
            (Content::Codes { system, entries }, _) => (*system, source::to_text(entries), None),
            (Content::Hcpcs(codes), _) => {
                let in_force = |code: &&HcpcsCode| {
                    code.terminated.is_none_or(|last| from <= last)
                        && code.added.is_none_or(|first| first <= to)
                };
                let entries: Vec<Entry> =
                    codes.iter().filter(in_force).filter_map(hcpcs_entry).collect();
                (System::Hcpcs, source::to_text(&entries), None)
            }
            _ => return Ok(None),
        };
        let mut edition = Edition::from_text(system, &name, self.covers, &text)?;
        edition.notes_of = notes_of;
        Ok(Some(edition))
    }

    /// How many codes, entries, pairs or lines the file holds.
    #[must_use]
    pub fn entries_count(&self) -> usize {
        match &self.content {
            Content::Codes { entries, .. } => {
                entries.iter().filter(|entry| entry.kind == EntryKind::Code).count()
            }
            Content::Index(index) => index.entries.len(),
            Content::PcsTables(tables) => tables.code_count(),
            Content::PcsDefinitions(definitions) => definitions.len(),
            Content::PoaExempt(list) => list.codes.len(),
            Content::Hcpcs(codes) => codes.len(),
            Content::NcciPairs(table) => table.pairs.len(),
            Content::NcciUnits(table) => table.limits.len(),
            Content::DrgWeights(weights) => weights.len(),
        }
    }
}

/// The entries of an order file below the chapters and blocks of another edition, with its notes.
fn with_notes(entries: &[Entry], beside: &Edition) -> Vec<Entry> {
    let mut all = Vec::with_capacity(entries.len() + 400);
    let mut open: Vec<String> = Vec::new();
    for entry in entries {
        let known = beside.find(&entry.code);
        if let Some(category) = known.filter(|_| entry.depth == 0) {
            let is_above = |node: &Node<'_>| node.kind() != EntryKind::Code;
            let mut above: Vec<Node<'_>> = category.ancestors().filter(is_above).collect();
            above.reverse();
            for (depth, node) in above.iter().enumerate() {
                if open.get(depth).is_none_or(|code| code != node.code()) {
                    open.truncate(depth);
                    open.push(node.code().to_owned());
                    all.push(Entry {
                        kind: node.kind(),
                        depth: depth as u8,
                        code: node.code().to_owned(),
                        title: node.title().to_owned(),
                        notes: owned_notes(*node),
                        seventh: Vec::new(),
                    });
                }
            }
        }
        let mut entry = entry.clone();
        entry.depth += DEPTH_OF_CATEGORIES;
        entry.notes = known.map(owned_notes).unwrap_or_default();
        all.push(entry);
    }
    all
}

/// Below the chapter and the block.
const DEPTH_OF_CATEGORIES: u8 = 2;

fn owned_notes(node: Node<'_>) -> Vec<(NoteKind, String)> {
    node.notes().map(|(kind, text)| (kind, text.to_owned())).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codeset::embedded;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn order(codes: &[(&str, bool, &str)]) -> Vec<u8> {
        let lines = codes.iter().enumerate().map(|(at, (code, reportable, title))| {
            order_file::line(at + 1, code, *reportable, title)
        });
        lines.collect::<String>().into_bytes()
    }

    #[test]
    fn dates_must_be_known_and_fit() {
        let file = order(&[("A000", true, "One")]);
        let error = read(Layout::Icd10CmOrder, &file, None).unwrap_err().to_string();
        assert!(error.contains("say from when"), "{error}");
        let named = b"<ICD10CM.tabular><version>2027</version><chapter><name>1</name>\
            <desc>One</desc></chapter></ICD10CM.tabular>";
        let loaded = read(Layout::Icd10CmTabular, named, None).unwrap();
        assert_eq!(loaded.covers, (date(2026, 10, 1), date(2027, 9, 30)));
        let april = read(Layout::Icd10CmTabular, named, Some(date(2027, 4, 1))).unwrap();
        assert_eq!(april.covers, (date(2027, 4, 1), date(2027, 9, 30)));
        let error = read(Layout::Icd10CmTabular, named, Some(date(2025, 10, 1))).unwrap_err();
        assert!(error.to_string().contains("fiscal year 2027"), "{error}");
    }

    #[test]
    fn an_order_file_takes_notes_from_the_nearest_edition() {
        let file = order(&[
            ("E11", false, "Type 2 diabetes mellitus"),
            ("E112", false, "Type 2 diabetes mellitus with kidney complications"),
            ("E1122", true, "Type 2 diabetes mellitus with diabetic chronic kidney disease"),
            ("E119", true, "Type 2 diabetes mellitus without complications, revised"),
            ("I10", true, "Essential (primary) hypertension"),
        ]);
        let loaded = read(Layout::Icd10CmOrder, &file, Some(date(2026, 10, 1))).unwrap();
        let edition = loaded.edition(Some(embedded::icd10cm())).unwrap().unwrap();
        assert_eq!(edition.reportable().count(), 3);
        assert_eq!(edition.notes_of.as_deref(), Some("FY2026, April 2026 update"));
        let kidney = edition.find("E11.22").unwrap();
        let shipped = embedded::icd10cm().find("E11.22").unwrap();
        let notes = |node: crate::codeset::Node<'_>| -> Vec<String> {
            node.notes_with_inherited()
                .map(|(at, _, text)| format!("{} {text}", at.code()))
                .collect()
        };
        assert_eq!(notes(kidney), notes(shipped));
        assert_eq!(edition.find("I10").unwrap().ancestors().count(), 2, "block and chapter");
        let plain = loaded.edition(None).unwrap().unwrap();
        assert_eq!(plain.find("E11.22").unwrap().notes_with_inherited().count(), 0);
    }

    proptest! {
        #[test]
        fn no_file_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0_usize..18) {
            let _ = super::super::layout::recognized(&bytes);
            let _ = read(Layout::ALL[at], &bytes, Some(date(2026, 1, 1)));
        }

        #[test]
        fn no_text_panics(text in "[0-9A-Z \t,\n\"<>/é]{0,300}", at in 0_usize..18) {
            let _ = super::super::layout::recognized(text.as_bytes());
            let _ = read(Layout::ALL[at], text.as_bytes(), Some(date(2026, 1, 1)));
        }
    }
}
