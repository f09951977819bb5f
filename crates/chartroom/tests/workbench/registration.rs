//! A registrar registers with a warning of a duplicate, admits, moves and discharges.

use crate::server::Server;
use crate::stage::{Stage, family_name};
use anyhow::Result;

#[test]
fn a_registrar_admits_and_discharges() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(12)?)?;
    stage.step("a known patient is found", |stage| {
        stage.sign_in("registrar")?;
        stage.look("work-empty")?;
        stage.open_chart(&family_name())?;
        stage.look("patient")
    })?;
    let known = stage.patient()?;
    stage.step("the same person again is warned of", |stage| {
        stage.go_single("g f")?;
        stage.go_single("n")?;
        stage.look("register")?;
        stage.go("Ctrl+Enter")?;
        stage.look("register-refused")?;
        stage.fill("family", &known.family)?;
        stage.fill("given", &known.given)?;
        stage.fill("birth_date", &known.born)?;
        stage.choose("gender", "fem")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for_text("Nothing is saved yet")?;
        stage.look("register-duplicate")
    })?;
    stage.step("registered anyway, with a reason", |stage| {
        stage.fill("anyway", "Twins: the wristband has another number")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for_text("No encounters")?;
        stage.look("patient-empty")
    })?;
    stage.step("demographics are corrected", |stage| {
        stage.go_single("e")?;
        stage.look("demographics")?;
        stage.fill("reason", "Passport shown")?;
        stage.fill("middle", "Quinn")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for_text("Quinn")
    })?;
    stage.step("admitted", |stage| {
        stage.go_single("n")?;
        stage.look("admit")?;
        stage.choose("location", "4 west")?;
        stage.fill("bed", "12")?;
        stage.choose("attending", "pat")?;
        stage.fill("reason", "Chest pain")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for_text("4 West")?;
        stage.look("patient-admitted")
    })?;
    stage.step("moved", |stage| {
        encounter_act(stage, "transfer")?;
        stage.look("transfer")?;
        stage.choose("location", "intensive")?;
        stage.fill("bed", "3")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for_text("Intensive")
    })?;
    stage.step("the class is changed", |stage| {
        encounter_act(stage, "class")?;
        stage.look("change-class")?;
        stage.pick("class", "OBSENC")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for_text("Observation")
    })?;
    stage.step("discharged", |stage| {
        encounter_act(stage, "discharge")?;
        stage.look("discharge")?;
        stage.choose("disposition", "01")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for_text("finished")?;
        stage.look("patient-discharged")
    })?;
    stage.end()
}

/// Goes to what can be done with the open encounter.
fn encounter_act(stage: &mut Stage, event: &str) -> Result<()> {
    stage.tab_to(&format!("main a[href$='/{event}']"))?;
    stage.go("Enter")
}
