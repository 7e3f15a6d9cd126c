//! Parties and sources.

use super::at::At;
use super::attendance::{Absence, CoAttendance};
use super::commitment::CommitmentStep;
use super::data::Data;
use super::date::DateOut;
use super::day::Day;
use super::filter::MeetingFilter;
use super::page::{Asked, Page};
use super::reference::{Reference, dossier};
use super::role::NamedRole;
use super::seen::Seen;
use super::track::TrackRecord;
use super::words::Word;
use async_graphql::{Context, Object};
use rapporteur_domain::commitment::CommitmentStatus;
use rapporteur_domain::common::Place;
use rapporteur_domain::evidence::Evidence;
use rapporteur_domain::party::{PartyKind, RecordOffice, Reliability, SourceKind, Sourcing};
use rapporteur_views::parties::{Certainty, Party as Kept};
use rapporteur_views::sources::Source as KeptSource;
use rapporteur_views::told::Told;
use rapporteur_views::track::{Claimant, ClaimantKind, of_party};
use std::sync::Arc;

/// A party.
pub(super) struct Party {
    seen: Seen,
    kept: Arc<Kept>,
}

impl Party {
    /// The party that was seen.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let kept = Arc::clone(seen.views.parties.get(&seen.slug)?);
        Some(Self { seen, kept })
    }

    fn office(&self, told: &Told<RecordOffice>, certainty: Option<Certainty>) -> Office {
        Office {
            seen: self.seen.clone(),
            told: told.clone(),
            certainty,
        }
    }
}

dossier! {
    /// A person, state, body, bloc, company, coalition or outlet.
    Party, Party, {
        /// The name that the desk uses.
        pub(super) async fn title(&self) -> String {
            self.seen.titled(|| self.kept.registered.fact.name.to_string())
        }
        /// The name that the desk uses.
        async fn name(&self) -> &str {
            self.kept.registered.fact.name.as_str()
        }
        /// What kind of party it is.
        async fn party_kind(&self) -> Word<PartyKind> {
            Word(self.kept.registered.fact.kind)
        }
        /// Other spellings and names.
        async fn aliases(&self) -> Vec<String> {
            self.kept.registered.fact.aliases.iter().map(ToString::to_string).collect()
        }
        /// The country that it is or belongs to, as ISO 3166-1 alpha-2.
        async fn country(&self) -> Option<&str> {
            self.kept.registered.fact.country.as_ref().map(|c| c.as_str())
        }
        /// Wikidata item.
        async fn wikidata(&self) -> Option<&str> {
            self.kept.registered.fact.wikidata.as_ref().map(|w| w.as_str())
        }
        /// FollowTheMoney entity id.
        async fn follow_the_money(&self) -> Option<&str> {
            self.kept.registered.fact.follow_the_money.as_ref().map(|w| w.as_str())
        }
        /// Who or what it is, in our words.
        async fn summary(&self) -> Option<&str> {
            self.kept.registered.fact.summary.as_ref().map(|s| s.as_str())
        }
        /// Every office, role and lead recorded of it, the first recorded first.
        async fn offices(&self) -> Vec<Office> {
            self.kept.offices.iter().map(|told| self.office(told, None)).collect()
        }
        /// The offices held on a day, sure ones first. Empty means: no record, not: no office.
        async fn role(&self, #[graphql(desc = "The day, e.g. 2026-01-06.")] on: Day) -> Vec<Office> {
            self.kept.offices_on(on.0).into_iter().map(|(told, certainty)| self.office(told, Some(certainty))).collect()
        }
        /// What it expected in its own words or by what sources ascribe to it, and what became of it.
        async fn track_record(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The day on which open ones are overdue or not. Default: today, in the desk's time zone.")] on: Option<Day>,
        ) -> async_graphql::Result<TrackRecord> {
            let day = At::of(&self.seen.views).day(ctx, on)?;
            let track = of_party(&self.seen.views, &self.seen.slug, day);
            let claimant = Claimant { kind: ClaimantKind::Party, name: self.seen.slug.to_string() };
            Ok(TrackRecord::new(&self.seen.views, claimant, track))
        }
        /// What it committed itself to, refusals included: every rung of each of its commitments in the order of the world.
        async fn commitment_history(
            &self,
            #[graphql(desc = "Only these rungs, such as `REFUSED`. Default: all.")] status: Option<Vec<Word<CommitmentStatus>>>,
            #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")] first: Option<i32>,
            #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
            #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")] last: Option<i32>,
            #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        ) -> async_graphql::Result<Page<CommitmentStep>> {
            let asked = Asked { first, after, last, before };
            Ok(CommitmentStep::of_party(&self.seen, status.as_deref(), &asked)?)
        }
        /// Meetings from which it stayed away, or was said to, with the reasons that sources give: in the order of the world.
        async fn absences(
            &self,
            #[graphql(desc = "Whether people count who would have come on its behalf. Default: no.")] on_behalf: Option<bool>,
            #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")] first: Option<i32>,
            #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
            #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")] last: Option<i32>,
            #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        ) -> async_graphql::Result<Page<Absence>> {
            let asked = Asked { first, after, last, before };
            Ok(Absence::of_party(&self.seen, on_behalf.unwrap_or(false), &asked)?)
        }
        /// With whom it was at meetings, how often and how: the most often met first. Whoever is only mentioned, invited,
        /// expected or absent was not there.
        async fn met_with(
            &self,
            #[graphql(
                name = "where",
                desc = "Which meetings count; all where nothing is given. `modes` goes for both sides, `onBehalf` for this one."
            )]
            filter: Option<MeetingFilter>,
            #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")] first: Option<i32>,
            #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
            #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")] last: Option<i32>,
            #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        ) -> async_graphql::Result<Page<CoAttendance>> {
            let asked = Asked { first, after, last, before };
            Ok(CoAttendance::of_party(&self.seen, filter.unwrap_or_default(), &asked)?)
        }
        /// In which roles sources name it on a day, in what was held, said or agreed; where none does on that day, the nearest
        /// before and the nearest after. Plans of meetings do not count. Empty means: no source gives it a role.
        async fn named_as(&self, #[graphql(desc = "The day, e.g. 2025-05-16.")] on: Day) -> Vec<NamedRole> {
            NamedRole::on(&self.seen, on.0)
        }
    }
}

