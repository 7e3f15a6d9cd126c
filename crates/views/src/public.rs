//! Since when the public could know what is recorded: the published clock.
//!
//! A fact counts from its earliest citation on, rival values from the day on which two of them were published. Where no citation is dated, its own date stands in, marked as assumed. What
//! has neither is as public as its dossier. A dossier is public from the first of its facts on, what opened it included, and so
//! is a version of a plan. The names of parties, topics and series are no facts: they always were. Leads are the desk's own, with
//! all that is recorded in them and every link to one: they never were.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::moment::Published;
use chrono::NaiveDate;
use imbl::{HashMap, OrdMap, OrdSet};
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::event::Event;
use rapporteur_domain::evidence::Citation;
use rapporteur_domain::fact::Home;
use rapporteur_domain::id::{DossierKind, RecordRef, Slug};
use rapporteur_domain::rival::RecordRivalValues;
use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// From which day on something was public: for sure, and possibly. `None`: nobody can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Since {
    /// The last day on which it may have become public.
    pub surely: Option<NaiveDate>,
    /// The first day on which it may have become public.
    pub possibly: Option<NaiveDate>,
}

impl Since {
    /// What a date of publication says. A doubted date is never sure, and one without a first day may lie at any time.
    fn of(date: &FuzzyDate) -> Self {
        if date.is_undated() {
            return Self::default();
        }
        Self {
            surely: date.latest().filter(|_| !date.is_uncertain()),
            possibly: Some(date.earliest().unwrap_or(NaiveDate::MIN)),
        }
    }

    fn is_known(&self) -> bool {
        self.surely.is_some() || self.possibly.is_some()
    }

    fn sooner(self, other: Self) -> Self {
        let sooner = |one: Option<NaiveDate>, other: Option<NaiveDate>| one.into_iter().chain(other).min();
        Self {
            surely: sooner(self.surely, other.surely),
            possibly: sooner(self.possibly, other.possibly),
        }
    }

    fn by(&self, asked: &Published) -> bool {
        let since = if asked.possibly { self.possibly } else { self.surely };
        since.is_some_and(|since| since <= asked.by)
    }
}

/// What says when a fact became public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Ground {
    /// Its earliest citation.
    Citation,
    /// Assumed: no citation is dated, so its own date stands in.
    OwnDate,
    /// Nothing of its own: it is as public as its dossier.
    Dossier,
    /// A name: it always was.
    Name,
    /// A link of the desk's own: it is as public as what it links.
    Ends,
    /// A note of the desk's own: it never was.
    Desk,
}

/// Since when an event was public, by itself.
#[derive(Debug, Clone, Serialize)]
pub struct Public {
    /// From which days on.
    pub since: Since,
    /// What says so.
    pub ground: Ground,
    dossier: Slug,
    opens: bool,
    version: Option<RecordRef>,
    ends: Option<(RecordRef, RecordRef)>,
}

/// Since when a dossier or a version was public.
#[derive(Debug, Clone, Copy, Default, Serialize)]
struct Known {
    cited: Since,
    assumed: Since,
    always: bool,
}

impl Known {
    fn hear(&mut self, public: &Public) {
        match public.ground {
            Ground::Citation => self.cited = self.cited.sooner(public.since),
            Ground::OwnDate => self.assumed = self.assumed.sooner(public.since),
            Ground::Name => self.always = true,
            Ground::Dossier | Ground::Ends | Ground::Desk => {}
        }
    }

    fn by(&self, asked: &Published) -> bool {
        self.always
            || self.cited.by(asked)
            || (asked.assumed && self.assumed.by(asked))
            || (asked.possibly && self.undated())
    }

    /// Whether nothing in it says when it became public.
    fn undated(&self) -> bool {
        !self.cited.is_known() && !self.assumed.is_known()
    }
}

/// Since when everything recorded was public.
#[derive(Clone, Default)]
pub struct Publicity {
    events: OrdMap<u64, Arc<Public>>,
    dossiers: HashMap<Slug, Known>,
    versions: HashMap<RecordRef, Known>,
    sources: OrdMap<Slug, Since>,
    records: HashMap<RecordRef, imbl::Vector<u64>>,
    leads: OrdSet<Slug>,
}

