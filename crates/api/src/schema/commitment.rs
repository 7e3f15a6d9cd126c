//! Commitments.

use super::data::Data;
use super::date::DateOut;
use super::party::Party;
use super::reference::{Reference, Seen, dossier, those};
use super::vocabulary::Topic;
use super::words::Word;
use async_graphql::Object;
use rapporteur_domain::commitment::CommitmentStatus;
use rapporteur_domain::common::Quantity;
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::evidence::Evidence;
use rapporteur_domain::text::Prose;
use rapporteur_views::commitments::{Commitment as Kept, Rung as KeptRung};
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
            let rung = |told: KeptRung<'_>| Rung {
                seen: self.seen.clone(),
                status: told.status,
                on: told.status_on.clone(),
                summary: told.summary.clone(),
                evidence: told.evidence.clone(),
                position: told.position,
            };
            self.kept.rungs().into_iter().map(rung).collect()
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
