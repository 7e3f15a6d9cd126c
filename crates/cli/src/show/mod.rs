//! Showing an answer: as tables for people, as JSON or CSV for programs.

mod colour;
mod pick;
mod sheet;
mod stack;
mod table;
mod width;

pub(crate) use colour::Colour;
pub(crate) use pick::{at, bounds, counted, day, each, joined, number, plain, quantity, sentences, text, word};
pub(crate) use sheet::Sheet;
pub(crate) use table::Page;

use crate::Done;
use crate::out;
use clap::{Args, ValueEnum};
use serde_json::Value;

/// How one dossier is shown.
#[derive(Args, Clone)]
#[command(next_help_heading = "How to show it")]
pub(crate) struct PageOutput {
    /// `table` is for people, `json` is the data of the GraphQL answer.
    #[arg(long, value_name = "FORMAT", default_value = "table", conflicts_with = "json")]
    format: PageFormat,
    /// The same as --format json.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    width: width::Width,
}

/// How a list is shown.
#[derive(Args, Clone)]
#[command(next_help_heading = "How to show it")]
pub(crate) struct ListOutput {
    /// `table` is for people, `csv` for spreadsheets, `json` is the data of the GraphQL answer.
    #[arg(long, value_name = "FORMAT", default_value = "table", conflicts_with = "json")]
    format: ListFormat,
    /// The same as --format json.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    width: width::Width,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq)]
enum PageFormat {
    Table,
    Json,
}

/// The forms of a list.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListFormat {
    Table,
    Json,
    Csv,
}

impl PageOutput {
    /// Whether the data of the answer is asked for.
    pub(crate) fn is_json(&self) -> bool {
        self.json || self.format == PageFormat::Json
    }

    /// Shows a dossier.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub(crate) fn show(&self, data: &Value, page: impl FnOnce() -> Page) -> Done {
        if self.is_json() {
            return json(data);
        }
        out::line(format_args!("{}", page().render(self.width.columns()).trim_end()))
    }
}

impl ListOutput {
    /// The form that is asked for.
    pub(crate) fn format(&self) -> ListFormat {
        if self.json { ListFormat::Json } else { self.format }
    }

    /// How many columns a table may have.
    pub(crate) fn columns(&self) -> u16 {
        self.width.columns()
    }

    /// Shows a list; an empty one as a table is nothing on standard output.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub(crate) fn show(&self, data: &Value, sheet: impl FnOnce() -> Sheet) -> Done {
        match self.format() {
            ListFormat::Json => json(data),
            ListFormat::Csv => out::bytes(&sheet().csv()?).map(|_read| ()),
            ListFormat::Table => {
                let sheet = sheet();
                if sheet.is_empty() {
                    return Ok(());
                }
                let text = Page::default().sheet("", sheet).render(self.width.columns());
                out::line(format_args!("{}", text.trim_end()))
            }
        }
    }
}

/// How many columns a table may have where no flag says it.
pub(crate) fn columns() -> u16 {
    width::Width::default().columns()
}

/// Prints JSON with one member a line.
///
/// # Errors
/// Standard output cannot be written.
pub(crate) fn json(data: &Value) -> Done {
    let text = serde_json::to_string_pretty(data)?;
    out::bytes(format!("{text}\n").as_bytes()).map(|_read| ())
}
