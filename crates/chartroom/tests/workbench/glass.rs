//! A chart is labelled, found by nobody else, opened by broken glass, and reviewed.

use crate::server::Server;
use crate::stage::{Identity, Stage, family_name, hospital};
use anyhow::{Result, ensure};

#[test]
fn glass_is_broken_and_reviewed() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(12)?)?;
    let mut found = None;
    stage.step("a supervisor labels a chart", |stage| {
        stage.sign_in("supervisor")?;
        stage.look("work-supervisor")?;
        stage.open_chart(&family_name())?;
        found = Some(stage.patient()?);
        stage.go_single("l")?;
        stage.look("labels")?;
        stage.choose("class", "vip")?;
        stage.fill("source", "Asked for by the patient")?;
        stage.go("Ctrl+Enter")?;
        stage.sign_out()
    })?;
    let Some(patient) = found else { anyhow::bail!("the chart has a banner") };
    stage.step("it is absent, and the glass is broken", |stage| break_glass(stage, &patient))?;
    stage.step("the privacy officer reviews", review)?;
    stage.step("what may be hidden in an open chart is opened from it", within)?;
    stage.step("the privacy officer comes back", |stage| stage.hand_over("privacy"))?;
    stage.step("the trail is searched", trail)?;
    stage.step("who opened the chart", |stage| {
        stage.tab_to("main a[href^='/audit/patient/']")?;
        stage.go("Enter")?;
        stage.browser.wait_for_text("Who opened this chart")?;
        stage.look("audit-patient")
    })?;
    stage.step("the chain is verified", |stage| {
        stage.go_single("g a")?;
        stage.go_single("c")?;
        stage.look("chain")?;
        stage.go_single("v")?;
        stage.browser.wait_for_text("What is vouched for")?;
        stage.look("verification")?;
        stage.go_single("v")?;
        stage.browser.wait_for_text("What is vouched for")
    })?;
    stage.end()
}

fn break_glass(stage: &mut Stage, patient: &Identity) -> Result<()> {
    stage.sign_in("technician")?;
    stage.find(&patient.mrn)?;
    stage.browser.wait_for_text("Nobody was found")?;
    stage.tab_to("main a[href='/glass']")?;
    stage.go("Enter")?;
    stage.look("glass")?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for("#error-summary")?;
    stage.look("glass-refused")?;
    stage.fill("mrn", &patient.mrn)?;
    stage.fill("birth_date", &patient.born)?;
    stage.pick("kind", "continuity")?;
    stage.fill("reason", "The receiving hospital calls about the medication")?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for_url("/chart/")?;
    let banner = stage.browser.text_of(".banner")?;
    ensure!(banner.contains("Glass broken"), "the banner says so: {banner}");
    stage.look("chart-glass")?;
    stage.sign_out()
}

/// The glass of a chart that is open: offered on every chart, with the reason alone.
fn within(stage: &mut Stage) -> Result<()> {
    stage.hand_over("technician")?;
    let hospital = hospital(12);
    let families = || {
        let is_open = |one: &&serde_json::Value| {
            one["resourceType"] == "Patient" && one["meta"]["security"].is_null()
        };
        let patients = hospital.resources.iter().filter(is_open);
        patients.filter_map(|one| one["name"][0]["family"].as_str())
    };
    let is_once = |family: &&str| families().filter(|other| other == family).count() == 1;
    let other = families().filter(is_once).find(|family| *family != family_name());
    let Some(other) = other else { anyhow::bail!("a hospital of twelve has another patient") };
    stage.open_chart(other)?;
    stage.go_single("Shift+G")?;
    stage.look("glass-within")?;
    stage.pick("kind", "record-safety")?;
    stage.fill("reason", "A letter of somebody else seems to be in this chart")?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for_url("/chart/")?;
    let banner = stage.browser.text_of(".banner")?;
    ensure!(banner.contains("Glass broken"), "the banner says so: {banner}");
    stage.look("chart-glass-within")
}

fn review(stage: &mut Stage) -> Result<()> {
    stage.sign_in("privacy")?;
    stage.look("work-privacy")?;
    stage.row("Review broken glass")?;
    stage.go("Enter")?;
    stage.look("glass-review")?;
    stage.fill("note", "The call is noted in the chart.")?;
    stage.go_single("Shift+A")?;
    stage.browser.wait_for_text("appropriate")?;
    stage.look("glass-reviewed")
}

fn trail(stage: &mut Stage) -> Result<()> {
    stage.go_single("g a")?;
    stage.look("audit")?;
    stage.fill("action", "glass")?;
    stage.go("Enter")?;
    stage.browser.wait_for_text("glass.break")?;
    stage.look("audit-filtered")?;
    stage.row("glass.break")?;
    stage.go("Enter")?;
    stage.look("audit-entry")
}
