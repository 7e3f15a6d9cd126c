//! Pages of the timeline, beside the same pages from stock async-graphql, from serde_json alone, and constant bytes.

mod peers;
mod rows;

use crate::append::Round;
use crate::load::{Request, quantile};
use crate::wrk::{self, Bodies};
use crate::{Failed, serving};
use clap::Args;
use comfy_table::Table;
use rapporteur_desk::Desk;
use rapporteur_desk::import::import;
use rapporteur_log_sled::SledLog;
use rapporteur_testkit::long;
use rows::Rows;
use std::sync::Arc;
use std::time::Duration;

/// How many entries a page has.
const FIRST: usize = 50;

/// How pages are measured.
#[derive(Args)]
pub(crate) struct Options {
    /// How many events there are, at least
    #[arg(long, default_value_t = 100_000)]
    events: usize,
    /// How many clients ask at once
    #[arg(long, value_delimiter = ',', default_value = "1,16,64")]
    clients: Vec<usize>,
    /// How often each is measured; rounds alternate
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long one measurement takes
    #[arg(long, default_value_t = 3, value_name = "SECONDS")]
    seconds: u64,
    /// Where the store is made
    #[arg(long, env = "BENCH_DIR", default_value = "target")]
    dir: std::path::PathBuf,
}

const OURS: &str = "our timeline";

/// Measures, and prints a table for each number of clients.
pub(crate) fn run(options: &Options) -> Result<(), Failed> {
    std::fs::create_dir_all(&options.dir)?;
    let dir = tempfile::tempdir_in(&options.dir)?;
    let log = SledLog::open(&dir.path().join("store"), &rapporteur_log_sled::Options::default())?;
    let desk = Desk::open(Arc::new(log), crate::clock(), &mut |_| {})?;
    let report = import(&desk, long::lines(options.events).as_bytes(), "bench", &mut |_| {})?;
    if report.refused > 0 {
        return Err(format!("refused: {:?}", report.lines.first()).into());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let ours = serving::desk(&runtime, &desk)?;
    let rows = Arc::new(Rows::read(&ours, desk.views())?);
    let (stock, direct) = (peers::stock(&runtime, &rows)?, peers::direct(&runtime, &rows)?);

    let parties = rows.parties(20);
    let windows = (0..20).map(|month| format!("{}-{:02}/..", 2022 + month / 6, 1 + 2 * (month % 6)));
    let windows: Vec<String> = windows.collect();
    let asked = parties
        .iter()
        .flat_map(|party| windows.iter().map(move |within| (party, within)));
    let asked: Vec<String> = asked.map(|(party, within)| peers::body(party, within)).collect();
    let bytes = the_same(&asked, &[&ours, &stock, &direct])?;
    println!(
        "{} different pages of {FIRST} entries, {} bytes in the mean",
        asked.len(),
        bytes.len()
    );

    let constant = serving::constant(&runtime, bytes)?;
    let bodies = Bodies::write(dir.path(), asked.into_iter())?;
    let ways = [
        (OURS, format!("{ours}/graphql")),
        ("stock async-graphql", format!("{stock}/graphql")),
        ("serde_json alone", format!("{direct}/graphql")),
        ("constant bytes", constant),
    ];
    for &clients in &options.clients {
        let mut seen = vec![Vec::new(); ways.len()];
        for _ in 0..options.rounds {
            for ((_, url), seen) in ways.iter().zip(&mut seen) {
                seen.push(wrk::run(url, &bodies, clients, Duration::from_secs(options.seconds))?);
            }
        }
        print(options, clients, &ways, &seen);
    }
    Ok(())
}

/// Asks everybody for every page, and fails where one answers otherwise; bytes as many as the mean answer has.
fn the_same(asked: &[String], urls: &[&String]) -> Result<String, Failed> {
    let agent = ureq::Agent::new_with_defaults();
    let mut all = 0;
    for body in asked {
        let mut first = None;
        for url in urls {
            let request = Request {
                url: format!("{url}/graphql"),
                body: Some(body.clone()),
            };
            let answer: serde_json::Value = serde_json::from_str(&request.once(&agent)?)?;
            let text = answer["data"].to_string();
            if answer["data"]["timeline"]["nodes"].as_array().is_none_or(Vec::is_empty) {
                return Err(format!("{body}: {answer}").into());
            }
            match &first {
                None => {
                    all += text.len();
                    first = Some(text);
                }
                Some(first) if *first == text => {}
                Some(first) => return Err(format!("{url} answers {text}\nwhere the first answers {first}").into()),
            }
        }
    }
    Ok("x".repeat(all / asked.len()))
}

fn print(options: &Options, clients: usize, ways: &[(&str, String)], seen: &[Vec<Round>]) {
    let median =
        |rounds: &[Round], of: fn(&Round) -> f64| quantile(&mut rounds.iter().map(of).collect::<Vec<_>>(), 0.5);
    let ours = median(&seen[0], |round| round.rate);
    let mut table = Table::new();
    table.set_header(["", "pages/s", "p50 ms", "p99 ms", "ours against it"]);
    for ((name, _), rounds) in ways.iter().zip(seen) {
        let own = median(rounds, |round| round.rate);
        table.add_row([
            (*name).to_owned(),
            format!("{own:.0}"),
            format!("{:.2}", median(rounds, |round| round.p50_ms)),
            format!("{:.2}", median(rounds, |round| round.p99_ms)),
            format!("{:.2}", ours / own),
        ]);
    }
    println!(
        "\n{clients} clients, median of {} rounds of {} s\n{table}",
        options.rounds, options.seconds
    );
}
