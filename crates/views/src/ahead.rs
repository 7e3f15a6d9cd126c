//! What lies ahead: planned meetings, expectations, deadlines, and days from and until which things apply, by the last
//! day on which they may come, so that a window is found without looking at what is over.

use crate::claims::Claim;
use crate::digest::{Digest, Digester};
use crate::expectations::settled;
use crate::meetings::MeetingState;
use crate::{View, Views};
use chrono::{Months, NaiveDate};
use imbl::OrdMap;
use rapporteur_domain::claim::RecordExpectation;
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

    /// Takes the days that an event speaks of. Where it opened an act that was merged into another, a day from or until
    /// which that one applies anyway is no other.
    fn take(&mut self, recorded: &Recorded, event: &Event, merged: bool) {
        let header = &recorded.header;
        for (kind, on) in days(event).into_iter().filter(|(_, on)| !on.is_undated()) {
            let last = on.latest().or_else(|| soon_after(on)).unwrap_or(NaiveDate::MAX);
            let ahead = Ahead {
                kind,
                on: on.clone(),
                position: header.position,
                dossier: recorded.dossier.slug.clone(),
            };
            let same = |other: &Ahead| {
                let applies = matches!(kind, AheadKind::AppliesFrom | AheadKind::AppliesUntil);
                applies && other.kind == kind && other.dossier == ahead.dossier && other.on.says_the_same(on)
            };
            let mut that_day = self
                .0
                .range((last, 0, AheadKind::Meeting)..)
                .take_while(|((day, ..), _)| *day == last);
            if merged && that_day.any(|(_, other)| same(other)) {
                continue;
            }
            self.0.insert((last, header.position, kind), Arc::new(ahead));
        }
    }
}

/// The last day of "or very soon after", for looking ahead: a month after the first. Without it what was to come soon in
/// 2022 would lie ahead for ever.
pub(crate) fn soon_after(on: &FuzzyDate) -> Option<NaiveDate> {
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
        AheadKind::Expectation => is_awaited(views, ahead),
        AheadKind::Deadline => is_set_first(views, ahead),
        AheadKind::AppliesFrom | AheadKind::AppliesUntil => true,
    }
}

/// Whether nothing settles an expectation. Of several that were merged, those that say the same stand as one, by the first.
fn is_awaited(views: &Views, ahead: &Ahead) -> bool {
    let told = views.claims.told(ahead.dossier.as_str());
    let mut expected = told.filter_map(|claim| match claim {
        Claim::Expected(told) => Some(told),
        Claim::Asserted(_) => None,
    });
    let says_it = |fact: &RecordExpectation, other: &RecordExpectation| {
        fact.of == other.of && fact.stage == other.stage && fact.expected_in.says_the_same(&other.expected_in)
    };
    let mut before = Vec::new();
    let own = expected.find(|told| {
        let own = told.position == ahead.position;
        if !own {
            before.push(&told.fact);
        }
        own
    });
    own.is_some_and(|told| {
        let said = before.iter().any(|earlier| says_it(earlier, &told.fact));
        !said && settled(views, &told.fact).is_awaited()
    })
}

/// Whether a deadline was not told before of the same thing: another source for a stage of a round, or another report of a
/// meeting, may repeat it.
fn is_set_first(views: &Views, ahead: &Ahead) -> bool {
    let slug = ahead.dossier.as_str();
    let stages = views.rounds.get(slug).into_iter().flat_map(|round| &round.stages);
    let stages = stages.filter(|reached| reached.told.iter().any(|told| told.position == ahead.position));
    let stages = stages.flat_map(|reached| &reached.told);
    let stages = stages.map(|told| (told.position, told.fact.deadline.as_ref()));
    let reports = views
        .meetings
        .get(slug)
        .into_iter()
        .flat_map(|meeting| &meeting.reports);
    let reports = reports.map(|(_, told)| (told.position, told.fact.deadline.as_ref()));
    !stages.chain(reports).any(|(position, deadline)| {
        position < ahead.position && deadline.is_some_and(|deadline| deadline.says_the_same(&ahead.on))
    })
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
    const VERSION: u32 = 2;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        self.take(recorded, event, false);
    }

    fn apply_merged(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        self.take(recorded, event, true);
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.0.values().for_each(|ahead| digest.add(ahead));
        digest.finish()
    }
}
