//! What lies ahead: planned meetings, expectations, deadlines, and days from and until which things apply, by the last
//! day on which they may come, so that a window is found without looking at what is over.

use crate::claims::{Claim, Outcome, outcome};
use crate::digest::{Digest, Digester};
use crate::meetings::MeetingState;
use crate::{View, Views};
use chrono::{Months, NaiveDate};
use imbl::OrdMap;
use rapporteur_domain::date::{FuzzyDate, Within};
use rapporteur_domain::event::Event;
use rapporteur_domain::id::Slug;
use rapporteur_log::Recorded;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What kind of thing lies ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AheadKind {
    /// A meeting is planned.
    Meeting,
    /// Somebody expects something.
    Expectation,
    /// Until then something is asked for, or a procedure runs.
    Deadline,
    /// An act or a measure applies from then on.
    AppliesFrom,
    /// An act or a measure applies until then.
    AppliesUntil,
}

/// One thing that lies, or lay, ahead.
#[derive(Debug, Clone, Serialize)]
pub struct Ahead {
    /// What kind of thing it is.
    pub kind: AheadKind,
    /// When.
    pub on: FuzzyDate,
    /// The event that says so.
    pub position: u64,
    /// The dossier it belongs to.
    pub dossier: Slug,
}

/// Where something ahead stands: the last day on which it may come, the event that says so, and its kind.
type Place = (NaiveDate, u64, AheadKind);

/// Everything that lies or lay ahead, what has come or was called off included.
#[derive(Clone, Default)]
pub struct Outlook(OrdMap<Place, Arc<Ahead>>);

impl Outlook {
    /// What may come on `from` or later, by the last day on which it may come.
    pub fn since(&self, from: NaiveDate) -> impl Iterator<Item = &Arc<Ahead>> {
        self.0.range((from, 0, AheadKind::Meeting)..).map(|(_, ahead)| ahead)
    }
}

/// The last day of "or very soon after", for looking ahead: a month after the first. Without it what was to come soon in
/// 2022 would lie ahead for ever.
fn soon_after(on: &FuzzyDate) -> Option<NaiveDate> {
    let first = on.earliest().filter(|_| on.parts().open_tail)?;
    first.checked_add_months(Months::new(1))
}

/// The days ahead that an event speaks of.
fn days(event: &Event) -> Vec<(AheadKind, &FuzzyDate)> {
    let one = |kind: AheadKind, date| vec![(kind, date)];
    match event {
        Event::MeetingScheduled(told) => one(AheadKind::Meeting, &told.planned_for),
        Event::MeetingRescheduled(told) => one(AheadKind::Meeting, &told.planned_for),
        Event::ExpectationRecorded(told) => one(AheadKind::Expectation, &told.expected_in),
        Event::StageRecorded(told) => deadline(told.deadline.as_ref()),
        Event::PlanVersionRecorded(told) => deadline(told.deadline.as_ref()),
        Event::MeetingStarted(told) | Event::MeetingHeld(told) => deadline(told.deadline.as_ref()),
        Event::ActRecorded(told) => applies(told.applies_from.as_ref(), told.applies_until.as_ref()),
        Event::MeasureRecorded(told) => applies(told.applies_from.as_ref(), told.applies_until.as_ref()),
        _ => Vec::new(),
    }
}

fn deadline(on: Option<&FuzzyDate>) -> Vec<(AheadKind, &FuzzyDate)> {
    on.map(|on| (AheadKind::Deadline, on)).into_iter().collect()
}

fn applies<'a>(from: Option<&'a FuzzyDate>, until: Option<&'a FuzzyDate>) -> Vec<(AheadKind, &'a FuzzyDate)> {
    let from = from.map(|on| (AheadKind::AppliesFrom, on));
    from.into_iter()
        .chain(until.map(|on| (AheadKind::AppliesUntil, on)))
        .collect()
}

/// Whether something still lies ahead as far as the record goes: a meeting that is planned for that date, by the event that
/// says so last, and was neither held nor called off, an expectation that nothing settles. Days are days: deadlines and the like pass by themselves.
#[must_use]
pub fn stands(views: &Views, ahead: &Ahead) -> bool {
    match ahead.kind {
        AheadKind::Meeting => views.meetings.get(ahead.dossier.as_str()).is_some_and(|meeting| {
            matches!(meeting.state, MeetingState::Scheduled | MeetingState::Rescheduled)
                && meeting.planned().is_some_and(|step| step.position == ahead.position)
        }),
        AheadKind::Expectation => match views.claims.get(ahead.dossier.as_str()) {
            Some(Claim::Expected(told)) => outcome(&told.fact, &views.rounds) == Outcome::Open,
            _ => false,
        },
        AheadKind::Deadline | AheadKind::AppliesFrom | AheadKind::AppliesUntil => true,
    }
}

/// What lies ahead in a window of days, the first that may come first: what surely falls into it, and what possibly does.
#[must_use]
pub fn within(views: &Views, from: NaiveDate, until: NaiveDate) -> (Vec<Arc<Ahead>>, Vec<Arc<Ahead>>) {
    let window = Within {
        from: Some(from),
        until: Some(until),
    };
    let all = views
        .outlook
        .since(from)
        .filter(|ahead| ahead.on.possibly_within(&window));
    let mut standing: Vec<Arc<Ahead>> = all.filter(|ahead| stands(views, ahead)).cloned().collect();
    standing.sort_by_key(|ahead| (ahead.on.sort_key(), ahead.position, ahead.kind));
    standing.into_iter().partition(|ahead| ahead.on.surely_within(&window))
}

impl View for Outlook {
    const NAME: &'static str = "outlook";
    const VERSION: u32 = 1;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        let header = &recorded.header;
        for (kind, on) in days(event).into_iter().filter(|(_, on)| !on.is_undated()) {
            let last = on.latest().or_else(|| soon_after(on)).unwrap_or(NaiveDate::MAX);
            let ahead = Ahead {
                kind,
                on: on.clone(),
                position: header.position,
                dossier: recorded.dossier.slug.clone(),
            };
            self.0.insert((last, header.position, kind), Arc::new(ahead));
        }
    }

    fn apply_merged(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        self.apply(recorded, event);
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.0.values().for_each(|ahead| digest.add(ahead));
        digest.finish()
    }
}
