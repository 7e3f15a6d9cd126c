//! Measures the product beside its physical limits in one run, and prints ratios. Development only: `just bench`.

mod as_of;
mod history;
mod load;
mod serving;

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
    /// Pages as of another moment beside pages of the present and constant bytes
    AsOf(as_of::Options),
}

fn main() -> Result<(), Failed> {
    match Bench::parse().what {
        What::AsOf(options) => as_of::run(&options),
    }
}
