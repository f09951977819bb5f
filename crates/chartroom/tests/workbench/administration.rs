//! An administrator makes an account, a facility, a client; the new person signs in.

use crate::server::Server;
use crate::stage::Stage;
use anyhow::{Context, Result};

#[test]
fn an_administrator_keeps_people_and_places() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(6)?)?;
    stage.step("people", |stage| {
        stage.sign_in("administrator")?;
        stage.look("administration")
    })?;
    stage.step("a new account", |stage| {
        new_account(stage, "newcomer", "Nell Newcomer", "technician")
    })?;
    stage.step("a credential", |stage| {
        stage.look("person")?;
        stage.choose("credential", "rhit")?;
        stage.fill("number", "12345")?;
        stage.fill("expires_on", "2030-12-31")?;
        stage.go_single("Shift+C")?;
        stage.browser.wait_for_text("31 Dec 2030")?;
        stage.look("person-credential")
    })?;
    stage.step("facilities and units", |stage| {
        stage.go_single("g t")?;
        stage.go_single("2")?;
        stage.look("facilities")?;
        stage.tab_to("#unit-name")?;
        stage.browser.type_text("6 South")?;
        stage.fill("beds", "18")?;
        stage.fill("from_date", "2026-01-01")?;
        stage.go("Enter")?;
        stage.browser.wait_for_text("6 South")
    })?;
    stage.step("clients of the API", |stage| {
        stage.go_single("3")?;
        stage.look("clients")?;
        stage.fill("name", "Laboratory feed")?;
        stage.choose("role", "tech")?;
        stage.fill("scopes", "system/Observation.write")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for_text("Bearer token")?;
        stage.look("client-made")
    })?;
    stage.step("sign out", Stage::sign_out)?;
    stage.step("the new person chooses a password", |stage| {
        first_password(stage, "newcomer")?;
        stage.sign_out()?;
        stage.sign_in("newcomer")
    })?;
    stage.step("the account", |stage| {
        stage.tab_to("a.who")?;
        stage.go("Enter")?;
        stage.look("account")?;
        stage.go_single("s")?;
        stage.look("second-factor")?;
        stage.fill("code", "000000")?;
        stage.go("Ctrl+Enter")?;
        stage.browser.wait_for("#error-summary")
    })?;
    stage.step("sign out again", Stage::sign_out)?;
    stage.end()
}

/// Makes an account and keeps its one-time password; ends on the account's page.
pub fn new_account(stage: &mut Stage, login: &str, name: &str, role: &str) -> Result<()> {
    stage.go_single("n")?;
    stage.look("account-new")?;
    stage.fill("name", name)?;
    stage.fill("login", login)?;
    stage.tick(&format!("input[name=roles][value={role}]"))?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for_text("One-time password")?;
    stage.look("account-made")?;
    let password = stage.browser.text_of("main code")?;
    stage.server.passwords.insert(login.to_owned(), password);
    stage.go_single("Enter")?;
    stage.browser.wait_for_url("/administration/people/")
}

/// Signs in with a one-time password and chooses another.
pub fn first_password(stage: &mut Stage, login: &str) -> Result<()> {
    stage.sign_in(login)?;
    stage.browser.wait_for_url("/password")?;
    stage.look("password")?;
    let once = stage.server.passwords.get(login).cloned().context("there is a password")?;
    let chosen = "a quiet green folder";
    stage.fill("old", &once)?;
    stage.fill("new", chosen)?;
    stage.server.passwords.insert(login.to_owned(), chosen.to_owned());
    stage.go("Ctrl+Enter")
}
