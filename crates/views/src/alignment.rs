//! How long after one sender's round another sender's mirrors it.

use crate::days::{dates, first, last, median};
use crate::rounds::{Round, Rounds};
use crate::told::Told;
use rapporteur_domain::act::RecordMirror;
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::id::Slug;
use rapporteur_domain::round::Stage;
use std::collections::BTreeMap;

/// One round that mirrors one other.
#[derive(Debug, Clone)]
pub struct Alignment {
    /// The round that mirrors.
    pub round: Slug,
    /// The round mirrored.
    pub of: Slug,
    /// The least days from the mirrored round's adoption that the dates allow; none where a date is missing or open.
    pub least: Option<i64>,
    /// The most days.
    pub most: Option<i64>,
    /// A source doubts one of the dates.
    pub doubted: bool,
    /// No adoption of the mirroring round is recorded: days are counted to the date of the mirroring itself.
    pub to_mirroring: bool,
    /// What records it.
    pub told: Told<RecordMirror>,
}

impl Alignment {
    /// Whether the days that a source counts are among those that the dates allow; none where it counts none, or where
    /// the dates do not tell.
    #[must_use]
    pub fn agrees(&self) -> Option<bool> {
        let stated = i64::from(self.told.fact.lag_days?);
        let (least, most) = self.least.zip(self.most)?;
        Some((least..=most).contains(&stated))
    }
}

/// The rounds that a round mirrors, each as often as it is recorded, in the order of recording.
#[must_use]
pub fn of_round(rounds: &Rounds, slug: &str) -> Vec<Alignment> {
    let Some((slug, round)) = rounds.by_slug().get_key_value(slug) else {
        return Vec::new();
    };
    let told = round
        .mirrors
        .iter()
        .flat_map(|told| told.fact.of.iter().map(move |of| (told, of)));
    told.map(|(told, of)| alignment(rounds, slug, round, told, of))
        .collect()
}

fn alignment(rounds: &Rounds, slug: &Slug, round: &Round, told: &Told<RecordMirror>, of: &Slug) -> Alignment {
    let mirrored = rounds.get(of.as_str());
    let from = mirrored
        .map(|mirrored| dates(mirrored, Stage::Adopted))
        .unwrap_or_default();
    let adopted = dates(round, Stage::Adopted);
    let to_mirroring = adopted.is_empty();
    let to: Vec<&FuzzyDate> = match to_mirroring {
        true => told
            .fact
            .mirrored_on
            .iter()
            .filter(|on| on.earliest().or(on.latest()).is_some())
            .collect(),
        false => adopted,
    };
    let known = !from.is_empty() && !to.is_empty();
    let days = |from: Option<chrono::NaiveDate>, to: Option<chrono::NaiveDate>| {
        from.zip(to).filter(|_| known).map(|(from, to)| (to - from).num_days())
    };
    Alignment {
        round: slug.clone(),
        of: of.clone(),
        least: days(last(&from), first(&to)),
        most: days(first(&from), last(&to)),
        doubted: from.iter().chain(&to).any(|on| on.is_uncertain()),
        to_mirroring,
        told: told.clone(),
    }
}

/// How long one sender's rounds come after another's.
#[derive(Debug, Clone, Default)]
pub struct Lag {
    /// Every round of the one that mirrors one of the other's, in the order of their slugs.
    pub alignments: Vec<Alignment>,
    /// The least and the most that the median can be, in days; over the pairs whose days are known and not doubted.
    pub median: Option<(f64, f64)>,
    /// The fewest days of any of them, and the most.
    pub extremes: Option<(i64, i64)>,
    /// How many of them are reckoned with.
    pub counted: usize,
}

/// The lag of rounds that `sender` has a part in behind those that `behind` has a part in.
#[must_use]
pub fn lag(rounds: &Rounds, sender: &Slug, behind: &Slug) -> Lag {
    let has = |round: &Round, party: &Slug| round.opened.fact.senders.contains(party);
    let mirroring = rounds
        .all()
        .filter(|(_, round)| !round.mirrors.is_empty() && has(round, sender));
    let found = mirroring.flat_map(|(slug, _)| of_round(rounds, slug.as_str()));
    let alignments: Vec<Alignment> = found
        .filter(|it| rounds.get(it.of.as_str()).is_some_and(|of| has(of, behind)))
        .collect();
    let sure = alignments.iter().filter(|it| !it.doubted);
    let pairs: BTreeMap<(&Slug, &Slug), (i64, i64)> = sure
        .filter_map(|it| Some(((&it.round, &it.of), it.least.zip(it.most)?)))
        .collect();
    let days: Vec<(i64, i64)> = pairs.into_values().collect();
    let least = days.iter().map(|days| days.0);
    let most = days.iter().map(|days| days.1);
    Lag {
        median: median(least.clone()).zip(median(most.clone())),
        extremes: least.min().zip(most.max()),
        counted: days.len(),
        alignments,
    }
}
