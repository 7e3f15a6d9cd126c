//! A page of text: headings, fields, paragraphs and tables, laid out to a width.

use super::Sheet;
use anstyle::{AnsiColor, Style};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};

const HEADING: Style = Style::new().bold();
const TITLE: Style = Style::new()
    .bold()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan)));
const FAINT: Style = Style::new().dimmed();

/// Columns up to this width are not squeezed.
const NARROW: u16 = 14;

/// A part of a page.
enum Part {
    Title(String),
    Heading(String),
    Fields(Sheet),
    Sheet(Sheet),
}

/// Text for people, in order.
#[derive(Default)]
pub(crate) struct Page(Vec<Part>);

impl Page {
    /// A page about one thing.
    pub(crate) fn titled(title: impl Into<String>) -> Self {
        Self(vec![Part::Title(title.into())])
    }

    /// What is said of it, one line a field; fields without a value are left out.
    pub(crate) fn fields<const N: usize>(mut self, fields: [(&'static str, String); N]) -> Self {
        let mut sheet = Sheet::new(&["", ""]);
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            sheet.row(vec![name.to_owned(), value]);
        }
        if !sheet.is_empty() {
            self.0.push(Part::Fields(sheet));
        }
        self
    }

    /// A table under a heading; nothing where it has no rows. Columns without a value are left out.
    pub(crate) fn sheet(mut self, heading: impl Into<String>, sheet: Sheet) -> Self {
        if !sheet.is_empty() {
            let heading = heading.into();
            if !heading.is_empty() {
                self.0.push(Part::Heading(format!("{heading} ({})", sheet.rows.len())));
            }
            self.0.push(Part::Sheet(sheet));
        }
        self
    }

    /// The text, in lines of at most `columns` columns.
    pub(crate) fn render(&self, columns: u16) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Title(title) => text.push_str(&format!("{TITLE}{}{TITLE:#}\n", safe(title))),
                Part::Heading(heading) => text.push_str(&format!("\n{HEADING}{}{HEADING:#}\n", safe(heading))),
                Part::Fields(sheet) => text.push_str(&fields(sheet, columns)),
                Part::Sheet(sheet) => text.push_str(&table(sheet, columns)),
            }
        }
        text
    }
}

/// Without the controls by which a text could write to the terminal what it is not.
fn safe(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .collect()
}

fn laid_out(columns: u16) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(columns);
    table
}

fn fields(sheet: &Sheet, columns: u16) -> String {
    let mut table = laid_out(columns);
    for row in &sheet.rows {
        table.add_row(row.iter().map(|cell| safe(cell)));
    }
    if let Some(names) = table.column_mut(0) {
        names.set_constraint(ColumnConstraint::ContentWidth).set_padding((0, 1));
    }
    if let Some(values) = table.column_mut(1) {
        values.set_padding((1, 0));
    }
    lines(table.lines())
}

fn table(sheet: &Sheet, columns: u16) -> String {
    let told: Vec<usize> = (0..sheet.titles.len())
        .filter(|at| {
            sheet
                .rows
                .iter()
                .any(|row| row.get(*at).is_some_and(|cell| !cell.is_empty()))
        })
        .collect();
    let mut table = laid_out(columns);
    table.set_header(told.iter().filter_map(|at| sheet.titles.get(*at)));
    for row in &sheet.rows {
        table.add_row(told.iter().filter_map(|at| row.get(*at)).map(|cell| safe(cell)));
    }
    let widest = table.column_max_content_widths();
    for (column, widest) in table.column_iter_mut().zip(widest) {
        column.set_padding((0, 2));
        if widest <= NARROW {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(widest + 2)));
        }
    }
    let mut rendered = table.lines();
    let header = rendered.next().unwrap_or_default();
    format!("{FAINT}{}{FAINT:#}\n{}", header.trim_end(), lines(rendered))
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
}