impl Publicity {
    /// Since when the event at this position was public.
    #[must_use]
    pub fn of(&self, position: u64) -> Option<&Arc<Public>> {
        self.events.get(&position)
    }

    /// Since when the event at this position was public, and what says so. What opens a dossier, or records a version of a
    /// plan, was as soon as anything that is told of it.
    #[must_use]
    pub fn since(&self, position: u64) -> Option<(Since, Ground)> {
        let public = self.events.get(&position)?;
        let known = match (&public.version, public.opens) {
            (Some(version), _) => self.versions.get(version),
            (None, true) => self.dossiers.get(&public.dossier),
            (None, false) => None,
        };
        let own = (public.since, public.ground);
        let Some(known) = known.filter(|known| !known.always && !known.undated()) else {
            return Some(own);
        };
        let sooner = known.cited.sooner(known.assumed);
        let is_cited = known.cited.is_known() && known.cited.surely == sooner.surely;
        Some((sooner, if is_cited { Ground::Citation } else { Ground::OwnDate }))
    }

    /// Whether the event at this position was public as is asked.
    #[must_use]
    pub fn admits(&self, position: u64, asked: &Published) -> bool {
        let Some(public) = self.events.get(&position) else {
            return false;
        };
        if public.opens {
            return self.knows(&public.dossier, asked);
        }
        let version = public.version.as_ref().and_then(|version| self.versions.get(version));
        if version.is_some_and(|known| known.by(asked)) {
            return true;
        }
        match public.ground {
            Ground::Citation => public.since.by(asked),
            Ground::OwnDate => asked.assumed && public.since.by(asked),
            Ground::Dossier => self.knows(&public.dossier, asked),
            Ground::Name => true,
            Ground::Desk => false,
            Ground::Ends => public
                .ends
                .iter()
                .all(|(from, to)| self.has(from, asked) && self.has(to, asked)),
        }
    }

    /// Whether a citation may be shown: its source was published by then, or nobody can say when it was.
    #[must_use]
    pub fn cites(&self, citation: &Citation, asked: &Published) -> bool {
        let since = self.sources.get(citation.source.as_str());
        since.is_none_or(|since| !since.is_known() || since.by(asked))
    }

    /// How many events count from their own date on.
    #[must_use]
    pub fn assumed(&self) -> usize {
        self.events
            .values()
            .filter(|public| public.ground == Ground::OwnDate)
            .count()
    }

    /// Whether a dossier was public as is asked.
    #[must_use]
    pub fn knows(&self, dossier: &Slug, asked: &Published) -> bool {
        self.dossiers.get(dossier).is_some_and(|known| known.by(asked))
    }

    fn has(&self, record: &RecordRef, asked: &Published) -> bool {
        match self.records.get(record) {
            // Links to links end here: what they rest on is asked once.
            Some(told) => told.iter().any(|position| {
                self.events
                    .get(position)
                    .is_some_and(|public| public.ground != Ground::Ends && self.admits(*position, asked))
            }),
            None => Slug::parse(record.dossier()).is_ok_and(|dossier| self.knows(&dossier, asked)),
        }
    }

