//! Commitments and the ladder they climb or fall from.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::parties::Certainty;
use crate::standing::standing;
use crate::told::Told;
use chrono::NaiveDate;
use imbl::OrdMap;
use rapporteur_domain::commitment::{ChangeCommitment, CommitmentStatus, RecordCommitment};
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::event::Event;
use rapporteur_domain::evidence::Evidence;
use rapporteur_domain::id::Slug;
use rapporteur_domain::text::Prose;
use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// Something a party would do, will do, or refuses to do.
#[derive(Debug, Clone, Serialize)]
pub struct Commitment {
    /// How it was recorded.
    pub recorded: Told<RecordCommitment>,
    /// How those were recorded that were merged into it, in the order of recording.
    pub again: Vec<Told<RecordCommitment>>,
    /// Every move on the ladder since, in the order of recording.
    pub changes: Vec<Told<ChangeCommitment>>,
}

/// A rung of the ladder on which a commitment stood.
#[derive(Debug, Clone, Copy)]
pub struct Rung<'a> {
    /// The position of the event that says so.
    pub position: u64,
    place: u64,
    /// The rung.
    pub status: CommitmentStatus,
    /// When it stood there.
    pub status_on: &'a FuzzyDate,
    /// What the source says, in our words.
    pub summary: &'a Prose,
    /// Why we believe it.
    pub evidence: &'a Evidence,
}

impl Commitment {
    /// The rung that stands, and when it stood there: the last told, but for what is surely of before.
    #[must_use]
    pub fn status(&self) -> (CommitmentStatus, &FuzzyDate) {
        let first = (self.recorded.fact.status, &self.recorded.fact.status_on);
        self.stands().map_or(first, |rung| (rung.status, rung.status_on))
    }

    /// The rung that stands.
    #[must_use]
    pub fn stands(&self) -> Option<Rung<'_>> {
        standing(self.rungs().into_iter().map(|rung| (Some(rung.status_on), rung)))
    }

    /// The rung as of a day, and how sure that is: the last told of those on which it may have stood by then, but for what
    /// is surely of before. None where it surely stood on none yet, or where nobody says when.
    #[must_use]
    pub fn rung_on(&self, day: NaiveDate) -> Option<(Rung<'_>, Certainty)> {
        let begun = |on: &FuzzyDate| on.earliest().or(on.latest()).is_some() && on.earliest().is_none_or(|d| d <= day);
        let rungs = self.rungs().into_iter().filter(|rung| begun(rung.status_on));
        let rung = standing(rungs.map(|rung| (Some(rung.status_on), rung)))?;
        let on = rung.status_on;
        let sure = on.latest().is_some_and(|last| last <= day) && !on.is_uncertain();
        Some((rung, if sure { Certainty::Surely } else { Certainty::Possibly }))
    }

    /// How it was recorded, and how those that were merged into it were.
    pub fn openings(&self) -> impl Iterator<Item = &Told<RecordCommitment>> {
        std::iter::once(&self.recorded).chain(&self.again)
    }

    /// Every rung it stood on, the first recorded first: what recorded it, or one that was merged into it, says one too.
    #[must_use]
    pub fn rungs(&self) -> Vec<Rung<'_>> {
        let opened = self.openings().map(|told| Rung {
            position: told.position,
            place: told.place,
            status: told.fact.status,
            status_on: &told.fact.status_on,
            summary: &told.fact.summary,
            evidence: &told.fact.evidence,
        });
        let changed = self.changes.iter().map(|told| Rung {
            position: told.position,
            place: told.place,
            status: told.fact.status,
            status_on: &told.fact.status_on,
            summary: &told.fact.summary,
            evidence: &told.fact.evidence,
        });
        let mut rungs: Vec<Rung<'_>> = opened.chain(changed).collect();
        rungs.sort_by_key(|rung| rung.place);
        rungs
    }
}

/// All commitments by slug.
#[derive(Clone, Default)]
pub struct Commitments(OrdMap<Slug, Arc<Commitment>>);

impl Commitments {
    /// The commitment of this slug.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Arc<Commitment>> {
        self.0.get(slug)
    }

    /// The map of all commitments by slug, for a look at a part of it.
    #[must_use]
    pub fn by_slug(&self) -> &OrdMap<Slug, Arc<Commitment>> {
        &self.0
    }

    /// All commitments, by slug.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&Slug, &Arc<Commitment>)> + ExactSizeIterator {
        self.0.iter()
    }
}

impl View for Commitments {
    const NAME: &'static str = "commitments";
    const VERSION: u32 = 2;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        match event {
            Event::CommitmentRecorded(told) => {
                let commitment = Commitment {
                    recorded: Told::new(recorded, told),
                    again: Vec::new(),
                    changes: Vec::new(),
                };
                self.0.insert(told.slug.clone(), Arc::new(commitment));
            }
            Event::CommitmentChanged(told) => {
                if let Some(commitment) = self.0.get_mut(&told.slug) {
                    Arc::make_mut(commitment).changes.push(Told::new(recorded, told));
                }
            }
            _ => {}
        }
    }

    fn apply_merged(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        if let Event::CommitmentRecorded(told) = event
            && let Some(commitment) = self.0.get_mut(&told.slug)
        {
            Arc::make_mut(commitment).again.push(Told::new(recorded, told));
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.0.iter().for_each(|item| digest.add(&item));
        digest.finish()
    }
}
