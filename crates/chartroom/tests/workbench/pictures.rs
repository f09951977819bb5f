//! The pictures of the guide, taken of the demonstration. `cargo xtask pictures` keeps them.

use crate::day;
use crate::server::Server;
use crate::stage::{Stage, family_name};
use anyhow::{Result, ensure};
use std::path::PathBuf;

/// The largest picture, in bytes: a manual is read over slow lines, too.
const BYTES_MAX: u64 = 150_000;

/// Takes a picture of what is in sight.
fn take(stage: &Stage, name: &str) -> Result<()> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pictures");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{name}.png"));
    stage.browser.screenshot_small(&file)?;
    let size = std::fs::metadata(&file)?.len();
    ensure!(size < BYTES_MAX, "{name}.png has {size} bytes");
    Ok(())
}

#[test]
fn pictures_of_the_guide() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(60)?)?;
    stage.step("the chart", |stage| {
        stage.sign_in("technician")?;
        take(stage, "work")?;
        stage.open_chart(&family_name())?;
        take(stage, "chart")?;
        stage.go_single("2")?;
        stage.open_first()?;
        take(stage, "entry")?;
        stage.go("Home")?;
        stage.go_single("v")?;
        take(stage, "vital-signs")
    })?;
    let known = stage.patient()?;
    stage.step("a duplicate", |stage| {
        stage.go_single("g f")?;
        stage.go_single("n")?;
        stage.fill("family", &known.family)?;
        stage.fill("given", &known.given)?;
        stage.fill("birth_date", &known.born)?;
        stage.choose("gender", "male")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.run("window.scrollTo(0, 0)", &[])?;
        take(stage, "duplicate")
    })?;
    stage.step("a document", |stage| {
        stage.go_single("g d")?;
        stage.go_single("n")?;
        stage.leave_field()?;
        stage.browser.press("p")?;
        stage.browser.type_text(&known.family)?;
        stage.go("Enter")?;
        stage.open_first()?;
        take(stage, "index")
    })?;
    stage.step("a report", |stage| {
        stage.sign_in("analyst")?;
        stage.go_single("g p")?;
        take(stage, "reports")?;
        stage.open_first()?;
        take(stage, "census")
    })?;
    desks(&mut stage)?;
    stage.end()
}

/// One picture of what each of the other desks is for.
fn desks(stage: &mut Stage) -> Result<()> {
    stage.step("a possible duplicate", |stage| {
        stage.sign_in("technician")?;
        stage.go_single("g i")?;
        stage.open_first()?;
        take(stage, "pair")
    })?;
    stage.step("coding", |stage| {
        stage.sign_in("coder")?;
        stage.go_single("g c")?;
        stage.open_first()?;
        take(stage, "coding")
    })?;
    stage.step("release", |stage| {
        stage.sign_in("release")?;
        stage.go_single("g r")?;
        take(stage, "release")?;
        stage.passing(|stage| {
            day::prepare(stage, "main input[name=kinds][value='34117-2']")?;
            day::open_review(stage)?;
            day::withhold(stage)
        })?;
        take(stage, "redaction")
    })?;
    stage.step("completion and integrity", |stage| {
        stage.sign_in("supervisor")?;
        stage.go_single("g o")?;
        stage.go_single("3")?;
        take(stage, "completion")?;
        stage.go_single("g n")?;
        take(stage, "integrity")
    })?;
    stage.step("administration", |stage| {
        stage.sign_in("administrator")?;
        stage.go_single("g t")?;
        take(stage, "administration")
    })
}
