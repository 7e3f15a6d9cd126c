//! What rounds put on lists and took off them, gross and net, against the totals that are stated.
//!
//! A total is what was there before plus what was added minus what was taken off. Only recorded numbers are reckoned
//! with, and only exact ones; where one of them is missing, whether the total adds up stays open. Listings between
//! rounds carry no counts, so they can be what is missing too.

use crate::rough;
use crate::rounds::{Round, Rounds};
use rapporteur_domain::act::CountBasis;
use rapporteur_domain::common::Quantity;
use rapporteur_domain::date::SortKey;
use rapporteur_domain::id::{Key, Slug};
use rapporteur_domain::round::Stage;
use std::sync::Arc;

/// What is recorded of one number.
#[derive(Debug, Clone, PartialEq)]
pub enum Tally {
    /// Nothing.
    Nothing,
    /// This number, and no other; what is said roughly beside it leaves room for it.
    Exact(f64),
    /// Something, from which no one number follows: why, in plain words.
    Open(String),
}

impl Tally {
    /// The number, where it is exact.
    #[must_use]
    pub fn exact(&self) -> Option<f64> {
        match self {
            Self::Exact(number) => Some(*number),
            Self::Nothing | Self::Open(_) => None,
        }
    }
}

/// What a round did to the list of one kind of thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// What is listed: `vessels`.
    pub kind: Key,
    /// Put on the list: gross.
    pub added: Tally,
    /// Taken off it: gross.
    pub removed: Tally,
    /// All that are listed afterwards, as stated.
    pub stated: Tally,
    /// The total that the recorded numbers make: the last one stated before, and everything recorded since. None where a
    /// number is missing; removals of which nothing is recorded are not reckoned with.
    pub sum: Option<f64>,
    /// The last round before with a stated total, and that total.
    pub before: Option<(Slug, f64)>,
    /// Whether the stated total is the sum. None where that is open.
    pub agrees: Option<bool>,
    /// Why it is open, or what differs.
    pub reason: Option<String>,
}

impl Listing {
    /// Put on the list minus taken off it; none where either is not recorded exactly.
    #[must_use]
    pub fn net(&self) -> Option<f64> {
        Some(self.added.exact()? - self.removed.exact()?)
    }

    /// What is odd about the stated total: it is not what the recorded numbers make.
    #[must_use]
    pub fn oddity(&self) -> Option<String> {
        let (sum, stated) = (self.sum?, self.stated.exact()?);
        let reason = self.reason.as_deref().unwrap_or_default();
        (!same(sum, stated)).then(|| format!("{}: {stated} are stated; {reason}", self.kind))
    }
}

/// The listings of a round, by kind: of every kind of which something added, removed or a total is recorded.
#[must_use]
pub fn of_round(rounds: &Rounds, slug: &str) -> Vec<Listing> {
    let Some(round) = rounds.get(slug) else {
        return Vec::new();
    };
    let mut kinds: Vec<&Key> = round
        .counts
        .iter()
        .filter(|c| is_listing(c.fact.basis))
        .map(|c| &c.fact.of)
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
        .into_iter()
        .map(|kind| listing(rounds, slug, round, kind))
        .collect()
}

fn is_listing(basis: CountBasis) -> bool {
    matches!(basis, CountBasis::Added | CountBasis::Removed | CountBasis::StatedTotal)
}

fn listing(rounds: &Rounds, slug: &str, round: &Round, kind: &Key) -> Listing {
    let added = tally(round, kind, CountBasis::Added);
    let removed = tally(round, kind, CountBasis::Removed);
    let stated = tally(round, kind, CountBasis::StatedTotal);
    let base = base(rounds, slug, round, kind);
    let mut found = Listing {
        kind: kind.clone(),
        before: base.as_ref().ok().map(|base| (base.round.clone(), base.total)),
        added,
        removed,
        stated,
        sum: None,
        agrees: None,
        reason: None,
    };
    let reckoned = base.and_then(|base| {
        let added = known(&found.added, "added", slug)?;
        let removed = removals(&found.removed, slug)?;
        let sum = base.total + base.since + added - removed.unwrap_or(0.0);
        Ok((sum, base.all_removals && removed.is_some()))
    });
    found.sum = reckoned.as_ref().ok().map(|(sum, _)| *sum);
    (found.agrees, found.reason) = match (&found.stated, reckoned) {
        (Tally::Nothing, _) => (None, Some("no total is stated".to_owned())),
        (Tally::Open(why), _) => (None, Some(format!("the total {why}"))),
        (Tally::Exact(_), Err(why)) => (None, Some(why)),
        (Tally::Exact(stated), Ok((sum, _))) if same(sum, *stated) => (Some(true), None),
        (Tally::Exact(stated), Ok((sum, false))) if sum > *stated => {
            let missing = sum - stated;
            let why = format!(
                "the recorded numbers make {sum}; {missing} taken off would explain it, and not all removals are recorded"
            );
            (None, Some(why))
        }
        (Tally::Exact(_), Ok((sum, _))) => (Some(false), Some(format!("the recorded numbers make {sum}"))),
    };
    found
}

