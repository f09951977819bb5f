//! Which publisher's layout a file is in, read from its content, and how long it is in force.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::licensed::is_cpt;
use crate::codeset::System;

/// The publishers' layouts that can be read. Loads of one layout follow each other in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// ICD-10-CM order file.
    Icd10CmOrder,
    /// ICD-10-CM tabular XML.
    Icd10CmTabular,
    /// ICD-10-CM Alphabetic Index of diseases and injuries, XML.
    Icd10CmIndex,
    /// ICD-10-CM index of external causes, XML.
    Icd10CmExternalCauses,
    /// ICD-10-CM table of neoplasms, XML.
    Icd10CmNeoplasms,
    /// ICD-10-CM table of drugs and chemicals, XML.
    Icd10CmDrugs,
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
    /// NCCI medically unlikely edits, outpatient hospital services.
    NcciUnitsHospital,
    /// NCCI medically unlikely edits, practitioner services.
    NcciUnitsPractitioner,
    /// NCCI medically unlikely edits, suppliers of durable medical equipment.
    NcciUnitsSupplier,
    /// A licensee's CPT file.
    Cpt,
    /// IPPS Table 5: DRG weights.
    DrgWeights,
}

impl Layout {
    /// Every layout.
    pub const ALL: [Layout; 18] = [
        Self::Icd10CmOrder,
        Self::Icd10CmTabular,
        Self::Icd10CmIndex,
        Self::Icd10CmExternalCauses,
        Self::Icd10CmNeoplasms,
        Self::Icd10CmDrugs,
        Self::Icd10PcsOrder,
        Self::Icd10PcsTables,
        Self::Icd10PcsIndex,
        Self::Icd10PcsDefinitions,
        Self::PoaExempt,
        Self::Hcpcs,
        Self::NcciPairs,
        Self::NcciUnitsHospital,
        Self::NcciUnitsPractitioner,
        Self::NcciUnitsSupplier,
        Self::Cpt,
        Self::DrgWeights,
    ];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Icd10CmOrder => "icd10-cm-order",
            Self::Icd10CmTabular => "icd10-cm-tabular",
            Self::Icd10CmIndex => "icd10-cm-index",
            Self::Icd10CmExternalCauses => "icd10-cm-external-causes",
            Self::Icd10CmNeoplasms => "icd10-cm-neoplasms",
            Self::Icd10CmDrugs => "icd10-cm-drugs",
            Self::Icd10PcsOrder => "icd10-pcs-order",
            Self::Icd10PcsTables => "icd10-pcs-tables",
            Self::Icd10PcsIndex => "icd10-pcs-index",
            Self::Icd10PcsDefinitions => "icd10-pcs-definitions",
            Self::PoaExempt => "poa-exempt",
            Self::Hcpcs => "hcpcs",
            Self::NcciPairs => "ncci-pairs",
            Self::NcciUnitsHospital => "ncci-units-hospital",
            Self::NcciUnitsPractitioner => "ncci-units-practitioner",
            Self::NcciUnitsSupplier => "ncci-units-supplier",
            Self::Cpt => "cpt",
            Self::DrgWeights => "drg-weights",
        }
    }

    /// The layout of a stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Layout> {
        Self::ALL.into_iter().find(|layout| layout.as_str() == word)
    }

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Icd10CmOrder => "ICD-10-CM order file",
            Self::Icd10CmTabular => "ICD-10-CM tabular list",
            Self::Icd10CmIndex => "ICD-10-CM Alphabetic Index",
            Self::Icd10CmExternalCauses => "ICD-10-CM index of external causes",
            Self::Icd10CmNeoplasms => "ICD-10-CM table of neoplasms",
            Self::Icd10CmDrugs => "ICD-10-CM table of drugs",
            Self::Icd10PcsOrder => "ICD-10-PCS order file",
            Self::Icd10PcsTables => "ICD-10-PCS tables",
            Self::Icd10PcsIndex => "ICD-10-PCS index",
            Self::Icd10PcsDefinitions => "ICD-10-PCS definitions",
            Self::PoaExempt => "Codes exempt from present on admission",
            Self::Hcpcs => "HCPCS Level II",
            Self::NcciPairs => "NCCI procedure-to-procedure pairs",
            Self::NcciUnitsHospital => "NCCI medically unlikely edits, outpatient hospital",
            Self::NcciUnitsPractitioner => "NCCI medically unlikely edits, practitioner",
            Self::NcciUnitsSupplier => "NCCI medically unlikely edits, supplier",
            Self::Cpt => "CPT, the licensee's file",
            Self::DrgWeights => "MS-DRG weights (IPPS Table 5)",
        }
    }

    /// The code system whose codes the file lists, where it lists a whole system.
    #[must_use]
    pub fn system(self) -> Option<System> {
        match self {
            Self::Icd10CmOrder | Self::Icd10CmTabular => Some(System::Icd10Cm),
            Self::Icd10PcsOrder => Some(System::Icd10Pcs),
            Self::Hcpcs => Some(System::Hcpcs),
            Self::Cpt => Some(System::Cpt),
            _ => None,
        }
    }

    /// The dates that a file in force from `from` covers: until the publisher's next one. ICD-10
    /// and DRG files hold for the federal fiscal year, HCPCS and NCCI files for the quarter, CPT
    /// for the calendar year.
    #[must_use]
    pub fn covers_from(self, from: Date) -> (Date, Date) {
        let to = match self {
            Self::Cpt => date(from.year(), 12, 31),
            Self::Hcpcs
            | Self::NcciPairs
            | Self::NcciUnitsHospital
            | Self::NcciUnitsPractitioner
            | Self::NcciUnitsSupplier => match from.month() {
                1..=3 => date(from.year(), 3, 31),
                4..=6 => date(from.year(), 6, 30),
                7..=9 => date(from.year(), 9, 30),
                _ => date(from.year(), 12, 31),
            },
            _ => date(crate::codeset::lookup::fiscal_year(from), 9, 30),
        };
        (from, to)
    }
}

