//! What decisions are made on: a fold of the log, and overlays for what is decided but not yet written.

use chrono::{DateTime, Utc};
use rapporteur_domain::decide::{Dossier, Known, Mark, evolve, named};
use rapporteur_domain::event::Event;
use rapporteur_domain::id::Slug;
use rapporteur_domain::moved::Moved;
use rapporteur_log::{Amended, DossierId, Head, Idempotency, Reading, Recorded};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

/// A use of an idempotency key.
#[derive(Debug, Clone, Copy)]
pub struct KeyUse {
    /// The event that it recorded.
    pub position: u64,
    /// The command's fingerprint.
    pub fingerprint: [u8; 16],
}

/// Everything decisions need, folded from the log up to its head.
#[derive(Debug, Default)]
pub struct State {
    layer: Layer,
    /// The log's end.
    pub head: Head,
    /// When the last event was recorded.
    pub last_recorded_at: Option<DateTime<Utc>>,
    /// How events are read: in which names, and which of them stand.
    reading: Reading,
    /// For each reference of a record that is gone, the position of what made it and was redacted, and its place.
    lost: BTreeMap<String, (u64, u64)>,
}

/// Dossiers and keys: those of the log, or those decided on top of it.
#[derive(Debug, Default)]
pub struct Layer {
    dossiers: HashMap<Slug, Dossier>,
    keys: HashMap<Arc<str>, KeyUse>,
}

impl State {
    /// A state before the first event that knows how everything will be read in the end.
    #[must_use]
    pub fn knowing(reading: Reading) -> Self {
        Self {
            reading,
            ..Self::default()
        }
    }

    /// How events are read: in which names, and which of them stand.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Where things are found that were renamed, merged or moved.
    #[must_use]
    pub fn moved(&self) -> &Moved {
        self.reading.moved()
    }

    /// Reads on with what was learned, where it changes nothing of how events are read that were folded before.
    pub(crate) fn read_on(&mut self, reading: Reading) {
        self.reading = reading;
    }

    /// Folds one recorded event. An event that does not stand leaves its dossier's version and its
    /// key, and nothing else.
    pub fn apply(&mut self, recorded: &Recorded) {
        let header = &recorded.header;
        match &recorded.event {
            Some(event) => {
                // What cannot be encoded was never stored: every event here came from its encoded form.
                let content = event.content().unwrap_or_default();
                let position = header.position;
                let mark = Mark { position, content };
                self.give_up(event, recorded.place);
                let stream = &header.dossier.slug;
                let before = self
                    .layer
                    .dossiers
                    .get(recorded.keeper())
                    .map_or(0, |dossier| dossier.version);
                self.layer
                    .evolve(None, event, stream, mark, header.idempotency.as_ref());
                self.layer.count(recorded, before);
                self.layer.place(event, recorded);
            }
            None => {
                let amended = recorded.amended.as_ref().filter(|amended| amended.is_lost());
                if let Some(record) = amended.and_then(|amended| amended.record.as_ref()) {
                    self.lost.insert(record.to_string(), (header.position, recorded.place));
                }
                self.layer.pass(recorded);
            }
        }
        // What waited for its dossier comes after later events, what corrects another before earlier ones.
        if header.position > self.head.position {
            self.head = header.head();
            self.last_recorded_at = Some(header.recorded_at);
        }
    }
}

impl State {
    /// What was lost inside a record that was taken back and is recorded anew is no part of it.
    fn give_up(&mut self, event: &Event, place: u64) {
        if self.lost.is_empty() {
            return;
        }
        let record = named(&event.fact().home());
        let dossier = self.layer.dossiers.get(record.as_str());
        if record.contains(['/', '#']) || dossier.is_some_and(|dossier| dossier.closed) {
            let before = self.lost_inside(&record).filter(|(_, (_, was))| *was <= place);
            let before: Vec<String> = before.map(|(lost, _)| lost.clone()).collect();
            for lost in &before {
                self.lost.remove(lost);
            }
        }
    }

    /// What was lost inside a record or dossier.
    fn lost_inside<'a>(&'a self, record: &'a str) -> impl Iterator<Item = (&'a String, &'a (u64, u64))> {
        let from = self.lost.range::<str, _>((Bound::Excluded(record), Bound::Unbounded));
        from.take_while(move |(lost, _)| lost.starts_with(record))
            .filter(move |(lost, _)| is_inside(lost, record))
    }
}

/// Whether a reference is of something inside a record or dossier.
fn is_inside(reference: &str, record: &str) -> bool {
    let rest = reference.strip_prefix(record);
    rest.is_some_and(|rest| rest.starts_with(['/', '#', '.']))
}

impl Layer {
    fn evolve(
        &mut self,
        under: Option<&Dossier>,
        event: &Event,
        stream: &Slug,
        mark: Mark,
        used: Option<&Idempotency>,
    ) {
        let slug = event.fact().home().dossier().to_owned();
        let before = self.dossiers.remove(slug.as_str()).or_else(|| under.cloned());
        if let (Some(after), Ok(slug)) = (evolve(before, event, stream, mark), Slug::parse(&slug)) {
            self.dossiers.insert(slug, after);
        }
        self.use_key(used, mark.position);
    }

