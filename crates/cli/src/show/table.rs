//! A page of text: headings, fields, paragraphs and tables, laid out to a width.

use super::{Sheet, stack};
use anstyle::{AnsiColor, Style};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use unicode_width::UnicodeWidthStr;

const HEADING: Style = Style::new().bold();
const TITLE: Style = Style::new()
    .bold()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan)));
const FAINT: Style = Style::new().dimmed();

/// Columns between two columns.
pub(super) const GAP: u16 = 2;
/// Cells up to this width, such as "28 February 2022", stay on one line.
const SHORT: usize = 16;

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
                Part::Title(title) => text.push_str(&styled(TITLE, title, columns)),
                Part::Heading(heading) => {
                    text.push('\n');
                    text.push_str(&styled(HEADING, heading, columns));
                }
                Part::Fields(sheet) => text.push_str(&fields(sheet, columns)),
                Part::Sheet(sheet) => text.push_str(&table(sheet, columns)),
            }
        }
        text
    }
}

/// A line or more in a style; words stay whole.
fn styled(style: Style, text: &str, columns: u16) -> String {
    let lines = stack::wrapped(&safe(text), "", columns);
    lines.iter().map(|line| format!("{style}{line}{style:#}\n")).collect()
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
    if stack::is_needed(sheet, &[0, 1], columns) {
        let pair = |row: &Vec<String>| (safe(&row[0]), safe(&row[1]));
        return stack::record(sheet.rows.iter().filter(|row| row.len() == 2).map(pair), columns);
    }
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
    if stack::is_needed(sheet, &told, columns) {
        let records = sheet.rows.iter().map(|row| {
            let cells = told
                .iter()
                .filter_map(|at| Some((*sheet.titles.get(*at)?, row.get(*at)?)));
            stack::record(cells.map(|(title, cell)| (title.to_owned(), safe(cell))), columns)
        });
        return records.collect::<Vec<_>>().join("\n");
    }
    let mut table = laid_out(columns);
    table.set_header(told.iter().filter_map(|at| sheet.titles.get(*at)));
    for row in &sheet.rows {
        table.add_row(told.iter().filter_map(|at| row.get(*at)).map(|cell| safe(cell)));
    }
    for (column, width) in table.column_iter_mut().zip(widths(sheet, &told, columns)) {
        column.set_padding((0, GAP));
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
    }
    let mut rendered = table.lines();
    let header = rendered.next().unwrap_or_default();
    format!("{FAINT}{}{FAINT:#}\n{}", header.trim_end(), lines(rendered))
}

/// A column that is being laid out. Its widths are with the gap.
struct Measure {
    /// As much as its widest cell takes.
    widest: u32,
    /// As much as all of its cells take together.
    all: u32,
    /// As much as its longest word takes.
    word: u32,
    given: u32,
}

/// The width of each column that is told: no narrower than what is not to be broken, unless all together are too wide;
/// what is left goes where the most lines are saved.
fn widths(sheet: &Sheet, told: &[usize], columns: u16) -> Vec<u16> {
    let gap = u32::from(GAP);
    let taken = |width: usize| u32::try_from(width).unwrap_or(u32::MAX / 1_000);
    let measure = |at: &usize| {
        let cells = sheet.rows.iter().filter_map(|row| row.get(*at)).map(String::as_str);
        let cells: Vec<&str> = cells.chain(sheet.titles.get(*at).copied()).collect();
        let widths = || cells.iter().map(|cell| taken(cell.width()));
        Measure {
            widest: widths().max().unwrap_or_default() + gap,
            all: widths().fold(0, u32::saturating_add),
            word: taken(cells.iter().map(|cell| word(cell)).max().unwrap_or_default()) + gap,
            given: taken(cells.iter().map(|cell| whole(cell)).max().unwrap_or_default()) + gap,
        }
    };
    let mut measures: Vec<Measure> = told.iter().map(measure).collect();
    let sum = |measures: &[Measure]| {
        measures
            .iter()
            .map(|measure| measure.given)
            .fold(0, u32::saturating_add)
    };
    // Dates give way first, down to their words; then names, the widest first.
    let names = taken(SHORT) + gap;
    shrink(&mut measures, columns, |measure| {
        if measure.given > names {
            measure.given
        } else {
            measure.word
        }
    });
    shrink(&mut measures, columns, |_| gap + 1);
    for _ in sum(&measures)..u32::from(columns) {
        let open = measures.iter_mut().filter(|measure| measure.given < measure.widest);
        match open.max_by_key(|measure| measure.all / measure.given) {
            Some(longest) => longest.given += 1,
            None => break,
        }
    }
    let widths = measures
        .iter()
        .map(|measure| u16::try_from(measure.given).unwrap_or(columns));
    widths.collect()
}

