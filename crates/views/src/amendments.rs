//! What was amended: corrections, retractions and redactions of the desk's own records, as a feed.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::sorted::put;
use imbl::{OrdMap, Vector};
use rapporteur_domain::event::Event;
use rapporteur_domain::id::{RecordRef, Slug};
use rapporteur_log::{Amended, Recorded};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How an event was amended.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AmendmentKind {
    /// Another record stands in its place.
    Corrected,
    /// It was taken back, and nothing stands in its place.
    Retracted,
    /// What it said was taken out of the log for good.
    Redacted,
}

/// One amendment.
#[derive(Debug, Clone, Serialize)]
pub struct Amendment {
    /// How.
    pub kind: AmendmentKind,
    /// The position of the event that says so.
    pub by: u64,
    /// The position of the event that is amended.
    pub target: u64,
    /// The position of the event that says what is right, where one does.
    pub after: Option<u64>,
    /// The dossier where what is amended is today.
    pub dossier: Slug,
    /// What the event that is redacted made, where that is known.
    pub record: Option<RecordRef>,
    /// Why.
    pub reason: String,
}

/// All amendments, by the position of the event that says so.
#[derive(Clone, Default)]
pub struct Amendments {
    amendments: OrdMap<u64, Arc<Amendment>>,
    amended: OrdMap<u64, Amended>,
    corrects: OrdMap<u64, u64>,
    told: Vector<u64>,
    /// Where what is amended is today, by its position.
    places: OrdMap<u64, Slug>,
}

impl Amendments {
    /// The amendment told by the event at this position.
    #[must_use]
    pub fn get(&self, by: u64) -> Option<&Arc<Amendment>> {
        self.amendments.get(&by)
    }

    /// All of them, in the order of recording.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Arc<Amendment>> {
        self.amendments.values()
    }

    /// The amendments of the event at this position, in the order of recording.
    #[must_use]
    pub fn of(&self, target: u64) -> Vec<&Arc<Amendment>> {
        let Some(amended) = self.amended.get(&target) else {
            return Vec::new();
        };
        let corrected = amended.corrected.map(|corrected| corrected.by);
        let mut by: Vec<u64> = corrected
            .into_iter()
            .chain(amended.retracted)
            .chain(amended.redacted)
            .collect();
        by.sort_unstable();
        by.into_iter().filter_map(|by| self.get(by)).collect()
    }

    /// The position of the event that the one at a position corrects.
    #[must_use]
    pub fn corrects(&self, position: u64) -> Option<u64> {
        self.corrects.get(&position).copied()
    }

    /// The positions of the events that change how others are read, in order.
    pub fn told(&self) -> impl DoubleEndedIterator<Item = &u64> {
        self.told.iter()
    }

    /// The position of what stands for the event at a position, however often it was corrected; `None` where nothing does.
    #[must_use]
    pub fn stands(&self, mut position: u64) -> Option<u64> {
        loop {
            match self.amended.get(&position) {
                None => return Some(position),
                Some(amended) => position = amended.corrected.filter(|to| to.after > position)?.after,
            }
        }
    }

    /// The position of what stood last in the place of an event, where that was redacted and nothing took its place.
    #[must_use]
    pub fn lost_in_place(&self, mut position: u64) -> Option<u64> {
        while let Some(corrected) = self.amended.get(&position)?.corrected.filter(|to| to.after > position) {
            position = corrected.after;
        }
        self.amended
            .get(&position)
            .filter(|amended| amended.is_lost())
            .map(|_| position)
    }

    /// Notes what an event says of others, and what others say of it, whether it stands or not.
    pub(crate) fn keep(&mut self, recorded: &Recorded) {
        let position = recorded.header.position;
        if let Some(amended) = &recorded.amended {
            self.amended.insert(position, amended.clone());
            self.places.insert(position, recorded.dossier.slug.clone());
        }
        if let Some(target) = recorded.corrects {
            self.corrects.insert(position, target);
        }
        if recorded.header.cause.is_some() || recorded.as_written().is_some_and(Event::amends) {
            put(&mut self.told, position, |p| *p);
        }
    }
}

impl View for Amendments {
    const NAME: &'static str = "amendments";
    const VERSION: u32 = 3;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        let by = recorded.header.position;
        let (kind, target, reason) = match event {
            Event::RecordCorrected(told) => (AmendmentKind::Corrected, told.position, &told.reason),
            Event::RecordRetracted(told) => (AmendmentKind::Retracted, told.position, &told.reason),
            Event::RecordRedacted(told) => (AmendmentKind::Redacted, told.position, &told.reason),
            _ => return,
        };
        let record = match event {
            Event::RecordRedacted(told) => told.record.clone(),
            _ => None,
        };
        let amendment = Amendment {
            kind,
            by,
            target,
            after: (kind == AmendmentKind::Corrected).then_some(by + 1),
            dossier: self.places.get(&target).unwrap_or(&recorded.dossier.slug).clone(),
            record,
            reason: reason.as_str().to_owned(),
        };
        self.amendments.insert(by, Arc::new(amendment));
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.amendments.values().for_each(|amendment| digest.add(amendment));
        self.amended.iter().for_each(|item| digest.add(&item));
        self.corrects.iter().for_each(|item| digest.add(&item));
        digest.finish()
    }
}

/// A field in which two records differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Where: `evidence.citations[0].source`.
    pub field: String,
    /// What was there, as it was written: a text, or JSON; `None` where nothing was.
    pub before: Option<String>,
    /// What is there.
    pub after: Option<String>,
}

/// The fields in which two values differ, in the order of their paths. Lists are compared item by item.
#[must_use]
pub fn changed(before: &Value, after: &Value) -> Vec<Changed> {
    let (mut old, mut new) = (BTreeMap::new(), BTreeMap::new());
    leaves(before, String::new(), &mut old);
    leaves(after, String::new(), &mut new);
    let mut paths: Vec<&String> = old.keys().chain(new.keys()).collect();
    paths.sort();
    paths.dedup();
    let differing = paths.into_iter().filter(|path| old.get(*path) != new.get(*path));
    differing
        .map(|path| Changed {
            field: path.clone(),
            before: old.get(path).cloned(),
            after: new.get(path).cloned(),
        })
        .collect()
}

fn leaves(value: &Value, path: String, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                leaves(member, path, into);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, format!("{path}[{index}]"), into);
            }
        }
        Value::String(text) => {
            into.insert(path, text.clone());
        }
        Value::Null => {}
        other => {
            into.insert(path, other.to_string());
        }
    }
}
