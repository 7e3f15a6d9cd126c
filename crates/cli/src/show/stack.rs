//! A sheet where there is no room for columns: one record under the other, a line a cell.

use super::Sheet;
use super::table::GAP;
use anstyle::Style;
use textwrap::{Options, WordSeparator, WordSplitter};
use unicode_width::UnicodeWidthStr;

const LABEL: Style = Style::new().dimmed();

/// Below this width no table is laid out.
const TABLE_MIN: u16 = 50;
/// Below this width a table is laid out only where every word stays whole.
const WHOLE_WORDS: u16 = 60;

/// Whether a sheet is told record by record: the columns that are told have no room side by side.
pub(super) fn is_needed(sheet: &Sheet, told: &[usize], columns: u16) -> bool {
    if columns < TABLE_MIN {
        return true;
    }
    let longest = |at: &usize| {
        let cells = sheet.rows.iter().filter_map(|row| row.get(*at)).map(String::as_str);
        let words = cells
            .chain(sheet.titles.get(*at).copied())
            .flat_map(str::split_whitespace);
        words.map(UnicodeWidthStr::width).max().unwrap_or_default() + usize::from(GAP)
    };
    columns < WHOLE_WORDS && told.iter().map(longest).sum::<usize>() > usize::from(columns)
}

/// A record: `label: value` for each cell that says something, in lines of at most `columns` columns. No word is broken: one
/// that is longer than a line stands on a line of its own.
pub(super) fn record(cells: impl Iterator<Item = (String, String)>, columns: u16) -> String {
    let mut text = String::new();
    for (label, value) in cells.filter(|(_, value)| !value.is_empty()) {
        let label = if label.is_empty() { label } else { format!("{label}:") };
        for (place, line) in wrapped(&format!("{label} {value}"), "  ", columns).iter().enumerate() {
            match line.strip_prefix(&label) {
                Some(rest) if place == 0 => text.push_str(&format!("{LABEL}{label}{LABEL:#}{rest}\n")),
                _ => text.push_str(&format!("{line}\n")),
            }
        }
    }
    text
}

/// The lines of a text, broken at spaces only; those after the first begin with `indent`, unless a word needs that room.
pub(super) fn wrapped(text: &str, indent: &str, columns: u16) -> Vec<String> {
    let options = Options::new(usize::from(columns))
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .subsequent_indent(indent);
    let lines = textwrap::wrap(text, options).into_iter();
    lines
        .map(|line| match line.strip_prefix(indent) {
            Some(word) if line.width() > usize::from(columns) => word.to_owned(),
            _ => line.trim_end().to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    fn told(cells: &[(&str, &str)], columns: u16) -> String {
        let cells = cells
            .iter()
            .map(|(label, value)| ((*label).to_owned(), (*value).to_owned()));
        plain(&record(cells, columns))
    }

    #[test]
    fn a_record_is_broken_at_words_and_what_says_nothing_is_left_out() {
        let cells = [
            ("slug", "paris-2026-01-06"),
            ("when", ""),
            ("what", "Leaders of the coalition meet in Paris"),
        ];
        assert_eq!(
            told(&cells, 24),
            "slug: paris-2026-01-06\nwhat: Leaders of the\n  coalition meet in\n  Paris\n"
        );
    }

    #[test]
    fn a_word_that_is_longer_than_a_line_stays_whole() {
        let slug = "macron-zelenskyy-starmer-2026-01-06";
        assert_eq!(
            told(&[("dossier", slug), ("who", "Зеленський")], 20),
            format!("dossier:\n{slug}\nwho: Зеленський\n")
        );
    }

    #[test]
    fn a_table_gives_way_where_its_words_have_no_room() {
        let sheet = |slug: &str| {
            Sheet::of(
                ["slug", "what"],
                [[slug.to_owned(), "two words".to_owned()]].into_iter(),
            )
        };
        let long = "x".repeat(50);
        for (slug, columns, needed) in [("a", 49, true), ("a", 50, false), (&long, 55, true), (&long, 60, false)] {
            assert_eq!(is_needed(&sheet(slug), &[0, 1], columns), needed, "{slug} at {columns}");
        }
    }
}
