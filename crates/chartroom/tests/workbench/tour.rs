//! A first tour: sign in, find, open a chart, read an entry; each page without a fault.

use crate::server::Server;
use anyhow::Result;
use browser::Browser;
use std::path::PathBuf;

const AXE: &str = include_str!("../../../web/tests/vendor/axe/axe.min.js");

/// Where pictures of the pages go, to be looked at.
fn pictures() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
    std::fs::create_dir_all(&folder).expect("the target folder can be written to");
    folder
}

/// Looks at a page: light and dark, wide and narrow, and no violation of accessibility.
pub fn look(browser: &mut Browser, name: &str) -> Result<()> {
    for dark in [false, true] {
        browser.set_dark(dark)?;
        let theme = if dark { "dark" } else { "light" };
        for (width, size) in [(1280, "wide"), (400, "narrow")] {
            browser.set_size(width, 720)?;
            let file = pictures().join(format!("{name}-{theme}-{size}.png"));
            browser.screenshot_whole(&file)?;
        }
        browser.set_size(1280, 720)?;
        let violations = browser.axe(AXE)?;
        assert!(violations.is_empty(), "{name}, {theme}: {violations:#?}");
    }
    browser.set_dark(false)?;
    let complaints = browser.complaints()?;
    assert!(complaints.is_empty(), "{name}: the browser complains: {complaints:?}");
    Ok(())
}

/// Signs somebody in by the keyboard.
pub fn sign_in(browser: &mut Browser, server: &Server, login: &str) -> Result<()> {
    browser.goto(&format!("{}/sign-in", server.address))?;
    browser.wait_for("input[name=login]")?;
    browser.type_text(login)?;
    browser.press("Tab")?;
    browser.type_text(&server.passwords[login])?;
    browser.press("Enter")?;
    browser.wait_for_url("/work")?;
    Ok(())
}

/// The family name of the hospital's first patient. It depends on the seed alone.
pub fn family_name() -> String {
    let today = jiff::civil::date(2026, 1, 1);
    let options = synthetic::Options { patients: 1, seed: 1, today };
    let hospital = synthetic::Hospital::generate(options);
    let patient = hospital.resources.iter().find(|r| r["resourceType"] == "Patient");
    let name = patient.and_then(|r| r["name"][0]["family"].as_str());
    name.expect("a hospital of one has a patient with a name").to_owned()
}

#[test]
fn a_technician_finds_and_reads_a_chart() -> Result<()> {
    let server = Server::start(30)?;
    let mut browser = Browser::start()?;
    browser.goto(&format!("{}/sign-in", server.address))?;
    browser.wait_for("input[name=login]")?;
    look(&mut browser, "sign-in")?;
    sign_in(&mut browser, &server, "technician")?;
    look(&mut browser, "work")?;
    browser.press("g f")?;
    browser.wait_for_url("/find")?;
    look(&mut browser, "find-empty")?;
    browser.type_text(&family_name())?;
    browser.press("Enter")?;
    browser.wait_for("table.data a.row-link")?;
    look(&mut browser, "find-results")?;
    browser.press("j")?;
    browser.press("Enter")?;
    browser.wait_for_url("/chart/")?;
    look(&mut browser, "chart")?;
    browser.press("3")?;
    browser.wait_for_url("/diagnoses")?;
    look(&mut browser, "chart-diagnoses")?;
    Ok(())
}
