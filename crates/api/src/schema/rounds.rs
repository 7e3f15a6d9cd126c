//! Rounds against one another, against what was planned of them, and against those of other senders.

use super::claim::DayRange;
use super::data::Data;
use super::date::DateOut;
use super::day::Day;
use super::entry::Entry;
use super::reference::those;
use super::round::{MedianDays, Round, StageDays};
use super::seen::Seen;
use super::words::Word;
use crate::http::{ApiError, ErrorCode};
use async_graphql::Object;
use rapporteur_domain::act::RecordMirror;
use rapporteur_domain::round::Stage;
use rapporteur_views::Views;
use rapporteur_views::ahead::AheadKind;
use rapporteur_views::alignment::{Alignment as KeptAlignment, Lag};
use rapporteur_views::days::{Comparison, Ranked};
use rapporteur_views::expectations::ExpectationState;
use rapporteur_views::forecast::Forecast as KeptForecast;
use rapporteur_views::planned::Planned;
use std::sync::Arc;

/// Rounds against one another.
pub(super) struct RoundComparison {
    views: Arc<Views>,
    kept: Comparison,
}

impl RoundComparison {
    /// Shows a comparison.
    pub(super) fn new(views: &Arc<Views>, kept: Comparison) -> Self {
        Self {
            views: Arc::clone(views),
            kept,
        }
    }
}

/// Rounds against one another by the days between two stages. Rounds that lack one of the stages are in none of its lists.
#[Object]
impl RoundComparison {
    /// How many rounds are compared.
    async fn count(&self) -> usize {
        self.kept.rows.len()
    }
    /// The rounds, the shortest first: by the most days that the dates allow, then the least, then the slug.
    async fn rows(
        &self,
        #[graphql(default = 50, desc = "The most to give: 50 if left out, at most 200.")] first: i32,
    ) -> Result<Vec<RankedRound>, ApiError> {
        let row = |kept: &Ranked| RankedRound {
            views: Arc::clone(&self.views),
            kept: kept.clone(),
        };
        Ok(self.kept.rows.iter().take(at_most(first)?).map(row).collect())
    }
    /// The fewest days of any of them; null where nothing is compared.
    async fn least(&self) -> Option<i64> {
        self.kept.extremes().map(|(least, _)| least)
    }
    /// The median of all; null where nothing is compared.
    async fn median(&self) -> Option<MedianDays> {
        self.kept.median.map(|(least, most)| MedianDays { least, most })
    }
    /// The most days of any of them; null where nothing is compared.
    async fn most(&self) -> Option<i64> {
        self.kept.extremes().map(|(_, most)| most)
    }
    /// Rounds with both stages that are not compared: a date is doubted, or open on one side.
    async fn left_out(&self) -> Vec<Round> {
        those(&self.views, &self.kept.left_out, Round::of)
    }
}

/// A round among others.
pub(super) struct RankedRound {
    views: Arc<Views>,
    kept: Ranked,
}

/// A round among others.
#[Object]
impl RankedRound {
    /// The round.
    async fn round(&self) -> Option<Round> {
        Round::of(Seen::new(&self.views, self.kept.slug.as_str()))
    }
    /// The days between the two stages.
    async fn days(&self) -> StageDays {
        StageDays {
            least: Some(self.kept.least),
            most: Some(self.kept.most),
            doubted: false,
        }
    }
    /// Its place, from 1; equals share one. Null where fuzzy dates allow several.
    async fn place(&self) -> Option<usize> {
        (self.kept.best == self.kept.worst).then_some(self.kept.best)
    }
    /// The best place that the dates allow.
    async fn best_place(&self) -> usize {
        self.kept.best
    }
    /// The worst place that the dates allow.
    async fn worst_place(&self) -> usize {
        self.kept.worst
    }
}

/// What other rounds took from one stage to another.
pub(super) struct Forecast {
    views: Arc<Views>,
    kept: KeptForecast,
}

