//! From written parts to the days they allow, and the checks of the parts against each other.

use super::explain::{self, Asked};
use super::precision::Precision;
use super::span::{self, Span, Spans};
use super::{DateParts, FuzzyDate, PartOfMonth};
use crate::invalid::Invalid;
use chrono::NaiveDate;
use edtf_core::{Date, Edtf, Interval, IntervalEndpoint, SetElement, SetKind, YearKind};

/// What is derived from the parts, once.
pub(super) struct Reading {
    pub(super) spans: Spans,
    pub(super) precision: Precision,
    pub(super) uncertain: bool,
    pub(super) approximate: bool,
    /// Whether all the days it spans are meant, not one among them.
    pub(super) throughout: bool,
    written: Written,
}

/// The form the text has, as far as other parts depend on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Day,
    /// From one day to a later one.
    Days,
    Month,
    Other,
}

impl Reading {
    pub(super) fn of(parts: &DateParts) -> Result<Self, Invalid> {
        let Some(text) = parts.edtf.as_deref() else {
            check_undated(parts)?;
            return Ok(Self::undated());
        };
        let mut reading = match plain_day(text) {
            Some(day) => Self::of_day(day),
            None => Self::of_edtf(&parse(text, Asked::Date)?, parts.qualifier),
        };
        reading.check_qualifier(parts)?;
        reading.check_window(parts)?;
        if parts.open_tail {
            reading.open_the_tail()?;
        }
        if reading.written == Written::Day && parts.window.is_some_and(|w| w.touches_next_day()) {
            for span in reading.spans.as_mut_slice() {
                span.latest = span.latest.and_then(|day| day.succ_opt()).map(span::clamp);
            }
        }
        Ok(reading)
    }

    pub(super) fn of_day(day: NaiveDate) -> Self {
        Self {
            spans: Spans::One(Span {
                earliest: Some(day),
                latest: Some(day),
            }),
            precision: Precision::Day,
            uncertain: false,
            approximate: false,
            throughout: true,
            written: Written::Day,
        }
    }

    pub(super) fn undated() -> Self {
        Self {
            spans: Spans::Many(Box::default()),
            precision: Precision::Undated,
            uncertain: false,
            approximate: false,
            throughout: false,
            written: Written::Other,
        }
    }

    /// The day written, unless it is an estimate.
    pub(super) fn single_day(&self) -> Option<NaiveDate> {
        let plain = self.written == Written::Day && !self.approximate;
        plain.then(|| self.spans.hull().earliest).flatten()
    }

    /// The days on which hours may open and close: the single day twice, or the two ends of a period of days.
    pub(super) fn ends(&self) -> Option<(NaiveDate, NaiveDate)> {
        let hull = self.spans.hull();
        match self.written {
            Written::Days if !self.approximate => Some((hull.earliest?, hull.latest?)),
            _ => self.single_day().map(|day| (day, day)),
        }
    }

    fn of_edtf(edtf: &Edtf, part: Option<PartOfMonth>) -> Self {
        let (spans, precision) = match edtf {
            Edtf::Date(date) => (span::of_date(date, part), Precision::of(date, part)),
            Edtf::DateTime(at) => (span::of_date(&at.date, None), Precision::Day),
            Edtf::Interval(interval) => {
                let whole = Span {
                    earliest: start_of(&interval.start),
                    latest: end_of(&interval.end),
                };
                (Spans::One(whole), coarsest(edtf))
            }
            Edtf::Set(set) => {
                let mut members = Vec::with_capacity(set.elements.len());
                for element in &set.elements {
                    push_member(element, &mut members);
                }
                (Spans::Many(members.into()), coarsest(edtf))
            }
        };
        let written = match (edtf, precision) {
            (Edtf::Date(_), Precision::Day) => Written::Day,
            (Edtf::Interval(interval), Precision::Day) if is_of_days(interval) => Written::Days,
            (Edtf::Date(date), Precision::Month | Precision::PartOfMonth) if date.day.is_none() => Written::Month,
            _ => Written::Other,
        };
        Self {
            spans,
            precision,
            uncertain: edtf.is_uncertain(),
            approximate: edtf.is_approximate(),
            throughout: match edtf {
                Edtf::Interval(_) => true,
                Edtf::Set(set) => set.kind == SetKind::AllMembers,
                Edtf::Date(_) | Edtf::DateTime(_) => written == Written::Day,
            },
            written,
        }
    }

    fn check_qualifier(&self, parts: &DateParts) -> Result<(), Invalid> {
        if parts.qualifier.is_some() && self.written != Written::Month {
            return Err(Invalid::new(
                "`qualifier` stands on a date that is not a year and a month",
                "write a year and a month such as `2026-01` with qualifier EARLY, MID or LATE, or leave it out",
            ));
        }
        Ok(())
    }

    fn check_window(&self, parts: &DateParts) -> Result<(), Invalid> {
        if parts.window.is_none() {
            return Ok(());
        }
        if self.ends().is_none() {
            return Err(Invalid::new(
                "`window` stands on a date that is neither a day nor a period of days",
                "give hours to one day such as `2025-05-08` or to a period such as `2025-05-08/2025-05-10`, without `~`, \
                 or leave `window` out and keep the hours in `phrase`",
            ));
        }
        if parts.open_tail {
            return Err(Invalid::new(
                "`window` and `openTail` contradict each other",
                "leave one of them out",
            ));
        }
        Ok(())
    }

