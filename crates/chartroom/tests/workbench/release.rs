//! A patient's request goes from the log to sensitive review; another is held with its letter.

use crate::server::Server;
use crate::stage::Stage;
use anyhow::Result;

#[test]
fn requests_are_logged_judged_and_held() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(12)?)?;
    stage.sign_in("release")?;
    stage.step("a patient's request is logged", |stage| {
        log(stage, "the individual", "in person")?;
        stage.browser.wait_for_text("45 CFR 164.524(b)(2)")?;
        stage.look("release-received")
    })?;
    stage.step("the patient is identified", identify)?;
    stage.step("access is validated without a form", validate)?;
    stage.step("documents are chosen", |stage| {
        stage.go_single("n")?;
        stage.look("release-documents")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for_text("goes out")?;
        stage.go_single("n")?;
        stage.look("release-review")
    })?;
    stage.step("the accounting is asked for and given", |stage| {
        stage.go_single("a")?;
        stage.tab_to("form[action$='/ask'] button")?;
        stage.go("Enter")?;
        stage.look("release-accounting")?;
        stage.tab_to("form[action$='/give'] button")?;
        stage.go("Enter")?;
        stage.browser.wait_for_text("There are none.")
    })?;
    stage.step("a defective authorization is held", hold)?;
    stage.step("the lists", |stage| {
        stage.go_single("g r")?;
        stage.go_single("2")?;
        stage.look("release-list")?;
        stage.go_single("l")?;
        stage.look("release-letters")
    })?;
    stage.end()
}

pub fn log(stage: &mut Stage, kind: &str, channel: &str) -> Result<()> {
    stage.go_single("g r")?;
    stage.go_single("n")?;
    stage.choose("kind", kind)?;
    stage.fill("name", "Jane Example")?;
    stage.choose("channel", channel)?;
    stage.fill("asked_for", "The notes of the last stay")?;
    stage.look("release-new")?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for_text("No record is shown before the patient is identified")
}

pub fn identify(stage: &mut Stage) -> Result<()> {
    stage.leave_field()?;
    stage.browser.press("p")?;
    let family = stage.family.clone();
    stage.browser.type_text(&family)?;
    stage.go("Enter")?;
    stage.look("release-identify")?;
    stage.tab_to("main table button")?;
    stage.go("Enter")?;
    stage.browser.wait_for(".banner")
}

pub fn choose_basis(stage: &mut Stage, words: &str) -> Result<()> {
    stage.choose("basis", words)?;
    stage.tab_to("form[action$='/basis'] button")?;
    stage.go("Enter")
}

fn verify(stage: &mut Stage, proof: &str, authority: &str) -> Result<()> {
    stage.tick(&format!("input[name=identity][value={proof}]"))?;
    stage.choose("authority", authority)?;
    stage.tab_to("form[action$='/verify'] button")?;
    stage.go("Enter")
}

/// The patient asks for the own record: no form is needed.
pub fn validate(stage: &mut Stage) -> Result<()> {
    choose_basis(stage, "access by")?;
    verify(stage, "photo-id", "for them")?;
    stage.choose("answer-individual", "yes")?;
    stage.choose("answer-directive", "no")?;
    stage.look("release-checklist")?;
    stage.go_single("s")?;
    stage.go_single("v")?;
    stage.browser.wait_for_text("Choose documents")
}

fn hold(stage: &mut Stage) -> Result<()> {
    log(stage, "attorney", "fax")?;
    identify(stage)?;
    choose_basis(stage, "authorization")?;
    stage.choose("answer-description", "yes")?;
    stage.choose("answer-signature", "no")?;
    stage.go_single("s")?;
    stage.go_single("h")?;
    stage.browser.wait_for_text("On hold")?;
    stage.look("release-held")?;
    stage.tab_to("main a[href^='/release/letter/']")?;
    stage.go("Enter")?;
    stage.browser.wait_for_text("Sign the authorization.")?;
    stage.look("release-letter")?;
    stage.go_single("s")
}
