//! What an answer as of another moment costs beside one of the present.

use crate::load::{Request, load, quantile};
use crate::{Failed, serving};
use clap::Args;
use comfy_table::Table;
use rapporteur_desk::Desk;
use rapporteur_desk::import::import;
use rapporteur_log_sled::SledLog;
use rapporteur_testkit::long;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How an as-of page is measured.
#[derive(Args)]
pub(crate) struct Options {
    /// How many events there are, at least
    #[arg(long, default_value_t = 100_000)]
    events: usize,
    /// How many clients ask at once
    #[arg(long, value_delimiter = ',', default_value = "1,16")]
    clients: Vec<usize>,
    /// How often each page is measured; rounds alternate between the pages
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long one measurement takes
    #[arg(long, default_value_t = 2, value_name = "SECONDS")]
    seconds: u64,
    /// How many moments are asked for that nobody asked for before
    #[arg(long, default_value_t = 40)]
    fresh: usize,
}

/// A page of 50 entries with what they rest on.
const PAGE: &str = "timeline(first: 50) { totalCount nodes { position kind summary when { label earliest latest }
    dossier { slug title } participants { party { slug name } role mode } topics { slug label }
    evidence { credibility hedge citations { source { slug title publisher url publishedOn { label } }
      attribution { speaker anonymous } } } } }";
/// The page of a round.
const ROUND: &str = "round(slug: \"eu-ru-18\") { title stage path { stage reachedOn { label } by { name } }
    days(from: PROPOSED, to: ADOPTED) { least most } listings { kind added removed net } }";

/// Measures, and prints a table.
pub(crate) fn run(options: &Options) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let log = Arc::new(SledLog::open(dir.path(), &rapporteur_log_sled::Options::default())?);
    let clock = crate::clock();
    let desk = Desk::open(log, clock, &mut |_| {})?;
    let lines = long::lines(options.events);
    let started = Instant::now();
    let report = import(&desk, lines.as_bytes(), "bench", &mut |_| {})?;
    if report.refused > 0 {
        return Err(format!(
            "{} of the commands were refused: {:?}",
            report.refused,
            report.lines.first()
        )
        .into());
    }
    let head = desk.views().position();
    println!("{head} events, imported in {:.1} s", started.elapsed().as_secs_f64());
    let runtime = tokio::runtime::Runtime::new()?;
    let url = serving::desk(&runtime, &desk)?;
    for (name, page) in [("timeline, 50 entries", PAGE), ("round", ROUND)] {
        pages(options, &runtime, &url, name, page, head)?;
    }
    fresh(options, &url, head)
}

/// Pages of moments that were asked for before, beside the same page of the present and as many constant bytes.
fn pages(
    options: &Options,
    runtime: &tokio::runtime::Runtime,
    url: &str,
    name: &str,
    page: &str,
    head: u64,
) -> Result<(), Failed> {
    let agent = ureq::Agent::new_with_defaults();
    let of = |moment: &str| Request::document(url, &format!("{{ asOf({moment}) {{ {page} }} }}"));
    let present = Request::document(url, &format!("{{ {page} }}"));
    let body = present.once(&agent)?;
    let asked = [
        (
            "constant bytes",
            Request {
                url: serving::constant(runtime, body.clone())?,
                body: None,
            },
        ),
        ("present", present),
        ("recorded, half the log", of(&format!("recorded: \"{}\"", head / 2))),
        ("published, the last day", of("published: \"2026-01-31\"")),
        ("published, the middle", of("published: \"2025-07-20\"")),
        (
            "both",
            of(&format!("recorded: \"{}\", published: \"2025-11-25\"", head / 2)),
        ),
    ];
    for (what, request) in &asked {
        let answer = request.once(&agent)?;
        if answer.contains("\"errors\"") {
            return Err(format!("{what}: {answer}").into());
        }
        println!("{name}, {what}: {} bytes", answer.len());
    }
    for &clients in &options.clients {
        let mut rates = vec![Vec::new(); asked.len()];
        let mut slow = vec![Vec::new(); asked.len()];
        for _ in 0..options.rounds {
            for (n, (_, request)) in asked.iter().enumerate() {
                let seen = load(request, clients, Duration::from_secs(options.seconds))?;
                rates[n].push(seen.rate);
                slow[n].extend(seen.took.iter().map(|took| took.as_secs_f64() * 1e3));
            }
        }
        let rates: Vec<f64> = rates.iter_mut().map(|rates| quantile(rates, 0.5)).collect();
        let mut table = Table::new();
        table.set_header([
            "",
            "answers/s",
            "p50 ms",
            "p99 ms",
            "time against present",
            "… constant bytes",
        ]);
        for (n, (what, _)) in asked.iter().enumerate() {
            table.add_row([
                (*what).to_owned(),
                format!("{:.0}", rates[n]),
                format!("{:.2}", quantile(&mut slow[n], 0.5)),
                format!("{:.2}", quantile(&mut slow[n], 0.99)),
                format!("{:.2}", rates[1] / rates[n]),
                format!("{:.1}", rates[0] / rates[n]),
            ]);
        }
        println!(
            "\n{name}, {clients} clients, median of {} rounds of {} s\n{table}\n",
            options.rounds, options.seconds
        );
    }
    Ok(())
}

