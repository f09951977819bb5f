//! A chart whose time has ended is destroyed by two persons; what the import found is read first.

use crate::administration::{first_password, new_account};
use crate::server::Server;
use crate::stage::Stage;
use anyhow::{Result, ensure};
use serde_json::{Value, json};

const FAMILY: &str = "Oldfield";

/// The chart of an adult who was here last in 1999, and a line that is no record.
fn lines() -> String {
    let subject = json!({"reference": "Patient/old"});
    let encounter = json!({"reference": "Encounter/old-e"});
    let records: [Value; 3] = [
        json!({"resourceType": "Patient", "id": "old", "gender": "female",
               "birthDate": "1930-02-03", "name": [{"family": FAMILY, "given": ["Ada"]}],
               "identifier": [{"type": {"coding": [{"code": "MR",
                    "system": "http://terminology.hl7.org/CodeSystem/v2-0203"}]},
                    "system": "urn:oid:2.999.1", "value": "770001"}]}),
        json!({"resourceType": "Encounter", "id": "old-e", "status": "finished",
               "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                         "code": "AMB"}, "subject": subject,
               "period": {"start": "1999-03-04T10:00:00Z", "end": "1999-03-04T10:30:00Z"}}),
        json!({"resourceType": "Condition", "id": "old-c", "subject": subject,
               "encounter": encounter, "code": {"text": "Sprain of the ankle"}}),
    ];
    let mut text: String = records.iter().map(|record| format!("{record}\n")).collect();
    text.push_str("{\"resourceType\":\"Condition\",\"id\":\n");
    text
}

#[test]
fn a_chart_is_destroyed_by_two_persons() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("old.ndjson");
    std::fs::write(&path, lines())?;
    let (server, said) = Server::of_import(folder, &[path])?;
    let said: Value = serde_json::from_str(&said)?;
    ensure!(said["findings"] == 1, "{said}");
    let mut stage = Stage::new(server)?;
    stage.step("people are given accounts", people)?;
    stage.step("the administrator reads what was found", |stage| {
        stage.sign_in("administrator")?;
        stage.open("/administration/imports")?;
        stage.look("imports")?;
        stage.open_first()?;
        stage.browser.wait_for_text("old.ndjson")?;
        stage.look("import-findings")
    })?;
    stage.step("a technician lists the chart", |stage| {
        stage.hand_over("tessa")?;
        stage.go_single("g e")?;
        stage.browser.wait_for_text(FAMILY)?;
        stage.look("retention")?;
        stage.tick("main input[name=patient]")?;
        stage.go_single("p")?;
        stage.browser.wait_for_text("proposed")?;
        stage.look("retention-proposed")
    })?;
    stage.step("the privacy officer approves", |stage| {
        stage.hand_over("petra")?;
        stage.look("work-destruction")?;
        stage.go_single("g e")?;
        stage.go_single("2")?;
        stage.open_first()?;
        stage.look("retention-case")?;
        stage.go_single("a")?;
        stage.look("retention-approved")
    })?;
    stage.step("the technician carries it out", carried_out)?;
    stage.step("what is left", |stage| {
        stage.open_chart(FAMILY)?;
        stage.look("retention-card")?;
        let left = stage.browser.text_of("main")?;
        ensure!(!left.contains("Sprain"), "the chart is gone: {left}");
        Ok(())
    })?;
    stage.end()
}

fn people(stage: &mut Stage) -> Result<()> {
    first_password(stage, "administrator")?;
    let people =
        [("tessa", "Tessa Real", "technician"), ("petra", "Petra Privacy", "privacy-officer")];
    for (login, name, role) in people {
        stage.go_single("g t")?;
        stage.quiet(|stage| new_account(stage, login, name, role))?;
    }
    for (login, _, _) in people {
        stage.leave_field()?;
        stage.sign_out()?;
        stage.quiet(|stage| first_password(stage, login))?;
    }
    stage.sign_out()
}

fn carried_out(stage: &mut Stage) -> Result<()> {
    stage.hand_over("tessa")?;
    stage.go_single("g e")?;
    stage.go_single("3")?;
    stage.open_first()?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for("#error-summary")?;
    stage.look("retention-refused")?;
    stage.pick("paper", "none")?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for_text("Certificate")?;
    stage.look("retention-destroyed")
}
