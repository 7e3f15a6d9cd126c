//! Sets of meetings, counted.

use super::day::Day;
use super::meeting::Meeting;
use super::seen::Seen;
use async_graphql::Object;
use chrono::NaiveDate;
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::id::Slug;
use rapporteur_views::Views;
use rapporteur_views::meetings::Meeting as Kept;
use std::sync::Arc;

/// A set of meetings.
pub(super) struct MeetingSummary {
    views: Arc<Views>,
    meetings: Vec<Arc<Kept>>,
}

impl MeetingSummary {
    /// These meetings, as of `views`.
    pub(super) fn of<'a>(views: &Arc<Views>, meetings: impl Iterator<Item = &'a Arc<Kept>>) -> Self {
        Self {
            views: Arc::clone(views),
            meetings: meetings.cloned().collect(),
        }
    }

    /// The meetings before which none surely comes, or after which none does; those without a date are left out.
    fn outermost(&self, first: bool) -> Vec<Meeting> {
        let dated: Vec<(&Slug, Span)> = self
            .meetings
            .iter()
            .filter_map(|m| Some((&m.slug, Span::of(m)?)))
            .collect();
        let sure = || dated.iter().map(|(_, span)| span).filter(|span| !span.uncertain);
        let (opens, closes) = (
            sure().filter_map(|span| span.latest).min(),
            sure().filter_map(|span| span.earliest).max(),
        );
        let may_be_first = |span: &Span| span.earliest.zip(opens).is_none_or(|(day, opens)| day <= opens);
        let may_be_last = |span: &Span| span.latest.zip(closes).is_none_or(|(day, closes)| day >= closes);
        let outermost = dated
            .iter()
            .filter(|(_, span)| span.uncertain || if first { may_be_first(span) } else { may_be_last(span) });
        outermost
            .filter_map(|(slug, _)| Meeting::of(Seen::new(&self.views, slug.as_str())))
            .collect()
    }

    fn days(&self) -> impl Iterator<Item = &FuzzyDate> {
        self.meetings.iter().flat_map(|m| m.days())
    }
}

/// The days between which a meeting was held or is planned, by all of its reports; `None` at an open end.
struct Span {
    earliest: Option<NaiveDate>,
    latest: Option<NaiveDate>,
    uncertain: bool,
}

impl Span {
    /// That of a meeting; `None` where it has no date.
    fn of(meeting: &Kept) -> Option<Self> {
        let days: Vec<&FuzzyDate> = meeting.days().into_iter().filter(|on| !on.is_undated()).collect();
        let earliest: Option<Vec<NaiveDate>> = days.iter().map(|on| on.earliest()).collect();
        let latest: Option<Vec<NaiveDate>> = days.iter().map(|on| on.latest()).collect();
        (!days.is_empty()).then(|| Self {
            earliest: earliest.and_then(|days| days.into_iter().min()),
            latest: latest.and_then(|days| days.into_iter().max()),
            uncertain: days.iter().any(|on| on.is_uncertain()),
        })
    }
}

/// What a set of meetings comes to.
#[Object]
impl MeetingSummary {
    /// How many there are.
    async fn count(&self) -> usize {
        self.meetings.len()
    }
    /// The first: several where fuzzy dates leave open which, or where they fall on one day. Dates are those on which a
    /// meeting was held by any of its reports, or else is planned for.
    async fn first(&self) -> Vec<Meeting> {
        self.outermost(true)
    }
    /// The last: several where fuzzy dates leave open which, or where they fall on one day.
    async fn last(&self) -> Vec<Meeting> {
        self.outermost(false)
    }
    /// The earliest day on which one of them may be; null where none has a date.
    async fn earliest(&self) -> Option<Day> {
        self.days().filter_map(FuzzyDate::earliest).min().map(Day)
    }
    /// The latest day on which one of them may be; null where none has a date.
    async fn latest(&self) -> Option<Day> {
        self.days().filter_map(FuzzyDate::latest).max().map(Day)
    }
}
