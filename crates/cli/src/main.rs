//! The binary `rapporteur`: reads the command line, puts the crates together, answers in exit codes.

mod ask;
mod backup;
mod checkpoint;
mod demo;
mod digests;
mod exit;
mod export;
mod import;
mod input;
mod log_tail;
mod man;
mod out;
mod progress;
mod read;
mod rebuild;
mod record;
mod repair;
mod restore;
mod schema;
mod serve;
mod settings;
mod show;
mod signals;
mod sink;
mod store;
mod terminal;
mod verify;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use exit::Failure;
use std::path::PathBuf;
use std::process::ExitCode;

/// What each exit code says, and what settings files are.
const AFTER_HELP: &str = "Settings: a flag goes before the environment (RAPPORTEUR_DATA, RAPPORTEUR_ENDPOINT, RAPPORTEUR_ZONE, RAPPORTEUR_LISTEN,
RAPPORTEUR_OPEN_MAX, RAPPORTEUR_KEEP_FREE, RAPPORTEUR_DEMO_DATA), that before the project's `rapporteur.toml`, that before the user's
`rapporteur/config.toml`. Every key may be left out; a directory is taken from where the file is:
  data = \"data/desk\"
  endpoint = \"http://127.0.0.1:8417\"   # asked instead of a store, by what asks or records
  zone = \"Europe/Brussels\"
  listen = \"127.0.0.1:8417\"
  open_max = 300                        # seconds
  keep_free = 64                        # MiB of the store's disk
  demo_data = \"data/demo\"

Exit codes:
  0    ok, also a server that was asked to stop
  1    failed: disk, permission, a store in use or made by a newer program
  2    usage
  3    not found: a store, a backup, an input file, a slug
  4    refused, or lost a race; a backup of another store
  5    damaged: a log, a backup, a permalink or proof that does not hold, a rebuild that differs
  130  interrupted: whatever takes long, or a server that was asked twice";

/// Record-keeper of diplomacy: what did we know, when, from whom, and what changed since?
#[derive(Parser)]
#[command(version, propagate_version = true, after_help = AFTER_HELP)]
struct Args {
    /// Say more on stderr; twice for everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Say nothing on stderr but what fails: no notes, no progress, no warnings.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Read settings from this file, and from no other. Left out: `rapporteur.toml` in this directory or the nearest above,
    /// then `rapporteur/config.toml` in XDG_CONFIG_HOME (or in `.config` at home).
    #[arg(long, global = true, value_name = "FILE", env = settings::FILE_ENV)]
    config: Option<PathBuf>,
    /// When to colour output; auto: on terminals, and not where NO_COLOR is set.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: show::Colour,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Load the facts into a store of its own and serve them: the way to try rapporteur.
    #[command(after_help = demo::EXAMPLES)]
    Demo(demo::Options),
    /// Serve the desk's store: GraphQL at /graphql, GraphiQL at /graphiql, health at /livez.
    #[command(after_help = serve::EXAMPLES)]
    Serve(serve::Options),
    /// Record a file of commands, one JSON object a line. Run it again after a break: nothing is recorded twice.
    #[command(after_help = import::EXAMPLES)]
    Import(import::Options),
    /// Write everything that is recorded, a line an event, as it is stored: for backups, and for `restore`.
    #[command(after_help = export::EXAMPLES)]
    Export(export::Options),
    /// Back up everything that is recorded into a directory, or add to the backup there what is new.
    #[command(after_help = backup::EXAMPLES)]
    Backup(backup::Options),
    /// Fill an empty store from an export or a backup: the same positions, instants and hashes, or nothing.
    #[command(after_help = restore::EXAMPLES)]
    Restore(restore::Options),
    /// Rebuild every view from the log, and compare with the digests noted when the store was last closed.
    #[command(after_help = rebuild::EXAMPLES)]
    Rebuild(rebuild::Options),
    /// Check every file and every event of a store; nothing in it changes.
    #[command(after_help = verify::EXAMPLES)]
    Verify(verify::Options),
    /// Sign what the log holds, and prove to others that an event is in it and that nothing was rewritten.
    #[command(after_help = checkpoint::EXAMPLES)]
    Checkpoint(checkpoint::Options),
    /// Make a damaged store anew from a backup and from what can still be read of it; the damaged one is kept.
    #[command(after_help = repair::EXAMPLES)]
    Repair(repair::Options),
    /// Write the GraphQL schema and the JSON Schemas of commands and events.
    #[command(after_help = schema::EXAMPLES)]
    Schema(schema::Options),
    #[command(flatten)]
    Terminal(Box<terminal::Task>),
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

/// The command line, with what settings files say where it and the environment say nothing.
fn read() -> Result<Args, Failure> {
    let args = Args::parse();
    settings::load(args.config.as_deref())?;
    let matches = settings::as_defaults(Args::command()).get_matches();
    Args::from_arg_matches(&matches).map_err(|error| Failure::usage(error.to_string()))
}

fn main() -> ExitCode {
    let args = match read() {
        Ok(args) => args,
        Err(failure) => return failure.report(),
    };
    args.color.settle();
    if args.quiet {
        out::be_quiet();
    }
    let level = match args.quiet {
        true => "error",
        false => ["warn", "info", "debug"][usize::from(args.verbose.min(2))],
    };
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
        Task::Backup(options) => backup::run(&options),
        Task::Checkpoint(options) => checkpoint::run(&options),
        Task::Repair(options) => repair::run(&options),
        Task::Rebuild(options) => rebuild::run(&options),
        Task::Verify(options) => verify::run(&options),
        Task::Schema(options) => schema::run(&options),
        Task::Terminal(task) => terminal::run(&task, Args::command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

type Done = Result<(), Failure>;
