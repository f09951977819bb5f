//! `chartroom emergency-account`: a way to the records when ordinary sign-in is down.
//!
//! Whoever may read the keys folder may run it. The account sees every chart, ends by itself, and
//! what it opens is reviewed afterwards (45 CFR 164.312(a)(2)(ii)).

use super::local_socket::{self, Request};
use super::output::Output;
use crate::site::{Site, context};
use anyhow::{Result, anyhow};
use app::people::{EMERGENCY_SECONDS, emergency_account};
use clap::Args;
use std::process::ExitCode;
use store::Store;

/// Options of `chartroom emergency-account`.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    site: Site,
    /// Why ordinary sign-in can't be used, in at least ten characters. The privacy officer reads
    /// it.
    #[arg(long)]
    reason: String,
}

/// Runs the command: here, or by the server that has the data directory open.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let request = Request::EmergencyAccount(arguments.reason.clone());
    local_socket::run(&arguments.site, &request)
}

/// Makes the account, and says its password once.
pub fn perform(store: &Store, reason: &str, output: &Output) -> Result<u8> {
    let context = context("emergency-account");
    let made = emergency_account(store, &context, reason);
    let (login, account) = made.map_err(|error| anyhow!("{error}"))?;
    store.checkpoint_keep(&context)?;
    output.line(&format!("Emergency account:   {login}"));
    output.line(&format!("One-time password:   {}", account.one_time_password));
    output.line(&format!("It sees every chart and ends in {} hours.", EMERGENCY_SECONDS / 3600));
    output.line("Everything it opens is recorded and reviewed by the privacy officer.");
    Ok(0)
}
