//! Parties: what can act, speak, be met or be listed.

use crate::common::*;
use crate::date::FuzzyDate;
use crate::evidence::Evidence;
use crate::fact::{Fact, Home};
use crate::id::{DossierKind, Key, Slug};
use crate::text::{Country, Line, Prose};
use std::borrow::Cow;

closed_set! {
    /// What kind of party it is.
    pub enum PartyKind {
        /// A human being.
        #[n(0)] Person,
        /// A state.
        #[n(1)] State,
        /// An institution: a council, a ministry, a court.
        #[n(2)] Body,
        /// A union of states: the EU, NATO.
        #[n(3)] Bloc,
        /// A company.
        #[n(4)] Company,
        /// States acting together for a purpose: the Coalition of the Willing.
        #[n(5)] Coalition,
        /// A news outlet or publisher.
        #[n(6)] Outlet,
        /// People described but not named: "some European capitals".
        #[n(7)] Group,
    }
}

record! {
    /// Names a party for the first time.
    pub struct RegisterParty {
        /// The party's slug, e.g. `volodymyr-zelenskyy`, `ua`.
        #[n(0)] req slug: Slug,
        /// What kind of party it is.
        #[n(1)] req kind: PartyKind,
        /// The name the desk uses.
        #[n(2)] req name: Line,
        /// Other spellings and names, in any script.
        #[n(3)] list aliases: Line,
        /// The country it is, or belongs to.
        #[n(4)] opt country: Country,
        /// Wikidata item, e.g. `Q3874799`.
        #[n(5)] opt wikidata: Line,
        /// FollowTheMoney entity id.
        #[n(6)] opt follow_the_money: Line,
        /// Who or what it is, in our words.
        #[n(7)] opt summary: Prose,
        /// Why we believe it.
        #[n(8)] opt evidence: Evidence,
    }
}

record! {
    /// Records an office, role or lead that a party holds, and when. What a source says of one day is `attestedOn`;
    /// a known beginning or end is `from` and `until`.
    pub struct RecordOffice {
        /// Who holds it.
        #[n(0)] req party: Slug => Party,
        /// Names the record inside the party; made up when left out.
        #[n(1)] opt key: Key,
        /// The title: "chief negotiator".
        #[n(2)] req title: Line,
        /// Of which state, body or plan.
        #[n(3)] opt of: Slug => Any,
        /// When a source says that it is held.
        #[n(4)] opt attested_on: FuzzyDate,
        /// When it began.
        #[n(5)] opt from: FuzzyDate,
        /// When it ended.
        #[n(6)] opt until: FuzzyDate,
        /// What to know, in our words.
        #[n(7)] opt summary: Prose,
        /// What it is about.
        #[n(8)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(9)] req evidence: Evidence,
    }
}

record! {
    /// Registers a topic of the open vocabulary.
    pub struct RegisterTopic {
        /// The topic's slug, e.g. `security-guarantees`.
        #[n(0)] req slug: Slug,
        /// The label people read.
        #[n(1)] req label: Line,
        /// What belongs under it.
        #[n(2)] opt summary: Prose,
    }
}

record! {
    /// Registers a series of meetings.
    pub struct RegisterSeries {
        /// The series' slug, e.g. `coalition-leaders`.
        #[n(0)] req slug: Slug,
        /// The label people read.
        #[n(1)] req label: Line,
        /// What belongs to it.
        #[n(2)] opt summary: Prose,
    }
}

closed_set! {
    /// What kind of publication a source is.
    pub enum SourceKind {
        /// A legal act or an official journal.
        #[n(0)] LegalAct,
        /// A government's or body's own statement.
        #[n(1)] PressRelease,
        /// A news agency's dispatch.
        #[n(2)] Wire,
        /// A newspaper's or magazine's article.
        #[n(3)] Newspaper,
        /// A broadcaster's report.
        #[n(4)] Broadcaster,
        /// A post on a social network or channel.
        #[n(5)] Post,
        /// A page that gathers what others report.
        #[n(6)] Aggregator,
        /// A transcript or a recording.
        #[n(7)] Transcript,
        /// Analysis: a think tank, a law firm.
        #[n(8)] Analysis,
        /// Anything else.
        #[n(9)] Other,
    }
}

closed_set! {
    /// Admiralty reliability of a source, A to F.
    pub enum Reliability {
        /// A: completely reliable.
        #[n(0)] A,
        /// B: usually reliable.
        #[n(1)] B,
        /// C: fairly reliable.
        #[n(2)] C,
        /// D: not usually reliable.
        #[n(3)] D,
        /// E: unreliable.
        #[n(4)] E,
        /// F: reliability cannot be judged.
        #[n(5)] F,
    }
}