/// The first and last dates of a United States federal fiscal year.
#[must_use]
pub fn fiscal_year_dates(year: i16) -> Option<(Date, Date)> {
    (2000..=2100).contains(&year).then(|| (date(year - 1, 10, 1), date(year, 9, 30)))
}

/// How much of a file is looked at.
const HEAD_BYTES: usize = 4096;

/// The layout that the beginning of a file shows; `None` for none that is known.
#[must_use]
pub fn recognized(bytes: &[u8]) -> Option<Layout> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_BYTES)]);
    of_xml(&head).or_else(|| of_columns(&head)).or_else(|| of_heading(&head))
}

fn of_xml(head: &str) -> Option<Layout> {
    let index = || {
        let lower = head.to_lowercase();
        let titled = |words: &str| lower.contains(words);
        if titled("table of neoplasms") {
            Layout::Icd10CmNeoplasms
        } else if titled("table of drugs") {
            Layout::Icd10CmDrugs
        } else if titled("external cause") {
            Layout::Icd10CmExternalCauses
        } else {
            Layout::Icd10CmIndex
        }
    };
    let marks: [(&str, &dyn Fn() -> Layout); 5] = [
        ("<ICD10CM.tabular", &|| Layout::Icd10CmTabular),
        ("<ICD10CM.index", &index),
        ("<ICD10PCS.tabular", &|| Layout::Icd10PcsTables),
        ("<ICD10PCS.index", &|| Layout::Icd10PcsIndex),
        ("<ICD10PCS.definitions", &|| Layout::Icd10PcsDefinitions),
    ];
    marks.iter().find(|(mark, _)| head.contains(mark)).map(|(_, layout)| layout())
}

fn of_columns(head: &str) -> Option<Layout> {
    let first = head.lines().find(|line| !line.trim().is_empty())?;
    let is_order = first.len() > 77
        && first.is_ascii()
        && first[..5].bytes().all(|byte| byte.is_ascii_digit())
        && matches!(&first[14..15], "0" | "1");
    if is_order {
        let procedure = first[6..7].bytes().all(|byte| byte.is_ascii_digit());
        return Some(if procedure { Layout::Icd10PcsOrder } else { Layout::Icd10CmOrder });
    }
    let is_record = first.len() > 91
        && first.get(5..10).is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
        && matches!(first.get(10..11), Some("3" | "7"));
    is_record.then_some(Layout::Hcpcs)
}

