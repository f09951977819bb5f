//! Every desk that a role has in its menu: opened by its key, looked at.

use crate::server::Server;
use crate::stage::Stage;
use anyhow::{Context, Result};
use std::collections::HashSet;

#[test]
fn every_desk_opens_by_its_key() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(30)?)?;
    let mut seen = HashSet::new();
    for login in ["supervisor", "privacy", "coder", "release", "analyst", "provider"] {
        stage.step(&format!("the desks of {login}"), |stage| {
            stage.sign_in(login)?;
            let script = "return [...document.querySelectorAll('#desks a')]\
                .map(desk => [desk.dataset.key, desk.getAttribute('href')])";
            let desks: Vec<[String; 2]> = serde_json::from_value(stage.browser.run(script, &[])?)?;
            for [key, address] in desks {
                if !seen.insert(address.clone()) {
                    continue;
                }
                stage.go_single(&key).with_context(|| format!("to {address}"))?;
                stage.browser.wait_for_url(&address)?;
                stage.look(&format!("desk{}", address.replace('/', "-")))?;
                main_action(stage, &address)?;
                // The first thing that the desk holds, where it holds anything.
                if stage.browser.count("main a[data-row]")? > 0 {
                    stage.open_first()?;
                    stage.look(&format!("desk{}-first", address.replace('/', "-")))?;
                }
            }
            stage.sign_out()
        })?;
    }
    stage.end()
}

/// The page that the desk's main action leads to, by its key, and back to the desk.
fn main_action(stage: &mut Stage, address: &str) -> Result<()> {
    let script = "return document.querySelector('main .page-head a.button-main')?.dataset.key";
    let Some(key) = stage.browser.run(script, &[])?.as_str().map(str::to_owned) else {
        return Ok(());
    };
    stage.go_single(&key).with_context(|| format!("by {key} from {address}"))?;
    stage.look(&format!("desk{}-main", address.replace('/', "-")))?;
    stage.open(address)
}