impl Forecast {
    /// Shows a range.
    pub(super) fn new(views: &Arc<Views>, kept: KeptForecast) -> Self {
        Self {
            views: Arc::clone(views),
            kept,
        }
    }
}

/// The empirical range of an open round: what completed rounds of the same senders against the same target took from one
/// stage to another, and the days which that would give. It says what was, and foretells nothing.
#[Object(name = "RoundForecast")]
impl Forecast {
    /// The stage from which days are counted.
    async fn from(&self) -> Word<Stage> {
        Word(self.kept.from)
    }
    /// The stage to which days are counted.
    async fn to(&self) -> Word<Stage> {
        Word(self.kept.to)
    }
    /// How many rounds the range rests on. Where it is 0, nothing follows.
    async fn n(&self) -> usize {
        self.kept.sample.rows.len()
    }
    /// The rounds that it rests on, each with its days.
    async fn sample(&self) -> RoundComparison {
        RoundComparison::new(&self.views, self.kept.sample.clone())
    }
    /// The fewest days that any of them took.
    async fn least(&self) -> Option<i64> {
        self.kept.sample.extremes().map(|(least, _)| least)
    }
    /// The median of the days.
    async fn median(&self) -> Option<MedianDays> {
        self.kept.sample.median.map(|(least, most)| MedianDays { least, most })
    }
    /// The most days that any of them took.
    async fn most(&self) -> Option<i64> {
        self.kept.sample.extremes().map(|(_, most)| most)
    }
    /// The fewest days laid on the first day on which the round may have reached the stage it is counted from.
    async fn earliest(&self) -> Option<Day> {
        self.kept.earliest().map(Day)
    }
    /// The median laid on the days on which the round may have reached that stage: the first day that this gives.
    async fn median_earliest(&self) -> Option<Day> {
        self.kept.median().map(|(first, _)| Day(first))
    }
    /// The last day that the median gives.
    async fn median_latest(&self) -> Option<Day> {
        self.kept.median().map(|(_, last)| Day(last))
    }
    /// The most days laid on the last day on which the round may have reached that stage.
    async fn latest(&self) -> Option<Day> {
        self.kept.latest().map(Day)
    }
}

/// A date that was named beforehand.
pub(super) struct PlannedDate {
    views: Arc<Views>,
    kept: Planned,
}

impl PlannedDate {
    /// Shows a date that was named beforehand.
    pub(super) fn new(views: &Arc<Views>, kept: Planned) -> Self {
        Self {
            views: Arc::clone(views),
            kept,
        }
    }
}

/// A date that was named beforehand, against when it came.
#[Object]
impl PlannedDate {
    /// `EXPECTATION` or `DEADLINE`.
    async fn kind(&self) -> Word<AheadKind> {
        Word(self.kept.kind)
    }
    /// The stage that was to be reached; a deadline that runs before adoption is one for adoption. Null where an
    /// expectation names none.
    async fn stage(&self) -> Option<Word<Stage>> {
        self.kept.stage.map(Word)
    }
    /// The date or window that was named.
    async fn planned_for(&self) -> DateOut {
        DateOut::new(&self.kept.planned_for)
    }
    /// When it was named.
    async fn said_on(&self) -> DateOut {
        DateOut::new(&self.kept.said_on)
    }
    /// What became of it.
    async fn state(&self) -> Word<ExpectationState> {
        Word(self.kept.settled.state)
    }
    /// Days between the nearest end of the window and the day on which it came; null where it did not come, or where a
    /// source doubts the dates.
    async fn slip(&self) -> Option<DayRange> {
        self.kept.settled.slip.map(|slip| DayRange {
            least: slip.least,
            most: slip.most,
        })
    }
    /// The entries that say when it came, the first recorded first.
    async fn came(&self) -> Vec<Entry> {
        let lines = self
            .kept
            .settled
            .by
            .iter()
            .filter_map(|p| self.views.timeline.entry(*p));
        lines.map(|line| Entry::new(&self.views, line)).collect()
    }
    /// The entry that names it.
    async fn entry(&self) -> Option<Entry> {
        let line = self.views.timeline.entry(self.kept.position)?;
        Some(Entry::new(&self.views, line))
    }
}

