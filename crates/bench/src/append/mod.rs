//! Durable appends: ours, at three depths, beside a raw file and beside peers, in alternating rounds.

mod desk;
mod group;
mod http;
#[cfg(feature = "peers")]
mod peers;
mod stores;

use crate::Failed;
use crate::claims::Claims;
use crate::load::quantile;
use clap::Args;
use comfy_table::Table;
use rapporteur_domain::command::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// How appends are measured.
#[derive(Args)]
pub(crate) struct Options {
    /// How many clients append at once, each one event after the other
    #[arg(long, value_delimiter = ',', default_value = "1,16,64,256")]
    clients: Vec<usize>,
    /// How often each is measured; rounds alternate
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long one measurement takes
    #[arg(long, default_value_t = 3, value_name = "SECONDS")]
    seconds: u64,
    /// Only what has this in its name, and the limit
    #[arg(long)]
    only: Option<String>,
    /// Where stores are made: on the disk that is measured
    #[arg(long, env = "BENCH_DIR", default_value = "target")]
    dir: std::path::PathBuf,
    /// PostgreSQL's address
    #[arg(long, env = "BENCH_POSTGRES")]
    postgres: Option<String>,
    /// UmaDB's address
    #[arg(long, env = "BENCH_UMADB")]
    umadb: Option<String>,
}

/// What was seen in one measurement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    /// Acknowledgements a second.
    pub(crate) rate: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

/// How long each append took, gathered by the clients.
#[derive(Clone, Default)]
pub(crate) struct Appends(Arc<Mutex<Vec<Duration>>>);

impl Appends {
    pub(crate) fn took(&self, long: Duration) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(long);
    }

    pub(crate) fn round(&self, long: Duration) -> Round {
        let took = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut millis: Vec<f64> = took.iter().map(|took| took.as_secs_f64() * 1e3).collect();
        Round {
            rate: took.len() as f64 / long.as_secs_f64(),
            p50_ms: quantile(&mut millis, 0.5),
            p99_ms: quantile(&mut millis, 0.99),
        }
    }
}

/// Waits for every client.
pub(crate) fn join(runtime: &Runtime, tasks: Vec<JoinHandle<Result<(), Failed>>>) -> Result<(), Failed> {
    tasks.into_iter().try_for_each(|task| runtime.block_on(task)?)
}

/// What is appended, in each form that somebody takes.
struct Given {
    events: Arc<[Arc<[u8]>]>,
    #[cfg(feature = "peers")]
    values: Arc<[serde_json::Value]>,
    commands: Arc<[Command]>,
    runtime: Runtime,
}

