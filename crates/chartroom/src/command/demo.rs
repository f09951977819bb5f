//! `chartroom demo`: a small synthetic hospital, people to sign in as, the workbench.

use super::serve::{Listen, serve};
use crate::site::{Site, context, is_demonstration, now};
use anyhow::{Context as _, Result, bail};
use app::file_text::ReadText;
use app::import::{Progress, Source};
use app::people::{AccountForm, account_create, one_time_password};
use clap::Args;
use record::{Context, LabelMask, Private, Role};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use store::person::PersonChange;
use store::{Location, Store};
use synthetic::{Hospital, MRN_SYSTEM, Options};

/// Options of `chartroom demo`.
#[derive(Args)]
pub struct Arguments {
    /// Patients of the synthetic hospital.
    #[arg(long, default_value_t = 200)]
    patients: u64,
    /// Seed: the same seed makes the same hospital.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Data directory of the demonstration; a temporary one, removed at the end, unless given.
    #[arg(long)]
    data: Option<PathBuf>,
    #[command(flatten)]
    listen: Listen,
    /// Only make the hospital.
    #[arg(long)]
    no_serve: bool,
}

/// Who may be signed in as: login, name, roles.
const PEOPLE: &[(&str, &str, &[Role])] = &[
    ("technician", "Tess Technician", &[Role::Technician]),
    ("registrar", "Remy Registrar", &[Role::Registrar]),
    ("coder", "Cody Coder", &[Role::Coder]),
    ("release", "Rory Release", &[Role::ReleaseSpecialist]),
    ("analyst", "Ana Analyst", &[Role::Analyst]),
    ("provider", "Pat Provider", &[Role::Provider]),
    ("supervisor", "Sue Supervisor", &[Role::Supervisor]),
    ("privacy", "Piers Privacy", &[Role::PrivacyOfficer]),
    ("administrator", "Ada Administrator", &[Role::Administrator]),
    ("auditor", "Audre Auditor", &[Role::Auditor]),
];

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    if !arguments.listen.listen.ip().is_loopback() {
        bail!("a demonstration listens on this machine only; give an address like 127.0.0.1:8080");
    }
    let temporary = arguments.data.is_none();
    let data = match &arguments.data {
        Some(data) => data.clone(),
        None => std::env::temp_dir().join(format!("chartroom-demo-{}", std::process::id())),
    };
    let site = Site { data: data.display().to_string(), keys: None };
    let store = match data.join("chartroom.db").exists() {
        true => reopen(&site)?,
        false => make(arguments, &site, &data)?,
    };
    let people = passwords(&store)?;
    show(&people, &data);
    let result = match arguments.no_serve {
        true => Ok(ExitCode::SUCCESS),
        false => serve(store, &arguments.listen, true),
    };
    if temporary && !arguments.no_serve {
        let _ = fs::remove_dir_all(&data);
        let _ = fs::remove_dir_all(site.keys()?);
    }
    result
}

fn reopen(site: &Site) -> Result<Store> {
    let store = site.open()?;
    if !is_demonstration(&store)? {
        bail!("{} holds real records, not a demonstration; name another folder", site.data_shown());
    }
    Ok(store)
}