fn sum(measures: &[Measure]) -> u32 {
    measures
        .iter()
        .map(|measure| measure.given)
        .fold(0, u32::saturating_add)
}

/// Takes from the widest columns until all fit, but no column below its floor.
fn shrink(measures: &mut [Measure], columns: u16, floor: impl Fn(&Measure) -> u32) {
    while sum(measures) > u32::from(columns) {
        let slack = measures.iter_mut().filter(|measure| measure.given > floor(measure));
        match slack.max_by_key(|measure| measure.given) {
            Some(widest) => widest.given -= 1,
            None => break,
        }
    }
}

/// What of a cell is kept on one line if there is room: all of a short one, such as a date, and of a name.
fn whole(cell: &str) -> usize {
    match cell.width() {
        short if short <= SHORT => short,
        name if !cell.contains(char::is_whitespace) => name,
        _ => word(cell),
    }
}

/// The longest word of a text, as far as it is no name of its own.
fn word(cell: &str) -> usize {
    let longest = cell.split_whitespace().map(UnicodeWidthStr::width).max();
    longest.unwrap_or_default().min(SHORT)
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[[&str; 2]]) -> Sheet {
        Sheet::of(["slug", "what"], rows.iter().map(|row| row.map(str::to_owned)))
    }

    /// Each line without escape codes.
    fn plain(text: &str) -> Vec<String> {
        anstream::adapter::strip_str(text)
            .to_string()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn words_are_kept_whole_and_lines_within_the_width() {
        let long = "several words that have to be wrapped because they are many, and then a few more of them";
        let text = Page::default()
            .sheet("", sheet(&[["paris-2026-01-06", long], ["Зеленський", "x"]]))
            .render(60);
        let lines = plain(&text);
        assert!(lines.iter().all(|line| line.width() <= 60), "{lines:#?}");
        assert!(
            lines.iter().any(|line| line.starts_with("paris-2026-01-06  ")),
            "{lines:#?}"
        );
        assert_eq!(lines[0], "slug              what");
    }

    #[test]
    fn wide_letters_count_twice_and_too_long_words_are_broken() {
        let text = Page::default()
            .sheet("", sheet(&[["外交外交外交外交外交外交外交", &"x".repeat(90)]]))
            .render(60);
        assert!(plain(&text).iter().all(|line| line.width() <= 60), "{text}");
    }

    #[test]
    fn nothing_in_a_text_reaches_the_terminal_as_a_control() {
        let text = Page::titled("a\u{1b}[2Jb")
            .sheet("", sheet(&[["a\u{7}b", "c"]]))
            .render(80);
        assert!(
            !anstream::adapter::strip_str(&text)
                .to_string()
                .contains(['\u{1b}', '\u{7}'])
        );
        assert!(!text.contains("\u{1b}[2J") && text.contains("a b"));
    }

    #[test]
    fn columns_and_tables_without_content_are_left_out() {
        let page = Page::default()
            .sheet("Nothing", sheet(&[]))
            .sheet("Some", sheet(&[["a", ""]]));
        assert_eq!(plain(&page.render(80)), ["", "Some (1)", "slug", "a"]);
    }
}
