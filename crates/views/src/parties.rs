//! Parties: who they are, and which offices they held when.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::told::Told;
use chrono::NaiveDate;
use imbl::OrdMap;
use rapporteur_domain::date::{FuzzyDate, Within};
use rapporteur_domain::event::Event;
use rapporteur_domain::id::Slug;
use rapporteur_domain::party::{RecordOffice, RegisterParty};
use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// A party with what is known of it.
#[derive(Debug, Clone, Serialize)]
pub struct Party {
    /// How it was registered.
    pub registered: Told<RegisterParty>,
    /// The offices it holds or held, in the order of recording.
    pub offices: Vec<Told<RecordOffice>>,
}

/// How sure it is that an office was held on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Certainty {
    /// Attested for that day, or the day lies surely between beginning and end.
    Surely,
    /// Nothing speaks against it.
    Possibly,
}

impl Party {
    /// The offices held on `day`, with how sure that is; sure ones first, then in the order of recording. An office that
    /// several records tell is sure where one of them makes it so.
    #[must_use]
    pub fn offices_on(&self, day: NaiveDate) -> Vec<(&Told<RecordOffice>, Certainty)> {
        let told: Vec<_> = self
            .offices
            .iter()
            .filter_map(|o| Some((o, held_on(&o.fact, day)?)))
            .collect();
        let sure = |office: &RecordOffice| {
            let surely = told.iter().filter(|(_, certainty)| *certainty == Certainty::Surely);
            surely.into_iter().any(|(other, _)| same_office(&other.fact, office))
        };
        let certainty = |office| {
            if sure(office) {
                Certainty::Surely
            } else {
                Certainty::Possibly
            }
        };
        let mut held: Vec<_> = told.iter().map(|(o, _)| (*o, certainty(&o.fact))).collect();
        held.sort_by_key(|(_, certainty)| *certainty == Certainty::Possibly);
        held
    }
}

/// Whether two records tell of one office: the same title, of the same body as far as both name one.
fn same_office(one: &RecordOffice, other: &RecordOffice) -> bool {
    let of = one.of.as_ref().zip(other.of.as_ref());
    one.title.as_str().eq_ignore_ascii_case(other.title.as_str()) && of.is_none_or(|(one, other)| one == other)
}

fn held_on(office: &RecordOffice, day: NaiveDate) -> Option<Certainty> {
    if office.attested_on.as_ref().is_some_and(|d| d.surely_on(day)) {
        return Some(Certainty::Surely);
    }
    let that_day = FuzzyDate::day(day);
    let (from, until) = (office.from.as_ref(), office.until.as_ref());
    let starts_after = from.is_some_and(|from| that_day.surely_before(from));
    let ended_before = until.is_some_and(|until| until.surely_before(&that_day));
    if starts_after || ended_before {
        return None;
    }
    let sure = |date: &FuzzyDate| !date.is_uncertain();
    let begun = from.is_some_and(|from| sure(from) && from.latest().is_some_and(|last| last <= day));
    let going_on = until.is_some_and(|until| sure(until) && until.earliest().is_some_and(|first| day <= first));
    match (from, until) {
        (Some(_), Some(_)) if begun && going_on => Some(Certainty::Surely),
        (None, None) => {
            let that_day = Within {
                from: Some(day),
                until: Some(day),
            };
            let attested = office.attested_on.as_ref()?;
            attested.possibly_within(&that_day).then_some(Certainty::Possibly)
        }
        _ => Some(Certainty::Possibly),
    }
}

/// All parties by slug.
#[derive(Clone, Default)]
pub struct Parties(OrdMap<Slug, Arc<Party>>);

impl Parties {
    /// The party of this slug.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Arc<Party>> {
        self.0.get(slug)
    }

    /// The map of all parties by slug, for a look at a part of it.
    #[must_use]
    pub fn by_slug(&self) -> &OrdMap<Slug, Arc<Party>> {
        &self.0
    }

    /// All parties, by slug.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&Slug, &Arc<Party>)> + ExactSizeIterator {
        self.0.iter()
    }
}

impl View for Parties {
    const NAME: &'static str = "parties";
    const VERSION: u32 = 1;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        match event {
            Event::PartyRegistered(party) => {
                let registered = Told::new(recorded, party);
                self.0.insert(
                    party.slug.clone(),
                    Arc::new(Party {
                        registered,
                        offices: Vec::new(),
                    }),
                );
            }
            Event::OfficeRecorded(office) => {
                if let Some(party) = self.0.get_mut(&office.party) {
                    Arc::make_mut(party).offices.push(Told::new(recorded, office));
                }
            }
            _ => {}
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.0.iter().for_each(|item| digest.add(&item));
        digest.finish()
    }
}