fn make(arguments: &Arguments, site: &Site, data: &Path) -> Result<Store> {
    eprintln!("Making a hospital of {} patients…", arguments.patients);
    let context = context("demo");
    let store = Store::create(&Location::Directory(data.to_owned()), &site.keys()?, &context)?;
    store.write(&context, |transaction| -> Result<(), store::Error> {
        transaction.setting_put("store.demonstration", "yes")?;
        let name = "Prairie General Hospital";
        let facility = transaction.facility_create(name, synthetic::TIME_ZONE, MRN_SYSTEM)?;
        for (name, beds, bassinets) in synthetic::units() {
            let (beds, bassinets) = (beds as i64, bassinets as i64);
            transaction.nursing_unit_create(facility, name, beds, bassinets, "2020-01-01")?;
        }
        Ok(())
    })?;
    let zone = jiff::tz::TimeZone::get(synthetic::TIME_ZONE).context("no such time zone")?;
    let today = context.at.date_in(&zone);
    let options = Options { patients: arguments.patients, seed: arguments.seed, today };
    let hospital = Hospital::generate(options);
    take_in(&store, &context, &hospital)?;
    app::integrity::ask(&store, &context)?;
    // These files are our own: no process apart is needed to read them.
    let reader: ReadText = Arc::new(app::file_text::read);
    while app::background::tick(&store, &context, &reader)? {}
    let truth = serde_json::to_vec_pretty(&hospital.truth)?;
    fs::write(data.join("truth.json"), truth).context("can't write the truth")?;
    for (login, name, roles) in PEOPLE {
        let is_privacy = roles.contains(&Role::PrivacyOfficer);
        let form = AccountForm {
            login: (*login).to_owned(),
            name: (*name).to_owned(),
            roles: roles.to_vec(),
            cleared: if is_privacy { LabelMask::ALL } else { LabelMask::NONE },
        };
        let account = account_create(&store, &context, &form)?;
        if roles.contains(&Role::Provider) {
            let practitioner = first_practitioner(&hospital);
            let change = PersonChange { practitioner: Some(practitioner), ..Default::default() };
            store.write(&context, |transaction| {
                transaction.person_update(account.person, &change)
            })?;
        }
    }
    super::demo_desks::fill(&store, &context, &hospital)?;
    store.checkpoint_keep(&context)?;
    Ok(store)
}

fn first_practitioner(hospital: &Hospital) -> Option<String> {
    let is_one = |r: &&serde_json::Value| r["resourceType"] == "Practitioner";
    let found = hospital.resources.iter().find(is_one)?;
    found["id"].as_str().map(str::to_owned)
}

fn take_in(store: &Store, context: &Context, hospital: &Hospital) -> Result<()> {
    let mut lines = String::new();
    for resource in &hospital.resources {
        lines.push_str(&resource.to_string());
        lines.push('\n');
    }
    let lines = lines.into_bytes();
    let mut sources = vec![Source {
        name: Private::new("hospital.ndjson"),
        read: Box::new(|| Ok(lines.clone())),
    }];
    for (index, scan) in hospital.scans.iter().enumerate() {
        sources.push(Source {
            name: Private::new(format!("scan-{:04}", index + 1)),
            read: Box::new(|| Ok(scan.bytes.clone())),
        });
    }
    let summary = app::import::run(store, context, &sources, &Silent)?;
    eprintln!(
        "{} resources, {} documents, {} findings",
        summary.created, summary.documents, summary.findings
    );
    Ok(())
}

struct Silent;

impl Progress for Silent {
    fn bytes_done(&self, _: u64) {}
    fn finding(&self, _: &Private, _: usize, _: &str) {}
}

/// Gives everybody a password for this run.
fn passwords(store: &Store) -> Result<Vec<(String, String, String)>> {
    let context = Context::system("demo", now());
    let mut shown = Vec::new();
    for (login, _, roles) in PEOPLE {
        let Some(person) = store.look(&context, |view| view.person_by_login(login))? else {
            continue;
        };
        let password = one_time_password()?;
        let hash = app::sign_in::password_hash(&password)?;
        let change = PersonChange {
            password: Some((hash, false)),
            failures: Some((0, None)),
            ..PersonChange::default()
        };
        store.write(&context, |transaction| transaction.person_update(person.id, &change))?;
        let roles: Vec<&str> = roles.iter().map(|role| role.label()).collect();
        shown.push(((*login).to_owned(), password, roles.join(", ")));
    }
    Ok(shown)
}

fn show(people: &[(String, String, String)], data: &Path) {
    println!("A demonstration: every patient is invented. Data: {}", data.display());
    println!("{:<15} {:<26} role", "login", "password (this run only)");
    for (login, password, role) in people {
        println!("{login:<15} {password:<26} {role}");
    }
}

#[cfg(test)]
#[path = "demo_tests.rs"]
mod tests;
