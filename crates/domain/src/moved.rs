//! Where things are found that were renamed, merged or moved: a fold of those events, and the same events, commands and
//! references said in today's names.

use crate::decide::record_suffix;
use crate::event::{Action, Event, commands};
use crate::fact::{Fact, Home};
use crate::id::{RecordRef, Slug};
use crate::renaming::Rekeyed;
use crate::shape::{Field, ObjectShape, Shape};
use imbl::OrdMap;
use serde_json::{Map, Value};

/// Former names and where they lead. Every value is a name of today, so one lookup finds it.
#[derive(Debug, Clone, Default)]
pub struct Moved {
    slugs: OrdMap<Slug, Slug>,
    records: OrdMap<RecordRef, RecordRef>,
    merged: OrdMap<Slug, u64>,
}

impl Moved {
    /// Whether everything has the names that it always had.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slugs.is_empty() && self.records.is_empty()
    }

    /// The slug of today, where this one is a former one.
    #[must_use]
    pub fn slug(&self, slug: &str) -> Option<&Slug> {
        self.slugs.get(slug)
    }

    /// The former slugs that lead to this one, in order.
    pub fn former(&self, slug: &str) -> impl Iterator<Item = &Slug> {
        self.slugs
            .iter()
            .filter(move |(_, to)| to.as_str() == slug)
            .map(|(from, _)| from)
    }

    /// The position of the merge by which the stream of this slug became part of another dossier.
    #[must_use]
    pub fn merged(&self, stream: &str) -> Option<u64> {
        self.merged.get(stream).copied()
    }

    /// What a reference is today, where it is another.
    #[must_use]
    pub fn reference(&self, reference: &str) -> Option<String> {
        let mut end = reference.len();
        loop {
            let (whole, rest) = reference.split_at_checked(end)?;
            if let Some(to) = self.records.get(whole) {
                return Some(format!("{to}{rest}"));
            }
            match whole.rfind(['.', '#', '/']) {
                Some(at) => end = at,
                None => return self.slugs.get(whole).map(|to| format!("{to}{rest}")),
            }
        }
    }

    /// Every former reference with the one of today, slugs first.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        let slugs = self.slugs.iter().map(|(from, to)| (from.as_str(), to.as_str()));
        let records = self.records.iter().map(|(from, to)| (from.as_str(), to.as_str()));
        slugs.chain(records)
    }

    /// Where the outermost record of this reference is today, where it has another one: `a#office` where that was moved, and
    /// not `a` or `a#office.link`.
    #[must_use]
    pub fn record(&self, reference: &str) -> Option<&RecordRef> {
        self.records.get(reference)
    }

    /// The reference that a record had in the dossier of this slug.
    #[must_use]
    pub fn had(&self, record: &RecordRef, slug: &Slug) -> Option<&RecordRef> {
        let mut led = self.records.iter();
        led.find_map(|(from, to)| (to == record && from.dossier() == slug.as_str()).then_some(from))
    }

    /// Learns what an event renames, merges or moves; false where it does nothing of it.
    pub fn learn(&mut self, event: &Event, position: u64) -> bool {
        match event {
            Event::DossierRenamed(told) => self.lead(Some((&told.dossier, &told.slug)), &told.rekeyed),
            Event::DossiersMerged(told) => {
                let streams = self.former(told.dossier.as_str()).cloned();
                let streams: Vec<Slug> = streams.chain([told.dossier.clone()]).collect();
                self.merged.extend(streams.into_iter().map(|slug| (slug, position)));
                self.lead(Some((&told.dossier, &told.into)), &told.rekeyed);
            }
            Event::RecordsMoved(told) => self.lead(None, &told.moved),
            _ => return false,
        }
        true
    }

    /// Leads a dossier and records to where they are now, and what led to them too. A slug or a reference that they have now
    /// is no former one, though they may have had it before.
    fn lead(&mut self, slug: Option<(&Slug, &Slug)>, records: &[Rekeyed]) {
        let mut last = Self::default();
        last.slugs.extend(slug.map(|(from, to)| (from.clone(), to.clone())));
        last.records
            .extend(records.iter().map(|r| (r.from.clone(), r.to.clone())));
        let mut formerly = Vec::new();
        for (from, to) in &last.records {
            for slug in self.former(from.dossier()) {
                let inside = from.as_str().get(from.dossier().len()..).unwrap_or_default();
                let name = RecordRef::parse(&format!("{slug}{inside}")).ok();
                formerly.extend(name.filter(|n| !self.records.contains_key(n)).map(|n| (n, to.clone())));
            }
        }
        self.follow(&last);
        self.slugs.extend(last.slugs);
        self.records.extend(formerly.into_iter().chain(last.records));
        if let Some((_, to)) = slug {
            self.slugs.remove(to);
        }
        records.iter().for_each(|r| {
            self.records.remove(&r.to);
        });
    }

    /// Lets what leads to a name that `last` moves lead to where it is now.
    fn follow(&mut self, last: &Self) {
        let now = |(from, to): (&Slug, &Slug)| (from.clone(), last.slugs.get(to).unwrap_or(to).clone());
        self.slugs = self.slugs.iter().map(now).collect();
        let now = |(from, to): (&RecordRef, &RecordRef)| {
            let now = last.reference(to.as_str()).and_then(|now| RecordRef::parse(&now).ok());
            (from.clone(), now.unwrap_or_else(|| to.clone()))
        };
        let led = self.records.iter().map(now);
        self.records = led.filter(|(from, to)| from != to).collect();
    }

    /// What a key that was made up left behind in the dossier where it was recorded: the fingerprint of the same content, as
    /// it would be told there today without a key. `None` where no key can be left out.
    #[must_use]
    pub fn left_behind(&self, event: &Event) -> Option<[u8; 16]> {
        let fact = event.fact();
        if !matches!(
            fact.home(),
            Home::Record(_, Some(_), _) | Home::OpensOrTells(.., Some(_), _)
        ) {
            return None;
        }
        let mut json = event.to_json().ok()?;
        json.as_object_mut()?.remove("key");
        let told = Action::read(event.command_name(), json)?.ok()?;
        self.action(&told).unwrap_or(told).into_event().content().ok()
    }

    /// The event in today's names; `None` where it names nothing that moved. What renames, merges and moves keeps the
    /// names it was recorded with, but for the dossier that it belongs to.
    #[must_use]
    pub fn event(&self, event: &Event) -> Option<Event> {
        let (name, json) = self.rewritten(event.command_name(), event.fact(), event.to_json().ok()?)?;
        Some(Action::read(name, json)?.ok()?.into_event())
    }

    /// The action in today's names; `None` where it names nothing that moved.
    #[must_use]
    pub fn action(&self, action: &Action) -> Option<Action> {
        let (name, json) = self.rewritten(action.name(), action.fact(), action.to_json().ok()?)?;
        Action::read(name, json)?.ok()
    }

    fn rewritten(&self, name: &'static str, fact: &dyn Fact, mut json: Value) -> Option<(&'static str, Value)> {
        if self.is_empty() {
            return None;
        }
        let shape = &commands().iter().find(|command| command.name == name)?.input;
        let members = json.as_object_mut()?;
        let keeps_names = matches!(fact.home(), Home::Record(_, _, "renamed" | "merged" | "moved"));
        let mut changed = self.rehome(&fact.home(), shape, members);
        if !keeps_names {
            changed |= self.refer(shape, members);
        }
        changed.then_some((name, json))
    }

    /// Puts today's names where an input says which record of which dossier it is: the first field that names one, its version
    /// and its key. A first field that points into a dossier is left to [`Moved::refer`].
    fn rehome(&self, home: &Home<'_>, shape: &ObjectShape, members: &mut Map<String, Value>) -> bool {
        let version = members.get("version").and_then(Value::as_str);
        let version = version.and_then(|version| self.reference(&format!("{}/{version}", home.dossier())));
        let suffix = match home {
            Home::OfVersion(_, version, None, _) => format!("/{version}"),
            _ => record_suffix(home).unwrap_or_default(),
        };
        let Some(now) = self.reference(&format!("{}{suffix}", home.dossier())) else {
            return false;
        };
        let Ok(now) = RecordRef::parse(&now) else { return false };
        let mut put = |field: &str, value: &str| {
            if let Some(member) = members.get_mut(field) {
                *member = Value::from(value);
            }
        };
        let key = now.key().map(|key| key.rsplit('.').next().unwrap_or(key));
        let points_inside = matches!(home, Home::Record(target, ..) if *target != home.dossier());
        if let Some(first) = shape.fields.iter().find(|field| field.names_a_dossier())
            && !points_inside
        {
            put(&first.name, now.dossier());
        }
        if let Some((_, version)) = version.as_deref().and_then(|to| to.split_once('/')) {
            put("version", version);
        }
        if let Some(key) = key {
            put("key", key);
        }
        true
    }

    /// Puts today's names in the place of former ones in every reference.
    fn refer(&self, shape: &ObjectShape, members: &mut Map<String, Value>) -> bool {
        let mut changed = false;
        for field in &shape.fields {
            if let Some(value) = members.get_mut(&field.name) {
                changed |= self.refer_in(&field.shape, field, value);
            }
        }
        changed
    }

    fn refer_in(&self, shape: &Shape, field: &Field, value: &mut Value) -> bool {
        match (shape, value) {
            (Shape::Object(object), Value::Object(members)) => self.refer(object, members),
            (Shape::List(items), Value::Array(values)) => values
                .iter_mut()
                .fold(false, |changed, value| self.refer_in(items, field, value) | changed),
            (Shape::Scalar(rule), value) if field.refers.is_some() || rule.name == "RecordRef" => {
                match value.as_str().and_then(|reference| self.reference(reference)) {
                    Some(now) => {
                        *value = Value::from(now);
                        true
                    }
                    None => false,
                }
            }
            _ => false,
        }
    }
}
