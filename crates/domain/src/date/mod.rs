//! Dates as sources give them: [`FuzzyDate`], "Date" in the API and the docs.
//!
//! In reading order: what is written ([`DateParts`]), the days it allows ([`Span`]), questions about them
//! ([`Within`], [`SortKey`]), hours of a day ([`TimeWindow`]), labels and messages for people.
//! The rules are explained in docs/time.md.

mod explain;
mod hours;
mod label;
mod order;
mod parts;
mod precision;
mod reading;
mod scalar;
mod span;
mod today;
mod weekday;
mod within;

#[cfg(test)]
mod tests;

pub use hours::TimeWindow;
pub use order::SortKey;
pub use parts::{DateParts, PartOfMonth};
pub use precision::Precision;
pub use span::Span;
pub(crate) use today::settle;
pub use within::Within;

use crate::invalid::Invalid;
use crate::text::Line;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use reading::Reading;
use std::sync::Arc;

/// A date that may be vague, alternative, approximate, doubtful, open or missing.
///
/// Made only from valid [`DateParts`], which it keeps as they were written: equality and both
/// round trips (JSON, CBOR) are those of the written parts. The days it allows are derived once.
/// Cloning is one reference count.
#[derive(Clone)]
pub struct FuzzyDate(Arc<Inner>);

struct Inner {
    parts: DateParts,
    reading: Reading,
}

impl FuzzyDate {
    /// The most bytes an EDTF text may have.
    pub const MAX_BYTES: usize = 200;

    /// The door: checks the parts against each other and derives the days they allow.
    ///
    /// # Errors
    /// The EDTF text is invalid, too long, names a year outside 0000 to 9999 or a time of day; a part does not go
    /// with it (`qualifier` off a year-month, `window` off a day or a period of days, `openTail` on a date without an end);
    /// or there is no EDTF text and neither `phrase` nor `basis` says why.
    pub fn new(parts: DateParts) -> Result<Self, Invalid> {
        let reading = Reading::of(&parts)?;
        Ok(Self(Arc::new(Inner { parts, reading })))
    }

    /// A date from EDTF text alone, such as `2026-01-06` or `[2026-01-03,2026-01-04]`.
    ///
    /// # Errors
    /// The text is not EDTF of level 0 to 2, or one of the kinds [`FuzzyDate::new`] refuses.
    pub fn parse(edtf: &str) -> Result<Self, Invalid> {
        Self::new(DateParts {
            edtf: Some(edtf.into()),
            ..DateParts::default()
        })
    }

