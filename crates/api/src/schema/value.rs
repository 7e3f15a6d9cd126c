//! Values that are shown of a dossier, with the events behind each.

use super::data::Data;
use super::date::DateOut;
use super::entry::{Entry, Event};
use super::filter::one_of;
use super::page::{Asked, Page, Total, page};
use super::party::Party;
use super::reference::{Dossier, Reference, those};
use super::row::Row;
use super::seen::Seen;
use super::words::Word;
use crate::http::{ApiError, ErrorCode};
use async_graphql::Object;
use rapporteur_domain::evidence::Citation;
use rapporteur_views::Views;
use rapporteur_views::permalink::Permalink;
use rapporteur_views::values::{Behind as KeptBehind, Part, Subject, Value as Kept, ValueField, of_dossier, of_field};
use std::sync::Arc;

/// The most values that `why` gives.
const WHY_MAX: usize = 200;

/// A value that is shown of a dossier.
#[derive(Clone)]
pub(super) struct Value {
    seen: Seen,
    /// The views in which the names that it has lead somewhere.
    named: Arc<Views>,
    kept: Arc<Kept>,
    beside: Beside,
}

/// The other values of its field and subject, which a permalink stands for too.
#[derive(Clone)]
enum Beside {
    /// Among these.
    These(Arc<Vec<Kept>>),
    /// Not to be found under these names: things were named otherwise then.
    Renamed,
}

impl Value {
    /// Shows values of an earlier moment in the names of these later views.
    pub(super) fn renamed(seen: &Seen, later: &Arc<Views>, all: &[Kept]) -> Vec<Self> {
        let show = |kept: &Kept| Self {
            seen: seen.clone(),
            named: Arc::clone(later),
            kept: Arc::new(kept.clone()),
            beside: Beside::Renamed,
        };
        all.iter().map(show).collect()
    }

    /// Shows values of the dossier that was seen: all that it has of their field and subject.
    pub(super) fn these(seen: &Seen, all: &[Kept]) -> Vec<Self> {
        let all = Arc::new(all.to_vec());
        all.iter().map(|kept| Self::among(seen, &all, kept)).collect()
    }

    /// Shows one of all values of a dossier or of a field.
    fn among(seen: &Seen, all: &Arc<Vec<Kept>>, kept: &Kept) -> Self {
        Self {
            seen: seen.clone(),
            named: Arc::clone(&seen.views),
            kept: Arc::new(kept.clone()),
            beside: Beside::These(Arc::clone(all)),
        }
    }

    /// The values of one field of a dossier, by what they are of.
    ///
    /// # Errors
    /// There are more than [`WHY_MAX`].
    pub(super) fn why(seen: &Seen, field: Word<ValueField>, subject: Option<&str>) -> Result<Vec<Self>, ApiError> {
        let found = of_field(&seen.views, &seen.slug, field.0, subject);
        if found.len() > WHY_MAX {
            let message = format!(
                "`{}` has {} values, and `why` gives {WHY_MAX}; name a `subject`, or page through `values`",
                field.text(),
                found.len()
            );
            return Err(ApiError::new(ErrorCode::BadUserInput, message));
        }
        Ok(Self::these(seen, &found))
    }

    /// A page of the values of a dossier, by field, then by what they are of.
    ///
    /// # Errors
    /// The page is none.
    pub(super) fn all(seen: &Seen, fields: Option<&[Word<ValueField>]>, asked: &Asked) -> Result<Page<Self>, ApiError> {
        let found = of_dossier(&seen.views, &seen.slug).into_iter();
        let found: Arc<Vec<Kept>> = Arc::new(found.filter(|kept| one_of(fields, kept.field)).collect());
        let row = Row::numbered(found.len(), |number: usize| found.get(number));
        page(&row, Total::Known(row.len), asked, |kept| {
            Self::among(seen, &found, kept)
        })
    }
}