fn of_heading(head: &str) -> Option<Layout> {
    let lower = head.to_lowercase();
    if lower.contains("mue value") {
        return Some(if lower.contains("outpatient hospital") {
            Layout::NcciUnitsHospital
        } else if lower.contains("supplier") {
            Layout::NcciUnitsSupplier
        } else {
            Layout::NcciUnitsPractitioner
        });
    }
    let flat: String = lower.chars().filter(|c| !c.is_whitespace()).collect();
    if flat.contains("column1") && flat.contains("column2") {
        return Some(Layout::NcciPairs);
    }
    if lower.contains("ms-drg") && lower.contains("weight") {
        return Some(Layout::DrgWeights);
    }
    if lower.contains("exempt") {
        return Some(Layout::PoaExempt);
    }
    let whole_lines = head.lines().filter(|line| !line.trim().is_empty()).take(16);
    whole_lines.into_iter().any(is_cpt_line).then_some(Layout::Cpt)
}

/// Whether a line holds a CPT code among its first fields, and words beside it.
fn is_cpt_line(line: &str) -> bool {
    let fields = || line.split(['\t', '|', ';', ',']).map(|field| field.trim().trim_matches('"'));
    let worded = |field: &str| field.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    fields().take(4).any(is_cpt) && fields().any(worded)
}

/// The fiscal year that a heading names: `FY 2026`, `FY2026`, `fiscal year 2026`.
#[must_use]
pub fn year_in_heading(bytes: &[u8]) -> Option<i16> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_BYTES)]).to_lowercase();
    ["fiscal year", "fy"].iter().find_map(|mark| {
        let (_, rest) = head.split_once(mark)?;
        let year: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
        year.parse().ok().filter(|year| (2000..=2100).contains(year))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::ncci;

    #[test]
    fn layouts_are_recognized() {
        let hospital = ncci::MUE_SAMPLE.replace("Practitioner", "Outpatient Hospital");
        let index = |title: &str| format!("<?xml?>\n<ICD10CM.index><title>{title}</title>");
        for (text, layout) in [
            (ncci::PTP_SAMPLE.to_owned(), Layout::NcciPairs),
            (ncci::MUE_SAMPLE.to_owned(), Layout::NcciUnitsPractitioner),
            (hospital, Layout::NcciUnitsHospital),
            ("POA Exempt Codes\nZ79.4 Insulin\n".to_owned(), Layout::PoaExempt),
            ("<?xml?>\n<ICD10PCS.index>".to_owned(), Layout::Icd10PcsIndex),
            (index("ICD-10-CM INDEX TO DISEASES and INJURIES"), Layout::Icd10CmIndex),
            (index("ICD-10-CM EXTERNAL CAUSE of INJURIES INDEX"), Layout::Icd10CmExternalCauses),
            (index("ICD-10-CM TABLE of NEOPLASMS"), Layout::Icd10CmNeoplasms),
            (index("ICD-10-CM TABLE of DRUGS and CHEMICALS"), Layout::Icd10CmDrugs),
            ("Concept,Code,Long\n1,99900,\"Made up\"\n".to_owned(), Layout::Cpt),
        ] {
            assert_eq!(recognized(text.as_bytes()), Some(layout), "{text}");
        }
        for text in ["something else", "12345", "name,number\nA,1\n", ""] {
            assert_eq!(recognized(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn words_come_back() {
        for layout in Layout::ALL {
            assert_eq!(Layout::parse(layout.as_str()), Some(layout));
            let json = serde_json::to_string(&layout).unwrap();
            assert_eq!(json, format!("\"{}\"", layout.as_str()));
        }
    }

    #[test]
    fn a_file_holds_until_the_publishers_next() {
        let table = [
            (Layout::Icd10CmOrder, date(2026, 10, 1), date(2027, 9, 30)),
            (Layout::Icd10CmTabular, date(2027, 4, 1), date(2027, 9, 30)),
            (Layout::Hcpcs, date(2026, 4, 1), date(2026, 6, 30)),
            (Layout::NcciPairs, date(2026, 10, 1), date(2026, 12, 31)),
            (Layout::Cpt, date(2026, 1, 1), date(2026, 12, 31)),
        ];
        for (layout, from, to) in table {
            assert_eq!(layout.covers_from(from), (from, to), "{layout:?}");
        }
        assert_eq!(year_in_heading(b"FY 2026 POA Exempt List\n"), Some(2026));
        assert_eq!(year_in_heading(b"Order\tCode\n"), None);
    }
}
