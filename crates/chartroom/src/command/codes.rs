//! `chartroom codes`: searching the code sets.

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use coding::codeset::code::dotted;
use coding::codeset::{CodeSets, System};
use coding::search::{Hit, Query, Search};
use jiff::civil::Date;
use std::process::ExitCode;

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
