//! A technician indexes a scan, takes the index back, sets one aside.

use crate::server::Server;
use crate::stage::{Stage, family_name};
use anyhow::{Result, ensure};

#[test]
fn a_technician_indexes_documents() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(12)?)?;
    stage.step("the queue", |stage| {
        stage.sign_in("technician")?;
        stage.go("g d")?;
        stage.look("documents")
    })?;
    stage.step("the next is taken", |stage| {
        stage.go_single("n")?;
        stage.browser.wait_for("section.viewer")?;
        stage.look("document")
    })?;
    stage.step("a patient is chosen", |stage| choose_patient(stage, &family_name()))?;
    stage.step("indexed", index)?;
    stage.step("undone by u", |stage| {
        stage.go_single("u")?;
        stage.browser.wait_for_text("Index a document")
    })?;
    stage.step("set aside", |stage| {
        stage.leave_field()?;
        stage.browser.press("a")?;
        ensure!(stage.browser.is_focused("select[name=reason]")?, "a goes to the reason");
        stage.browser.press("Down Escape")?;
        stage.go("Shift+A")?;
        stage.browser.wait_for_text("set aside")?;
        stage.go_single("g d")?;
        stage.go_single("2")?;
        stage.look("documents-aside")
    })?;
    stage.end()
}

/// Finds the patient of the document that is open.
pub fn choose_patient(stage: &mut Stage, family: &str) -> Result<()> {
    stage.leave_field()?;
    stage.browser.press("p")?;
    stage.browser.type_text(family)?;
    stage.go("Enter")?;
    stage.look("document-found")?;
    stage.row(family)?;
    stage.go("Enter")?;
    stage.browser.wait_for(".banner")?;
    stage.look("document-index")
}

/// Indexes the document that is open: refused before it was compared, taken then.
pub fn index(stage: &mut Stage) -> Result<()> {
    stage.combobox("loinc", "discharge summary")?;
    stage.fill("date", "2026-01-05")?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for("#error-summary")?;
    stage.look("document-index-refused")?;
    stage.tick("input[name=same]")?;
    stage.go("Shift+Tab Ctrl+Enter")?;
    stage.browser.wait_for_text("The document was indexed")?;
    stage.look("document-next")
}
