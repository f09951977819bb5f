//! A real store: charts come in by import, accounts are made, and what came in is read.

use crate::administration::{first_password, new_account};
use crate::server::Server;
use crate::stage::{Stage, family_name, hospital};
use anyhow::{Result, ensure};
use serde_json::{Value, json};

#[test]
fn what_was_imported_is_found_and_read() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let hospital = hospital(4);
    let paths = [folder.path().join("charts.ndjson"), folder.path().join("scan")];
    let lines: Vec<String> = hospital.resources.iter().map(Value::to_string).collect();
    std::fs::write(&paths[0], lines.join("\n"))?;
    let scan = hospital.scans.first().map(|scan| scan.bytes.clone()).unwrap_or_default();
    std::fs::write(&paths[1], scan)?;
    let (server, said) = Server::of_import(folder, &paths)?;
    let mut stage = Stage::new(server)?;
    stage.step("the import says what it holds", |_| {
        let said: Value = serde_json::from_str(&said)?;
        let patients = hospital.resources.iter().filter(|r| r["resourceType"] == "Patient").count();
        ensure!(said["resources"]["Patient"] == json!(patients), "{said}");
        ensure!(said["documents"] == 1 && said["findings"] == 0, "{said}");
        Ok(())
    })?;
    stage.step("the first administrator", |stage| {
        first_password(stage, "administrator")?;
        stage.go_single("g t")?;
        new_account(stage, "tessa", "Tessa Real", "technician")?;
        stage.sign_out()
    })?;
    stage.step("the technician reads what came in", |stage| {
        first_password(stage, "tessa")?;
        stage.open_chart(&family_name())?;
        stage.look("imported-chart")?;
        stage.go_single("9")?;
        stage.open_first()?;
        stage.browser.wait_for_text("Came from outside")
    })?;
    stage.step("files are brought", |stage| {
        stage.go_single("g d")?;
        let file = stage.server.folder().join("letter.txt");
        std::fs::write(&file, "Letter of a clinic elsewhere.\nThe knee is healing well.\n")?;
        stage.browser.choose_file("#field-files", &file)?;
        stage.look("documents-bring")?;
        stage.go_single("Shift+U")?;
        stage.browser.wait_for_text("1 document was brought")?;
        stage.look("documents-brought")
    })?;
    stage.step("the scan waits for its index", |stage| {
        stage.go_single("g d")?;
        stage.go_single("n")?;
        stage.browser.wait_for("section.viewer")
    })?;
    stage.end()
}
