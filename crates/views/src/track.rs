//! Track records: what became of what each claimant expected.

use crate::Views;
use crate::claims::Claim;
use crate::days::median;
use crate::expectations::{ExpectationState, Settled, overdue, settled};
use crate::origins::origins;
use chrono::NaiveDate;
use rapporteur_domain::claim::RecordExpectation;
use rapporteur_domain::evidence::Citation;
use rapporteur_domain::id::Slug;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What kind of claimant it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClaimantKind {
    /// A speaker who is a recorded party.
    Party,
    /// A speaker who is named, and no recorded party.
    Speaker,
    /// Whom an outlet does not name: one claimant for each outlet.
    Anonymous,
    /// The outlet itself, where it ascribes what it says to nobody.
    Outlet,
}

/// Who expects something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claimant {
    /// What kind of claimant it is.
    pub kind: ClaimantKind,
    /// The party's slug, the speaker's name, or the outlet's name.
    pub name: String,
}

/// One expectation of a claimant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracked {
    /// Its slug.
    pub slug: Slug,
    /// What settles it.
    pub settled: Settled,
    /// For how many days it is overdue; none where it is not.
    pub overdue: Option<i64>,
}

/// A least and a most of what fuzzy dates allow.
pub type Range<T> = (T, T);

/// What became of what a claimant expected, by slug.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Track(pub Vec<Tracked>);

impl Track {
    /// How many stand so.
    #[must_use]
    pub fn count(&self, state: ExpectationState) -> usize {
        self.0.iter().filter(|item| item.settled.state == state).count()
    }

    /// How many of the open ones are overdue.
    #[must_use]
    pub fn overdue(&self) -> usize {
        self.0.iter().filter(|item| item.overdue.is_some()).count()
    }

    /// The median slip of what came, in days; none where nothing came, or where all that came has no bound.
    #[must_use]
    pub fn median(&self) -> Option<Range<f64>> {
        let slips = self.slips();
        median(slips.iter().map(|slip| slip.0)).zip(median(slips.iter().map(|slip| slip.1)))
    }

    /// The worst slip of what came, in days.
    #[must_use]
    pub fn worst(&self) -> Option<Range<i64>> {
        let slips = self.slips();
        let least = slips.iter().map(|slip| slip.0).max();
        least.zip(slips.iter().map(|slip| slip.1).max())
    }

    fn slips(&self) -> Vec<Range<i64>> {
        let slips = self.0.iter().filter_map(|item| item.settled.slip);
        slips.filter_map(|slip| slip.least.zip(slip.most)).collect()
    }

    fn add(&mut self, item: Tracked) {
        if !self.0.contains(&item) {
            self.0.push(item);
        }
    }
}

/// Who says what these are citations of: each speaker, and each outlet that ascribes it to nobody. What an outlet repeats
/// from another is that one's.
#[must_use]
pub fn claimants(views: &Views, citations: &[Citation]) -> BTreeSet<Claimant> {
    let mut found = BTreeSet::new();
    for citation in citations {
        let outlets = |kind| {
            let outlets = origins(views, std::iter::once(citation)).into_iter();
            outlets.map(move |name| Claimant {
                kind,
                name: name.to_owned(),
            })
        };
        match &citation.attribution {
            None => found.extend(outlets(ClaimantKind::Outlet)),
            Some(said) => match &said.party {
                Some(party) => {
                    found.insert(Claimant {
                        kind: ClaimantKind::Party,
                        name: party.to_string(),
                    });
                }
                None if said.anonymous => found.extend(outlets(ClaimantKind::Anonymous)),
                None => {
                    found.insert(Claimant {
                        kind: ClaimantKind::Speaker,
                        name: said.speaker.to_string(),
                    });
                }
            },
        }
    }
    found
}

/// The track record of every claimant as of a day, in the order of their kinds and names.
#[must_use]
pub fn records(views: &Views, day: NaiveDate) -> BTreeMap<Claimant, Track> {
    let mut records: BTreeMap<Claimant, Track> = BTreeMap::new();
    for (slug, fact) in expectations(views) {
        for claimant in claimants(views, &fact.evidence.citations) {
            records
                .entry(claimant)
                .or_default()
                .add(tracked(views, slug, fact, day));
        }
    }
    records
}

/// The track record of one party as of a day.
#[must_use]
pub fn of_party(views: &Views, party: &str, day: NaiveDate) -> Track {
    let mut record = Track::default();
    for (slug, fact) in expectations(views) {
        let mut said = fact.evidence.citations.iter().filter_map(|c| c.attribution.as_ref());
        if said.any(|said| said.party.as_ref().is_some_and(|p| p.as_str() == party)) {
            record.add(tracked(views, slug, fact, day));
        }
    }
    record
}

/// Every expectation by slug, and after it those that were merged into it.
fn expectations(views: &Views) -> impl Iterator<Item = (&Slug, &RecordExpectation)> {
    let told = views.claims.all().flat_map(|(slug, _)| {
        let told = views.claims.told(slug.as_str());
        told.map(move |claim| (slug, claim))
    });
    told.filter_map(|(slug, claim)| match claim {
        Claim::Expected(told) => Some((slug, told.fact.as_ref())),
        Claim::Asserted(_) => None,
    })
}

fn tracked(views: &Views, slug: &Slug, fact: &RecordExpectation, day: NaiveDate) -> Tracked {
    let settled = settled(views, fact);
    Tracked {
        slug: slug.clone(),
        overdue: overdue(fact, &settled, day),
        settled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expectations::Slip;

    fn item(slug: &str, state: ExpectationState, slip: Option<(Option<i64>, Option<i64>)>) -> Tracked {
        Tracked {
            slug: Slug::parse(slug).unwrap(),
            settled: Settled {
                state,
                slip: slip.map(|(least, most)| Slip { least, most }),
                called_off: false,
                by: Vec::new(),
            },
            overdue: None,
        }
    }

    #[test]
    fn slips_are_of_what_came_and_keep_their_ranges() {
        let exact = |days| Some((Some(days), Some(days)));
        let mut track = Track::default();
        assert_eq!((track.median(), track.worst()), (None, None), "nothing came");
        track.add(item("a", ExpectationState::Met, exact(-3)));
        track.add(item("b", ExpectationState::Missed, exact(7)));
        track.add(item("c", ExpectationState::Missed, Some((Some(2), Some(30)))));
        track.add(item("d", ExpectationState::Missed, Some((Some(400), None))));
        track.add(item("e", ExpectationState::Open, None));
        track.add(item("b", ExpectationState::Missed, exact(7)));
        let counts = [ExpectationState::Met, ExpectationState::Missed, ExpectationState::Open].map(|s| track.count(s));
        assert_eq!(counts, [1, 3, 1]);
        assert_eq!(track.median(), Some((2.0, 7.0)));
        assert_eq!(track.worst(), Some((7, 30)));
    }
}
