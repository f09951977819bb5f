//! `chartroom`: the one binary. Only here are a clock, files, and the environment.

mod bench;
mod command;
mod site;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Records are trees of small texts: the allocator is felt.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Health information management: records, coding, release, reports, integrity.
#[derive(Parser)]
#[command(version, about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the product on a small synthetic hospital.
    Demo(command::demo::Arguments),
    /// Make a new store, with a first administrator and a one-time password.
    Init(command::init::Arguments),
    /// Take in FHIR files and documents.
    Import(command::import::Arguments),
    /// List the imports, or the findings of one with what to do next.
    Imports(command::imports::Arguments),
    /// Write every current version as NDJSON, with the id map of the imports.
    Export(command::export::Arguments),
    /// Serve the workbench and the API.
    Serve(command::serve::Arguments),
    /// Search the code sets.
    Codes(command::codes::Arguments),
    /// Group inpatient claims: JSON Lines in, MS-DRGs with their reasons out.
    Drg(command::drg::Arguments),
    /// Suggest ICD-10-CM codes from notes, with the evidence.
    Suggest(command::suggest::Arguments),
    /// Copy the store into a folder, also while it is served.
    Backup(command::backup::Arguments),
    /// Measure how fast this machine is with a store of a given size.
    Bench(command::bench::Arguments),
    /// Put a backup back.
    Restore(command::restore::Arguments),
    /// Check that what is stored is what was written. Exits 3 when it is not.
    Verify(command::verify::Arguments),
    /// Make an account for when ordinary sign-in is down. It ends by itself and is reviewed.
    EmergencyAccount(command::emergency_account::Arguments),
    /// Open one page of a file from outside; the server starts this, nobody else.
    #[command(hide = true)]
    Page(command::page::Arguments),
    /// Read the words of a file from outside; the server starts this, nobody else.
    #[command(hide = true)]
    FileText(command::file_text::Arguments),
}

/// What is logged: never content, never an address's query.
const LOG_LEVEL: tracing::Level = tracing::Level::WARN;

/// What stands in a process's arguments can be read by everybody on the machine.
fn warn_of_password() {
    let stands = std::env::args().skip(1).any(|argument| {
        store::Location::parse(argument.trim_start_matches("--data=")).has_password()
    });
    if stands {
        eprintln!(
            "chartroom: the password of the database can be read by everybody on this machine \
             while it stands in the arguments; give the address in CHARTROOM_DATA instead"
        );
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(LOG_LEVEL).init();
    warn_of_password();
    let result = match arguments.command {
        Command::Init(arguments) => command::init::run(&arguments),
        Command::Import(arguments) => command::import::run(&arguments),
        Command::Imports(arguments) => command::imports::run(&arguments),
        Command::Export(arguments) => command::export::run(&arguments),
        Command::Serve(arguments) => command::serve::run(&arguments),
        Command::Demo(arguments) => command::demo::run(&arguments),
        Command::Codes(arguments) => command::codes::run(&arguments),
        Command::Drg(arguments) => command::drg::run(&arguments),
        Command::Suggest(arguments) => command::suggest::run(&arguments),
        Command::Backup(arguments) => command::backup::run(&arguments),
        Command::Bench(arguments) => command::bench::run(&arguments),
        Command::Restore(arguments) => command::restore::run(&arguments),
        Command::Verify(arguments) => command::verify::run(&arguments),
        Command::EmergencyAccount(arguments) => command::emergency_account::run(&arguments),
        Command::Page(arguments) => command::page::run(&arguments),
        Command::FileText(arguments) => command::file_text::run(&arguments),
    };
    result.unwrap_or_else(|error| {
        eprintln!("chartroom: {error:#}");
        ExitCode::FAILURE
    })
}