    /// Counts an event in the dossier that its stream belongs to, wherever it is now; what was told there is known there.
    /// `before` is that dossier's version before the event.
    fn count(&mut self, recorded: &Recorded, before: u32) {
        let header = &recorded.header;
        let Some(dossier) = self.dossiers.get_mut(recorded.keeper()) else {
            return;
        };
        dossier.version = if recorded.counts {
            before.max(header.version)
        } else {
            before
        };
        if let Some(content) = recorded.left.as_ref().and_then(|left| left.content) {
            let position = header.position;
            dossier.leave(Mark { position, content });
        }
    }

    /// What corrects the opening of a dossier leaves it as old as it was.
    fn place(&mut self, event: &Event, recorded: &Recorded) {
        let dossier = self.dossiers.get_mut(event.fact().home().dossier());
        if let Some(dossier) = dossier.filter(|dossier| dossier.opened.position == recorded.header.position) {
            dossier.since = recorded.place;
        }
    }

    fn use_key(&mut self, used: Option<&Idempotency>, position: u64) {
        if let Some(Idempotency { key, fingerprint }) = used {
            let fingerprint = *fingerprint;
            self.keys.insert(Arc::clone(key), KeyUse { position, fingerprint });
        }
    }

    fn pass(&mut self, recorded: &Recorded) {
        let header = &recorded.header;
        let position = header.position;
        let mark = Mark {
            position,
            content: [0; 16],
        };
        // Of what is gone without a word nobody can say whether it opened its dossier.
        let amended = recorded.amended.as_ref();
        let (kind, stream) = (header.dossier.kind, &header.dossier.slug);
        self.use_key(header.idempotency.as_ref(), position);
        // What was merged in may have been taken back before the dossier was opened that it belongs to now.
        if !recorded.counts && !self.dossiers.contains_key(recorded.keeper()) {
            return;
        }
        let dossier = self.dossiers.entry(recorded.keeper().clone());
        let is_new = matches!(dossier, Entry::Vacant(_));
        let dossier = dossier.or_insert_with(|| Dossier::unopened(kind, stream.clone(), mark));
        let is_gone = amended.map_or(is_new, Amended::keeps_open);
        if dossier.closed && is_gone {
            dossier.gone = Some(position);
        }
        if recorded.counts {
            dossier.version = dossier.version.max(header.version);
        }
    }
}

/// Layers over a state: what earlier commands of the same group and of the same batch will make of it.
pub struct Overlay<'a> {
    state: &'a State,
    under: &'a [&'a Layer],
    own: Layer,
}

impl<'a> Overlay<'a> {
    /// An overlay over `under`, last layer uppermost, over `state`.
    #[must_use]
    pub fn new(state: &'a State, under: &'a [&'a Layer]) -> Self {
        Self {
            state,
            under,
            own: Layer::default(),
        }
    }

    /// The use of an idempotency key.
    #[must_use]
    pub fn key(&self, key: &str) -> Option<KeyUse> {
        self.layers().find_map(|layer| layer.keys.get(key).copied())
    }

    /// Puts a decided event on top, and says which dossier it belongs to and at which version it leaves it.
    pub fn decided(&mut self, event: &Event, mark: Mark, used: Option<&Idempotency>) -> Option<(DossierId, u32)> {
        let slug = event.fact().home().dossier().to_owned();
        let before = self.kept(&slug).cloned();
        let stream = match &before {
            Some(dossier) => dossier.stream.clone(),
            None => Slug::parse(&slug).ok()?,
        };
        self.own.evolve(before.as_ref(), event, &stream, mark, used);
        let dossier = self.own.dossiers.get(slug.as_str())?;
        Some((
            DossierId {
                kind: dossier.kind,
                slug: stream,
            },
            dossier.version,
        ))
    }

    /// What was put on top.
    #[must_use]
    pub fn into_layer(self) -> Layer {
        self.own
    }

    fn layers(&self) -> impl Iterator<Item = &Layer> {
        std::iter::once(&self.own)
            .chain(self.under.iter().rev().copied())
            .chain(std::iter::once(&self.state.layer))
    }
}

impl Known for Overlay<'_> {
    fn dossier(&self, slug: &str) -> Option<&Dossier> {
        self.kept(slug).filter(|dossier| !dossier.closed)
    }

    fn kept(&self, slug: &str) -> Option<&Dossier> {
        self.layers().find_map(|layer| layer.dossiers.get(slug))
    }

    fn moved(&self) -> Option<&Moved> {
        Some(self.state.moved())
    }

    fn head(&self) -> u64 {
        self.state.head.position
    }

    fn lost(&self, reference: &str) -> Option<u64> {
        let (position, _) = self.state.lost.get(reference)?;
        let slug = reference.split(['/', '#']).next()?;
        let head = self.head();
        // What it lay in may be about to be recorded anew.
        let is_anew = self.kept(slug).is_some_and(|dossier| {
            let mut records = dossier.records.iter().filter(|(_, filed)| filed.mark.position > head);
            dossier.opened.position > head
                || records.any(|(suffix, _)| is_inside(reference, &format!("{slug}{suffix}")))
        });
        (!is_anew).then_some(*position)
    }

    fn lost_in(&self, slug: &str) -> Vec<String> {
        let inside = self.state.lost_inside(slug).map(|(lost, _)| lost);
        let inside = inside.filter(|lost| self.lost(lost).is_some());
        inside
            .filter_map(|lost| lost.strip_prefix(slug))
            .map(str::to_owned)
            .collect()
    }
}

impl Layer {
    /// Puts `upper` on top of this layer for good.
    pub fn absorb(&mut self, upper: Layer) {
        self.dossiers.extend(upper.dossiers);
        self.keys.extend(upper.keys);
    }
}