    /// When the first of these was published.
    fn earliest<'a>(&self, citations: impl IntoIterator<Item = &'a Citation>) -> Since {
        let sources = citations.into_iter();
        let sources = sources.filter_map(|citation| self.sources.get(citation.source.as_str()));
        sources.fold(Since::default(), |since, source| since.sooner(*source))
    }

    /// Since when values compete: since a second one was published. One that cites nothing dated always was.
    fn compete(&self, told: &RecordRivalValues) -> Since {
        let values = told.values.iter().map(|value| self.earliest(&value.citations));
        let (dated, undated): (Vec<Since>, Vec<Since>) = values.partition(Since::is_known);
        let needed = told.values.len().min(2).saturating_sub(undated.len());
        let nth = |days: &dyn Fn(&Since) -> Option<NaiveDate>| {
            let mut days: Vec<NaiveDate> = dated.iter().filter_map(days).collect();
            days.sort_unstable();
            days.get(needed.checked_sub(1)?).copied()
        };
        Since {
            surely: nth(&|since| since.surely),
            possibly: nth(&|since| since.possibly),
        }
    }

    /// Whether it is recorded in a lead, or links one.
    fn is_private(&self, recorded: &Recorded, event: &Event) -> bool {
        let of_a_lead = |record: &RecordRef| self.leads.contains(record.dossier());
        let links_one = matches!(event, Event::RecordsLinked(link) if of_a_lead(&link.from) || of_a_lead(&link.to));
        recorded.dossier.kind == DossierKind::Lead || links_one
    }

    fn read(&self, recorded: &Recorded, event: &Event) -> Public {
        let (fact, home) = (event.fact(), event.fact().home());
        let dossier = &recorded.dossier;
        let cited = match event {
            Event::RivalValuesRecorded(told) => self.compete(told),
            _ => self.earliest(fact.citations()),
        };
        let own = fact.told_on().map(Since::of).unwrap_or_default();
        let names = matches!(
            dossier.kind,
            DossierKind::Party | DossierKind::Topic | DossierKind::Series
        );
        let opens = matches!(home, Home::Opens(..) | Home::OpensOrTells(.., None, _));
        let (since, ground) = match event {
            _ if self.is_private(recorded, event) => (Since::default(), Ground::Desk),
            Event::SourceRegistered(source) => match &source.published_on {
                Some(on) if Since::of(on).is_known() => (Since::of(on), Ground::Citation),
                _ => (Since::default(), Ground::Name),
            },
            _ if names && opens => (Since::default(), Ground::Name),
            _ if cited.is_known() => (cited, Ground::Citation),
            Event::RecordsLinked(_) if fact.evidence().is_none() => (Since::default(), Ground::Ends),
            _ if fact.evidence().is_some() && own.is_known() => (own, Ground::OwnDate),
            _ => (Since::default(), Ground::Dossier),
        };
        Public {
            since,
            ground,
            dossier: dossier.slug.clone(),
            opens,
            version: match &home {
                Home::Version(plan, version) => Some(RecordRef::to_version(plan, version)),
                _ => None,
            },
            ends: match event {
                Event::RecordsLinked(link) => Some((link.from.clone(), link.to.clone())),
                _ => None,
            },
        }
    }
}

impl View for Publicity {
    const NAME: &'static str = "public";
    const VERSION: u32 = 4;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        if let Event::SourceRegistered(source) = event {
            let since = source.published_on.as_ref().map(Since::of).unwrap_or_default();
            self.sources.insert(source.slug.clone(), since);
        }
        if let Event::LeadCaptured(lead) = event {
            self.leads.insert(lead.slug.clone());
        }
        let public = self.read(recorded, event);
        self.keep(recorded, event, public);
    }

    /// What was merged in opens nothing: it was public by its own citations, as what it says of itself.
    fn apply_merged(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        let public = Public {
            opens: false,
            ..self.read(recorded, event)
        };
        self.keep(recorded, event, public);
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.events.iter().for_each(|item| digest.add(&item));
        let mut dossiers: Vec<_> = self.dossiers.iter().collect();
        dossiers.sort_by_key(|(slug, _)| *slug);
        dossiers.iter().for_each(|item| digest.add(item));
        let mut versions: Vec<_> = self.versions.iter().collect();
        versions.sort_by_key(|(version, _)| *version);
        versions.iter().for_each(|item| digest.add(item));
        digest.finish()
    }
}

impl Publicity {
    fn keep(&mut self, recorded: &Recorded, event: &Event, public: Public) {
        self.dossiers.entry(public.dossier.clone()).or_default().hear(&public);
        let version = match event.fact().home() {
            Home::Version(plan, version) | Home::InVersion(plan, version, _) | Home::OfVersion(plan, version, ..) => {
                Some(RecordRef::to_version(plan, version))
            }
            _ => None,
        };
        if let Some(version) = version {
            self.versions.entry(version).or_default().hear(&public);
        }
        let position = recorded.header.position;
        let record = crate::entry::record_of(recorded, event.fact());
        crate::sorted::put(self.records.entry(record).or_default(), position, |p| *p);
        self.events.insert(position, Arc::new(public));
    }
}