/// From where a round's totals are reckoned.
struct Base {
    /// The last round before whose total is stated.
    round: Slug,
    /// That total.
    total: f64,
    /// What rounds since have added and taken off, as far as recorded.
    since: f64,
    /// Whether every round since has its removals recorded.
    all_removals: bool,
}

/// The last stated total before a round, with what came since; or why there is none to reckon from.
fn base(rounds: &Rounds, slug: &str, round: &Round, kind: &Key) -> Result<Base, String> {
    let Some(adopted) = adopted(round) else {
        return Err("the round's adoption is not recorded, so what came before it is not known".to_owned());
    };
    let earlier = earlier(rounds, slug, round, adopted);
    let stated = |round: &Round| tally(round, kind, CountBasis::StatedTotal) != Tally::Nothing;
    if !earlier.iter().any(|(_, round)| stated(round)) {
        return Err(format!("no earlier total of {kind} is recorded"));
    }
    let (mut since, mut all_removals) = (0.0, true);
    for (slug, round) in earlier.into_iter().rev() {
        match tally(round, kind, CountBasis::StatedTotal) {
            Tally::Exact(total) => {
                return Ok(Base {
                    round: slug.clone(),
                    total,
                    since,
                    all_removals,
                });
            }
            Tally::Open(why) => return Err(format!("the total of `{slug}` {why}")),
            Tally::Nothing => {
                let removed = removals(&tally(round, kind, CountBasis::Removed), slug.as_str())?;
                since +=
                    known(&tally(round, kind, CountBasis::Added), "added", slug.as_str())? - removed.unwrap_or(0.0);
                all_removals &= removed.is_some();
            }
        }
    }
    Err(format!("no earlier total of {kind} is recorded"))
}

/// The adopted rounds of the same senders against the same target that stand before this one, the first adopted first.
fn earlier<'a>(rounds: &'a Rounds, slug: &str, round: &Round, before: SortKey) -> Vec<(&'a Slug, &'a Arc<Round>)> {
    let others = rounds.alike(round).filter(|(other, _)| other.as_str() != slug);
    let mut found: Vec<(SortKey, (&Slug, &Arc<Round>))> = others
        .filter_map(|(slug, round)| Some((adopted(round)?, (slug, round))))
        .filter(|(key, (other, _))| (*key, other.as_str()) < (before, slug))
        .collect();
    found.sort_by_key(|(key, (slug, _))| (*key, *slug));
    found.into_iter().map(|(_, round)| round).collect()
}

/// Where a round's adoption stands on the timeline; the first of rival dates.
fn adopted(round: &Round) -> Option<SortKey> {
    let adopted = round.stages.iter().filter(|reached| reached.stage == Stage::Adopted);
    adopted.map(|reached| reached.reached_on.sort_key()).min()
}

fn tally(round: &Round, kind: &Key, basis: CountBasis) -> Tally {
    let counts = round.counts.iter().map(|told| &told.fact);
    let counts = counts.filter(|count| count.basis == basis && count.of == *kind);
    let (mut numbers, mut rough): (Vec<f64>, Vec<&Quantity>) = (Vec::new(), Vec::new());
    for count in counts {
        match count.quantity.value {
            Some(value) if !count.quantity.approximate => numbers.push(value),
            _ => rough.push(&count.quantity),
        }
    }
    numbers.sort_by(f64::total_cmp);
    numbers.dedup_by(|one, other| same(*one, *other));
    match numbers.as_slice() {
        [] if rough.is_empty() => Tally::Nothing,
        [] => Tally::Open("is given only roughly".to_owned()),
        [number] => match rough.into_iter().find(|rough| !rough::admits(rough, *number)) {
            None => Tally::Exact(*number),
            Some(rough) => Tally::Open(format!("is given as {number} and as {}", rough::words(rough))),
        },
        several => {
            let several: Vec<String> = several.iter().map(ToString::to_string).collect();
            Tally::Open(format!("is given as {}", several.join(" and as ")))
        }
    }
}

fn known(tally: &Tally, what: &str, slug: &str) -> Result<f64, String> {
    match tally {
        Tally::Exact(number) => Ok(*number),
        Tally::Nothing => Err(format!("how many `{slug}` {what} is not recorded")),
        Tally::Open(why) => Err(format!("how many `{slug}` {what} {why}")),
    }
}

/// Removals: none where nothing is recorded of them.
fn removals(tally: &Tally, slug: &str) -> Result<Option<f64>, String> {
    match tally {
        Tally::Nothing => Ok(None),
        other => known(other, "removed", slug).map(Some),
    }
}

/// Whether two counts are the same number.
fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.5
}
