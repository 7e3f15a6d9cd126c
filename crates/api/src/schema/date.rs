//! Dates as shown.

use super::day::Day;
use super::words::Word;
use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use rapporteur_domain::date::{FuzzyDate, PartOfMonth, Precision};

/// A date as the source gives it, with the days it allows.
#[derive(SimpleObject)]
#[graphql(name = "Date")]
pub(super) struct DateOut {
    /// EDTF text (ISO 8601-2, level 0 to 2); null where the source gives nothing usable.
    edtf: Option<String>,
    /// The date in plain English: "3 or 4 January 2026".
    label: String,
    /// The source's own words.
    phrase: Option<String>,
    /// How the desk arrived at the date, where the source prints none.
    basis: Option<String>,
    /// The earliest possible day; null where it is open or unknown.
    earliest: Option<Day>,
    /// The latest possible day; null where it is open or unknown.
    latest: Option<Day>,
    /// What kind of date it is.
    precision: Word<Precision>,
    /// The part of the month, where the source says early, mid or late.
    qualifier: Option<Word<PartOfMonth>>,
    /// "Or very soon after": the end is open.
    open_tail: bool,
    /// About then: the bounds are widened by the rule in docs/time.md.
    approximate: bool,
    /// The source itself doubts the date: it is never surely in a window.
    uncertain: bool,
    /// The hours of the day, where known.
    window: Option<WindowOut>,
}

/// Hours of a day, or at the ends of a period of days, in their own time zone.
#[derive(SimpleObject)]
#[graphql(name = "TimeWindow")]
pub(super) struct WindowOut {
    /// When it opens, local time: "18:00"; of a period, on its first day.
    from: String,
    /// When it closes, local time: "24:00"; before `from` on the next day; of a period, on its last.
    until: String,
    /// The IANA time zone: "Europe/Kyiv".
    zone: String,
    /// The instant at which it opens.
    opens_at: Option<DateTime<Utc>>,
    /// The instant at which it closes.
    closes_at: Option<DateTime<Utc>>,
}

impl DateOut {
    /// Shows a date.
    pub(super) fn new(date: &FuzzyDate) -> Self {
        Self {
            edtf: date.edtf().map(str::to_owned),
            label: date.label(),
            phrase: date.phrase().map(ToString::to_string),
            basis: date.basis().map(ToString::to_string),
            earliest: date.earliest().map(Day),
            latest: date.latest().map(Day),
            precision: Word(date.precision()),
            qualifier: date.parts().qualifier.map(Word),
            open_tail: date.parts().open_tail,
            approximate: date.is_approximate(),
            uncertain: date.is_uncertain(),
            window: date.window().map(|window| WindowOut {
                from: window.from(),
                until: window.until(),
                zone: window.zone().name().to_owned(),
                opens_at: date.opens_at(),
                closes_at: date.closes_at(),
            }),
        }
    }
}
