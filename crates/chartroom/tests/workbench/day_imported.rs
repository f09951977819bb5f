//! A department's day on charts that came by import, in the layout that Synthea writes.
//!
//! `CHARTROOM_TEST_CHARTS` names files and folders that are imported beside them.

use crate::administration::{first_password, new_account};
use crate::charts;
use crate::coding::Wanted;
use crate::day::{Ground, walk};
use crate::server::Server;
use crate::stage::Stage;
use anyhow::{Result, ensure};
use serde_json::Value;
use std::path::PathBuf;

/// More files to import, separated as the system separates paths.
const CHARTS: &str = "CHARTROOM_TEST_CHARTS";

/// Who works here: login, name, role.
const PEOPLE: [(&str, &str, &str); 6] = [
    ("technician", "Tess Technician", "technician"),
    ("coder", "Cory Coder", "coder"),
    ("release", "Rae Release", "release-specialist"),
    ("privacy", "Penn Privacy", "privacy-officer"),
    ("provider", "Pat Provider", "provider"),
    ("supervisor", "Sue Supervisor", "supervisor"),
];

#[test]
fn a_day_on_imported_charts() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut paths = charts::write(folder.path())?;
    let more = std::env::var_os(CHARTS).unwrap_or_default();
    let more: Vec<PathBuf> =
        std::env::split_paths(&more).filter(|path| !path.as_os_str().is_empty()).collect();
    let is_ours_alone = more.is_empty();
    paths.extend(more);
    let (server, said) = Server::of_import(folder, &paths)?;
    let said: Value = serde_json::from_str(&said)?;
    ensure!(!is_ours_alone || said["findings"] == 0 && said["documents"] == 1, "{said}");
    let mut stage = Stage::new(server)?;
    stage.family = charts::FAMILY.to_owned();
    stage.prefix = "imported-";
    stage.step("people are given accounts", people)?;
    let kind = "main input[name=kinds][value='34117-2']";
    let ground = Ground { since: Some("2026-01-01"), month: Some("2026-03"), kind, stay };
    walk(&mut stage, &ground)?;
    stage.end()
}

/// Makes an account for everybody of the day; each chooses a password.
fn people(stage: &mut Stage) -> Result<()> {
    first_password(stage, "administrator")?;
    for (number, (login, name, role)) in PEOPLE.into_iter().enumerate() {
        stage.go_single("g t")?;
        match number {
            0 => new_account(stage, login, name, role)?,
            _ => stage.quiet(|stage| new_account(stage, login, name, role))?,
        }
    }
    for (login, _, _) in PEOPLE {
        stage.leave_field()?;
        stage.sign_out()?;
        stage.quiet(|stage| first_password(stage, login))?;
    }
    stage.sign_out()
}

/// The stay of the fixture: pneumonia in a patient with diabetes.
fn stay(_: &Stage) -> Result<Wanted> {
    let code = |code: &str| (code.to_owned(), "Y".to_owned());
    Ok(Wanted {
        mrn: charts::MRN.to_owned(),
        diagnoses: vec![code("J18.9"), code("E11.9")],
        procedures: Vec::new(),
        discharged: charts::DISCHARGED.to_owned(),
    })
}
