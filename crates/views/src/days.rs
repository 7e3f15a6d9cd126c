//! Days between two stages of a round, and how rounds compare in them. Fuzzy and rival dates give a least and a most.

use crate::rounds::{Reached, Round, Rounds};
use chrono::NaiveDate;
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::id::Slug;
use rapporteur_domain::round::Stage;
use std::sync::Arc;

/// Days from one stage to another; negative where the second may come first. Between stages of which the second always
/// comes first they say nothing: see [`Stage::precedes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The least that the dates allow; none where one of them is open on that side.
    pub least: Option<i64>,
    /// The most that the dates allow; none where one of them is open on that side.
    pub most: Option<i64>,
    /// A source doubts one of the dates, so that the days may be others altogether.
    pub doubted: bool,
}

/// Where a round stands among others, the shortest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Rank {
    /// How many rounds are compared, this one included.
    pub of: usize,
    /// The best place that the dates allow, from 1; none where the round itself cannot be compared.
    pub best: Option<usize>,
    /// The worst place that the dates allow.
    pub worst: Option<usize>,
    /// The least and the most that the median of all can be, in days; none where nothing is compared.
    pub median: Option<(f64, f64)>,
    /// Rounds with both stages that cannot be compared: a date is doubted, or open on one side.
    pub left_out: Vec<Slug>,
}

/// The days between two stages, over all dates recorded of either; none where one of them is not recorded, or nobody
/// gives a date.
#[must_use]
pub fn between(round: &Round, from: Stage, to: Stage) -> Option<Days> {
    let (from, to) = (dates(round, from), dates(round, to));
    if from.is_empty() || to.is_empty() {
        return None;
    }
    let days = |from: Option<NaiveDate>, to: Option<NaiveDate>| Some((to? - from?).num_days());
    Some(Days {
        least: days(last(&from), first(&to)),
        most: days(first(&from), last(&to)),
        doubted: from.iter().chain(&to).any(|date| date.is_uncertain()),
    })
}

/// The days for which a stage held a round up: to the first of what may have lifted it. None where it held nothing up, or
/// where nothing is recorded that may have lifted it.
#[must_use]
pub fn held_for(round: &Round, held: &Reached) -> Option<Days> {
    let lifting = round.stages.iter().filter(|other| held.may_be_lifted_by(other));
    let lifted = lifting.map(|other| &other.reached_on).min_by_key(|on| on.sort_key())?;
    let days = |from: Option<NaiveDate>, to: Option<NaiveDate>| Some((to? - from?).num_days());
    let on = &held.reached_on;
    Some(Days {
        least: days(on.latest(), lifted.earliest()),
        most: days(on.earliest(), lifted.latest()),
        doubted: on.is_uncertain() || lifted.is_uncertain(),
    })
}

/// Where a round stands among the rounds of the same senders against the same target, by the days between two stages.
#[must_use]
pub fn rank(rounds: &Rounds, slug: &str, from: Stage, to: Stage) -> Option<Rank> {
    let own = rounds.get(slug)?;
    let compared = compare(rounds.all().filter(|(_, round)| alike(own, round)), from, to);
    let placed = compared.rows.iter().find(|row| row.slug.as_str() == slug);
    Some(Rank {
        of: compared.rows.len(),
        best: placed.map(|row| row.best),
        worst: placed.map(|row| row.worst),
        median: compared.median,
        left_out: compared.left_out,
    })
}

/// Whether two rounds are of the same senders against the same target.
pub(crate) fn alike(one: &Round, other: &Round) -> bool {
    one.opened.fact.target == other.opened.fact.target && one.senders() == other.senders()
}

/// A round among others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The round.
    pub slug: Slug,
    /// The least days that the dates allow.
    pub least: i64,
    /// The most days that the dates allow.
    pub most: i64,
    /// The best place that the dates allow, from 1; equals share one.
    pub best: usize,
    /// The worst place that the dates allow.
    pub worst: usize,
}

/// Rounds against one another by the days between two stages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Comparison {
    /// Those that can be compared: the shortest first, by the most days, then the least, then the slug.
    pub rows: Vec<Ranked>,
    /// The least and the most that the median can be, in days; none where nothing is compared.
    pub median: Option<(f64, f64)>,
    /// Rounds with both stages that cannot be compared: a date is doubted, or open on one side.
    pub left_out: Vec<Slug>,
}

impl Comparison {
    /// The fewest days of any, and the most.
    #[must_use]
    pub fn extremes(&self) -> Option<(i64, i64)> {
        let least = self.rows.iter().map(|row| row.least).min();
        least.zip(self.rows.iter().map(|row| row.most).max())
    }
}

/// Compares rounds by the days between two stages; those that lack one of them are passed over.
#[must_use]
pub fn compare<'a>(rounds: impl Iterator<Item = (&'a Slug, &'a Arc<Round>)>, from: Stage, to: Stage) -> Comparison {
    let mut found: Vec<(&Slug, i64, i64)> = Vec::new();
    let mut left_out = Vec::new();
    for (slug, round) in rounds {
        match between(round, from, to) {
            None => {}
            Some(Days {
                least: Some(least),
                most: Some(most),
                doubted: false,
            }) => found.push((slug, least, most)),
            Some(_) => left_out.push(slug.clone()),
        }
    }
    found.sort_by_key(|(slug, least, most)| (*most, *least, *slug));
    let sorted = |days: &dyn Fn(&(&Slug, i64, i64)) -> i64| {
        let mut all: Vec<i64> = found.iter().map(days).collect();
        all.sort_unstable();
        all
    };
    let (leasts, mosts) = (sorted(&|row| row.1), sorted(&|row| row.2));
    let rows = found.iter().map(|(slug, least, most)| Ranked {
        slug: (*slug).clone(),
        least: *least,
        most: *most,
        best: 1 + mosts.partition_point(|other| other < least),
        worst: 1 + leasts.partition_point(|other| other < most) - usize::from(least < most),
    });
    Comparison {
        rows: rows.collect(),
        median: median(leasts.iter().copied()).zip(median(mosts.iter().copied())),
        left_out,
    }
}

/// The dates of a stage that say something.
pub(crate) fn dates(round: &Round, stage: Stage) -> Vec<&FuzzyDate> {
    let of_stage = round.stages.iter().filter(|reached| reached.stage == stage);
    let dates = of_stage.map(|reached| &reached.reached_on);
    dates
        .filter(|date| date.earliest().or(date.latest()).is_some())
        .collect()
}

/// The first day that any of these dates may be; none where one of them has none.
pub(crate) fn first(dates: &[&FuzzyDate]) -> Option<NaiveDate> {
    dates
        .iter()
        .map(|date| date.earliest())
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .min()
}

/// The last day that any of these dates may be; none where one of them has none.
pub(crate) fn last(dates: &[&FuzzyDate]) -> Option<NaiveDate> {
    dates
        .iter()
        .map(|date| date.latest())
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .max()
}

pub(crate) fn median(days: impl Iterator<Item = i64>) -> Option<f64> {
    let mut days: Vec<f64> = days
        .filter_map(|days| i32::try_from(days).ok())
        .map(f64::from)
        .collect();
    days.sort_by(f64::total_cmp);
    let middle = days.len() / 2;
    let upper = *days.get(middle)?;
    match days.len() % 2 {
        1 => Some(upper),
        _ => Some(f64::midpoint(*days.get(middle.checked_sub(1)?)?, upper)),
    }
}
