//! Claims, expectations and happenings, and what they are about.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::sorted::put_slug;
use crate::told::Told;
use imbl::{OrdMap, Vector};
use rapporteur_domain::claim::{RecordClaim, RecordExpectation, RecordHappening};
use rapporteur_domain::event::Event;
use rapporteur_domain::evidence::Evidence;
use rapporteur_domain::id::{RecordRef, Slug};
use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// A claim; with a window, an expectation.
#[derive(Debug, Clone, Serialize)]
pub enum Claim {
    /// An attributed assertion.
    Asserted(Told<RecordClaim>),
    /// A claim that something will happen within a window.
    Expected(Told<RecordExpectation>),
}

impl Claim {
    /// Its slug.
    #[must_use]
    pub fn slug(&self) -> &Slug {
        match self {
            Self::Asserted(told) => &told.fact.slug,
            Self::Expected(told) => &told.fact.slug,
        }
    }

    /// Why we believe that it was said.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        match self {
            Self::Asserted(told) => &told.fact.evidence,
            Self::Expected(told) => &told.fact.evidence,
        }
    }

    /// The position of the event that recorded it.
    #[must_use]
    pub fn position(&self) -> u64 {
        match self {
            Self::Asserted(told) => told.position,
            Self::Expected(told) => told.position,
        }
    }
}

/// All claims and happenings by slug, and which claims are about what.
#[derive(Clone, Default)]
pub struct Claims {
    claims: OrdMap<Slug, Claim>,
    again: OrdMap<Slug, Vector<Claim>>,
    happenings: OrdMap<Slug, Told<RecordHappening>>,
    about: OrdMap<String, Vector<Slug>>,
}

impl Claims {
    /// The claim or expectation of this slug.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Claim> {
        self.claims.get(slug)
    }

    /// The map of all claims and expectations by slug, for a look at a part of it.
    #[must_use]
    pub fn by_slug(&self) -> &OrdMap<Slug, Claim> {
        &self.claims
    }

    /// All claims and expectations, by slug.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&Slug, &Claim)> + ExactSizeIterator {
        self.claims.iter()
    }

    /// The happening of this slug.
    #[must_use]
    pub fn happening(&self, slug: &str) -> Option<&Told<RecordHappening>> {
        self.happenings.get(slug)
    }

    /// The map of all happenings by slug, for a look at a part of it.
    #[must_use]
    pub fn happenings_by_slug(&self) -> &OrdMap<Slug, Told<RecordHappening>> {
        &self.happenings
    }

    /// All happenings, by slug.
    pub fn happenings(&self) -> impl DoubleEndedIterator<Item = (&Slug, &Told<RecordHappening>)> + ExactSizeIterator {
        self.happenings.iter()
    }

    /// The claims and expectations about a dossier or anything in it, in the order of recording.
    pub fn about(&self, dossier: &str) -> impl Iterator<Item = (&Slug, &Claim)> {
        self.slugs_about(dossier)
            .into_iter()
            .flatten()
            .filter_map(|slug| self.claims.get_key_value(slug))
    }

    /// The slugs of the claims and expectations about a dossier or anything in it, in the order of recording.
    #[must_use]
    pub fn slugs_about(&self, dossier: &str) -> Option<&Vector<Slug>> {
        self.about.get(dossier)
    }

    /// A claim of this slug and those that were merged into it, in the order of recording.
    pub fn told(&self, slug: &str) -> impl Iterator<Item = &Claim> {
        let again = self.again.get(slug).into_iter().flatten();
        self.claims.get(slug).into_iter().chain(again)
    }

    fn index(&mut self, slug: &Slug, about: &[RecordRef]) {
        let claims = &self.claims;
        for dossier in about.iter().map(RecordRef::dossier) {
            let slugs = self.about.entry(dossier.to_owned()).or_default();
            put_slug(slugs, slug, |slug| claims.get(slug).map(Claim::position));
        }
    }
}

impl View for Claims {
    const NAME: &'static str = "claims";
    const VERSION: u32 = 2;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        match event {
            Event::ClaimRecorded(told) => {
                self.claims
                    .insert(told.slug.clone(), Claim::Asserted(Told::new(recorded, told)));
                self.index(&told.slug, &told.about);
            }
            Event::ExpectationRecorded(told) => {
                self.claims
                    .insert(told.slug.clone(), Claim::Expected(Told::new(recorded, told)));
                self.index(&told.slug, std::slice::from_ref(&told.of));
            }
            Event::HappeningRecorded(told) => {
                self.happenings.insert(told.slug.clone(), Told::new(recorded, told));
            }
            _ => {}
        }
    }

    /// What was merged into a claim is one with it: whatever either is about knows it, and the windows of both stand.
    fn apply_merged(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        let (slug, about, claim) = match event {
            Event::ClaimRecorded(told) => (
                &told.slug,
                told.about.as_slice(),
                Claim::Asserted(Told::new(recorded, told)),
            ),
            Event::ExpectationRecorded(told) => {
                let of = std::slice::from_ref(&told.of);
                (&told.slug, of, Claim::Expected(Told::new(recorded, told)))
            }
            _ => return,
        };
        self.index(slug, about);
        self.again.entry(slug.clone()).or_default().push_back(claim);
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.claims.iter().for_each(|item| digest.add(&item));
        self.again
            .iter()
            .for_each(|(slug, claims)| digest.add_row(slug, claims));
        self.happenings.iter().for_each(|item| digest.add(&item));
        for (dossier, slugs) in &self.about {
            digest.add_row(dossier, slugs);
        }
        digest.finish()
    }
}
