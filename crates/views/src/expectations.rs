//! What became of expectations: met, missed or open, by how many days, and for how long they are overdue.

use crate::Views;
use crate::ahead::soon_after;
use crate::rounds::Rounds;
use chrono::NaiveDate;
use rapporteur_domain::claim::{LinkKind, RecordExpectation};
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::event::Event;
use rapporteur_domain::id::RecordRef;
use serde::Serialize;

/// An outcome in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExpectationState {
    /// Nothing recorded settles it.
    Open,
    /// It came within the window, or before it closed.
    Met,
    /// It came after the window had closed, or was called off.
    Missed,
}

/// Days between the nearest end of a window and the day on which something came: 0 inside the window, negative before it
/// opens, positive after it has closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slip {
    /// The least that the dates allow; none where the date is open on that side.
    pub least: Option<i64>,
    /// The most that the dates allow; none where the date is open on that side.
    pub most: Option<i64>,
}

/// What settles an expectation, as far as anything does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// In one word.
    pub state: ExpectationState,
    /// How far from the window it came; none where nothing came, where no date is sure, and where it was called off. An
    /// open expectation with a slip came on a day that may lie in the window and may not.
    pub slip: Option<Slip>,
    /// A record calls it off or ends it, and none says that it came.
    pub called_off: bool,
    /// The positions of the events that say that it came or was called off, in the order of recording.
    pub by: Vec<u64>,
}

impl Settled {
    /// Whether nothing says that it came or was called off.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        self.state == ExpectationState::Open && self.slip.is_none()
    }
}

/// Something came.
struct Came<'a> {
    position: u64,
    on: &'a FuzzyDate,
}

/// What settles an expectation: the stage that is expected of a round, and records that are linked to it as fulfilling it,
/// cancelling or ending it. Links that are only likely settle nothing, nor do doubted dates, nor what surely came before
/// the expectation was voiced. Where several dates are recorded, the one nearest to the window counts.
#[must_use]
pub fn settled(views: &Views, expectation: &RecordExpectation) -> Settled {
    let record = expectation.slug.as_str();
    let links = |kinds: &'static [LinkKind]| {
        let to = views.links.to(record);
        to.filter(move |told| kinds.contains(&told.fact.link) && told.fact.likelihood.is_none())
    };
    let reached = stages(&views.rounds, expectation);
    let fulfilled = links(&[LinkKind::Fulfils]).flat_map(|link| came(views, &link.fact.from));
    let early = |came: &Came<'_>| came.on.surely_before(&expectation.claimed_on);
    let all = reached.into_iter().chain(fulfilled).filter(|came| !early(came));
    let found: Vec<Came<'_>> = all.collect();
    let mut by: Vec<u64> = found.iter().map(|came| came.position).collect();
    let window = &expectation.expected_in;
    let nearest = Slip::nearest(window, found.iter().map(|came| came.on));
    let ended: Vec<u64> = links(&[LinkKind::Cancels, LinkKind::Terminates])
        .map(|link| link.position)
        .collect();
    let called_off = nearest.is_none() && !ended.is_empty();
    if called_off {
        by.extend(ended);
    }
    by.sort_unstable();
    by.dedup();
    let state = match nearest {
        Some(slip) => slip.state(),
        None if called_off => ExpectationState::Missed,
        None => ExpectationState::Open,
    };
    Settled {
        state,
        slip: nearest,
        called_off,
        by,
    }
}

/// For how many days an expectation is overdue on a day: nothing says that it came, and its window is surely over. Soon
/// after a day means: within a month.
#[must_use]
pub fn overdue(expectation: &RecordExpectation, settled: &Settled, day: NaiveDate) -> Option<i64> {
    let window = &expectation.expected_in;
    let closes = window.latest().or_else(|| soon_after(window))?;
    let over = settled.is_awaited() && !window.is_uncertain() && closes < day;
    over.then(|| (day - closes).num_days())
}

impl Slip {
    /// That of something that came on a date against a window; none where a source doubts either, or the window or the
    /// date is not given.
    #[must_use]
    pub fn between(window: &FuzzyDate, on: &FuzzyDate) -> Option<Self> {
        let doubted = window.is_uncertain() || on.is_uncertain();
        let given = |date: &FuzzyDate| date.earliest().or(date.latest()).is_some();
        if doubted || !given(window) || !given(on) {
            return None;
        }
        let days = |day: NaiveDate| match (window.earliest(), window.latest()) {
            (_, Some(closes)) if day > closes => (day - closes).num_days(),
            (Some(opens), _) if day < opens => (day - opens).num_days(),
            _ => 0,
        };
        Some(Self {
            least: on.earliest().map(days),
            most: on.latest().map(days),
        })
    }

