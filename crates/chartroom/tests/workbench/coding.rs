//! A coder codes an inpatient stay from its note to final codes, by the keyboard alone.

use crate::server::Server;
use crate::stage::Stage;
use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// More keystrokes than this for a stay with a few codes is a fault of the page.
const KEYSTROKES_MAX: u64 = 90;

/// Patients of the demonstration: enough that a stay with few codes waits.
pub const PATIENTS: u32 = 60;

/// What should be found in a stay, and how its row is told in the worklist.
pub struct Wanted {
    pub mrn: String,
    /// Codes with their present-on-admission letters, the principal first.
    pub diagnoses: Vec<(String, String)>,
    pub procedures: Vec<String>,
    pub discharged: String,
}

#[test]
fn a_coder_codes_a_stay_to_its_end() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(PATIENTS)?)?;
    stage.step("sign in", |stage| stage.sign_in("coder"))?;
    code_a_stay(&mut stage, wanted)?;
    stage.end()
}

/// From the worklist to final codes, with the keystrokes counted.
pub fn code_a_stay(stage: &mut Stage, wanted: fn(&Stage) -> Result<Wanted>) -> Result<()> {
    stage.step("the worklist", |stage| {
        stage.go_single("g c")?;
        stage.browser.wait_for_text("Discharged, not final coded")?;
        stage.look("coding-worklist")
    })?;
    let wanted = wanted(stage)?;
    stage.browser.keystrokes_reset();
    stage.step("open the stay", |stage| {
        stage.row(&wanted.mrn)?;
        stage.go("Enter")?;
        stage.browser.wait_for_text("Code an inpatient stay")
    })?;
    let walked_to = stage.browser.keystrokes();
    stage.browser.keystrokes_reset();
    let looked = stage.browser.url()?;
    stage.step("look at it", |stage| stage.look("coding-open"))?;
    for (code, _) in &wanted.diagnoses {
        stage.step("add a diagnosis", |stage| add_diagnosis(stage, code))?;
    }
    for code in &wanted.procedures {
        stage.step("add a procedure", |stage| add_procedure(stage, code))?;
    }
    stage.step("look at the codes", |stage| stage.look("coding-codes"))?;
    stage.step("present on admission", |stage| present(stage, &wanted))?;
    stage.step("make final", |stage| {
        // Saved first, so that the edits look at what was chosen.
        stage.go("Ctrl+Enter")?;
        stage.go_single("Shift+F")?;
        ensure!(stage.browser.url()? == looked, "it stays on the page of the stay");
        stage.browser.wait_for_text("Final version 1")?;
        Ok(())
    })?;
    let keystrokes = stage.browser.keystrokes();
    let codes = wanted.diagnoses.len() + wanted.procedures.len();
    println!("a stay with {codes} codes: {keystrokes} keystrokes, {walked_to} more to open it");
    stage.step("look at final codes", |stage| stage.look("coding-final"))?;
    ensure!(keystrokes <= KEYSTROKES_MAX, "{keystrokes} keystrokes for {codes} codes");
    Ok(())
}

#[test]
fn a_category_leads_to_a_code_by_questions() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(12)?)?;
    stage.step("open a stay", |stage| {
        stage.sign_in("coder")?;
        stage.go_single("g c")?;
        stage.open_first()
    })?;
    stage.step("a category is asked about", |stage| {
        stage.fill("diagnosis", "S52.52")?;
        stage.go("Enter")?;
        stage.browser.wait_for_text("Which side?")?;
        stage.look("coding-walk")
    })?;
    stage.step("the answers lead to a code", |stage| {
        stage.open_first()?;
        stage.browser.wait_for_text("Which encounter?")?;
        stage.open_first()?;
        stage.look("coding-walk-end")?;
        stage.go_single("a")?;
        stage.browser.wait_for_text("S52.521A")
    })?;
    stage.end()
}