closed_set! {
    /// What a source draws on.
    pub enum Sourcing {
        /// A document that its authors have seen.
        #[n(0)] DocumentSeen,
        /// Officials who are not named.
        #[n(1)] AnonymousOfficials,
        /// Speakers who are named.
        #[n(2)] OnRecordQuotes,
        /// Other outlets.
        #[n(3)] OtherOutlets,
    }
}

record! {
    /// Names a publication for the first time.
    pub struct RegisterSource {
        /// The source's slug, e.g. `rferl-2026-01-06`.
        #[n(0)] req slug: Slug,
        /// What kind of publication it is.
        #[n(1)] opt kind: SourceKind,
        /// The kind in words, where one word of the list does not say it: "law firm's table of instruments".
        #[n(16)] opt kind_words: Line,
        /// Its title, where it is known; its publisher and date serve where it is not.
        #[n(2)] opt title: Line,
        /// Who publishes it.
        #[n(3)] req publisher: Line,
        /// Who wrote it.
        #[n(4)] list authors: Line,
        /// Where it stands.
        #[n(5)] opt url: crate::text::Url,
        /// When it was published.
        #[n(6)] opt published_on: FuzzyDate,
        /// Its language.
        #[n(7)] opt language: crate::text::Language,
        /// Admiralty reliability of its publisher.
        #[n(8)] opt reliability: Reliability,
        /// The outlets it repeats: independent origins count, not pages.
        #[n(9)] list citing: Line,
        /// What it draws on.
        #[n(10)] list sourcing: Sourcing,
        /// Hash of an archived copy, with its algorithm: `sha256:…`.
        #[n(11)] opt archive_hash: Line,
        /// Not to be used before.
        #[n(12)] opt embargoed_until: FuzzyDate,
        /// What it is, in our words.
        #[n(13)] opt summary: Prose,
        /// Why we believe this about it; the source may cite itself.
        #[n(14)] opt evidence: Evidence,
        /// Where it was published from, where that matters.
        #[n(15)] list places: Place,
    }
}

impl RegisterSource {
    /// Its title; where that is not known, its publisher and when it was published.
    #[must_use]
    pub fn named(&self) -> Cow<'_, str> {
        match (&self.title, &self.published_on) {
            (Some(title), _) => title.as_str().into(),
            (None, Some(on)) if !on.is_undated() => format!("{}, {}", self.publisher, on.label()).into(),
            (None, _) => self.publisher.as_str().into(),
        }
    }
}

impl Fact for RegisterParty {
    fn home(&self) -> Home<'_> {
        Home::Opens(DossierKind::Party, &self.slug, self.name.as_str().into())
    }
    fn summary(&self) -> Cow<'_, str> {
        self.summary.as_ref().map_or(self.name.as_str(), Prose::as_str).into()
    }
    fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_ref()
    }
    fn parties<'a>(&'a self, each: &mut dyn FnMut(&'a Slug)) {
        each(&self.slug);
    }
}

impl Fact for RecordOffice {
    fn home(&self) -> Home<'_> {
        Home::Record(self.party.as_str(), self.key.as_ref(), "office")
    }
    fn when(&self) -> Option<&FuzzyDate> {
        self.attested_on.as_ref().or(self.from.as_ref()).or(self.until.as_ref())
    }
    fn summary(&self) -> Cow<'_, str> {
        self.summary.as_ref().map_or(self.title.as_str(), Prose::as_str).into()
    }
    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }
    fn topics(&self) -> &[Slug] {
        &self.topics
    }
    fn parties<'a>(&'a self, each: &mut dyn FnMut(&'a Slug)) {
        each(&self.party);
        self.of.iter().for_each(each);
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        self.attested_on.iter().for_each(&mut *each);
        self.from.iter().for_each(&mut *each);
        self.until.iter().for_each(&mut *each);
    }
}

impl Fact for RegisterTopic {
    fn home(&self) -> Home<'_> {
        Home::Opens(DossierKind::Topic, &self.slug, self.label.as_str().into())
    }
    fn summary(&self) -> Cow<'_, str> {
        self.summary.as_ref().map_or(self.label.as_str(), Prose::as_str).into()
    }
}

impl Fact for RegisterSeries {
    fn home(&self) -> Home<'_> {
        Home::Opens(DossierKind::Series, &self.slug, self.label.as_str().into())
    }
    fn summary(&self) -> Cow<'_, str> {
        self.summary.as_ref().map_or(self.label.as_str(), Prose::as_str).into()
    }
}

impl Fact for RegisterSource {
    fn home(&self) -> Home<'_> {
        Home::Opens(DossierKind::Source, &self.slug, self.named())
    }
    fn when(&self) -> Option<&FuzzyDate> {
        self.published_on.as_ref()
    }
    fn summary(&self) -> Cow<'_, str> {
        self.summary
            .as_ref()
            .map_or_else(|| self.named(), |s| s.as_str().into())
    }
    fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_ref()
    }
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        self.published_on.iter().for_each(&mut *each);
        self.embargoed_until.iter().for_each(&mut *each);
    }
}
