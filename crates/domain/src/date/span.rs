//! The days one date of an EDTF text may fall on.

use super::PartOfMonth;
use super::precision::Width;
use chrono::{Datelike, NaiveDate};
use edtf_core::{Bound, Date, DateField, Edtf, YearKind};

/// One possible placement on the calendar: from `earliest` to `latest`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first day; `None` = unbounded or unknown.
    pub earliest: Option<NaiveDate>,
    /// The last day; `None` = unbounded or unknown.
    pub latest: Option<NaiveDate>,
}

/// The most dates counted out for unknown digits that leave gaps (`20XX-12-25` has 100).
/// Beyond it one span from the first to the last stands for them all.
const COUNTED_MAX: usize = 400;

/// The spans of one date: `~` widens, `part` narrows, unknown digits give as many as there are runs of days.
/// Never empty.
pub(super) fn of_date(date: &Date, part: Option<PartOfMonth>) -> Spans {
    let widened = |span| {
        if date.is_approximate() {
            widen(span, Width::of(date, part))
        } else {
            span
        }
    };
    if is_one_run(date) {
        return Spans::One(widened(narrow(bounds(date), part)));
    }
    match counted(date) {
        Some(spans) => Spans::Many(spans.into_iter().map(widened).collect()),
        None => Spans::One(widened(bounds(date))),
    }
}

/// Whether the days of the date follow each other without a gap: unknown digits only at its end.
pub(super) fn is_one_run(date: &Date) -> bool {
    let year = match date.year.kind {
        YearKind::Standard { digits, .. } => digits,
        _ => return true,
    };
    let fields = [date.month, date.day].into_iter().flatten();
    let digits = year.into_iter().chain(fields.flat_map(|f: DateField| f.digits));
    digits.skip_while(Option::is_some).all(|d| d.is_none())
}

/// A day as a chrono day, held within the years 0000 to 9999.
pub(super) fn clamp(day: NaiveDate) -> NaiveDate {
    match day.year() {
        ..0 => NaiveDate::from_ymd_opt(0, 1, 1).unwrap_or(NaiveDate::MIN),
        10_000.. => NaiveDate::from_ymd_opt(9_999, 12, 31).unwrap_or(NaiveDate::MAX),
        _ => day,
    }
}

fn bounds(date: &Date) -> Span {
    let found = Edtf::Date(*date).bounds();
    let day = |bound| match bound {
        Bound::Date(b) => {
            let year = i32::try_from(b.year).ok()?;
            NaiveDate::from_ymd_opt(year, b.month.into(), b.day.into()).map(clamp)
        }
        _ => None,
    };
    Span {
        earliest: day(found.earliest),
        latest: day(found.latest),
    }
}

fn narrow(span: Span, part: Option<PartOfMonth>) -> Span {
    let with_day = |day| span.earliest.and_then(|first| first.with_day(day));
    match part {
        None => span,
        Some(PartOfMonth::Early) => Span {
            latest: with_day(10),
            ..span
        },
        Some(PartOfMonth::Mid) => Span {
            earliest: with_day(11),
            latest: with_day(20),
        },
        Some(PartOfMonth::Late) => Span {
            earliest: with_day(21),
            ..span
        },
    }
}

fn widen(span: Span, width: Width) -> Span {
    Span {
        earliest: span.earliest.and_then(|day| width.before(day)).map(clamp),
        latest: span.latest.and_then(|day| width.after(day)).map(clamp),
    }
}

/// The runs of days that unknown digits allow, or `None` when there are too many to count out.
fn counted(date: &Date) -> Option<Vec<Span>> {
    let unknown = match date.year.kind {
        YearKind::Standard { digits, .. } => digits.iter().filter(|d| d.is_none()).count(),
        _ => 0,
    };
    if unknown > 2 {
        return None;
    }
    let mut runs: Vec<Span> = Vec::new();
    for (n, value) in Edtf::Date(*date).values().ok()?.enumerate() {
        let Edtf::Date(value) = value else { return None };
        if n == COUNTED_MAX {
            return None;
        }
        let next = bounds(&value);
        match runs.last_mut() {
            Some(run) if run.latest.and_then(|day| day.succ_opt()) == next.earliest => run.latest = next.latest,
            _ => runs.push(next),
        }
    }
    (!runs.is_empty()).then_some(runs)
}

/// Nearly every date has one span; it is kept without an allocation.
#[derive(Debug, Clone)]
pub(super) enum Spans {
    One(Span),
    Many(Box<[Span]>),
}

impl Spans {
    pub(super) fn as_slice(&self) -> &[Span] {
        match self {
            Self::One(span) => std::slice::from_ref(span),
            Self::Many(spans) => spans,
        }
    }

    pub(super) fn as_mut_slice(&mut self) -> &mut [Span] {
        match self {
            Self::One(span) => std::slice::from_mut(span),
            Self::Many(spans) => spans,
        }
    }

    /// The hull of all spans; `None` at an end where one is unbounded.
    pub(super) fn hull(&self) -> Span {
        let spans = self.as_slice();
        Span {
            earliest: spans.iter().map(|s| s.earliest).min().flatten(),
            latest: spans
                .iter()
                .map(|s| s.latest)
                .try_fold(None, |max: Option<NaiveDate>, day| Some(max.max(Some(day?))))
                .flatten(),
        }
    }
}