/// Moments that nobody asked for before: each is folded first.
fn fresh(options: &Options, url: &str, head: u64) -> Result<(), Failed> {
    let agent = ureq::Agent::new_with_defaults();
    let mut table = Table::new();
    table.set_header(["a moment not asked for before", "p50 ms", "most ms"]);
    let steps = options.fresh as u64;
    let positions = (1..=steps).map(|n| format!("recorded: \"{}\"", head - n * (head / (steps + 1)) - n % 7));
    let first = chrono::NaiveDate::from_ymd_opt(2025, 2, 10).ok_or("no such day")?;
    let days = (1..=steps).map(|n| first + chrono::Days::new(n * 300 / steps));
    let days = days.map(|day| format!("published: \"{day}\""));
    for (what, moments) in [("a position", positions.collect::<Vec<_>>()), ("a day", days.collect())] {
        let mut took = Vec::new();
        for moment in moments {
            let request = Request::document(url, &format!("{{ asOf({moment}) {{ {PAGE} }} }}"));
            let asked = Instant::now();
            request.once(&agent)?;
            took.push(asked.elapsed().as_secs_f64() * 1e3);
        }
        let most = quantile(&mut took, 1.0);
        table.add_row([
            what.to_owned(),
            format!("{:.0}", quantile(&mut took, 0.5)),
            format!("{most:.0}"),
        ]);
    }
    println!("{table}");
    changed(&agent, url, head, options.rounds)
}

/// What changed between two moments that were asked for before: a day, a month, half the log; and the history of a round.
fn changed(agent: &ureq::Agent, url: &str, head: u64, rounds: usize) -> Result<(), Failed> {
    let half = head / 2;
    let asked = [
        (
            "one day",
            "changes(from: { published: \"2025-11-26\" }, to: { published: \"2025-11-27\" }) { totalCount }".to_owned(),
        ),
        (
            "a month",
            "changes(from: { published: \"2025-11-01\" }, to: { published: \"2025-11-30\" }) { totalCount }".to_owned(),
        ),
        (
            "the last 1,000 events",
            format!("changes(from: {{ recorded: \"{}\" }}) {{ totalCount }}", head - 1_000),
        ),
        (
            "half the log",
            format!("changes(from: {{ recorded: \"{half}\" }}) {{ totalCount }}"),
        ),
        (
            "history of a round",
            "round(slug: \"eu-ru-18\") { history(first: 50) { totalCount nodes { changes { summary } } } }".to_owned(),
        ),
        (
            "why",
            "round(slug: \"eu-ru-18\") { why(field: STAGE) { value permalink behind { position } } }".to_owned(),
        ),
    ];
    let mut table = Table::new();
    table.set_header(["what changed, moments kept", "p50 ms", "most ms"]);
    for (what, field) in asked {
        let request = Request::document(url, &format!("{{ {field} }}"));
        let answer = request.once(agent)?;
        if answer.contains("\"errors\"") {
            return Err(format!("{what}: {answer}").into());
        }
        let mut took = Vec::new();
        for _ in 0..rounds.max(3) {
            let started = Instant::now();
            request.once(agent)?;
            took.push(started.elapsed().as_secs_f64() * 1e3);
        }
        let most = quantile(&mut took, 1.0);
        table.add_row([
            what.to_owned(),
            format!("{:.1}", quantile(&mut took, 0.5)),
            format!("{most:.1}"),
        ]);
    }
    println!("{table}");
    Ok(())
}
