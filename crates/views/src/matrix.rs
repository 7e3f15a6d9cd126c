//! Who stands where on a day: the cells of a matrix of issues and parties, unknown ones included.

use crate::Views;
use crate::told::Told;
use chrono::NaiveDate;
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::id::Slug;
use rapporteur_domain::issue::TakePosition;
use serde::{Deserialize, Serialize};

/// What is known of a party's position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CellState {
    /// A position is recorded.
    Recorded,
    /// It was looked for, and not found.
    Unknown,
    /// Nothing is recorded: neither a position nor that one was looked for.
    NotRecorded,
}

/// A party's position on one thing, on a day.
#[derive(Debug, Clone)]
pub struct Cell {
    /// What is known of it.
    pub state: CellState,
    /// The positions that stand: taken on that day or before, and no other of them surely later. Several may stand side by
    /// side. In the order of recording.
    pub standing: Vec<Told<TakePosition>>,
    /// Those that others surely came after, in the order of recording.
    pub earlier: Vec<Told<TakePosition>>,
}

/// The position of a party on a dossier or a record in it, on a day. Positions that may have been taken later count as
/// taken: their dates say so.
#[must_use]
pub fn cell(views: &Views, on: &str, party: &Slug, day: NaiveDate) -> Cell {
    let day = FuzzyDate::day(day);
    let held = |told: &&Told<TakePosition>| told.fact.by.contains(party) && !begun(told).surely_after(&day);
    let all: Vec<&Told<TakePosition>> = views.issues.positions_on(on).filter(held).collect();
    let (earlier, standing) = apart(all.iter().copied());
    let noted = views.issues.get(on).into_iter().flat_map(|issue| &issue.unknown);
    let looked_for = noted.filter(|noted| noted.fact.party == *party && !noted.fact.noted_on.surely_after(&day));
    let answered = |noted: &FuzzyDate| all.iter().any(|told| !told.fact.taken_on.surely_before(noted));
    let state = match looked_for
        .map(|noted| &noted.fact.noted_on)
        .any(|noted| !answered(noted))
    {
        true => CellState::Unknown,
        false if standing.is_empty() => CellState::NotRecorded,
        false => CellState::Recorded,
    };
    Cell {
        state,
        standing: standing.into_iter().cloned().collect(),
        earlier: earlier.into_iter().cloned().collect(),
    }
}

/// Of the positions of one party, those that others on the same surely came after, and those that stand.
pub(crate) fn apart<'a>(
    held: impl Iterator<Item = &'a Told<TakePosition>>,
) -> (Vec<&'a Told<TakePosition>>, Vec<&'a Told<TakePosition>>) {
    let all: Vec<&Told<TakePosition>> = held.collect();
    let replaced = |told: &&Told<TakePosition>| {
        all.iter()
            .any(|other| told.fact.on == other.fact.on && told.fact.taken_on.surely_before(&other.fact.taken_on))
    };
    all.iter().copied().partition(replaced)
}

/// Since when a position is held, as far as that is told.
fn begun(told: &Told<TakePosition>) -> &FuzzyDate {
    told.fact.since.as_ref().unwrap_or(&told.fact.taken_on)
}

/// Everybody who has taken a position on one of these, by slug, each once.
#[must_use]
pub fn holders<'a>(views: &'a Views, on: &[Slug]) -> Vec<&'a Slug> {
    let positions = on.iter().flat_map(|slug| views.issues.positions_on(slug.as_str()));
    let mut parties: Vec<&Slug> = positions.flat_map(|told| &told.fact.by).collect();
    parties.sort_unstable();
    parties.dedup();
    parties
}
