//! Weekdays that a source names beside a date.

use super::FuzzyDate;
use chrono::{Datelike, Weekday};

const NAMES: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

impl FuzzyDate {
    /// The weekday the phrase names first and the one the day has, when the phrase names some but not that one.
    /// English names in full, in any case; single days only, doubted ones too.
    #[must_use]
    pub fn weekday_mismatch(&self) -> Option<(Weekday, Weekday)> {
        let actual = self.single_day()?.weekday();
        let mut said = self
            .phrase()?
            .as_str()
            .split(|c: char| !c.is_alphanumeric())
            .filter_map(named);
        let first = said.next()?;
        (first != actual && said.all(|day| day != actual)).then_some((first, actual))
    }
}

fn named(word: &str) -> Option<Weekday> {
    NAMES
        .iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name))
        .map(|(_, day)| *day)
}
