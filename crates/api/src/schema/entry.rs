//! Timeline entries, events as recorded, and links.

use super::amendment::Amendment;
use super::data::Data;
use super::date::DateOut;
use super::fact::Fact;
use super::flag::Flag;
use super::party::Party;
use super::reference::{Dossier, Reference, those};
use super::seen::Seen;
use super::travel::PublicSince;
use super::vocabulary::Topic;
use super::words::Word;
use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use rapporteur_domain::claim::{Likelihood, LinkKind, LinkRecords};
use rapporteur_domain::common::{Participant, Quantity};
use rapporteur_domain::evidence::Evidence;
use rapporteur_domain::id::DossierKind;
use rapporteur_log::Recorded;
use rapporteur_views::Views;
use rapporteur_views::entry::Entry as Line;
use rapporteur_views::permalink::Permalink;
use rapporteur_views::told::Told;
use std::sync::Arc;

/// One line on a timeline.
#[derive(Clone)]
pub(super) struct Entry {
    views: Arc<Views>,
    line: Arc<Line>,
}

impl Entry {
    /// Shows an entry.
    pub(super) fn new(views: &Arc<Views>, line: &Arc<Line>) -> Self {
        Self {
            views: Arc::clone(views),
            line: Arc::clone(line),
        }
    }

    /// Its position in the log.
    pub(super) fn at(&self) -> u64 {
        self.line.position()
    }

    /// The dated entries that contradict it, in the order of recording.
    pub(super) fn contradicting(&self) -> Vec<Self> {
        let record = self.line.record.as_str();
        let contradicts = |link: &&Told<LinkRecords>| link.fact.link == LinkKind::Contradicts;
        let to = self
            .views
            .links
            .to(record)
            .filter(contradicts)
            .map(|l| l.fact.from.as_str());
        let from = self
            .views
            .links
            .from(record)
            .filter(contradicts)
            .map(|l| l.fact.to.as_str());
        let mut others: Vec<&Arc<Line>> = to
            .chain(from)
            .flat_map(|other| self.views.timeline.of_record(other))
            .collect();
        others.sort_by_key(|other| other.position());
        others.dedup_by_key(|other| other.position());
        others.into_iter().map(|other| Self::new(&self.views, other)).collect()
    }
}

/// One line on a timeline: a fact, made from one event.
#[Object]
impl Entry {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        super::node::entry_id(&self.views, self.at())
    }
    /// When it is true in the world: what kind of date this is follows from the event (`heldOn`, `plannedFor`,
    /// `reachedOn`…); null for names and vocabulary, which are not dated.
    async fn when(&self) -> Option<DateOut> {
        self.line.fact()?.when().map(DateOut::new)
    }
    /// What kind of dossier it belongs to.
    async fn kind(&self) -> Word<DossierKind> {
        Word(self.line.recorded.dossier.kind)
    }
    /// What it says, in our words.
    async fn summary(&self) -> String {
        self.line
            .fact()
            .map_or_else(String::new, |fact| fact.summary().into_owned())
    }
    /// The dossier that it belongs to.
    async fn dossier(&self) -> Option<Dossier> {
        Dossier::of(Seen::new(&self.views, self.line.recorded.dossier.slug.as_str()))
    }
    /// The record that it made, or told more of; others can point at it.
    async fn record(&self) -> Reference {
        Reference::new(&self.views, self.line.record.as_str())
    }
    /// Who has a part in it, attributed speakers included.
    async fn parties(&self) -> Vec<Party> {
        those(&self.views, &self.line.parties, Party::of)
    }
    /// Its topics.
    async fn topics(&self) -> Vec<Topic> {
        those(&self.views, &self.line.topics, Topic::of)
    }
    /// Its participants.
    async fn participants(&self) -> Vec<Data<Participant>> {
        Data::all(&self.views, self.line.fact().map_or(&[], |fact| fact.participants()))
    }
    /// Its quantities.
    async fn quantities(&self) -> Vec<Data<Quantity>> {
        Data::all(&self.views, self.line.fact().map_or(&[], |fact| fact.quantities()))
    }
    /// Why we believe it; null for names and vocabulary, which need no evidence.
    async fn evidence(&self) -> Option<Data<Evidence>> {
        self.line
            .fact()?
            .evidence()
            .map(|evidence| Data::new(&self.views, evidence))
    }
    /// What contradicts it, whichever of the two was linked to the other. Values are never merged.
    async fn contradicted_by(&self) -> Vec<Self> {
        self.contradicting()
    }
    /// What is odd about it.
    async fn flags(&self) -> Vec<Flag> {
        self.views
            .flags
            .at(self.at())
            .into_iter()
            .map(|flag| Flag::new(&self.views, flag))
            .collect()
    }
    /// Its place in the log.
    async fn position(&self) -> u64 {
        self.at()
    }
    /// When it was recorded.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.line.recorded.header.recorded_at
    }
    /// Since when the public could know it.
    async fn public_since(&self) -> Option<PublicSince> {
        PublicSince::new(&self.views, self.at())
    }
    /// The correction by which it came to stand in the place of another record; null where it corrects none.
    async fn corrects(&self) -> Option<Amendment> {
        Amendment::that_led_to(&self.views, self.at())
    }
    /// The event as recorded.
    async fn event(&self) -> Event {
        Event::new(&self.views, &self.line.recorded)
    }
    /// What was recorded, in full.
    async fn fact(&self) -> Option<Fact> {
        self.line.event().map(|event| Fact::new(&self.views, event))
    }
}

/// An immutable record in the log.
pub(super) struct Event {
    views: Arc<Views>,
    recorded: Arc<Recorded>,
}

