//! How wide the output may be.

use clap::Args;

/// Columns where nothing says how many there are.
const COLUMNS: u16 = 100;
/// Narrower than this, one record is told under the other, and there is no telling in less than this.
const COLUMNS_MIN: u16 = 20;

#[derive(Args, Clone, Default)]
pub(crate) struct Width {
    /// Fit tables to so many columns. Left out: COLUMNS, the terminal's width, or 100.
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(i64::from(COLUMNS_MIN)..=1_000))]
    width: Option<u16>,
}

impl Width {
    /// How many columns there are.
    pub(crate) fn columns(&self) -> u16 {
        let env = || std::env::var("COLUMNS").ok()?.parse::<u16>().ok().filter(|c| *c > 0);
        let terminal = || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0);
        let found = self.width.or_else(env).or_else(terminal).unwrap_or(COLUMNS);
        found.max(COLUMNS_MIN)
    }
}
