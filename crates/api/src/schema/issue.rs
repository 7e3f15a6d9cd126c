//! Issues and positions.

use super::data::Data;
use super::date::DateOut;
use super::entry::Entry;
use super::party::Party;
use super::reference::{Reference, dossier, those};
use super::seen::Seen;
use super::vocabulary::Topic;
use super::words::Word;
use async_graphql::Object;
use rapporteur_domain::evidence::Evidence;
use rapporteur_domain::issue::{ChangeIssue, Stance, TakePosition};
use rapporteur_views::issues::{Issue as Kept, IssueState};
use rapporteur_views::told::Told;
use std::sync::Arc;

/// An issue.
pub(super) struct Issue {
    seen: Seen,
    kept: Arc<Kept>,
}

impl Issue {
    /// The issue that was seen.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let kept = Arc::clone(seen.views.issues.get(&seen.slug)?);
        Some(Self { seen, kept })
    }
}

dossier! {
    /// An open question, and who holds what about it.
    Issue, Issue, {
        /// Its title.
        pub(super) async fn title(&self) -> String {
            self.seen.titled(|| self.kept.opened.fact.title.to_string())
        }
        /// Where it stands.
        async fn state(&self) -> Word<IssueState> {
            Word(self.kept.state)
        }
        /// What is open, in our words.
        async fn summary(&self) -> &str {
            self.kept.opened.fact.summary.as_str()
        }
        /// When it is said to be open.
        async fn open_on(&self) -> DateOut {
            DateOut::new(&self.kept.opened.fact.open_on)
        }
        /// The wider issue that it is part of.
        async fn part_of(&self) -> Option<Self> {
            Self::of(Seen::new(&self.seen.views, self.kept.part_of.as_ref()?.as_str()))
        }
        /// The narrower issues that are part of it, by slug.
        async fn parts(&self) -> Vec<Self> {
            those(&self.seen.views, self.seen.views.issues.parts(&self.seen.slug), Self::of)
        }
        /// Its topics.
        async fn topics(&self) -> Vec<Topic> {
            those(&self.seen.views, &self.kept.opened.fact.topics, Topic::of)
        }
        /// Why we believe that it is open.
        async fn evidence(&self) -> Data<Evidence> {
            Data::new(&self.seen.views, &self.kept.opened.fact.evidence)
        }
        /// Parties whose position was looked for and not found.
        async fn unknown_positions(&self) -> Vec<Party> {
            those(&self.seen.views, self.seen.views.issues.unknown(&self.seen.slug), Party::of)
        }
        /// How it changed, the first recorded first.
        async fn changes(&self) -> Vec<IssueChange> {
            let changes = self.kept.changes.iter();
            changes.map(|(state, told)| IssueChange { seen: self.seen.clone(), state: *state, told: told.clone() }).collect()
        }
    }
}

/// A change of an issue.
pub(super) struct IssueChange {
    seen: Seen,
    state: IssueState,
    told: Told<ChangeIssue>,
}

/// How an issue changed.
#[Object]
impl IssueChange {
    /// Where it stood then.
    async fn state(&self) -> Word<IssueState> {
        Word(self.state)
    }
    /// When.
    async fn changed_on(&self) -> DateOut {
        DateOut::new(&self.told.fact.changed_on)
    }
    /// How, in our words.
    async fn summary(&self) -> &str {
        self.told.fact.summary.as_str()
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

/// A position.
pub(super) struct Position {
    seen: Seen,
    told: Told<TakePosition>,
}

impl Position {
    /// This position on a dossier or on anything in it.
    pub(super) fn new(seen: &Seen, told: &Told<TakePosition>) -> Self {
        Self {
            seen: seen.clone(),
            told: told.clone(),
        }
    }
}

/// Where a party stands on an issue, a plan, a point or a meeting.
#[Object]
impl Position {
    /// Names the position inside what it is on.
    async fn key(&self) -> Option<&str> {
        self.told.fact.key.as_ref().map(|k| k.as_str())
    }
    /// What it is on.
    async fn on(&self) -> Reference {
        Reference::new(&self.seen.views, self.told.fact.on.as_str())
    }
    /// Who holds it; empty where the source only describes the holder: see the evidence's attribution.
    async fn by(&self) -> Vec<Party> {
        those(&self.seen.views, &self.told.fact.by, Party::of)
    }
    /// Where they stand, where one word says it.
    async fn stance(&self) -> Option<Word<Stance>> {
        self.told.fact.stance.map(Word)
    }
    /// The position, in our words.
    async fn summary(&self) -> &str {
        self.told.fact.summary.as_str()
    }
    /// What they would accept, one way or the other.
    async fn alternatives(&self) -> Vec<String> {
        self.told.fact.alternatives.iter().map(ToString::to_string).collect()
    }
    /// On what conditions.
    async fn conditions(&self) -> Vec<String> {
        self.told.fact.conditions.iter().map(ToString::to_string).collect()
    }
    /// When it was taken or reported.
    async fn taken_on(&self) -> DateOut {
        DateOut::new(&self.told.fact.taken_on)
    }
    /// Since when they hold it, where known.
    async fn since(&self) -> Option<DateOut> {
        self.told.fact.since.as_ref().map(DateOut::new)
    }
    /// Its topics.
    async fn topics(&self) -> Vec<Topic> {
        those(&self.seen.views, &self.told.fact.topics, Topic::of)
    }
    /// Why we believe it.
    async fn evidence(&self) -> Data<Evidence> {
        Data::new(&self.seen.views, &self.told.fact.evidence)
    }
    /// Its line on the timeline.
    async fn entry(&self) -> Option<Entry> {
        self.seen
            .views
            .timeline
            .entry(self.told.position)
            .map(|line| Entry::new(&self.seen.views, line))
    }
    /// The event that recorded it.
    async fn position(&self) -> u64 {
        self.told.position
    }
}
