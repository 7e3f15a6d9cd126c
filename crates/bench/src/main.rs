//! Measures the product beside its physical limits in one run, and prints ratios. Development only: `just bench`.

mod append;
mod as_of;
mod claims;
mod load;
mod query;
mod rebuild;
mod serving;
mod start;
mod wrk;

use clap::{Parser, Subcommand};

/// Whatever ends a measurement.
pub(crate) type Failed = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(about = "Measures rapporteur beside its physical limits")]
struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Durable appends beside a raw file and peers
    Append(append::Options),
    /// Pages as of another moment beside pages of the present and constant bytes
    AsOf(as_of::Options),
    /// Pages of the timeline beside peers
    Query(query::Options),
    /// A rebuild of every view while queries run and somebody records
    Rebuild(rebuild::Options),
    /// A start of a desk and its parts
    Start(start::Options),
}

#[expect(clippy::disallowed_methods, reason = "what is measured runs on the machine's clock")]
pub(crate) fn clock() -> rapporteur_desk::Clock {
    std::sync::Arc::new(chrono::Utc::now)
}

fn main() -> Result<(), Failed> {
    match Bench::parse().what {
        What::Append(options) => append::run(&options),
        What::AsOf(options) => as_of::run(&options),
        What::Query(options) => query::run(&options),
        What::Rebuild(options) => rebuild::run(&options),
        What::Start(options) => start::run(&options),
    }
}