impl Event {
    /// Shows an event.
    pub(super) fn new(views: &Arc<Views>, recorded: &Arc<Recorded>) -> Self {
        Self {
            views: Arc::clone(views),
            recorded: Arc::clone(recorded),
        }
    }
}

/// One immutable record in the log: what the desk recorded, never edited.
#[Object]
impl Event {
    /// Its place in the log: 1, 2, 3… without a gap.
    async fn position(&self) -> u64 {
        self.recorded.header.position
    }
    /// UUID version 7.
    async fn event_id(&self) -> String {
        self.recorded.header.event_id.to_string()
    }
    /// Its kind's stored name: `meeting.scheduled`.
    async fn kind(&self) -> &str {
        &self.recorded.header.kind
    }
    /// The version of that kind's payload as stored.
    async fn schema_version(&self) -> u16 {
        self.recorded.header.schema_version
    }
    /// When it was recorded (UTC); never goes back along the log.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded.header.recorded_at
    }
    /// Who recorded it.
    async fn recorder(&self) -> &str {
        &self.recorded.header.recorder
    }
    /// The key under which its command was sent.
    async fn idempotency_key(&self) -> Option<&str> {
        self.recorded.header.idempotency.as_ref().map(|i| &*i.key)
    }
    /// The first event of the all-or-nothing batch that it was recorded in.
    async fn batch(&self) -> u64 {
        self.recorded.header.batch
    }
    /// The event's hash: BLAKE3 over its header, which holds the payload's hash.
    async fn hash(&self) -> String {
        self.recorded.header.hash.to_string()
    }
    /// The hash of the event before.
    async fn prev_hash(&self) -> String {
        self.recorded.header.prev_hash.to_string()
    }
    /// The salted hash of its payload.
    async fn payload_hash(&self) -> String {
        self.recorded.header.payload_hash.to_string()
    }
    /// The dossier that it belongs to.
    async fn dossier(&self) -> Option<Dossier> {
        Dossier::of(Seen::new(&self.views, self.recorded.dossier.slug.as_str()))
    }
    /// The dossier's version after it.
    async fn dossier_version(&self) -> u32 {
        self.recorded.header.version
    }
    /// What it says, in our words; null once it is redacted.
    async fn summary(&self) -> Option<String> {
        self.recorded
            .as_written()
            .map(|event| event.fact().summary().into_owned())
    }
    /// True once its payload was taken out for good; header and chain stay.
    async fn redacted(&self) -> bool {
        self.recorded.as_written().is_none()
    }
    /// How it was amended since: corrected, retracted, redacted. Empty while it stands.
    async fn amended(&self) -> Vec<Amendment> {
        Amendment::of(&self.views, self.recorded.header.position)
    }
    /// The correction by which it came to stand in the place of another record; null where it corrects none.
    async fn corrects(&self) -> Option<Amendment> {
        Amendment::that_led_to(&self.views, self.recorded.header.position)
    }
    /// The amendment that it tells of: where it says that another event was wrong.
    async fn amends(&self) -> Option<Amendment> {
        Amendment::told_by(&self.views, self.recorded.header.position)
    }
    /// The event that led to it: for the right record, the one that says which was wrong.
    async fn cause(&self) -> Option<u64> {
        self.recorded.header.cause
    }
    /// What was recorded, in full; null once it is redacted.
    async fn fact(&self) -> Option<Fact> {
        self.recorded.as_written().map(|event| Fact::new(&self.views, event))
    }
    /// A link that goes on holding: a path with its position and hash, for `permalink` and `rapporteur verify --permalink`.
    /// Null for what is only supposed.
    async fn permalink(&self) -> Option<String> {
        let is_recorded = self.views.moment().supposed.is_none();
        let link = Permalink::to_event(&self.views, self.recorded.header.position);
        link.filter(|_| is_recorded).map(|link| link.to_string())
    }
    /// Its line on the timeline; null once it does not stand.
    async fn entry(&self) -> Option<Entry> {
        self.views
            .timeline
            .entry(self.recorded.header.position)
            .map(|line| Entry::new(&self.views, line))
    }
}

/// A link between two records.
pub(super) struct Link {
    views: Arc<Views>,
    told: Told<LinkRecords>,
}

impl Link {
    /// Shows a link.
    pub(super) fn new(views: &Arc<Views>, told: &Told<LinkRecords>) -> Self {
        Self {
            views: Arc::clone(views),
            told: told.clone(),
        }
    }
}

/// How one record relates to another: read "from … to".
#[Object]
impl Link {
    /// The record that relates.
    async fn from(&self) -> Reference {
        Reference::new(&self.views, self.told.fact.from.as_str())
    }
    /// How it relates.
    async fn link(&self) -> Word<LinkKind> {
        Word(self.told.fact.link)
    }
    /// The record that it relates to.
    async fn to(&self) -> Reference {
        Reference::new(&self.views, self.told.fact.to.as_str())
    }
    /// How likely the desk holds it, where it is not sure.
    async fn likelihood(&self) -> Option<Word<Likelihood>> {
        self.told.fact.likelihood.map(Word)
    }
    /// What to know about it.
    async fn note(&self) -> Option<&str> {
        self.told.fact.note.as_ref().map(|n| n.as_str())
    }
    /// Why we believe it.
    async fn evidence(&self) -> Option<Data<Evidence>> {
        self.told
            .fact
            .evidence
            .as_ref()
            .map(|evidence| Data::new(&self.views, evidence))
    }
    /// The event that recorded it.
    async fn position(&self) -> u64 {
        self.told.position
    }
}
