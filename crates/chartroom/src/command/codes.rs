//! `chartroom codes`: searching the code sets, and taking in the publishers' own files.

use super::local_socket::{self, Request};
use super::output::Output;
use crate::site::{Site, context};
use anyhow::{Context as _, Result, bail};
use app::code_sets::{Brought, Report, State, Touched, list, load, members, withdraw};
use clap::{Args, Subcommand};
use coding::codeset::code::dotted;
use coding::codeset::{CodeSets, System};
use coding::import::layout::Layout;
use coding::import::zip::is_zip;
use coding::search::{Hit, Query, Search};
use jiff::civil::Date;
use std::path::{PathBuf, absolute};
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
    /// List what was taken in, with the number of each load.
    List(Site),
    /// Withdraw a load that was wrong, from now on. It stays in the list with the reason.
    Withdraw(WithdrawArguments),
}

/// Options of `chartroom codes withdraw`.
#[derive(Args)]
struct WithdrawArguments {
    #[command(flatten)]
    site: Site,
    /// What is wrong with the file.
    #[arg(long)]
    reason: String,
    /// The load's number, as `chartroom codes list` says it.
    load: i64,
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
    /// Data directory or postgres:// address whose loaded sets are searched too; only what is
    /// shipped unless given.
    #[arg(long, env = "CHARTROOM_DATA")]
    data: Option<String>,
    /// Folder of its keys; DIR with `.keys` appended unless given.
    #[arg(long, env = "CHARTROOM_KEYS")]
    keys: Option<PathBuf>,
    #[command(flatten)]
    sought: Sought,
}

/// What codes are looked for.
#[derive(Args, Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sought {
    /// One code system: icd10cm, icd10pcs, hcpcs or cpt. All unless given.
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
        Command::List(site) => local_socket::run(site, &Request::CodesList),
        Command::Withdraw(arguments) => {
            let request = Request::CodesWithdraw(arguments.load, arguments.reason.clone());
            local_socket::run(&arguments.site, &request)
        }
    }
}

fn search(arguments: &SearchArguments) -> Result<ExitCode> {
    let sought = &arguments.sought;
    if let Some(data) = &arguments.data {
        let site = Site { data: data.clone(), keys: arguments.keys.clone() };
        return local_socket::run(&site, &Request::CodesSearch(sought.clone()));
    }
    let shipped = Search::new(&CodeSets::embedded());
    show_all(sought, |query| Ok(shipped.search(query)), &Output::Terminal)?;
    Ok(ExitCode::SUCCESS)
}

/// Searches what is shipped and what an open store has loaded.
pub fn perform_search(store: &Store, sought: &Sought, output: &Output) -> Result<u8> {
    let find = |query: &Query<'_>| Ok(app::coding::find_codes(store, &context("codes"), query)?);
    show_all(sought, find, output)?;
    Ok(0)
}