/// An office of a party.
pub(super) struct Office {
    seen: Seen,
    told: Told<RecordOffice>,
    certainty: Option<Certainty>,
}

/// An office, role or lead that a party holds or held.
#[Object]
impl Office {
    /// The title: "chief negotiator".
    async fn title(&self) -> &str {
        self.told.fact.title.as_str()
    }
    /// Names the record inside the party.
    async fn key(&self) -> Option<&str> {
        self.told.fact.key.as_ref().map(|k| k.as_str())
    }
    /// Who holds it.
    async fn party(&self) -> Option<Party> {
        Party::of(self.seen.clone())
    }
    /// Of which state, body or plan.
    async fn of(&self) -> Option<Reference> {
        self.told
            .fact
            .of
            .as_ref()
            .map(|of| Reference::new(&self.seen.views, of.as_str()))
    }
    /// When a source says that it is held.
    async fn attested_on(&self) -> Option<DateOut> {
        self.told.fact.attested_on.as_ref().map(DateOut::new)
    }
    /// When it began.
    async fn from(&self) -> Option<DateOut> {
        self.told.fact.from.as_ref().map(DateOut::new)
    }
    /// When it ended.
    async fn until(&self) -> Option<DateOut> {
        self.told.fact.until.as_ref().map(DateOut::new)
    }
    /// How sure it is that it was held on the day asked for; null where no day was asked for.
    async fn certainty(&self) -> Option<Word<Certainty>> {
        self.certainty.map(Word)
    }
    /// What to know, in our words.
    async fn summary(&self) -> Option<&str> {
        self.told.fact.summary.as_ref().map(|s| s.as_str())
    }
    /// Why we believe it.
    async fn evidence(&self) -> Data<Evidence> {
        Data::new(&self.seen.views, &self.told.fact.evidence)
    }
    /// The event that recorded it.
    async fn position(&self) -> u64 {
        self.told.position
    }
}

/// A source.
pub(super) struct Source {
    seen: Seen,
    kept: Arc<KeptSource>,
}

impl Source {
    /// The source that was seen.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let kept = Arc::clone(seen.views.sources.get(&seen.slug)?);
        Some(Self { seen, kept })
    }
}

dossier! {
    /// One publication.
    Source, Source, {
        /// Its title.
        pub(super) async fn title(&self) -> String {
            self.seen.titled(|| self.kept.registered.fact.named().into_owned())
        }
        /// What kind of publication it is; null where that is not known.
        async fn source_kind(&self) -> Option<Word<SourceKind>> {
            self.kept.registered.fact.kind.map(Word)
        }
        /// The kind in words, where one word of the list does not say it.
        async fn kind_words(&self) -> Option<&str> {
            self.kept.registered.fact.kind_words.as_ref().map(|w| w.as_str())
        }
        /// Who publishes it.
        async fn publisher(&self) -> &str {
            self.kept.registered.fact.publisher.as_str()
        }
        /// Who wrote it.
        async fn authors(&self) -> Vec<String> {
            self.kept.registered.fact.authors.iter().map(ToString::to_string).collect()
        }
        /// Where it stands.
        async fn url(&self) -> Option<&str> {
            self.kept.registered.fact.url.as_ref().map(|u| u.as_str())
        }
        /// When it was published.
        async fn published_on(&self) -> Option<DateOut> {
            self.kept.registered.fact.published_on.as_ref().map(DateOut::new)
        }
        /// Its language, as BCP 47.
        async fn language(&self) -> Option<&str> {
            self.kept.registered.fact.language.as_ref().map(|l| l.as_str())
        }
        /// Admiralty reliability of its publisher, A to F.
        async fn reliability(&self) -> Option<Word<Reliability>> {
            self.kept.registered.fact.reliability.map(Word)
        }
        /// The outlets it repeats.
        async fn citing(&self) -> Vec<String> {
            self.kept.registered.fact.citing.iter().map(ToString::to_string).collect()
        }
        /// What it draws on.
        async fn sourcing(&self) -> Vec<Word<Sourcing>> {
            self.kept.registered.fact.sourcing.iter().copied().map(Word).collect()
        }
        /// Hash of an archived copy.
        async fn archive_hash(&self) -> Option<&str> {
            self.kept.registered.fact.archive_hash.as_ref().map(|h| h.as_str())
        }
        /// Not to be used before.
        async fn embargoed_until(&self) -> Option<DateOut> {
            self.kept.registered.fact.embargoed_until.as_ref().map(DateOut::new)
        }
        /// What it is, in our words.
        async fn summary(&self) -> Option<&str> {
            self.kept.registered.fact.summary.as_ref().map(|s| s.as_str())
        }
        /// Where it was published from.
        async fn places(&self) -> Vec<Data<Place>> {
            Data::all(&self.seen.views, &self.kept.registered.fact.places)
        }
        /// Why we believe this about it; a source may cite itself.
        async fn evidence(&self) -> Option<Data<Evidence>> {
            self.kept.registered.fact.evidence.as_ref().map(|e| Data::new(&self.seen.views, e))
        }
        /// How many events cite it.
        async fn cited(&self) -> u32 {
            self.kept.cited
        }
    }
}
