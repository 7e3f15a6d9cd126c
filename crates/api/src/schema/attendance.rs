//! Who stayed away from which meetings, and who met whom how often.

use super::filter::MeetingFilter;
use super::lists::passing;
use super::meeting::{Attendance, Meeting};
use super::meetings::MeetingSummary;
use super::page::{Asked, Page, Total, page};
use super::party::Party;
use super::place::Lettered;
use super::seen::Seen;
use super::words::Word;
use crate::http::ApiError;
use async_graphql::{Object, SimpleObject};
use rapporteur_domain::common::Mode;
use rapporteur_domain::id::Slug;
use rapporteur_views::Views;
use rapporteur_views::meetings::{Attendance as Kept, CoAttendance as KeptTogether, beside};
use std::sync::Arc;

/// A meeting from which somebody stayed away.
#[derive(Clone)]
pub(super) struct Absence {
    seen: Seen,
    kept: Kept,
}

impl Absence {
    /// A page of the meetings from which a party stayed away, in the order of the world; with `on_behalf`, also those from
    /// which people stayed away who would have come on its behalf.
    ///
    /// # Errors
    /// The page is none.
    pub(super) fn of_party(party: &Seen, on_behalf: bool, asked: &Asked) -> Result<Page<Self>, ApiError> {
        let views = &party.views;
        let is = |slug: &Slug| slug.as_str() == &*party.slug;
        let theirs = |a: &&Kept| {
            let who = &a.participant;
            who.mode == Some(Mode::Absent) && (is(&who.party) || (on_behalf && who.of.as_ref().is_some_and(is)))
        };
        let meetings = views.meetings.by_slug().iter();
        let absences = meetings.flat_map(|(slug, m)| m.attendance.iter().filter(theirs).map(move |a| (slug, a)));
        let mut found: Vec<(Lettered, Self)> = absences
            .filter_map(|(slug, kept)| {
                let position = *kept.positions.first()?;
                let on = views.timeline.entry(position)?.fact()?.when()?;
                let day = on
                    .earliest()
                    .or(on.latest())
                    .map_or("undated".to_owned(), |day| day.to_string());
                let place = Lettered(format!("{day}:{position:020}:{}", kept.participant.party));
                let seen = Seen::new(views, slug.as_str());
                Some((
                    place,
                    Self {
                        seen,
                        kept: kept.clone(),
                    },
                ))
            })
            .collect();
        found.sort_by(|one, other| one.0.cmp(&other.0));
        page(&found, Total::Known(found.len()), asked, |it| it)
    }
}

/// A meeting from which somebody stayed away, or was said to.
#[Object]
impl Absence {
    /// The meeting.
    async fn meeting(&self) -> Option<Meeting> {
        Meeting::of(self.seen.clone())
    }
    /// Who stayed away, and why.
    async fn attendance(&self) -> Attendance {
        Attendance::new(&self.seen, &self.kept)
    }
    /// Why, where a source says so.
    async fn reason(&self) -> Option<&str> {
        self.kept.participant.reason.as_ref().map(|reason| reason.as_str())
    }
}

/// How often somebody met somebody.
#[derive(Clone)]
pub(super) struct CoAttendance {
    views: Arc<Views>,
    kept: Arc<KeptTogether>,
}

impl CoAttendance {
    /// A page of those with whom a party was at meetings that pass a filter, the most often met first.
    ///
    /// # Errors
    /// The filter names what is not recorded, or is none; or the page is none.
    pub(super) fn of_party(party: &Seen, mut filter: MeetingFilter, asked: &Asked) -> Result<Page<Self>, ApiError> {
        let views = &party.views;
        filter.parties.push(party.slug.to_string());
        let modes: Vec<Mode> = filter.modes.iter().map(|mode| mode.0).collect();
        let wanted = passing(views, filter)?;
        let meetings = views.meetings.by_slug().values().filter(|meeting| wanted(meeting));
        let together = beside(meetings, &party.slug, &modes);
        let mut rows: Vec<(Lettered, Self)> = together
            .into_iter()
            .map(|kept| {
                let fewer = usize::MAX - kept.meetings.len();
                let views = Arc::clone(views);
                (
                    Lettered(format!("{fewer:020}:{}", kept.party)),
                    Self {
                        views,
                        kept: Arc::new(kept),
                    },
                )
            })
            .collect();
        rows.sort_by(|one, other| one.0.cmp(&other.0));
        page(&rows, Total::Known(rows.len()), asked, |it| it)
    }
}

/// How often one party met another, and how.
#[derive(SimpleObject)]
struct ModeCount {
    /// How it took part; `UNKNOWN` where no source says.
    mode: Word<Mode>,
    /// At how many of the meetings.
    count: usize,
}

/// How often one party was at meetings together with the one asked for.
#[Object]
impl CoAttendance {
    /// The other party.
    async fn party(&self) -> Option<Party> {
        Party::of(Seen::new(&self.views, self.kept.party.as_str()))
    }
    /// At how many meetings.
    async fn count(&self) -> usize {
        self.kept.meetings.len()
    }
    /// How the other party took part in them.
    async fn modes(&self) -> Vec<ModeCount> {
        let modes = self.kept.modes.iter();
        modes
            .map(|(mode, count)| ModeCount {
                mode: Word(*mode),
                count: *count,
            })
            .collect()
    }
    /// The meetings: the first, the last, and between which days.
    async fn meetings(&self) -> MeetingSummary {
        MeetingSummary::of(&self.views, self.kept.meetings.iter())
    }
}
