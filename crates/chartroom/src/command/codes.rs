//! `chartroom codes`: searching the code sets, and taking in the publishers' own files.

use super::local_socket::{self, Request};
use super::output::Output;
use crate::site::{Site, context};
use anyhow::{Context as _, Result, bail};
use app::code_sets::{Brought, Report, State, load};
use clap::{Args, Subcommand};
use coding::codeset::code::dotted;
use coding::codeset::{CodeSets, System};
use coding::search::{Hit, Query, Search};
use jiff::civil::Date;
use std::path::{Path, PathBuf, absolute};
use std::process::ExitCode;
use store::Store;

/// Options of `chartroom codes`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Find codes by words in any order: abbreviations, lay words, typing errors and all.
    Search(SearchArguments),
    /// Take in a publisher's file: what it is, is read from its content. A new year is a file.
    Import(ImportArguments),
}

/// Options of `chartroom codes import`.
#[derive(Args)]
struct ImportArguments {
    #[command(flatten)]
    site: Site,
    #[command(flatten)]
    how: How,
    /// ICD-10-CM and ICD-10-PCS files, HCPCS, NCCI, POA-exempt list, Table 5, a CPT file.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// How files are taken in.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct How {
    /// From when the files are in force, YYYY-MM-DD; those that name their fiscal year need none.
    #[arg(long)]
    effective: Option<Date>,
    /// Only say what they would change.
    #[arg(long)]
    dry_run: bool,
    /// Take a file although it holds far fewer codes than the set before.
    #[arg(long)]
    fewer: bool,
    /// One JSON object a file, with every code.
    #[arg(long)]
    json: bool,
}

/// Options of `chartroom codes search`.
#[derive(Args)]
struct SearchArguments {
    /// One code system: icd10cm or icd10pcs. Both unless given.
    #[arg(long)]
    system: Option<String>,
    /// Discharge or service date, YYYY-MM-DD; today unless given.
    #[arg(long)]
    on: Option<Date>,
    /// How many codes at most.
    #[arg(long, default_value_t = 10)]
    limit: usize,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    /// Categories and codes outside their dates too.
    #[arg(long)]
    all: bool,
    /// What to look for.
    #[arg(required = true)]
    text: Vec<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.command {
        Command::Search(arguments) => search(arguments),
        Command::Import(arguments) => {
            let files = arguments.files.iter().map(absolute).collect::<std::io::Result<_>>()?;
            local_socket::run(&arguments.site, &Request::Codes(files, arguments.how.clone()))
        }
    }
}

fn search(arguments: &SearchArguments) -> Result<ExitCode> {
    let system = match &arguments.system {
        None => None,
        Some(word) => Some(system_named(word)?),
    };
    let on = arguments.on.unwrap_or_else(|| jiff::Zoned::now().date());
    let search = Search::new(&CodeSets::embedded());
    let hits = search.search(&Query {
        text: &arguments.text.join(" "),
        system,
        on,
        limit: arguments.limit,
        include_not_reportable: arguments.all,
    });
    for hit in &hits {
        match arguments.json {
            true => println!("{}", serde_json::to_string(hit)?),
            false => show(hit)?,
        }
    }
    if hits.is_empty() && !arguments.json {
        eprintln!("Nothing that can be reported on {on} fits. Try fewer words, or --all.");
    }
    Ok(ExitCode::SUCCESS)
}

fn system_named(word: &str) -> Result<System> {
    let plain: String = word.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    match plain.as_str() {
        "icd10cm" | "cm" => Ok(System::Icd10Cm),
        "icd10pcs" | "pcs" => Ok(System::Icd10Pcs),
        _ => match System::named(word) {
            Some(system) => Ok(system),
            None => bail!("{word} is no code system here; give icd10cm or icd10pcs"),
        },
    }
}

fn show(hit: &Hit) -> Result<()> {
    let reason = serde_json::to_value(hit.reason).context("a reason is a word")?;
    let because = match hit.because.is_empty() {
        true => String::new(),
        false => format!(": {}", hit.because),
    };
    let code = dotted(hit.system, &hit.code);
    println!("{code:<9} {}  [{}{because}]", hit.title, reason.as_str().unwrap_or_default());
    Ok(())
}

/// Exit code for a file that is wrong or cut.
const WRONG_FILE: u8 = 2;

/// Takes files in on an open store: all of them, or none where one is wrong.
pub fn perform(store: &Store, files: &[PathBuf], how: &How, output: &Output) -> Result<u8> {
    if files.len() > 1 && !how.dry_run {
        let only_looked_at = How { dry_run: true, ..how.clone() };
        for file in files {
            if take(store, file, &only_looked_at, output)?.is_none() {
                return Ok(WRONG_FILE);
            }
        }
    }
    for file in files {
        let Some(report) = take(store, file, how, output)? else { return Ok(WRONG_FILE) };
        match how.json {
            true => output.line(&serde_json::to_string(&report)?),
            false => tell(file, &report, output),
        }
    }
    store.checkpoint_keep(&context("codes"))?;
    Ok(0)
}

/// One file; none where it is wrong, which is told.
fn take(store: &Store, file: &Path, how: &How, output: &Output) -> Result<Option<Report>> {
    let bytes = std::fs::read(file).with_context(|| format!("can't read {}", file.display()))?;
    let brought = Brought {
        bytes: &bytes,
        effective: how.effective,
        may_be_fewer: how.fewer,
        is_dry_run: how.dry_run,
    };
    match load(store, &context("codes"), &brought) {
        Ok(report) => Ok(Some(report)),
        Err(app::Error::Refused(reason)) => {
            output.aside(&format!("{}: {reason} Nothing was changed.", file.display()));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// How many codes of a list are shown.
const EXAMPLES_MAX: usize = 8;

fn tell(file: &Path, report: &Report, output: &Output) {
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
    let (from, to) = report.dates;
    output.line(&format!("{name}: {}, in force {from} to {to}", report.layout.label()));
    if let (State::Held, Some(since)) = (report.state, report.held_since) {
        output.line(&format!("  This content is held since {since}: nothing was done."));
        return;
    }
    let changes = &report.changes;
    match &changes.against {
        None => {
            output.line(&format!("  {} entries, the first of their kind", report.entries_count))
        }
        Some(before) => {
            output.line(&format!("  {} entries, against {before}:", report.entries_count));
            for (what, codes) in [
                ("added", &changes.added),
                ("revised", &changes.revised),
                ("retired", &changes.retired),
            ] {
                output.line(&format!("  {what:<8} {:>7}  {}", codes.len(), examples(codes)));
            }
        }
    }
    let touched = &report.touched;
    output.line(&format!(
        "  {} encounters in the coding worklist have dates that it covers; {} drafts change",
        touched.waiting_count,
        touched.drafts.len()
    ));
    for (code, count) in touched.codes.iter().take(EXAMPLES_MAX) {
        output.line(&format!("  {code} stands in {count} of them"));
    }
    for finding in &report.findings {
        output.line(&format!("  {finding}"));
    }
    output.line(match report.state {
        State::Checked => "  Only looked at: nothing was loaded.",
        State::Loaded | State::Held => "  Loaded.",
    });
}

fn examples(codes: &[String]) -> String {
    let shown: Vec<&str> = codes.iter().take(EXAMPLES_MAX).map(String::as_str).collect();
    let more = if codes.len() > shown.len() { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
