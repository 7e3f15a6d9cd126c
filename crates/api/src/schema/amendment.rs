//! Amendments: corrections, retractions and redactions of the desk's own records, and the feed of them.

use super::data::Data;
use super::entry::Event;
use super::filter::{known, one_of};
use super::page::{Asked, Page, Total, page};
use super::place::Logged;
use super::reference::{Dossier, Reference};
use super::row::Row;
use super::seen::Seen;
use super::words::Word;
use crate::http::ApiError;
use async_graphql::{InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use rapporteur_domain::evidence::Citation;
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_log::Recorded;
use rapporteur_views::Views;
use rapporteur_views::amendments::{Amendment as Kept, AmendmentKind, changed};
use rapporteur_views::entry::Entry as Line;
use std::sync::Arc;

/// An amendment of one of the desk's own records.
#[derive(Clone)]
pub(super) struct Amendment {
    views: Arc<Views>,
    kept: Arc<Kept>,
}

impl Amendment {
    /// Shows an amendment.
    pub(super) fn new(views: &Arc<Views>, kept: &Arc<Kept>) -> Self {
        Self {
            views: Arc::clone(views),
            kept: Arc::clone(kept),
        }
    }

    /// The amendments of the event at a position, in the order of recording.
    pub(super) fn of(views: &Arc<Views>, position: u64) -> Vec<Self> {
        let found = views.amendments.of(position);
        found.into_iter().map(|kept| Self::new(views, kept)).collect()
    }

    /// The amendment by which the event at a position came to stand in the place of another.
    pub(super) fn that_led_to(views: &Arc<Views>, position: u64) -> Option<Self> {
        let target = views.amendments.corrects(position)?;
        let found = views.amendments.of(target).into_iter();
        let found = found.filter(|kept| kept.kind == AmendmentKind::Corrected);
        found.map(|kept| Self::new(views, kept)).next()
    }

    /// The amendment that the event at a position tells of.
    pub(super) fn told_by(views: &Arc<Views>, position: u64) -> Option<Self> {
        views.amendments.get(position).map(|kept| Self::new(views, kept))
    }

    fn recorded(&self, position: u64) -> Option<&Arc<Recorded>> {
        self.views.timeline.recorded(position)
    }

    fn shown(&self, position: u64) -> Option<Event> {
        self.recorded(position)
            .map(|recorded| Event::new(&self.views, recorded))
    }
}

/// A field in which the old record and the new one differ.
#[derive(SimpleObject)]
pub(super) struct ChangedField {
    /// Where: `evidence.citations[0].source`.
    field: String,
    /// What the old record says there, as it was written; null where it says nothing.
    before: Option<String>,
    /// What the new record says there; null where it says nothing.
    after: Option<String>,
}

/// A record of the desk's own that turned out to be wrong: corrected by another, taken back, or taken out of the log.
#[Object]
impl Amendment {
    /// How it was amended.
    async fn kind(&self) -> Word<AmendmentKind> {
        Word(self.kept.kind)
    }
    /// What was wrong, and how the desk knows.
    async fn reason(&self) -> &str {
        &self.kept.reason
    }
    /// The position of the event that says so.
    async fn position(&self) -> u64 {
        self.kept.by
    }
    /// When that was recorded.
    async fn recorded_at(&self) -> Option<DateTime<Utc>> {
        Some(self.recorded(self.kept.by)?.header.recorded_at)
    }
    /// Who recorded it.
    async fn recorder(&self) -> Option<&str> {
        Some(&self.recorded(self.kept.by)?.header.recorder)
    }
    /// The event that says so.
    async fn by(&self) -> Option<Event> {
        self.shown(self.kept.by)
    }
    /// The dossier; null where what opened it was taken back.
    async fn dossier(&self) -> Option<Dossier> {
        Dossier::of(Seen::new(&self.views, self.kept.dossier.as_str()))
    }
    /// The record that it is about; null where nothing is left that says which.
    async fn record(&self) -> Option<Reference> {
        let standing = self.kept.after.and_then(|after| self.views.timeline.entry(after));
        if let Some(line) = standing {
            return Some(Reference::new(&self.views, line.record.as_str()));
        }
        let known = self.kept.record.as_ref().map(ToString::to_string);
        let told = [Some(self.kept.target), self.kept.after];
        let mut lines = told.into_iter().flatten().filter_map(|at| line(self.recorded(at)?));
        let said = || Some(lines.next()?.record.to_string());
        Some(Reference::new(&self.views, &known.or_else(said)?))
    }
    /// The event that was wrong, as it was recorded.
    async fn before(&self) -> Option<Event> {
        self.shown(self.kept.target)
    }
    /// The event that says what is right; null where it was taken back or out.
    async fn after(&self) -> Option<Event> {
        self.shown(self.kept.after?)
    }
    /// Whether what is right stands: it may have been amended itself since. False where it was taken back or out.
    async fn after_stands(&self) -> bool {
        let after = self
            .kept
            .after
            .map(|after| self.views.amendments.stands(after) == Some(after));
        after.unwrap_or_default()
    }
    /// The fields in which a correction differs from what was wrong, by their paths.
    async fn changed(&self) -> Vec<ChangedField> {
        let json = |position: u64| self.recorded(position)?.as_written()?.to_json().ok();
        let after = self.kept.after.and_then(json);
        let (Some(before), Some(after)) = (json(self.kept.target), after) else {
            return Vec::new();
        };
        let fields = changed(&before, &after).into_iter();
        fields
            .map(|changed| ChangedField {
                field: changed.field,
                before: changed.before,
                after: changed.after,
            })
            .collect()
    }
    /// What the record that was wrong cites.
    async fn citations(&self) -> Vec<Data<Citation>> {
        let event = self
            .recorded(self.kept.target)
            .and_then(|recorded| recorded.as_written());
        let citations = event.map(|event| event.fact().citations()).unwrap_or_default();
        citations
            .into_iter()
            .map(|citation| Data::new(&self.views, citation))
            .collect()
    }
}

/// Which amendments to show; what is left out, or empty, does not filter.
#[derive(InputObject, Default)]
pub(super) struct CorrectionFilter {
    /// Records of this dossier, by slug.
    dossier: Option<String>,
    /// Records that cite this source, by slug: before or after.
    source: Option<String>,
    /// Records in which this party has a part, by slug: before or after.
    party: Option<String>,
    /// Records about this topic, by slug: before or after.
    topic: Option<String>,
    /// Amended so.
    kinds: Option<Vec<Word<AmendmentKind>>>,
    /// Only what was recorded after this instant.
    recorded_after: Option<DateTime<Utc>>,
    /// Only what was recorded before this instant.
    recorded_before: Option<DateTime<Utc>>,
}

/// What a filter asks, looked up.
struct Wanted {
    dossier: Option<String>,
    source: Option<Slug>,
    party: Option<Slug>,
    topic: Option<Slug>,
}

/// A page of amendments, the first recorded first.
pub(super) fn corrections(
    views: &Arc<Views>,
    filter: CorrectionFilter,
    asked: &Asked,
) -> Result<Page<Amendment>, ApiError> {
    let one = |kind, written: &Option<String>, field| match written {
        Some(slug) => Ok(known(views, Some(kind), std::slice::from_ref(slug), field)?.pop()),
        None => Ok::<_, ApiError>(None),
    };
    let wanted = Wanted {
        source: one(DossierKind::Source, &filter.source, "source")?,
        party: one(DossierKind::Party, &filter.party, "party")?,
        topic: one(DossierKind::Topic, &filter.topic, "topic")?,
        dossier: filter
            .dossier
            .as_deref()
            .map(|slug| Seen::new(views, slug).slug.to_string()),
    };
    if let Some(dossier) = &wanted.dossier
        && !views.amendments.all().any(|kept| kept.dossier.as_str() == dossier)
    {
        known(views, None, std::slice::from_ref(dossier), "dossier")?;
    }
    let within = |kept: &Kept| {
        let at = views
            .timeline
            .recorded(kept.by)
            .map(|recorded| recorded.header.recorded_at);
        at.is_some_and(|at| {
            filter.recorded_after.is_none_or(|after| at > after)
                && filter.recorded_before.is_none_or(|before| at < before)
        })
    };
    let kinds = filter.kinds.as_deref();
    let passing = views
        .amendments
        .all()
        .filter(|kept| one_of(kinds, kept.kind) && within(kept) && wanted.admits(views, kept));
    listed(views, passing.cloned().collect(), asked)
}

/// A page of the amendments of what is in a dossier.
pub(super) fn corrections_in(seen: &Seen, asked: &Asked) -> Result<Page<Amendment>, ApiError> {
    let all = seen.views.amendments.all();
    let own = all.filter(|kept| kept.dossier.as_str() == &*seen.slug);
    listed(&seen.views, own.cloned().collect(), asked)
}

fn listed(views: &Arc<Views>, found: Vec<Arc<Kept>>, asked: &Asked) -> Result<Page<Amendment>, ApiError> {
    let row = Row {
        len: found.len(),
        at: |number: usize| Some(Logged::at(found.get(number)?.by)),
        item: |number: usize| found.get(number),
    };
    page(&row, Total::Known(row.len), asked, |kept| Amendment::new(views, kept))
}

impl Wanted {
    fn admits(&self, views: &Views, kept: &Kept) -> bool {
        if self.dossier.as_ref().is_some_and(|slug| kept.dossier.as_str() != slug) {
            return false;
        }
        let told = std::iter::once(kept.target).chain(kept.after);
        let lines: Vec<Line> = told.filter_map(|at| line(views.timeline.recorded(at)?)).collect();
        let today = |slug: &Slug| views.names.moved().slug(slug.as_str()).unwrap_or(slug).clone();
        let cites = |line: &Line, source: &Slug| {
            let event = line.recorded.as_written();
            let citations = event.map(|event| event.fact().citations()).unwrap_or_default();
            citations.iter().any(|c| today(&c.source) == *source)
        };
        let any = |wanted: &Option<Slug>, of: &dyn Fn(&Line, &Slug) -> bool| {
            wanted
                .as_ref()
                .is_none_or(|slug| lines.iter().any(|line| of(line, slug)))
        };
        any(&self.source, &cites)
            && any(&self.party, &|line, slug| {
                line.parties.iter().any(|party| today(party) == *slug)
            })
            && any(&self.topic, &|line, slug| {
                line.topics.iter().any(|topic| today(topic) == *slug)
            })
    }
}

/// The line of an event as it was written, though it may not stand.
fn line(recorded: &Arc<Recorded>) -> Option<Line> {
    Some(Line::new(recorded, recorded.as_written()?, None))
}
