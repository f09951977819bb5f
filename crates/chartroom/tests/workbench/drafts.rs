//! No keystroke is lost: drafts, a broken connection, two windows, the end of an idle session.

use crate::server::Server;
use crate::stage::{Stage, family_name};
use anyhow::{Result, ensure};

const STATE: &str = "return document.querySelector('[data-draft-state]').dataset.state \
    === arguments[0]";

/// Moves the page's clock on.
fn wait_minutes(stage: &Stage, minutes: u32) -> Result<()> {
    let script = "const now = Date.now.bind(Date); \
        Date.now = () => now() + arguments[0] * 60_000";
    stage.browser.run(script, &[minutes.into()])?;
    Ok(())
}

fn saved(stage: &Stage) -> Result<()> {
    stage.browser.wait_until("the draft is saved", STATE, &["saved".into()])
}

#[test]
fn nothing_typed_is_lost() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(6)?)?;
    stage.step("a draft is saved as it is typed", |stage| {
        stage.sign_in("technician")?;
        stage.open_chart(&family_name())?;
        stage.go_single("d")?;
        stage.fill("words", "Fracture of the left wrist")?;
        saved(stage)
    })?;
    stage.step("a broken connection is told, and mended by itself", |stage| {
        stage.browser.set_offline(true)?;
        stage.browser.type_text(", closed")?;
        stage.browser.wait_until("it is told", STATE, &["lost".into()])?;
        stage.look("draft-lost")?;
        stage.browser.set_offline(false)?;
        saved(stage)
    })?;
    stage.step("it is found again after signing in anew", |stage| {
        stage.leave_field()?;
        stage.sign_out()?;
        stage.sign_in("technician")?;
        stage.go_single("g w")?;
        stage.go_single("d")?;
        stage.look("drafts")?;
        stage.open_first()?;
        stage.browser.wait_for_text("restored")?;
        let script = "return document.querySelector('[name=words]').value";
        let held = stage.browser.run(script, &[])?;
        ensure!(held == "Fracture of the left wrist, closed", "the draft holds {held}");
        stage.look("draft-restored")
    })?;
    stage.step("a conflict shows both versions", conflict)?;
    stage.step("an idle session is warned of, and stays by a key", |stage| {
        stage.go_single("g w")?;
        wait_minutes(stage, 14)?;
        stage.browser.wait_for("#session-ending[open]")?;
        stage.look("session-ending")?;
        stage.browser.press("Enter")?;
        stage.browser.wait_for_none("#session-ending")
    })?;
    stage.step("it ends with nothing of a chart in sight", |stage| {
        wait_minutes(stage, 16)?;
        stage.browser.wait_for_url("/sign-in?ended=idle")?;
        stage.ready()?;
        stage.look("session-ended")
    })?;
    stage.end()
}

/// Another window saves the same form; this one is told, and the reader chooses.
fn conflict(stage: &mut Stage) -> Result<()> {
    let script = "const done = arguments[arguments.length - 1]; \
        const form = document.querySelector('form[data-draft-url]'); \
        const body = new URLSearchParams(new FormData(form)); \
        body.set('words', 'Sprain of the left wrist'); \
        fetch(form.dataset.draftUrl, { method: 'POST', body }).then(a => done(a.status))";
    let status = stage.browser.run_until_called(script, &[])?;
    ensure!(status == 204, "the other window's draft is taken: {status}");
    stage.fill("words", "Fracture of both wrists")?;
    stage.browser.wait_until("it is told", STATE, &["conflict".into()])?;
    stage.look("draft-conflict")?;
    let address = stage
        .browser
        .run("return document.querySelector('[data-draft-state] a').getAttribute('href')", &[])?;
    // The link opens another tab, so that what was typed stays here.
    stage.browser.run(
        "window.onbeforeunload = null; \
        document.querySelector('form[data-draft-url]').dispatchEvent(new Event('submit'))",
        &[],
    )?;
    stage.open(address.as_str().unwrap_or_default())?;
    stage.browser.wait_for("table.compare")?;
    stage.look("draft-both")?;
    stage.go("1")?;
    stage.browser.wait_for("[name=words]")
}
