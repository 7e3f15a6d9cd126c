//! Days between two stages of a round, and how rounds compare in them. Fuzzy and rival dates give a least and a most.

use crate::rounds::{Round, Rounds};
use chrono::NaiveDate;
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::id::Slug;
use rapporteur_domain::round::Stage;

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

/// Where a round stands among the rounds of the same senders against the same target, by the days between two stages.
#[must_use]
pub fn rank(rounds: &Rounds, slug: &str, from: Stage, to: Stage) -> Option<Rank> {
    let own = rounds.get(slug)?;
    let like = |round: &Round| round.opened.fact.target == own.opened.fact.target && round.senders() == own.senders();
    let mut compared: Vec<(&Slug, i64, i64)> = Vec::new();
    let mut left_out = Vec::new();
    for (slug, round) in rounds.all().filter(|(_, round)| like(round)) {
        match between(round, from, to) {
            None => {}
            Some(Days {
                least: Some(least),
                most: Some(most),
                doubted: false,
            }) => compared.push((slug, least, most)),
            Some(_) => left_out.push(slug.clone()),
        }
    }
    let placed = compared.iter().find(|(other, ..)| other.as_str() == slug);
    let shorter = |before: &dyn Fn(i64, i64) -> bool| {
        let others = compared.iter().filter(|(other, ..)| other.as_str() != slug);
        1 + others.filter(|(_, least, most)| before(*least, *most)).count()
    };
    Some(Rank {
        of: compared.len(),
        best: placed.map(|(_, least, _)| shorter(&|_, other_most| other_most < *least)),
        worst: placed.map(|(_, _, most)| shorter(&|other_least, _| other_least < *most)),
        median: median(compared.iter().map(|(_, least, _)| *least))
            .zip(median(compared.iter().map(|(.., most)| *most))),
        left_out,
    })
}

/// The dates of a stage that say something.
fn dates(round: &Round, stage: Stage) -> Vec<&FuzzyDate> {
    let of_stage = round.stages.iter().filter(|reached| reached.stage == stage);
    let dates = of_stage.map(|reached| &reached.reached_on);
    dates
        .filter(|date| date.earliest().or(date.latest()).is_some())
        .collect()
}

fn first(dates: &[&FuzzyDate]) -> Option<NaiveDate> {
    dates
        .iter()
        .map(|date| date.earliest())
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .min()
}

fn last(dates: &[&FuzzyDate]) -> Option<NaiveDate> {
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
