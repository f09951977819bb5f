//! `chartroom init`: a new store, its first administrator, a one-time password.

use crate::site::{Site, context};
use anyhow::{Context as _, Result};
use app::people::{AccountForm, account_create};
use clap::Args;
use record::{LabelMask, Role};
use std::process::ExitCode;
use store::Store;

/// Options of `chartroom init`.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    site: Site,
    /// Login of the first administrator.
    #[arg(long, default_value = "administrator")]
    login: String,
    /// Name of the facility that gives out medical record numbers.
    #[arg(long, default_value = "Main hospital")]
    facility: String,
    /// Its time zone, by IANA name.
    #[arg(long, default_value = "America/New_York")]
    time_zone: String,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    jiff::tz::TimeZone::get(&arguments.time_zone)
        .with_context(|| format!("{} is no time zone of the IANA list", arguments.time_zone))?;
    let site = &arguments.site;
    let (context, keys) = (context("init"), site.keys()?);
    let store = Store::create(&site.location(), &keys, &context)
        .with_context(|| format!("can't make a store at {}", site.data_shown()))?;
    store.write(&context, |transaction| {
        let system =
            format!("urn:chartroom:mrn:{}", record::hash::hex(&store::keys::random::<4>()?));
        transaction.facility_create(&arguments.facility, &arguments.time_zone, &system)?;
        Ok::<_, store::Error>(())
    })?;
    let form = AccountForm {
        login: arguments.login.clone(),
        name: "First administrator".into(),
        roles: vec![Role::Administrator],
        cleared: LabelMask::NONE,
    };
    let account = account_create(&store, &context, &form)?;
    store.checkpoint_keep(&context)?;
    println!("Made a store at {}", site.data_shown());
    println!("Keys are in {}: keep a copy of them apart from the data", keys.display());
    println!("First administrator: {}", arguments.login);
    println!("One-time password:   {}", account.one_time_password);
    println!("It must be changed at first sign-in; it is shown only now.");
    Ok(ExitCode::SUCCESS)
}
