//! The pages of record, coding and administration that no other journey opens, each looked at
//! once: what sign-in says, the team, the outpatient page, code sets, every kind of rule.

use crate::server::Server;
use crate::stage::{Stage, family_name};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;

/// Kinds of rules under which a site enters rules of its own.
const OPEN_ENDED: [&str; 5] = ["checklist", "clock", "fee-schedule", "retention", "completion"];

/// So many wrong passwords lock an account.
const WRONG_PASSWORDS_MAX: usize = 5;

#[test]
fn an_administrator_reads_and_changes_rules_and_code_sets() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(6)?)?;
    stage.step("sign-in is refused for a while", locked)?;
    stage.step("the lock is seen and ended", |stage| {
        stage.sign_in("administrator")?;
        stage.row("Audre Auditor")?;
        stage.go("Enter")?;
        stage.look("person-locked")?;
        stage.go_single("Shift+U")?;
        stage.browser.wait_for_text("active")
    })?;
    stage.step("an account is refused", |stage| {
        stage.open("/administration/people/new")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for("#error-summary")?;
        stage.look("account-refused")
    })?;
    stage.step("a facility is refused, and keeps what was typed", |stage| {
        stage.open("/administration/facilities")?;
        stage.tab_to("#facility-name")?;
        stage.browser.type_text("Lakeside Clinic")?;
        stage.fill("time_zone", "Central time")?;
        stage.go("Enter")?;
        stage.browser.wait_for("#error-summary")?;
        let kept =
            stage.browser.run("return document.querySelector('#facility-name').value", &[])?;
        ensure!(kept == "Lakeside Clinic", "the name is kept: {kept}");
        stage.look("facilities-refused")
    })?;
    stage.step("code sets", code_sets)?;
    stage.step("every kind of rule", rules)?;
    stage.step("a setting is superseded", |stage| {
        stage.open("/administration/rules/setting/bill-hold-days")?;
        stage.fill("from", "2026-07-01")?;
        stage.fill("value", "400")?;
        stage.fill("citation", "Finance committee")?;
        stage.fill("reason", "Agreed with the payers")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for("#error-summary")?;
        stage.look("rule-refused")?;
        stage.fill("value", "5")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for_text("Nothing is entered yet.")?;
        stage.look("rule-change")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for_text("Agreed with the payers")?;
        stage.look("rule-entered")
    })?;
    stage.end()
}

/// Wrong passwords until the account is locked.
fn locked(stage: &mut Stage) -> Result<()> {
    stage.open("/sign-in")?;
    let password = stage.server.passwords.get("auditor").cloned();
    let password = password.context("the auditor has a password")?;
    let wrong = std::iter::repeat_n("not the password", WRONG_PASSWORDS_MAX);
    // Then the right one is refused as the wrong ones were.
    for given in wrong.chain([&password[..]]) {
        stage.fill("login", "auditor")?;
        stage.fill("password", given)?;
        stage.go("Enter")?;
        stage.browser.wait_for_text("refused for 15 minutes")?;
    }
    stage.look("sign-in-locked")
}

/// What is loaded, a file that is refused, one that is looked at and then loaded.
fn code_sets(stage: &mut Stage) -> Result<()> {
    stage.open("/administration/code-sets")?;
    stage.look("code-sets")?;
    let file = stage.server.folder().join("list.txt");
    std::fs::write(&file, "Minutes of the form committee\nNothing was decided\n")?;
    stage.browser.choose_file("#field-file", &file)?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for("#error-summary")?;
    stage.look("code-sets-refused")?;
    std::fs::write(&file, "FY 2026 POA Exempt List\nZ79.4\tLong term use of insulin\n")?;
    stage.browser.choose_file("#field-file", &file)?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for_text("Only looked at")?;
    stage.look("code-sets-checked")?;
    stage.browser.choose_file("#field-file", &file)?;
    stage.go_single("Shift+L")?;
    stage.browser.wait_for_text("answers from now on")?;
    stage.look("code-sets-loaded")
}

