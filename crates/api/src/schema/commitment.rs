//! Commitments.

use super::data::Data;
use super::date::DateOut;
use super::day::Day;
use super::filter::one_of;
use super::page::{Asked, Page, Total, page};
use super::party::Party;
use super::place::Dated;
use super::reference::{Reference, dossier, those};
use super::seen::Seen;
use super::vocabulary::Topic;
use super::words::Word;
use crate::http::ApiError;
use async_graphql::Object;
use rapporteur_domain::commitment::CommitmentStatus;
use rapporteur_domain::common::Quantity;
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::evidence::Evidence;
use rapporteur_domain::text::Prose;
use rapporteur_views::commitments::{Commitment as Kept, Rung as KeptRung};
use rapporteur_views::parties::Certainty;
use std::sync::Arc;

/// A commitment.
pub(super) struct Commitment {
    seen: Seen,
    kept: Arc<Kept>,
}

impl Commitment {
    /// The commitment that was seen.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let kept = Arc::clone(seen.views.commitments.get(&seen.slug)?);
        Some(Self { seen, kept })
    }
}

dossier! {
    /// What a party would do, will do, or refuses to do.
    Commitment, Commitment, {
        /// What would be done.
        pub(super) async fn title(&self) -> String {
            self.seen.titled(|| self.kept.recorded.fact.what.to_string())
        }
        /// What would be done.
        async fn what(&self) -> &str {
            self.kept.recorded.fact.what.as_str()
        }
        /// Who would do it.
        async fn by(&self) -> Vec<Party> {
            those(&self.seen.views, &self.kept.recorded.fact.by, Party::of)
        }
        /// To whom it is given.
        async fn to(&self) -> Vec<Party> {
            those(&self.seen.views, &self.kept.recorded.fact.to, Party::of)
        }
        /// The rung of the ladder, as last told.
        async fn status(&self) -> Word<CommitmentStatus> {
            Word(self.kept.status().0)
        }
        /// When it stood there.
        async fn status_on(&self) -> DateOut {
            DateOut::new(self.kept.status().1)
        }
        /// How much.
        async fn quantities(&self) -> Vec<Data<Quantity>> {
            Data::all(&self.seen.views, &self.kept.recorded.fact.quantities)
        }
        /// On what condition.
        async fn condition(&self) -> Option<&str> {
            self.kept.recorded.fact.condition.as_ref().map(|c| c.as_str())
        }
        /// What else it is about.
        async fn about(&self) -> Vec<Reference> {
            self.kept.recorded.fact.about.iter().map(|r| Reference::new(&self.seen.views, r.as_str())).collect()
        }
        /// What the source says, in our words.
        async fn summary(&self) -> &str {
            self.kept.recorded.fact.summary.as_str()
        }
        /// Its topics.
        async fn topics(&self) -> Vec<Topic> {
            those(&self.seen.views, &self.kept.recorded.fact.topics, Topic::of)
        }
        /// Why we believe it.
        async fn evidence(&self) -> Data<Evidence> {
            Data::new(&self.seen.views, &self.kept.recorded.fact.evidence)
        }
        /// The rungs it stood on, the first recorded first.
        async fn ladder(&self) -> Vec<Rung> {
            self.kept.rungs().into_iter().map(|told| Rung::new(&self.seen, told, None)).collect()
        }
        /// The rung as of a day of the world: the last told of those on which it may have stood by then, but for what is
        /// surely of before. Null where it stood on none yet, or where nobody says when. What was known on a day is another
        /// question: `asOf` answers it.
        async fn rung(&self, #[graphql(desc = "The day, e.g. 2025-12-31.")] on: Day) -> Option<Rung> {
            let (told, certainty) = self.kept.rung_on(on.0)?;
            Some(Rung::new(&self.seen, told, Some(certainty)))
        }
    }
}

/// A rung of the ladder.
pub(super) struct Rung {
    seen: Seen,
    status: CommitmentStatus,
    on: FuzzyDate,
    summary: Prose,
    evidence: Evidence,
    position: u64,
    certainty: Option<Certainty>,
}

impl Rung {
    /// Shows a rung of the commitment that was seen.
    pub(super) fn new(seen: &Seen, told: KeptRung<'_>, certainty: Option<Certainty>) -> Self {
        Self {
            seen: seen.clone(),
            status: told.status,
            on: told.status_on.clone(),
            summary: told.summary.clone(),
            evidence: told.evidence.clone(),
            position: told.position,
            certainty,
        }
    }
}

/// A step in what a party committed itself to.
#[derive(Clone)]
pub(super) struct CommitmentStep {
    seen: Seen,
    position: u64,
}

impl CommitmentStep {
    /// A page of every rung on which a party's commitments stood, in the order of the world.
    ///
    /// # Errors
    /// The page is none.
    pub(super) fn of_party(
        party: &Seen,
        status: Option<&[Word<CommitmentStatus>]>,
        asked: &Asked,
    ) -> Result<Page<Self>, ApiError> {
        let views = &party.views;
        let by = |c: &Kept| {
            c.openings()
                .any(|told| told.fact.by.iter().any(|p| p.as_str() == &*party.slug))
        };
        let theirs = views.commitments.all().filter(|(_, kept)| by(kept));
        let mut steps: Vec<(Dated, Self)> = theirs
            .flat_map(|(slug, kept)| kept.rungs().into_iter().map(move |rung| (slug, rung)))
            .filter(|(_, rung)| one_of(status, rung.status))
            .map(|(slug, rung)| {
                let place = Dated::new(rung.status_on.clone(), rung.position);
                (
                    place,
                    Self {
                        seen: Seen::new(views, slug.as_str()),
                        position: rung.position,
                    },
                )
            })
            .collect();
        steps.sort_by(|one, other| one.0.cmp(&other.0));
        page(&steps, Total::Known(steps.len()), asked, |step| step)
    }
}

/// A step in what a party committed itself to: one rung of one commitment. Refusals are steps too.
#[Object]
impl CommitmentStep {
    /// The commitment.
    async fn commitment(&self) -> Option<Commitment> {
        Commitment::of(self.seen.clone())
    }
    /// The rung on which it then stood.
    async fn rung(&self) -> Option<Rung> {
        let kept = self.seen.views.commitments.get(&self.seen.slug)?;
        let rung = kept.rungs().into_iter().find(|rung| rung.position == self.position)?;
        Some(Rung::new(&self.seen, rung, None))
    }
}

/// A rung of the ladder on which a commitment stood.
#[Object]
impl Rung {
    /// The rung.
    async fn status(&self) -> Word<CommitmentStatus> {
        Word(self.status)
    }
    /// When it stood there.
    async fn status_on(&self) -> DateOut {
        DateOut::new(&self.on)
    }
    /// How sure it is that it stood there on the day asked for; null where no day was asked for.
    async fn certainty(&self) -> Option<Word<Certainty>> {
        self.certainty.map(Word)
    }
    /// What the source says, in our words.
    async fn summary(&self) -> &str {
        self.summary.as_str()
    }
    /// Why we believe it.
    async fn evidence(&self) -> Data<Evidence> {
        Data::new(&self.seen.views, &self.evidence)
    }
    /// The event that recorded it.
    async fn position(&self) -> u64 {
        self.position
    }
}