/// A value that is shown of a dossier, and why.
#[Object]
impl Value {
    /// What it is of.
    async fn field(&self) -> Word<ValueField> {
        Word(self.kept.field)
    }
    /// Which one of several, as `why(subject:)` takes it: `ADOPTED`, `vessels ADDED`, a reference, a party's slug; null where
    /// the field has one value alone.
    async fn subject(&self) -> Option<String> {
        self.kept.subject.as_ref().map(ToString::to_string)
    }
    /// The record that it is of, or on; null where it is of none.
    async fn about(&self) -> Option<Reference> {
        match self.kept.subject.as_ref()? {
            Subject::Record(record) | Subject::PartyOn(_, record) => Some(Reference::new(&self.named, record.as_str())),
            _ => None,
        }
    }
    /// The party that it is of; null where it is of none.
    async fn party(&self) -> Option<Party> {
        match self.kept.subject.as_ref()? {
            Subject::Party(party) | Subject::PartyOn(party, _) => Party::of(Seen::new(&self.named, party.as_str())),
            _ => None,
        }
    }
    /// The value in words or numbers. A date is its label; a word of a closed set is as GraphQL has it.
    async fn value(&self) -> String {
        match self.kept.text.as_str() {
            "" => self
                .kept
                .names
                .iter()
                .map(|name| name.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            text => text.to_owned(),
        }
    }
    /// The date that it is, or bears.
    async fn date(&self) -> Option<DateOut> {
        self.kept.date.as_ref().map(DateOut::new)
    }
    /// Whom or what else it names: who blocked, on whose behalf, which series.
    async fn names(&self) -> Vec<Dossier> {
        those(&self.named, &self.kept.names, Dossier::of)
    }
    /// The chain of events behind it, in the order of recording.
    async fn behind(&self) -> Vec<Behind> {
        let behind = self.kept.behind.iter();
        behind
            .map(|kept| Behind {
                views: Arc::clone(&self.seen.views),
                kept: *kept,
            })
            .collect()
    }
    /// Where it is said, by those events that decide or agree: each citation once, with its source's grade and whom it
    /// attributes it to.
    async fn citations(&self) -> Vec<Data<Citation>> {
        let mut citations: Vec<&Citation> = Vec::new();
        for position in self.kept.told_by() {
            let fact = self.seen.views.timeline.entry(position).and_then(|entry| entry.fact());
            for citation in fact.map(|fact| fact.citations()).unwrap_or_default() {
                if !citations.contains(&citation) {
                    citations.push(citation);
                }
            }
        }
        citations
            .into_iter()
            .map(|citation| Data::new(&self.seen.views, citation))
            .collect()
    }
    /// A link that goes on holding: a path with the position and hash of the log that this was read from, the field and the
    /// subject. `rapporteur verify --permalink` rebuilds what it showed, and so does `permalink`. Null for what is only
    /// supposed, and for a value of an earlier moment where things were renamed since.
    async fn permalink(&self) -> Option<String> {
        let subject = self.kept.subject.as_ref().map(ToString::to_string);
        let (views, slug, subject) = (&self.seen.views, &self.seen.slug, subject.as_deref());
        let link = match &self.beside {
            Beside::Renamed => None,
            Beside::These(all) => {
                let own = all.iter().filter(|other| other.key() == self.kept.key());
                Permalink::to_these(views, slug, &own.cloned().collect::<Vec<Kept>>(), subject)
            }
        };
        link.map(|link| link.to_string())
    }
}

/// An event behind a value.
pub(super) struct Behind {
    views: Arc<Views>,
    kept: KeptBehind,
}

/// An event behind a value, and the part that it has in it.
#[Object]
impl Behind {
    /// Its position.
    async fn position(&self) -> u64 {
        self.kept.position
    }
    /// The part that it has: it decides, says the same, or says otherwise and does not stand.
    async fn part(&self) -> Word<Part> {
        Word(self.kept.part)
    }
    /// The event as recorded.
    async fn event(&self) -> Option<Event> {
        let recorded = self.views.timeline.recorded(self.kept.position)?;
        Some(Event::new(&self.views, recorded))
    }
    /// Its line on the timeline, with its evidence.
    async fn entry(&self) -> Option<Entry> {
        let line = self.views.timeline.entry(self.kept.position)?;
        Some(Entry::new(&self.views, line))
    }
}