    /// A known day. A day outside the years 0000 to 9999 becomes the first or last day of them.
    #[must_use]
    pub fn day(day: NaiveDate) -> Self {
        let day = span::clamp(day);
        let edtf = format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day());
        Self(Arc::new(Inner {
            parts: DateParts {
                edtf: Some(edtf.into()),
                ..DateParts::default()
            },
            reading: Reading::of_day(day),
        }))
    }

    /// No usable date, only the source's words for it.
    #[must_use]
    pub fn undated(phrase: Line) -> Self {
        Self(Arc::new(Inner {
            parts: DateParts {
                phrase: Some(phrase),
                ..DateParts::default()
            },
            reading: Reading::undated(),
        }))
    }

    /// The parts as written.
    #[must_use]
    pub fn parts(&self) -> &DateParts {
        &self.0.parts
    }

    /// The EDTF text as written; none for an undated one.
    #[must_use]
    pub fn edtf(&self) -> Option<&str> {
        self.0.parts.edtf.as_deref()
    }

    /// The source's own words.
    #[must_use]
    pub fn phrase(&self) -> Option<&Line> {
        self.0.parts.phrase.as_ref()
    }

    /// How the desk arrived at the date when the source prints none.
    #[must_use]
    pub fn basis(&self) -> Option<&Line> {
        self.0.parts.basis.as_ref()
    }

    /// The hours of the day, where they are known.
    #[must_use]
    pub fn window(&self) -> Option<&TimeWindow> {
        self.0.parts.window.as_ref()
    }

    /// The days it may fall on: one span per member of a set, else one; none for an undated one.
    /// `~` has widened them, `qualifier` narrowed them, `openTail` opened their end.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        self.0.reading.spans.as_slice()
    }

    /// The first day it may touch; `None` = unbounded, unknown or undated.
    #[must_use]
    pub fn earliest(&self) -> Option<NaiveDate> {
        self.0.reading.spans.hull().earliest
    }

    /// The last day it may touch; `None` = unbounded, unknown, undated, or an open tail.
    #[must_use]
    pub fn latest(&self) -> Option<NaiveDate> {
        self.0.reading.spans.hull().latest
    }

    /// How finely it is written; the coarsest date in it decides.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.0.reading.precision
    }

    /// Whether there is no usable date, only words about one.
    #[must_use]
    pub fn is_undated(&self) -> bool {
        self.0.parts.edtf.is_none()
    }

    /// Whether any part of it is doubted: `?` or `%`.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        self.0.reading.uncertain
    }

    /// Whether any part of it is an estimate: `~` or `%`.
    #[must_use]
    pub fn is_approximate(&self) -> bool {
        self.0.reading.approximate
    }

    /// The calendar day it names, when it is written as exactly one and not as an estimate. It may still be doubted.
    #[must_use]
    pub fn single_day(&self) -> Option<NaiveDate> {
        self.0.reading.single_day()
    }

    /// When its hours begin: on its day, or on the first day of a period. Local times a clock change skips or repeats: see [`TimeWindow::opens_at`].
    #[must_use]
    pub fn opens_at(&self) -> Option<DateTime<Utc>> {
        self.window()?.opens_at(self.0.reading.ends()?.0)
    }

    /// When its hours end: on its day or the next, or on the last day of a period. Local times a clock change skips or repeats: see [`TimeWindow::opens_at`].
    #[must_use]
    pub fn closes_at(&self) -> Option<DateTime<Utc>> {
        let (first, last) = self.0.reading.ends()?;
        match first == last {
            true => self.window()?.closes_at(first),
            false => self.window()?.closes_on(last),
        }
    }

    /// Whether it says that something is so on `day`, and nothing about it is doubted or an estimate: it is that day, a
    /// period around it, or all of several dates with it among them.
    #[must_use]
    pub fn surely_on(&self, day: NaiveDate) -> bool {
        let holds = |span: &Span| {
            span.earliest.is_some_and(|first| first <= day) && span.latest.is_some_and(|last| day <= last)
        };
        self.0.reading.throughout && !self.is_uncertain() && !self.is_approximate() && self.spans().iter().any(holds)
    }

    /// Whether both are written as the same date: the source's words count where there is nothing else, the way in which
    /// the desk arrived at it never does.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let (own, other) = (self.parts(), other.parts());
        (&own.edtf, own.qualifier, own.open_tail, own.window)
            == (&other.edtf, other.qualifier, other.open_tail, other.window)
            && (own.edtf.is_some() || own.phrase == other.phrase)
    }

    /// Whether some day may be both, so that the two do not contradict each other.
    #[must_use]
    pub fn may_be(&self, other: &Self) -> bool {
        let touches = |a: &Span, b: &Span| {
            a.earliest.zip(b.latest).is_none_or(|(first, last)| first <= last)
                && b.earliest.zip(a.latest).is_none_or(|(first, last)| first <= last)
        };
        self.is_undated()
            || other.is_undated()
            || self.is_uncertain()
            || other.is_uncertain()
            || self.spans().iter().any(|a| other.spans().iter().any(|b| touches(a, b)))
    }

    /// A short English label for people, such as `late January 2026` or `3 or 4 January 2026`.
    #[must_use]
    pub fn label(&self) -> String {
        label::of(&self.0.parts)
    }
}

impl TryFrom<DateParts> for FuzzyDate {
    type Error = Invalid;

    fn try_from(parts: DateParts) -> Result<Self, Invalid> {
        Self::new(parts)
    }
}

impl PartialEq for FuzzyDate {
    fn eq(&self, other: &Self) -> bool {
        self.0.parts == other.0.parts
    }
}

impl Eq for FuzzyDate {}

impl std::hash::Hash for FuzzyDate {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.parts.hash(state);
    }
}

impl std::fmt::Debug for FuzzyDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.parts.fmt(f)
    }
}
