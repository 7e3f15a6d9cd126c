//! A rebuild of every view while queries run and somebody records.

use crate::load::{Request, quantile};
use crate::{Failed, serving};
use clap::Args;
use comfy_table::Table;
use rapporteur_desk::Desk;
use rapporteur_desk::import::import;
use rapporteur_log_sled::SledLog;
use rapporteur_testkit::long;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How a rebuild is measured.
#[derive(Args)]
pub(crate) struct Options {
    /// How many events there are, at least
    #[arg(long, default_value_t = 1_000_000)]
    events: usize,
    /// How many clients ask at once
    #[arg(long, default_value_t = 4)]
    clients: usize,
    /// How long they ask before the rebuild, for comparison
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    before: u64,
}

const QUERY: &str = "{ store { position } timeline(first: 20) { nodes { position summary dossier { slug } } }
    round(slug: \"eu-ru-18\") { title stage } }";

/// Measures, and prints a table. Fails where a query failed or a digest differs.
pub(crate) fn run(options: &Options) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let log = Arc::new(SledLog::open(dir.path(), &rapporteur_log_sled::Options::default())?);
    let desk = Desk::open(log, crate::clock(), &mut |_| {})?;
    let lines = long::lines(options.events);
    let started = Instant::now();
    let report = import(&desk, lines.as_bytes(), "bench", &mut |_| {})?;
    if report.refused > 0 {
        return Err(format!("{} of the commands were refused", report.refused).into());
    }
    drop(lines);
    println!(
        "{} events, imported in {:.1} s",
        desk.views().position(),
        started.elapsed().as_secs_f64()
    );
    let runtime = tokio::runtime::Runtime::new()?;
    let url = serving::desk(&runtime, &desk)?;
    let before = while_asking(options, &url, || {
        thread::sleep(Duration::from_secs(options.before));
        Ok(())
    })?;
    let mut rebuilt = None;
    let started = Instant::now();
    let during = while_asking(options, &url, || {
        rebuilt = Some(desk.rebuild(&mut |_| {})?);
        Ok(())
    })?;
    let took = started.elapsed();
    let rebuilt = rebuilt.ok_or("there was no rebuild")?;
    let after = while_asking(options, &url, || {
        thread::sleep(Duration::from_secs(options.before));
        Ok(())
    })?;
    println!(
        "rebuilt at position {} in {:.1} s; digests the same: {}; rebuilt views served: {}; recorded by then: {}",
        rebuilt.position,
        took.as_secs_f64(),
        rebuilt.same(),
        rebuilt.taken_over,
        desk.views().position()
    );
    let mut table = Table::new();
    table.set_header(["", "answers/s", "p50 ms", "p99 ms", "most ms", "failed", "recorded"]);
    for (what, mut seen) in [("before", before), ("during", during), ("after", after)] {
        table.add_row([
            what.to_owned(),
            format!("{:.0}", seen.took.len() as f64 / seen.long.as_secs_f64()),
            format!("{:.2}", quantile(&mut seen.took, 0.5)),
            format!("{:.2}", quantile(&mut seen.took, 0.99)),
            format!("{:.0}", quantile(&mut seen.took, 1.0)),
            seen.failed.to_string(),
            seen.recorded.to_string(),
        ]);
        if seen.failed > 0 {
            return Err(format!("{} queries failed {what} the rebuild", seen.failed).into());
        }
    }
    println!("{table}");
    let again = desk.rebuild(&mut |_| {})?;
    match rebuilt.same() && rebuilt.taken_over && again.same() {
        true => Ok(()),
        false => Err("a digest differs, or the rebuilt views were not taken".into()),
    }
}

/// What clients saw.
struct Seen {
    took: Vec<f64>,
    failed: usize,
    recorded: usize,
    long: Duration,
}

/// Lets clients ask, and one record, as long as a task takes.
fn while_asking(options: &Options, url: &str, task: impl FnOnce() -> Result<(), Failed>) -> Result<Seen, Failed> {
    let over = AtomicBool::new(false);
    let started = Instant::now();
    thread::scope(|threads| {
        let ask = || {
            let (agent, request) = (ureq::Agent::new_with_defaults(), Request::document(url, QUERY));
            let (mut took, mut failed) = (Vec::new(), 0);
            while !over.load(Ordering::Relaxed) {
                let asked = Instant::now();
                match request.once(&agent) {
                    Ok(answer) if !answer.contains("\"errors\"") => {
                        took.push(asked.elapsed().as_secs_f64() * 1e3);
                    }
                    _ => failed += 1,
                }
            }
            (took, failed)
        };
        let clients: Vec<_> = (0..options.clients).map(|_| threads.spawn(ask)).collect();
        let record = threads.spawn(|| {
            let (agent, mut recorded, mut failed) = (ureq::Agent::new_with_defaults(), 0, 0);
            while !over.load(Ordering::Relaxed) {
                let slug = format!("t-{}-{recorded}", started.elapsed().as_nanos());
                let document = format!(
                    "mutation {{ registerTopic(input: {{ slug: \"{slug}\", label: \"{slug}\" }}) {{ __typename }} }}"
                );
                match Request::document(url, &document).once(&agent) {
                    Ok(answer) if answer.contains("\"Recorded\"") => recorded += 1,
                    _ => failed += 1,
                }
                thread::sleep(Duration::from_millis(20));
            }
            (recorded, failed)
        });
        let done = task();
        over.store(true, Ordering::Relaxed);
        let long = started.elapsed();
        let panicked = |_| "a client panicked";
        let (recorded, mut failed) = record.join().map_err(panicked)?;
        let mut took = Vec::new();
        for client in clients {
            let (more, unanswered) = client.join().map_err(panicked)?;
            took.extend(more);
            failed += unanswered;
        }
        done?;
        Ok(Seen {
            took,
            failed,
            recorded,
            long,
        })
    })
}
