//! The binary `rapporteur`: reads the command line, puts the crates together, answers in exit codes.

mod demo;
mod digests;
mod exit;
mod export;
mod import;
mod input;
mod out;
mod progress;
mod rebuild;
mod restore;
mod schema;
mod serve;
mod signals;
mod sink;
mod store;
mod verify;

use clap::{Parser, Subcommand};
use exit::Failure;
use std::path::PathBuf;
use std::process::ExitCode;

/// What each exit code says.
const EXIT_CODES: &str = "Exit codes:
  0    ok, also a server that was asked to stop
  1    failed: disk, permission, a store in use or made by a newer program
  2    usage
  3    no such store or input file
  4    refused
  5    log damaged or rebuild differs
  130  interrupted: an import, an export, a restore, or a server that was asked twice";

/// Record-keeper of diplomacy: what did we know, when, from whom, and what changed since?
#[derive(Parser)]
#[command(version, propagate_version = true, after_help = EXIT_CODES)]
struct Args {
    /// Say more on stderr; twice for everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Load the facts into a store of its own and serve them: the way to try rapporteur.
    Demo(demo::Options),
    /// Serve the desk's store: GraphQL at /graphql, GraphiQL at /graphiql, health at /livez.
    Serve(serve::Options),
    /// Record a file of commands, one JSON object a line. Run it again after a break: nothing is recorded twice.
    Import(import::Options),
    /// Write everything that is recorded, a line an event, as it is stored: for backups, and for `restore`.
    Export(export::Options),
    /// Fill an empty store from an export: the same positions, instants and hashes, or nothing.
    Restore(restore::Options),
    /// Rebuild every view from the log, and compare with the digests noted when the store was last closed.
    Rebuild(rebuild::Options),
    /// Check every file and every event of a store; nothing in it changes.
    Verify(verify::Options),
    /// Write the GraphQL schema and the JSON Schemas of commands and events.
    Schema(schema::Options),
}

/// Where a store is.
#[derive(clap::Args, Clone)]
struct Data {
    /// The store's directory.
    #[arg(long, value_name = "DIR", env = "RAPPORTEUR_DATA", default_value = serve::STORE_DIR)]
    data: PathBuf,
    #[command(flatten)]
    opening: store::Opening,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let level = ["warn", "info", "debug"][usize::from(args.verbose.min(2))];
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| level.into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false)
        .init();
    let done = match args.task {
        Task::Demo(options) => demo::run(&options),
        Task::Serve(options) => serve::run(&options),
        Task::Import(options) => import::run(&options),
        Task::Export(options) => export::run(&options),
        Task::Restore(options) => restore::run(&options),
        Task::Rebuild(options) => rebuild::run(&options),
        Task::Verify(options) => verify::run(&options),
        Task::Schema(options) => schema::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

type Done = Result<(), Failure>;