/// The list, one rule of each kind, the form of a new one where there is any.
fn rules(stage: &mut Stage) -> Result<()> {
    stage.open("/administration/rules")?;
    stage.look("rules")?;
    let script = "return [...document.querySelectorAll('main table a')]\
        .map(link => link.getAttribute('href'))";
    let listed: Vec<String> = serde_json::from_value(stage.browser.run(script, &[])?)?;
    let mut seen = BTreeSet::new();
    for address in listed {
        let kind = address.split('/').nth(3).context("an address names the kind")?.to_owned();
        if seen.insert(kind.clone()) {
            stage.open(&address)?;
            stage.look(&format!("rule-{kind}"))?;
        }
    }
    ensure!(seen.len() == 6, "a rule of each shipped kind is listed: {seen:?}");
    for kind in OPEN_ENDED {
        stage.open(&format!("/administration/rules/{kind}/new"))?;
        stage.look(&format!("rule-{kind}-new"))?;
    }
    Ok(())
}

#[test]
fn a_supervisor_sees_the_team() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(12)?)?;
    stage.step("the team", |stage| {
        stage.sign_in("supervisor")?;
        stage.open("/work/team")?;
        stage.look("team")
    })?;
    stage.step("late items alone", |stage| {
        stage.open("/work/team?late=yes")?;
        stage.look("team-late")
    })?;
    stage.step("an item is ticked", |stage| {
        stage.open("/work/team")?;
        stage.tick("main input[type=checkbox][name=item]")?;
        stage.look("team-ticked")
    })?;
    stage.end()
}

#[test]
fn a_coder_opens_an_outpatient_encounter() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(12)?)?;
    stage.step("the outpatient worklist", |stage| {
        stage.sign_in("coder")?;
        stage.go_single("g c")?;
        stage.go_single("2")?;
        stage.browser.wait_for_url("/coding/outpatient")?;
        stage.look("coding-outpatient-worklist")
    })?;
    stage.step("its page says what is not checked", |stage| {
        stage.open_first()?;
        let said = stage.browser.text_of("main")?;
        for words in ["Code an outpatient encounter", "I/OCE", "APC", "first-listed"] {
            ensure!(said.contains(words), "the page says {words}");
        }
        let asked = stage.browser.count("select[name^=poa-]")?;
        ensure!(asked == 0, "nothing is asked about admission");
        stage.look("coding-outpatient")
    })?;
    stage.step("codes by their form", |stage| {
        stage.fill("diagnosis", "J06.9")?;
        stage.go("Enter")?;
        stage.browser.wait_for_text("J06.9")?;
        stage.look("coding-outpatient-codes")?;
        stage.fill("service", "99213")?;
        stage.go("Enter")?;
        stage.browser.wait_for_text("99213")?;
        stage.look("coding-outpatient-service")
    })?;
    stage.step("put on hold", |stage| {
        stage.choose("hold_reason", "")?;
        stage.browser.press("Down")?;
        stage.fill("note", "The operative report")?;
        stage.tab_to("main form[action$='/hold'] button")?;
        stage.go("Enter")?;
        stage.browser.wait_for_text("End the hold")?;
        stage.look("coding-hold")
    })?;
    stage.end()
}

#[test]
fn forms_name_what_is_missing() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(6)?)?;
    stage.step("open a chart", |stage| {
        stage.sign_in("technician")?;
        stage.open_chart(&family_name())
    })?;
    for (key, kind, missing) in [
        ("n", "note", "The kind of document is missing."),
        ("d", "diagnosis", "The diagnosis is missing."),
        ("a", "allergy", "The substance is missing."),
        ("m", "medication", "The medication is missing."),
        ("i", "immunization", "The vaccine is missing."),
    ] {
        stage.step(kind, |stage| {
            stage.go_single(key)?;
            stage.go("Ctrl+Enter")?;
            stage.browser.wait_for("#error-summary")?;
            let said = stage.browser.text_of("#error-summary")?;
            ensure!(said.contains(missing), "{said}");
            stage.look(&format!("new-{kind}-refused"))?;
            stage.go_single("b")
        })?;
    }
    stage.end()
}