/// Whoever is measured: a name, and how a round of it runs.
type Way = (&'static str, Run);
type Run = Box<dyn Fn(&Given, usize, Duration) -> Result<Round, Failed>>;

const LIMIT: &str = "raw file, group commit";
const ENGINE: &str = "our log";
const DESK: &str = "our desk";
const HTTP: &str = "our desk by GraphQL over HTTP";
#[cfg(feature = "peers")]
const POSTGRES: &str = "PostgreSQL insert";

/// How many commands are prepared: more than a desk records in one measurement.
const COMMANDS: usize = 400_000;

/// Measures, and prints a table for each number of clients.
pub(crate) fn run(options: &Options) -> Result<(), Failed> {
    let claims = Claims::of_the_facts()?;
    let values = (0..10_000).map(|number| claims.value(number));
    let values: Vec<serde_json::Value> = values.collect();
    let events: Vec<Arc<[u8]>> = values
        .iter()
        .map(|value| value.to_string().into_bytes().into())
        .collect();
    let bytes: usize = events.iter().map(|event| event.len()).sum();
    println!("{} bytes an event, mean of {}", bytes / events.len(), events.len());
    let commands: Result<Vec<Command>, Failed> = (0..COMMANDS).map(|number| claims.command(number)).collect();
    let given = Given {
        events: events.into(),
        #[cfg(feature = "peers")]
        values: values.into(),
        commands: commands?.into(),
        runtime: Runtime::new()?,
    };
    std::fs::create_dir_all(&options.dir)?;
    let ways = ways(options)?;
    for &clients in &options.clients {
        let mut seen = vec![Vec::new(); ways.len()];
        for _ in 0..options.rounds {
            for ((_, run), seen) in ways.iter().zip(&mut seen) {
                seen.push(run(&given, clients, Duration::from_secs(options.seconds))?);
            }
        }
        print(options, clients, &ways, &seen);
    }
    Ok(())
}

fn ways(options: &Options) -> Result<Vec<Way>, Failed> {
    let at = options.dir.clone();
    let fresh = move || tempfile::tempdir_in(&at).map_err(Failed::from);
    let mut ways: Vec<Way> = Vec::new();
    let make = fresh.clone();
    ways.push((
        LIMIT,
        Box::new(move |given, clients, long| {
            let dir = make()?;
            let store = stores::RawFile::create(dir.path())?;
            group::round(&given.runtime, store, &given.events, clients, long)
        }),
    ));
    let make = fresh.clone();
    ways.push((
        ENGINE,
        Box::new(move |given, clients, long| {
            let dir = make()?;
            let store = stores::Engine::create(dir.path())?;
            group::round(&given.runtime, store, &given.events, clients, long)
        }),
    ));
    let make = fresh.clone();
    ways.push((
        DESK,
        Box::new(move |given, clients, long| {
            desk::round(&given.runtime, make()?.path(), &given.commands, clients, long)
        }),
    ));
    let make = fresh.clone();
    ways.push((
        HTTP,
        Box::new(move |given, clients, long| http::round(&given.runtime, make()?.path(), clients, long)),
    ));
    #[cfg(feature = "peers")]
    peers_of(options, fresh, &mut ways);
    if let Some(only) = &options.only {
        ways.retain(|(name, _)| *name == LIMIT || name.contains(only.as_str()));
    }
    Ok(ways)
}

#[cfg(feature = "peers")]
fn peers_of(
    options: &Options,
    fresh: impl Fn() -> Result<tempfile::TempDir, Failed> + Clone + 'static,
    ways: &mut Vec<Way>,
) {
    let make = fresh.clone();
    ways.push((
        "fjall, group commit",
        Box::new(move |given, clients, long| {
            let dir = make()?;
            let store = peers::Fjall::create(dir.path())?;
            group::round(&given.runtime, store, &given.events, clients, long)
        }),
    ));
    ways.push((
        "redb, group commit",
        Box::new(move |given, clients, long| {
            let dir = fresh()?;
            let store = peers::Redb::create(dir.path())?;
            group::round(&given.runtime, store, &given.events, clients, long)
        }),
    ));
    if let Some(url) = options.postgres.clone() {
        ways.push((
            POSTGRES,
            Box::new(move |given, clients, long| peers::postgres(&given.runtime, &url, &given.values, clients, long)),
        ));
    }
    if let Some(url) = options.umadb.clone() {
        ways.push((
            "UmaDB append",
            Box::new(move |given, clients, long| peers::umadb(&given.runtime, &url, &given.events, clients, long)),
        ));
    }
}

fn print(options: &Options, clients: usize, ways: &[Way], seen: &[Vec<Round>]) {
    let median =
        |rounds: &[Round], of: fn(&Round) -> f64| quantile(&mut rounds.iter().map(of).collect::<Vec<_>>(), 0.5);
    let rate = |name: &str| {
        let at = ways.iter().position(|(way, _)| *way == name)?;
        Some(median(&seen[at], |round| round.rate))
    };
    let mut table = Table::new();
    table.set_header([
        "",
        "acks/s",
        "p50 ms",
        "p99 ms",
        "against the limit",
        "our log against it",
        "our desk against it",
        "by HTTP against it",
    ]);
    for ((name, _), rounds) in ways.iter().zip(seen) {
        let own = median(rounds, |round| round.rate);
        let against = |ours: &str| rate(ours).map_or_else(String::new, |ours| format!("{:.2}", ours / own));
        table.add_row([
            (*name).to_owned(),
            format!("{own:.0}"),
            format!("{:.2}", median(rounds, |round| round.p50_ms)),
            format!("{:.2}", median(rounds, |round| round.p99_ms)),
            rate(LIMIT).map_or_else(String::new, |limit| format!("{:.2}", own / limit)),
            against(ENGINE),
            against(DESK),
            against(HTTP),
        ]);
    }
    println!(
        "\n{clients} clients, median of {} rounds of {} s\n{table}",
        options.rounds, options.seconds
    );
}
