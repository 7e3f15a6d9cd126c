//! Sets of meetings, counted.

use super::day::Day;
use super::meeting::Meeting;
use super::reference::Seen;
use async_graphql::Object;
use rapporteur_domain::date::FuzzyDate;
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
        let dated = || {
            self.meetings
                .iter()
                .filter_map(|m| Some((m, m.on().filter(|on| !on.is_undated())?)))
        };
        let sure = || dated().filter(|(_, on)| !on.is_uncertain());
        let (opens, closes) = (
            sure().filter_map(|(_, on)| on.latest()).min(),
            sure().filter_map(|(_, on)| on.earliest()).max(),
        );
        let may_be_first = |on: &FuzzyDate| on.earliest().zip(opens).is_none_or(|(day, opens)| day <= opens);
        let may_be_last = |on: &FuzzyDate| on.latest().zip(closes).is_none_or(|(day, closes)| day >= closes);
        let outermost =
            dated().filter(|(_, on)| on.is_uncertain() || if first { may_be_first(on) } else { may_be_last(on) });
        outermost
            .filter_map(|(m, _)| Meeting::of(Seen::new(&self.views, m.slug.as_str())))
            .collect()
    }

    fn days(&self) -> impl Iterator<Item = &FuzzyDate> {
        self.meetings.iter().filter_map(|m| m.on())
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
    /// meeting was held, or else is planned for.
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
