//! A coder codes an inpatient stay from its note to final codes, by the keyboard alone.

use crate::server::Server;
use crate::stage::Stage;
use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// More keystrokes than this for a stay with a few codes is a fault of the page.
const KEYSTROKES_MAX: u64 = 90;

/// What should be found in a stay, and how its row is told in the worklist.
struct Wanted {
    mrn: String,
    /// Codes with their present-on-admission letters, the principal first.
    diagnoses: Vec<(String, String)>,
    procedures: Vec<String>,
    discharged: String,
}

#[test]
fn a_coder_codes_a_stay_to_its_end() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(24)?)?;
    stage.step("the worklist", |stage| {
        stage.sign_in("coder")?;
        stage.go_single("g c")?;
        stage.browser.wait_for_text("Discharged, not final coded")?;
        stage.look("coding-worklist")
    })?;
    let wanted = wanted(&stage)?;
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
    stage.end()
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

/// A stay of the worklist that ended at home, with few codes and no other stay of its patient.
fn wanted(stage: &Stage) -> Result<Wanted> {
    let file = stage.server.folder().join("demo").join("truth.json");
    let truth: Value = serde_json::from_slice(&std::fs::read(file)?)?;
    let list = |name: &str| truth[name].as_array().cloned().unwrap_or_default();
    let stays = list("stays");
    let hospital = crate::stage::hospital(24);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let suited = |coding: &Value| -> Option<Wanted> {
        let stay = stays.iter().find(|stay| stay["encounter"] == coding["encounter"])?;
        let of_patient = stays.iter().filter(|other| other["patient"] == stay["patient"]);
        let inpatient = of_patient.filter(|other| other["class"] == "IMP").count();
        let procedures: Vec<String> = coding["procedures"].as_array()?.iter().map(text).collect();
        let secondary = coding["secondary"].as_array()?;
        let fits = inpatient == 1
            && stay["disposition"] == "01"
            && procedures.len() <= 1
            && (1..=5).contains(&secondary.len());
        let patient = hospital.resources.iter().find(|resource| {
            resource["resourceType"] == "Patient" && resource["id"] == stay["patient"]
        })?;
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
    let mut waiting = all.iter().filter_map(suited).filter(|one| listed.contains(&one.mrn));
    // With a procedure where there is one: it needs more keys.
    let first = waiting.next().context("such a stay waits for codes")?;
    Ok(waiting.chain([first]).max_by_key(|one| one.procedures.len()).expect("there is the first"))
}
