//! `chartroom bench`: how fast this machine is with a store of a given size.

use crate::bench::clients::Server;
use crate::bench::http::{self, shown};
use crate::bench::machine::{folder_bytes, memory_bytes, percentile, process_time, sync_times};
use crate::bench::rest::memory_at_rest;
use crate::site::{context, now};
use anyhow::{Context as _, Result};
use app::import::{Progress, Source};
use clap::Args;
use record::{Context, LabelMask, PatientKey, Private, Role};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Location, Store};
use synthetic::{Charts, Options};

/// Options of `chartroom bench`.
#[derive(Args)]
pub struct Arguments {
    /// Patients of the synthetic hospital.
    #[arg(long, default_value_t = 10_000)]
    patients: u64,
    /// Stop taking in at so many resources.
    #[arg(long)]
    resources: Option<u64>,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Folder for the store, on the disk to be measured; it is removed at the end.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Folder in which the store is kept. A store that an earlier run left there is measured
    /// without being filled anew.
    #[arg(long, conflicts_with = "folder")]
    keep: Option<PathBuf>,
}

/// What a peer did on such a machine: Helios FHIR Server 0.2.7 on SQLite with 51,600 resources,
/// without a sync for each commit and without an audit trail.
const PEER: &[(&str, &str)] = &[
    ("import", "1,000 to 1,300 /s"),
    ("read", "12,000 to 15,000 /s"),
    ("create", "550 /s"),
    ("search", "190 to 930 /s at 8 to 40 ms"),
];

/// Patients taken in at once, as one file.
const PATIENTS_AT_ONCE: usize = 200;

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    if let Some(folder) = &arguments.keep {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("can't make {}", folder.display()))?;
        return measure(arguments, folder).map(|()| ExitCode::SUCCESS);
    }
    let parent = arguments.folder.clone().unwrap_or_else(std::env::temp_dir);
    let folder = parent.join(format!("chartroom-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("can't make {}", folder.display()))?;
    let result = measure(arguments, &folder);
    let _ = std::fs::remove_dir_all(&folder);
    result.map(|()| ExitCode::SUCCESS)
}

fn measure(arguments: &Arguments, folder: &Path) -> Result<()> {
    let (p50, p99) = sync_times(folder)?;
    println!("fdatasync of 4 KiB         p50 {} p99 {}", shown(p50), shown(p99));
    let (data, keys) = (folder.join("data"), folder.join("keys"));
    let location = Location::Directory(data.clone());
    if !data.exists() {
        let store = Store::create(&location, &keys, &context("bench"))?;
        let resources = fill(arguments, &store)?;
        println!("bytes per resource         {}", folder_bytes(&data) / resources.max(1));
    }
    let (up, built) = memory_at_rest(folder)?;
    let (up, built) = (up >> 20, built >> 20);
    println!("memory at rest             {up} MB, {built} MB once code sets are built");
    let store = Store::open(&location, &keys)?;
    let token = record::hash::hex(&store::keys::random::<24>()?);
    let hash = app::fhir::token_hash(&token);
    let scopes = "system/*.*";
    let name = format!("bench {}", &token[..8]);
    store.write(&context("bench"), |transaction| {
        transaction.client_create(&name, hash, Role::Technician, scopes, LabelMask::NONE)
    })?;
    let store = Arc::new(store);
    charts(&store, arguments.seconds)?;
    let patients: Vec<_> = patients(&store)?.into_iter().map(|(_, id, name)| (id, name)).collect();
    let server = Server { address: serve(&store)?, token: &token };
    http::measure(server, Duration::from_secs(arguments.seconds), &patients)?;
    println!("memory under load          {} MB", memory_bytes() >> 20);
    println!("\nA peer on such a machine (Helios FHIR Server 0.2.7, SQLite, no sync, no audit):");
    for (what, figure) in PEER {
        println!("{what:<26} {figure}");
    }
    Ok(())
}

/// Takes synthetic charts in; returns how many resources there are.
fn fill(arguments: &Arguments, store: &Store) -> Result<u64> {
    let today = now().date_in(&jiff::tz::TimeZone::UTC);
    let options = Options { patients: arguments.patients, seed: 1, today };
    let mut charts = Charts::new(options);
    let mut pending = charts.site();
    let (mut resources, mut taking) = (0, Duration::ZERO);
    let cpu = process_time();
    let mut making = Duration::ZERO;
    loop {
        let began = process_time();
        let next: Vec<_> = charts.by_ref().take(PATIENTS_AT_ONCE).collect();
        let is_last = next.is_empty();
        pending.extend(next.into_iter().flat_map(|chart| chart.resources));
        let lines: Vec<String> = pending.drain(..).map(|resource| resource.to_string()).collect();
        let text = lines.join("\n").into_bytes();
        making += process_time() - began;
        let name = Private::new("charts.ndjson");
        let source = Source { name, read: Box::new(|| Ok(text.clone())) };
        let began = Instant::now();
        let summary = app::import::run(store, &context("bench"), &[source], &Silent)?;
        taking += began.elapsed();
        resources += summary.created;
        if is_last || arguments.resources.is_some_and(|most| resources >= most) {
            break;
        }
    }
    let used = (process_time() - cpu).saturating_sub(making);
    println!(
        "import                     {:.0} resources/s ({resources} in {:.1} s; processors: {:.1}, \
         {} each)",
        resources as f64 / taking.as_secs_f64(),
        taking.as_secs_f64(),
        used.as_secs_f64() / taking.as_secs_f64(),
        shown(used / u32::try_from(resources.max(1))?),
    );
    Ok(resources)
}

struct Silent;

impl Progress for Silent {
    fn bytes_done(&self, _: u64) {}
    fn finding(&self, _: &Private, _: usize, _: &str) {}
}

/// The patients by whom is measured: key, FHIR id, family name. Those whom a client without any
/// clearance may not see are left out.
fn patients(store: &Store) -> Result<Vec<(PatientKey, String, String)>> {
    let uncleared = Context { cleared: LabelMask::NONE, ..context("bench") };
    let rows = store.look(&uncleared, |view| {
        let every = store::find::TermKeys { keys: Vec::new(), prefix: Some("n:".into()) };
        view.patient_find(&[every], 5000)
    })?;
    let of_row = |row: store::find::PatientRow| {
        let family = row.name.reveal().split(',').next().unwrap_or_default().to_owned();
        (row.patient, row.fhir_id, family)
    };
    Ok(rows.into_iter().map(of_row).collect())
}

/// Opens charts one after another, as the workbench does, each audited.
fn charts(store: &Store, seconds: u64) -> Result<()> {
    let (patients, mut times) = (patients(store)?, Vec::new());
    let end = Instant::now() + Duration::from_secs(seconds);
    for (patient, _, _) in patients.iter().cycle() {
        let began = Instant::now();
        let context = Context::system("bench", now());
        app::chart::timeline(store, &context, *patient)?;
        times.push(began.elapsed());
        if Instant::now() > end {
            break;
        }
    }
    let (p50, p99) = (percentile(&mut times, 50), percentile(&mut times, 99));
    println!("chart open                 p50 {} p99 {}", shown(p50), shown(p99));
    Ok(())
}

fn serve(store: &Arc<Store>) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let site = web::Site {
        store: store.clone(),
        now: Arc::new(now),
        demonstration: false,
        secure: false,
        render_page: super::page::renderer()?,
    };
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(async move {
            let router = web::router(site).into_make_service();
            axum_server::from_tcp(listener)?.serve(router).await
        })
    });
    Ok(address)
}
