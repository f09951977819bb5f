//! The sets that the product ships, unpacked when first asked for.

use std::sync::OnceLock;

use jiff::civil::{Date, date};

use super::code::System;
use super::edition::Edition;
use super::source::PackError;
use super::validity::Validity;

/// The largest unpacked set, with room to grow. Bytes.
const UNPACKED_MAX: usize = 64 << 20;

const FY2024: (Date, Date) = (date(2023, 10, 1), date(2024, 9, 30));
const FY2026: (Date, Date) = (date(2025, 10, 1), date(2026, 9, 30));

/// The text of a packed set.
pub(super) fn unpacked(packed: &[u8]) -> Result<String, PackError> {
    let bytes = zstd::bulk::decompress(packed, UNPACKED_MAX).map_err(|_| PackError::Compression)?;
    String::from_utf8(bytes).map_err(|_| PackError::Compression)
}

fn edition(system: System, name: &str, dates: (Date, Date), packed: &[u8]) -> Edition {
    unpacked(packed)
        .and_then(|text| Edition::from_text(system, name, dates, &text))
        .expect("the embedded set is read by a test")
}

fn validity(packed: &[u8]) -> Validity {
    unpacked(packed)
        .and_then(|text| Validity::from_text(&text))
        .expect("the embedded set is read by a test")
}

/// ICD-10-CM, FY2026 with the April 2026 update: tree, titles, notes.
pub fn icd10cm() -> &'static Edition {
    static SET: OnceLock<Edition> = OnceLock::new();
    const PACKED: &[u8] = include_bytes!("../../../../codesets/icd10cm-2026.zst");
    SET.get_or_init(|| edition(System::Icd10Cm, "FY2026, April 2026 update", FY2026, PACKED))
}

/// Titles of FY2024 for ICD-10-CM codes that were deleted later.
pub fn icd10cm_former() -> &'static Edition {
    static SET: OnceLock<Edition> = OnceLock::new();
    const PACKED: &[u8] = include_bytes!("../../../../codesets/icd10cm-2024.zst");
    SET.get_or_init(|| edition(System::Icd10Cm, "FY2024", FY2024, PACKED))
}

/// ICD-10-PCS codes and titles of FY2024.
pub fn icd10pcs() -> &'static Edition {
    static SET: OnceLock<Edition> = OnceLock::new();
    const PACKED: &[u8] = include_bytes!("../../../../codesets/icd10pcs-2024.zst");
    SET.get_or_init(|| edition(System::Icd10Pcs, "FY2024", FY2024, PACKED))
}

/// Dates on which each ICD-10-CM code can be reported.
pub fn icd10cm_validity() -> &'static Validity {
    static SET: OnceLock<Validity> = OnceLock::new();
    const PACKED: &[u8] = include_bytes!("../../../../codesets/icd10cm-validity.zst");
    SET.get_or_init(|| validity(PACKED))
}

/// Dates on which each ICD-10-PCS code can be reported.
pub fn icd10pcs_validity() -> &'static Validity {
    static SET: OnceLock<Validity> = OnceLock::new();
    const PACKED: &[u8] = include_bytes!("../../../../codesets/icd10pcs-validity.zst");
    SET.get_or_init(|| validity(PACKED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codeset::NoteKind;

    #[test]
    fn every_published_code_is_there_with_its_title() {
        let edition = icd10cm();
        assert_eq!(edition.reportable().count(), 74_719);
        for both_block_and_code in ["B20", "F99", "P84", "R99", "Z66"] {
            assert!(edition.find(both_block_and_code).unwrap().is_reportable());
        }
        for node in edition.nodes() {
            assert!(!node.title().is_empty() && !node.title().contains('\t'), "{node:?}");
        }
        let table = [
            (
                "S02.101A",
                "Fracture of base of skull, right side, initial encounter for closed fracture",
            ),
            ("M1A.0110", "Idiopathic chronic gout, right shoulder, without tophus (tophi)"),
            ("T07.XXXS", "Unspecified multiple injuries, sequela"),
        ];
        for (code, title) in table {
            assert_eq!(edition.find(code).unwrap().title(), title);
        }
        assert_eq!(icd10pcs().reportable().count(), 78_603);
        assert_eq!(icd10cm_former().len(), 64);
    }

    #[test]
    fn validity_and_tree_agree_on_the_day_of_the_update() {
        let on = date(2026, 4, 15);
        let (edition, validity) = (icd10cm(), icd10cm_validity());
        let valid: Vec<_> = validity.codes().filter(|c| validity.is_valid(*c, on)).collect();
        assert_eq!(valid.len(), 74_719);
        assert!(valid.iter().all(|c| edition.find(c.as_str()).unwrap().is_reportable()));
        assert_eq!(validity.to, date(2027, 3, 31));
        assert_eq!(icd10pcs_validity().from, date(2015, 10, 1));
    }

    #[test]
    fn notes_are_inherited_downward() {
        let node = icd10cm().find("E11.22").unwrap();
        let at = |wanted: NoteKind| -> Vec<&str> {
            node.notes_with_inherited()
                .filter(|(_, kind, _)| *kind == wanted)
                .map(|(node, _, _)| node.code())
                .collect()
        };
        assert_eq!(at(NoteKind::UseAdditional)[0], "E1122");
        assert!(at(NoteKind::Excludes1).contains(&"E11"));
        assert!(at(NoteKind::Excludes1).contains(&"4"));
    }
}