fn show_all(
    sought: &Sought,
    find: impl Fn(&Query<'_>) -> Result<Vec<Hit>>,
    output: &Output,
) -> Result<()> {
    let system = sought.system.as_deref().map(system_named).transpose()?;
    let on = sought.on.unwrap_or_else(|| jiff::Zoned::now().date());
    let hits = find(&Query {
        text: &sought.text.join(" "),
        system,
        on,
        limit: sought.limit,
        include_not_reportable: sought.all,
    })?;
    for hit in &hits {
        output.line(&match sought.json {
            true => serde_json::to_string(hit)?,
            false => shown(hit)?,
        });
    }
    if hits.is_empty() && !sought.json {
        output.aside(&format!(
            "Nothing that can be reported on {on} fits. Try fewer words, or --all."
        ));
    }
    Ok(())
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

fn shown(hit: &Hit) -> Result<String> {
    let reason = serde_json::to_value(hit.reason).context("a reason is a word")?;
    let because = match hit.because.is_empty() {
        true => String::new(),
        false => format!(": {}", hit.because),
    };
    let code = dotted(hit.system, &hit.code);
    let reason = reason.as_str().unwrap_or_default();
    Ok(format!("{code:<9} {}  [{reason}{because}]", hit.title))
}

/// Exit code for a file that is wrong or cut.
const WRONG_FILE: u8 = 2;

/// A file to take in: its name, and what it holds.
struct Given {
    name: String,
    bytes: Vec<u8>,
}

/// The files that are brought, those of ZIP files each by itself; none where one is broken, which
/// is told.
fn given(files: &[PathBuf], output: &Output) -> Result<Option<Vec<Given>>> {
    let mut all = Vec::new();
    for file in files {
        let bytes =
            std::fs::read(file).with_context(|| format!("can't read {}", file.display()))?;
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
        if !is_zip(&bytes) {
            all.push(Given { name, bytes });
            continue;
        }
        match members(&bytes) {
            Ok(members) => all.extend(members.into_iter().map(|member| Given {
                name: format!("{name}: {}", member.name),
                bytes: member.bytes,
            })),
            Err(app::Error::Refused(reason)) => {
                output.aside(&format!("{name}: {reason} Nothing was changed."));
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(all))
}

/// Takes files in on an open store: all of them, or none where one is wrong.
pub fn perform(store: &Store, files: &[PathBuf], how: &How, output: &Output) -> Result<u8> {
    let Some(files) = given(files, output)? else { return Ok(WRONG_FILE) };
    if files.len() > 1 && !how.dry_run {
        let only_looked_at = How { dry_run: true, ..how.clone() };
        for file in &files {
            if take(store, file, &only_looked_at, output)?.is_none() {
                return Ok(WRONG_FILE);
            }
        }
    }
    for file in &files {
        let Some(report) = take(store, file, how, output)? else { return Ok(WRONG_FILE) };
        match how.json {
            true => output.line(&serde_json::to_string(&report)?),
            false => tell(&file.name, &report, output),
        }
    }
    store.checkpoint_keep(&context("codes"))?;
    Ok(0)
}

/// Lists the loads of an open store, the newest first.
pub fn perform_list(store: &Store, output: &Output) -> Result<u8> {
    let loads = list(store, &context("codes"))?;
    for load in &loads {
        let label = Layout::parse(&load.layout).map_or("Unknown layout", Layout::label);
        let end = match &load.withdrawal {
            Some(withdrawal) => format!("; withdrawn: {}", withdrawal.reason),
            None => String::new(),
        };
        output.line(&format!(
            "{:>6}  {label}, in force {} to {}, {} entries{end}",
            load.id, load.from_date, load.to_date, load.entries_count
        ));
    }
    if loads.is_empty() {
        output.aside("Nothing was loaded.");
    }
    Ok(0)
}

/// Withdraws a load of an open store.
pub fn perform_withdraw(store: &Store, load: i64, reason: &str, output: &Output) -> Result<u8> {
    match withdraw(store, &context("codes"), load, reason) {
        Ok(withdrawn) => {
            output.line(&format!("{}, withdrawn.", withdrawn.layout.label()));
            tell_touched(&withdrawn.touched, output);
            let finals = withdrawn.finals_count;
            output.line(&format!(
                "  {finals} final codings rest on it: they are still read with it until they are \
                 reopened"
            ));
            store.checkpoint_keep(&context("codes"))?;
            Ok(0)
        }
        Err(app::Error::NotFound) => {
            output.aside(&format!("There is no load {load}: see chartroom codes list."));
            Ok(WRONG_FILE)
        }
        Err(app::Error::Refused(reason)) => {
            output.aside(&reason);
            Ok(WRONG_FILE)
        }
        Err(app::Error::Invalid(errors)) => {
            errors.iter().for_each(|error| output.aside(&error.reason));
            Ok(WRONG_FILE)
        }
        Err(error) => Err(error.into()),
    }
}

/// One file; none where it is wrong, which is told.
fn take(store: &Store, file: &Given, how: &How, output: &Output) -> Result<Option<Report>> {
    let brought = Brought {
        bytes: &file.bytes,
        effective: how.effective,
        may_be_fewer: how.fewer,
        is_dry_run: how.dry_run,
    };
    match load(store, &context("codes"), &brought) {
        Ok(report) => Ok(Some(report)),
        Err(app::Error::Refused(reason)) => {
            output.aside(&format!("{}: {reason} Nothing was changed.", file.name));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// How many codes of a list are shown.
const EXAMPLES_MAX: usize = 8;

fn tell(name: &str, report: &Report, output: &Output) {
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
    tell_touched(&report.touched, output);
    for finding in &report.findings {
        output.line(&format!("  {finding}"));
    }
    output.line(match report.state {
        State::Checked => "  Only looked at: nothing was loaded.",
        State::Loaded | State::Held => "  Loaded.",
    });
}

fn tell_touched(touched: &Touched, output: &Output) {
    output.line(&format!(
        "  {} encounters in the coding worklist have dates that it covers; {} drafts change",
        touched.waiting_count,
        touched.drafts.len()
    ));
    for (code, count) in touched.codes.iter().take(EXAMPLES_MAX) {
        output.line(&format!("  {code} stands in {count} of them"));
    }
    for of in &touched.favourites {
        output.line(&format!(
            "  favourites of {}: {} retired, {} revised",
            of.name, of.retired_count, of.revised_count
        ));
    }
    if touched.weights_count > 0 {
        output.line(&format!(
            "  case mix index: {} stays with final codes get another relative weight",
            touched.weights_count
        ));
    }
}

fn examples(codes: &[String]) -> String {
    let shown: Vec<&str> = codes.iter().take(EXAMPLES_MAX).map(String::as_str).collect();
    let more = if codes.len() > shown.len() { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::output::Frame;
    use coding::import::order_file;
    use jiff::civil::date;
    use std::io::{BufRead, BufReader};
    use std::os::unix::net::UnixStream;
    use std::sync::Mutex;
    use store::Location;

    #[test]
    fn a_loaded_year_is_searched_with_its_store() {
        let folder = tempfile::tempdir().expect("a folder");
        let location = Location::Directory(folder.path().join("data"));
        let keys = folder.path().join("keys");
        let store = Store::create(&location, &keys, &context("test")).expect("a store");
        let file = folder.path().join("order.txt");
        let text = order_file::line(1, "A000", true, "Cholera of the lake dwellers");
        std::fs::write(&file, text).expect("a file");
        let how = How { effective: Some(date(2026, 10, 1)), fewer: true, ..How::default() };
        let (mut told, other) = UnixStream::pair().expect("a pair");
        told.set_nonblocking(false).expect("it waits");
        let output = Output::Socket(Mutex::new(other));
        assert_eq!(perform(&store, &[file], &how, &output).expect("it is read"), 0);
        let sought = |on| Sought {
            system: Some("icd10cm".into()),
            on: Some(on),
            limit: 3,
            json: true,
            all: false,
            text: vec!["lake".into(), "dwellers".into()],
        };
        for on in [date(2026, 3, 1), date(2026, 11, 1)] {
            assert_eq!(perform_search(&store, &sought(on), &output).expect("a search"), 0);
        }
        drop(output);
        let lines = BufReader::new(&mut told).lines().map(|line| line.expect("a line"));
        let frames = lines.map(|line| serde_json::from_str::<Frame>(&line).expect("a frame"));
        let said: Vec<String> = frames
            .filter_map(|frame| match frame {
                Frame::Out(text) if text.contains("lake dwellers") => Some(text),
                _ => None,
            })
            .collect();
        assert_eq!(said.len(), 1, "only the loaded year has it: {said:?}");
        assert!(said[0].contains("\"code\":\"A000\""), "{said:?}");
    }
}