/// One round that mirrors one other.
pub(super) struct Alignment {
    views: Arc<Views>,
    kept: KeptAlignment,
}

impl Alignment {
    /// Shows how one round mirrors another.
    pub(super) fn new(views: &Arc<Views>, kept: KeptAlignment) -> Self {
        Self {
            views: Arc::clone(views),
            kept,
        }
    }
}

/// How long after one sender's round another sender's mirrors it.
#[Object]
impl Alignment {
    /// The round that mirrors.
    async fn round(&self) -> Option<Round> {
        Round::of(Seen::new(&self.views, self.kept.round.as_str()))
    }
    /// The round mirrored.
    async fn of(&self) -> Option<Round> {
        Round::of(Seen::new(&self.views, self.kept.of.as_str()))
    }
    /// Days from the adoption of the one mirrored to that of the one that mirrors; null where a date is not recorded.
    async fn days(&self) -> Option<StageDays> {
        self.kept.least.or(self.kept.most)?;
        Some(StageDays {
            least: self.kept.least,
            most: self.kept.most,
            doubted: self.kept.doubted,
        })
    }
    /// No adoption of the mirroring round is recorded, and days are counted to the date of the mirroring itself.
    async fn to_mirroring(&self) -> bool {
        self.kept.to_mirroring
    }
    /// Days as the source counts them.
    async fn stated_days(&self) -> Option<u32> {
        self.kept.told.fact.lag_days
    }
    /// Whether those are among the days that the dates allow; null where either is not known.
    async fn agrees(&self) -> Option<bool> {
        self.kept.agrees()
    }
    /// What records it.
    async fn mirror(&self) -> Data<RecordMirror> {
        Data::new(&self.views, self.kept.told.fact.as_ref())
    }
}

/// How long one sender's rounds come after another's.
pub(super) struct AlignmentLag {
    views: Arc<Views>,
    kept: Lag,
}

impl AlignmentLag {
    /// Shows a lag.
    pub(super) fn new(views: &Arc<Views>, kept: Lag) -> Self {
        Self {
            views: Arc::clone(views),
            kept,
        }
    }
}

/// How long one sender's rounds come after those of another which they mirror.
#[Object]
impl AlignmentLag {
    /// How many pairs of rounds are reckoned with: those whose days are known and not doubted, each pair once.
    async fn n(&self) -> usize {
        self.kept.counted
    }
    /// The fewest days of any of them.
    async fn least(&self) -> Option<i64> {
        self.kept.extremes.map(|(least, _)| least)
    }
    /// The median of all; null where there are none.
    async fn median(&self) -> Option<MedianDays> {
        self.kept.median.map(|(least, most)| MedianDays { least, most })
    }
    /// The most days of any of them.
    async fn most(&self) -> Option<i64> {
        self.kept.extremes.map(|(_, most)| most)
    }
    /// Every mirroring that is recorded, by the slug of the round that mirrors.
    async fn alignments(
        &self,
        #[graphql(default = 50, desc = "The most to give: 50 if left out, at most 200.")] first: i32,
    ) -> Result<Vec<Alignment>, ApiError> {
        let alignments = self.kept.alignments.iter().take(at_most(first)?);
        Ok(alignments
            .map(|kept| Alignment::new(&self.views, kept.clone()))
            .collect())
    }
}

/// How many items are asked for of a list.
fn at_most(first: i32) -> Result<usize, ApiError> {
    const MOST: i32 = 200;
    let most = usize::try_from(first).ok().filter(|_| first <= MOST);
    most.ok_or_else(|| {
        let message = format!("`first` is {first}; a list has 0 to {MOST} items");
        ApiError::new(ErrorCode::BadUserInput, message)
    })
}
