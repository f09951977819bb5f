//! A technician finds a chart, reads all of it, enters, corrects and appends; a provider signs.

use crate::server::Server;
use crate::stage::{Stage, family_name};
use anyhow::{Result, ensure};

#[test]
fn a_technician_reads_and_corrects_a_record() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(24)?)?;
    stage.step("sign in", |stage| {
        stage.open("/sign-in")?;
        stage.look("sign-in")?;
        stage.fill("login", "technician")?;
        stage.fill("password", "not the password")?;
        stage.go("Enter")?;
        stage.look("sign-in-refused")?;
        stage.sign_in("technician")
    })?;
    stage.step("my work and the keys", |stage| {
        stage.look("work")?;
        stage.browser.press("?")?;
        stage.browser.wait_for("#key-help[open]")?;
        stage.look("keys")?;
        stage.browser.press("Escape")?;
        stage.browser.wait_for_none("#key-help")
    })?;
    stage.step("find", find)?;
    stage.step("read the chart", read_chart)?;
    stage.step("search in the chart", |stage| {
        stage.leave_field()?;
        stage.browser.press("s")?;
        stage.browser.type_text("pain")?;
        stage.go("Enter")?;
        stage.browser.wait_for_text("Found in this chart")?;
        stage.look("chart-search")
    })?;
    stage.step("forms of every kind", forms)?;
    stage.step("enter a diagnosis", enter)?;
    stage.step("correct it", correct)?;
    stage.step("enter a note", note)?;
    stage.step("mark as entered in error", |stage| {
        stage.go_single("x")?;
        stage.look("entry-error")?;
        stage.fill("reason", "Dictated for another patient")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for_text("History")?;
        stage.look("entry-in-error")
    })?;
    stage.step("sign out", Stage::sign_out)?;
    stage.step("a provider authenticates", |stage| {
        stage.sign_in("provider")?;
        stage.look("work-provider")?;
        stage.go("a")?;
        stage.look("authenticate")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for_text("Authenticate")
    })?;
    stage.end()
}

fn find(stage: &mut Stage) -> Result<()> {
    stage.go("g f")?;
    stage.look("find")?;
    stage.browser.type_text("zzyzx qqq")?;
    stage.go("Enter")?;
    stage.look("find-nobody")?;
    stage.find(&family_name())?;
    stage.browser.wait_for("table.data a.row-link")?;
    stage.look("find-results")?;
    stage.browser.keystrokes_reset();
    stage.open_chart(&family_name())?;
    let keys = stage.browser.keystrokes() - family_name().len() as u64;
    ensure!(keys <= 5, "a chart is open {keys} keys beside the name: / Enter j Enter");
    Ok(())
}

pub fn read_chart(stage: &mut Stage) -> Result<()> {
    stage.look("chart")?;
    for (key, part) in [
        ("2", "documents"),
        ("3", "diagnoses"),
        ("4", "allergies"),
        ("5", "medications"),
        ("6", "immunizations"),
        ("7", "observations"),
        ("8", "procedures"),
        ("9", "everything"),
    ] {
        stage.go_single(key)?;
        stage.look(&format!("chart-{part}"))?;
    }
    stage.open_first()?;
    stage.browser.wait_for_text("History")?;
    stage.look("entry")?;
    stage.go("Home")?;
    stage.browser.wait_for_url("/chart/")
}

fn forms(stage: &mut Stage) -> Result<()> {
    for (key, kind) in [
        ("n", "note"),
        ("d", "diagnosis"),
        ("a", "allergy"),
        ("m", "medication"),
        ("i", "immunization"),
        ("v", "vital-signs"),
    ] {
        stage.go_single(key)?;
        stage.look(&format!("new-{kind}"))?;
        stage.go_single("b")?;
        stage.browser.wait_for_url("/chart/")?;
    }
    stage.go_single("v")?;
    stage.fill("taken_at", "yesterday")?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for("#error-summary")?;
    stage.look("new-vital-signs-refused")?;
    // A refused form holds what was typed, and is left as it was found.
    stage.go_single("b")
}

pub fn enter(stage: &mut Stage) -> Result<()> {
    stage.go_single("d")?;
    stage.fill("words", "Type 2 diabetes mellitus")?;
    stage.combobox("code", "type 2 diabetes without complications")?;
    stage.tick("input[name=is_problem]")?;
    stage.fill("author_name", "Casey Outside MD")?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for_url("/entry/")?;
    stage.browser.wait_for_text("Type 2 diabetes")?;
    stage.look("entry-diagnosis")
}

pub fn correct(stage: &mut Stage) -> Result<()> {
    stage.go_single("e")?;
    stage.look("entry-correct")?;
    stage.fill("reason", "Read from the wrong line")?;
    stage.fill("words", "Type 1 diabetes mellitus")?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for_text("Version 2")?;
    stage.browser.wait_for_text("Type 1 diabetes mellitus")?;
    stage.browser.wait_for_text("Read from the wrong line")?;
    stage.look("entry-corrected")?;
    stage.go("Home")
}

fn note(stage: &mut Stage) -> Result<()> {
    stage.go_single("n")?;
    stage.combobox("loinc", "progress note")?;
    stage.tab_to("main textarea[name=text]")?;
    stage.browser.type_text("Slept well. No pain. Walks without help.")?;
    stage.choose("author", "pat provider")?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for_url("/entry/")?;
    stage.look("entry-note")?;
    stage.go_single("a")?;
    stage.look("entry-addendum")?;
    stage.tab_to("main textarea[name=text]")?;
    stage.browser.type_text("Went home in the afternoon.")?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for_text("Went home in the afternoon.")?;
    stage.go_single("l")?;
    stage.look("entry-late")?;
    stage.go_single("b")
}