    fn open_the_tail(&mut self) -> Result<(), Invalid> {
        if self.spans.hull().latest.is_none() {
            return Err(Invalid::new(
                "`openTail` stands on a date without a known end",
                "leave `openTail` out",
            ));
        }
        for span in self.spans.as_mut_slice() {
            span.latest = None;
        }
        Ok(())
    }
}

/// EDTF with a length bound, within the years 0000 to 9999 and without times of day.
pub(super) fn parse(text: &str, asked: Asked) -> Result<Edtf, Invalid> {
    if text.len() > FuzzyDate::MAX_BYTES {
        return Err(Invalid::too_long(text, FuzzyDate::MAX_BYTES));
    }
    let edtf = Edtf::parse(text).map_err(|e| explain::not_edtf(text, e, asked))?;
    if matches!(edtf, Edtf::DateTime(_)) {
        return Err(explain::time_of_day(text, asked));
    }
    if dates(&edtf).any(|d| !matches!(d.year.kind, YearKind::Standard { negative: false, .. })) {
        return Err(Invalid::new(
            "a year outside 0000 to 9999",
            "write the year with four digits and without a sign",
        ));
    }
    Ok(edtf)
}

/// The plain form `2026-01-06` of a real day, read without the full parser: nearly every date is one.
fn plain_day(text: &str) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0u32, |n, d| d.is_ascii_digit().then(|| n * 10 + u32::from(d - b'0')))
    };
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?)
}

fn check_undated(parts: &DateParts) -> Result<(), Invalid> {
    if parts.phrase.is_none() && parts.basis.is_none() {
        return Err(Invalid::new(
            "neither `edtf` nor words about the date",
            "write `edtf`, or say in `phrase` or `basis` why there is no date",
        ));
    }
    let stray = [
        ("qualifier", parts.qualifier.is_some()),
        ("openTail", parts.open_tail),
        ("window", parts.window.is_some()),
    ];
    match stray.into_iter().find(|(_, set)| *set) {
        Some((field, _)) => Err(Invalid::new(
            format!("`{field}` stands beside no `edtf`"),
            format!("write `edtf`, or leave `{field}` out"),
        )),
        None => Ok(()),
    }
}

fn dates(edtf: &Edtf) -> impl Iterator<Item = &Date> {
    let pair: [Option<&Date>; 2] = match edtf {
        Edtf::Date(date) => [Some(date), None],
        Edtf::DateTime(at) => [Some(&at.date), None],
        Edtf::Interval(interval) => [&interval.start, &interval.end].map(|end| match end {
            IntervalEndpoint::Date(d) | IntervalEndpoint::OnOrBefore(d) | IntervalEndpoint::OnOrAfter(d) => Some(d),
            IntervalEndpoint::Open | IntervalEndpoint::Unknown => None,
        }),
        Edtf::Set(_) => [None, None],
    };
    let elements: &[SetElement] = match edtf {
        Edtf::Set(set) => &set.elements,
        _ => &[],
    };
    let members = elements.iter().flat_map(|element| match element {
        SetElement::Date(d) | SetElement::OnOrBefore(d) | SetElement::OnOrAfter(d) => [Some(d), None],
        SetElement::Range(a, b) => [Some(a), Some(b)],
    });
    pair.into_iter().chain(members).flatten()
}

fn coarsest(edtf: &Edtf) -> Precision {
    dates(edtf)
        .map(|d| Precision::of(d, None))
        .max()
        .unwrap_or(Precision::Undated)
}

/// Whether it runs from one day to a later one.
fn is_of_days(interval: &Interval) -> bool {
    let day = |end: &IntervalEndpoint| match end {
        IntervalEndpoint::Date(date) if Precision::of(date, None) == Precision::Day => {
            let hull = span::of_date(date, None).hull();
            hull.earliest.filter(|first| hull.latest == Some(*first))
        }
        _ => None,
    };
    matches!((day(&interval.start), day(&interval.end)), (Some(first), Some(last)) if first < last)
}

fn start_of(end: &IntervalEndpoint) -> Option<NaiveDate> {
    match end {
        IntervalEndpoint::Date(d) | IntervalEndpoint::OnOrAfter(d) => span::of_date(d, None).hull().earliest,
        IntervalEndpoint::Open | IntervalEndpoint::Unknown | IntervalEndpoint::OnOrBefore(_) => None,
    }
}

fn end_of(end: &IntervalEndpoint) -> Option<NaiveDate> {
    match end {
        IntervalEndpoint::Date(d) | IntervalEndpoint::OnOrBefore(d) => span::of_date(d, None).hull().latest,
        IntervalEndpoint::Open | IntervalEndpoint::Unknown | IntervalEndpoint::OnOrAfter(_) => None,
    }
}

fn push_member(element: &SetElement, members: &mut Vec<Span>) {
    let hull = |d: &Date| span::of_date(d, None).hull();
    match element {
        SetElement::Date(d) => members.extend_from_slice(span::of_date(d, None).as_slice()),
        SetElement::OnOrBefore(d) => members.push(Span {
            earliest: None,
            latest: hull(d).latest,
        }),
        SetElement::OnOrAfter(d) => members.push(Span {
            earliest: hull(d).earliest,
            latest: None,
        }),
        SetElement::Range(a, b) => members.push(Span {
            earliest: hull(a).earliest,
            latest: hull(b).latest,
        }),
    }
}