/// By the number of its suggestion where the note led to it, else typed.
fn add_diagnosis(stage: &mut Stage, code: &str) -> Result<()> {
    let script = "const add = document.querySelector(`button[name=do][value='add:${arguments[0]}']`); \
        return add?.dataset.key ?? ''";
    let key = stage.browser.run(script, &[Value::from(code)])?;
    match key.as_str().filter(|key| !key.is_empty()) {
        Some(key) => stage.go_single(key)?,
        None => {
            stage.fill("diagnosis", code)?;
            stage.go("Enter")?;
        }
    }
    let listed = format!("select[name=poa-{}]", code.replace('.', ""));
    stage.browser.wait_for(&listed).with_context(|| format!("{code} is in the list"))
}

fn add_procedure(stage: &mut Stage, code: &str) -> Result<()> {
    stage.leave_field()?;
    stage.browser.press("p")?;
    stage.browser.type_text(code)?;
    stage.go("Enter")?;
    stage.browser.wait_for_text(code)
}

fn present(stage: &mut Stage, wanted: &Wanted) -> Result<()> {
    for (code, letter) in wanted.diagnoses.iter().filter(|(_, letter)| !letter.is_empty()) {
        let name = format!("poa-{}", code.replace('.', ""));
        stage.choose(&name, letter)?;
    }
    for place in 0..wanted.procedures.len() {
        stage.fill(&format!("date-{place}"), &wanted.discharged)?;
    }
    Ok(())
}

/// A stay that ended at home, with few codes, and the only one of its patient that waits.
pub fn wanted(stage: &Stage) -> Result<Wanted> {
    let file = stage.server.folder().join("demo").join("truth.json");
    let truth: Value = serde_json::from_slice(&std::fs::read(file)?)?;
    let list = |name: &str| truth[name].as_array().cloned().unwrap_or_default();
    let stays = list("stays");
    let hospital = crate::stage::hospital(u64::from(PATIENTS));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let suited = |coding: &Value| -> Option<Wanted> {
        let stay = stays.iter().find(|stay| stay["encounter"] == coding["encounter"])?;
        let procedures: Vec<String> = coding["procedures"].as_array()?.iter().map(text).collect();
        let secondary = coding["secondary"].as_array()?;
        let patient = hospital.resources.iter().find(|resource| {
            resource["resourceType"] == "Patient" && resource["id"] == stay["patient"]
        })?;
        // Some charts hold faults on purpose: without an age there is no group.
        let is_known = patient["birthDate"].as_str().is_some_and(|born| born.len() == 10);
        let fits = is_known
            && stay["disposition"] == "01"
            && procedures.len() <= 1
            && (1..=5).contains(&secondary.len());
        let mut diagnoses = vec![(text(&coding["principal"]), "Y".to_owned())];
        diagnoses.extend(secondary.iter().map(|one| (text(&one[0]), text(&one[1]))));
        fits.then(|| Wanted {
            mrn: text(&patient["identifier"][0]["value"]),
            diagnoses,
            procedures,
            discharged: text(&stay["discharged"]).chars().take(10).collect(),
        })
    };
    let listed = stage.browser.text_of("table.data")?;
    let all = list("codings");
    let is_listed = |one: &Wanted| {
        let day = one.discharged.parse::<jiff::civil::Date>();
        let day = day.map(|day| day.strftime("%-d %b %Y").to_string()).unwrap_or_default();
        let rows: Vec<&str> = listed.lines().filter(|row| row.contains(&one.mrn)).collect();
        !one.mrn.is_empty() && rows.len() == 1 && rows[0].contains(&day)
    };
    let mut waiting = all.iter().filter_map(suited).filter(is_listed);
    // With a procedure where there is one: it needs more keys.
    let first = waiting.next().context("such a stay waits for codes")?;
    Ok(waiting.chain([first]).max_by_key(|one| one.procedures.len()).expect("there is the first"))
}