    /// That of the date nearest to the window, of several on which something came.
    #[must_use]
    pub fn nearest<'a>(window: &FuzzyDate, dates: impl Iterator<Item = &'a FuzzyDate>) -> Option<Self> {
        let slips = dates.filter_map(|on| Self::between(window, on));
        slips.min_by_key(|slip| slip.distance())
    }

    /// What it makes of an expectation: it came in time for sure, too late for sure, or that is open.
    #[must_use]
    pub fn state(self) -> ExpectationState {
        match self {
            Self { least: Some(least), .. } if least > 0 => ExpectationState::Missed,
            Self { most: Some(most), .. } if most <= 0 => ExpectationState::Met,
            _ => ExpectationState::Open,
        }
    }

    /// How far it is from the window at least: first what surely came in time, then what may have, then what came late.
    fn distance(self) -> (u8, u64) {
        let rank = match self.state() {
            ExpectationState::Met => 0,
            ExpectationState::Open => 1,
            ExpectationState::Missed => 2,
        };
        let ends = [self.least, self.most].into_iter().flatten().map(i64::unsigned_abs);
        (rank, ends.min().unwrap_or(u64::MAX))
    }
}

/// The dates of the stage that is expected of a round.
fn stages<'a>(rounds: &'a Rounds, expectation: &RecordExpectation) -> Vec<Came<'a>> {
    let round = rounds.get(expectation.of.dossier());
    let Some((stage, round)) = expectation.stage.zip(round) else {
        return Vec::new();
    };
    let reached = round.stages.iter().filter(|reached| reached.stage == stage);
    let told = reached.flat_map(|reached| reached.told.iter().map(|told| (told.position, &reached.reached_on)));
    told.map(|(position, on)| Came { position, on }).collect()
}

/// When a record came to be, by each event that tells of it; plans and expectations of it do not count.
fn came<'a>(views: &'a Views, record: &RecordRef) -> Vec<Came<'a>> {
    let entries = views.timeline.of_record(record.as_str()).into_iter();
    let told = entries.filter(|entry| !entry.event().is_none_or(only_plans));
    let told = told.filter_map(|entry| {
        let position = entry.position();
        let on = entry.fact()?.when()?;
        Some(Came { position, on })
    });
    let reports = views
        .meetings
        .get(record.as_str())
        .into_iter()
        .flat_map(|meeting| &meeting.reports);
    let reports = reports.map(|(_, told)| Came {
        position: told.position,
        on: &told.fact.held_on,
    });
    told.chain(reports).collect()
}

fn only_plans(event: &Event) -> bool {
    matches!(
        event,
        Event::MeetingScheduled(_)
            | Event::MeetingRescheduled(_)
            | Event::MeetingPostponed(_)
            | Event::MeetingCancelled(_)
            | Event::MeetingNotHeld(_)
            | Event::ExpectationRecorded(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ExpectationState::{Met, Missed, Open};

    fn slip(window: &str, on: &str) -> Option<(Option<i64>, Option<i64>, ExpectationState)> {
        let [window, on] = [window, on].map(|edtf| FuzzyDate::parse(edtf).unwrap());
        Slip::between(&window, &on).map(|slip| (slip.least, slip.most, slip.state()))
    }

    #[test]
    fn days_are_counted_to_the_nearest_end_of_the_window() {
        let window = "2025-06-10/2025-06-20";
        for (on, days, state) in [
            ("2025-06-10", 0, Met),
            ("2025-06-20", 0, Met),
            ("2025-06-09", -1, Met),
            ("2025-05-31", -10, Met),
            ("2025-06-21", 1, Missed),
            ("2025-07-18", 28, Missed),
        ] {
            assert_eq!(slip(window, on), Some((Some(days), Some(days), state)), "{on}");
        }
        assert_eq!(
            slip("[..2023-02-24]", "2022-01-01"),
            Some((Some(0), Some(0), Met)),
            "no opening day"
        );
        assert_eq!(
            slip("[2025-06-10..]", "2030-01-01"),
            Some((Some(0), Some(0), Met)),
            "no closing day"
        );
    }

    #[test]
    fn vague_dates_give_a_least_and_a_most_and_settle_only_what_is_sure() {
        let window = "2025-06-10/2025-06-20";
        assert_eq!(slip(window, "2025-06"), Some((Some(-9), Some(10), Open)));
        assert_eq!(slip(window, "2025-07"), Some((Some(11), Some(41), Missed)));
        assert_eq!(slip(window, "[..2025-06-12]"), Some((None, Some(0), Met)));
        assert_eq!(slip(window, "[2025-06-25..]"), Some((Some(5), None, Missed)));
        assert_eq!(slip(window, "[2025-06-15..]"), Some((Some(0), None, Open)));
    }

    #[test]
    fn what_is_doubted_settles_nothing() {
        assert_eq!(slip("2025-06", "2025-07-18?"), None);
        assert_eq!(slip("2025-06?", "2025-07-18"), None);
    }
}
