//! A table before it is laid out: a row of titles and rows of cells.

use crate::exit::Failure;

/// Titles and rows.
#[derive(Default)]
pub(crate) struct Sheet {
    pub(super) titles: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Sheet {
    /// A sheet without rows.
    pub(crate) fn new(titles: &[&'static str]) -> Self {
        Self {
            titles: titles.to_vec(),
            rows: Vec::new(),
        }
    }

    /// A sheet with these rows, each as long as `titles`.
    pub(crate) fn of<const N: usize>(titles: [&'static str; N], rows: impl Iterator<Item = [String; N]>) -> Self {
        Self {
            titles: titles.to_vec(),
            rows: rows.map(Vec::from).collect(),
        }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Whether it has no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// As CSV (RFC 4180, UTF-8), titles first. A cell that a spreadsheet would run as a formula gets a `'` in front.
    ///
    /// # Errors
    /// Never in memory; the type is the library's.
    pub(crate) fn csv(&self) -> Result<Vec<u8>, Failure> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        writer.write_record(&self.titles)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| guarded(cell)))?;
        }
        writer
            .into_inner()
            .map_err(|error| Failure::saying(format!("the CSV cannot be written: {error}")))
    }
}

fn guarded(cell: &str) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_quotes_what_it_must_and_guards_formulas() {
        let rows = [
            ["a,b".to_owned(), "=1+1".to_owned()],
            ["\"q\"".to_owned(), "ґ".to_owned()],
        ];
        let csv = Sheet::of(["one", "two"], rows.into_iter()).csv().unwrap();
        let expected = "one,two\r\n\"a,b\",'=1+1\r\n\"\"\"q\"\"\",ґ\r\n";
        assert_eq!(String::from_utf8(csv).unwrap(), expected);
    }
}
