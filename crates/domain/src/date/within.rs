//! Which days a question is about, and whether a date lies in them.

use super::explain::Asked;
use super::span::{self, Span};
use super::{FuzzyDate, reading};
use crate::invalid::Invalid;
use chrono::NaiveDate;
use edtf_core::{Date, Edtf, IntervalEndpoint};

/// A run of days to ask about, both ends included; `None` = without end on that side.
/// One whose `until` lies before its `from` holds no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Within {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
}

impl Within {
    /// From EDTF text: a date (`2026-01-06`, `2026-01`, `2026`, `2025-22`) or a period (`2025-11/2026-01`, `2026/..`,
    /// `../2026-01`). An exact run of days is meant, so nothing approximate, doubted, alternative or unknown.
    ///
    /// # Errors
    /// The text is not EDTF, or not an exact run of days.
    pub fn parse(edtf: &str) -> Result<Self, Invalid> {
        match reading::parse(edtf, Asked::Window)? {
            Edtf::Date(date) => {
                let days = exact(&date)?;
                Ok(Self {
                    from: days.earliest,
                    until: days.latest,
                })
            }
            Edtf::Interval(interval) => Ok(Self {
                from: end(&interval.start, |days| days.earliest)?,
                until: end(&interval.end, |days| days.latest)?,
            }),
            Edtf::Set(_) | Edtf::DateTime(_) => Err(Invalid::new(
                "a set of dates where one run of days is asked for",
                "write a date or a period such as `2025-11/2026-01`",
            )),
        }
    }

    fn is_empty(&self) -> bool {
        matches!((self.from, self.until), (Some(from), Some(until)) if until < from)
    }

    fn holds(&self, span: &Span) -> bool {
        let starts = self
            .from
            .is_none_or(|from| span.earliest.is_some_and(|day| from <= day));
        let ends = self
            .until
            .is_none_or(|until| span.latest.is_some_and(|day| day <= until));
        starts && ends
    }

    fn touches(&self, span: &Span) -> bool {
        let in_time = |first: Option<NaiveDate>, last: Option<NaiveDate>| match (first, last) {
            (Some(first), Some(last)) => first <= last,
            _ => true,
        };
        in_time(span.earliest, self.until) && in_time(self.from, span.latest)
    }
}

impl FuzzyDate {
    /// Whether it lies in these days whatever was meant: every span lies wholly inside, `~` having widened them.
    /// Never for a doubted (`?`, `%`) or undated one.
    #[must_use]
    pub fn surely_within(&self, within: &Within) -> bool {
        !self.is_uncertain() && !self.is_undated() && !within.is_empty() && self.spans().iter().all(|s| within.holds(s))
    }

    /// Whether it may lie in these days: some span touches them. Never for an undated one: whoever wants those too
    /// asks [`FuzzyDate::is_undated`].
    #[must_use]
    pub fn possibly_within(&self, within: &Within) -> bool {
        !within.is_empty() && self.spans().iter().any(|s| within.touches(s))
    }
}

fn end(endpoint: &IntervalEndpoint, side: fn(Span) -> Option<NaiveDate>) -> Result<Option<NaiveDate>, Invalid> {
    match endpoint {
        IntervalEndpoint::Open => Ok(None),
        IntervalEndpoint::Date(date) => exact(date).map(side),
        IntervalEndpoint::Unknown | IntervalEndpoint::OnOrBefore(_) | IntervalEndpoint::OnOrAfter(_) => {
            Err(Invalid::new(
                "a period with an unknown end where an exact one is asked for",
                "write a date, or `..` for no end",
            ))
        }
    }
}

fn exact(date: &Date) -> Result<Span, Invalid> {
    if date.is_uncertain() || date.is_approximate() {
        return Err(Invalid::new(
            "an approximate or doubted date where exact days are asked for",
            "leave out `~`, `?` and `%`",
        ));
    }
    if !span::is_one_run(date) {
        return Err(Invalid::new(
            "unknown digits that leave gaps where one run of days is asked for",
            "write `X` at the end only, such as `202X` or `2026-XX`",
        ));
    }
    Ok(span::of_date(date, None).hull())
}
