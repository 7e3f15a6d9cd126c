//! The index: one document an event, following the views.

use crate::matching::{Fields, ITEM};
use crate::query::Query;
use crate::texts::{Field, texts};
use rapporteur_domain::decide::is_opening;
use rapporteur_domain::id::Slug;
use rapporteur_log::Recorded;
use rapporteur_views::Views;
use rapporteur_views::entry::Entry;
use rapporteur_views::timeline::Filter;
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::collector::{Count, FilterCollector, TopDocs};
use tantivy::{DocId, IndexReader, IndexWriter, ReloadPolicy, Score, Searcher, SegmentReader, TantivyError};

/// The most hits that one search ranks; all are counted.
pub const MOST: usize = 1_000;
/// Memory for what waits to be written; the least that the library takes.
const BUFFER: usize = 15_000_000;
/// How many events are read in before they can be searched.
const STEP: u64 = 20_000;

/// A search that could not be done. Nothing is lost: the next one starts a new index.
#[derive(Debug, thiserror::Error)]
#[error("the search index failed")]
pub struct SearchError(#[from] TantivyError);

/// What was found: an event, or the dossier that it opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The dossier.
    pub dossier: Slug,
    /// The event's position.
    pub position: u64,
    /// Whether the event opened the dossier, so that the dossier itself is found.
    pub opens: bool,
}

/// A hit with its rank.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// What was found.
    pub found: Found,
    /// How well it answers; comparable among the hits of one query only.
    pub score: f32,
}

/// What a search found, in the order of rank.
#[derive(Debug, Clone)]
pub struct Answer {
    query: Query,
    /// How much was found in all.
    pub total: usize,
    /// The best of it: the highest score first, of equal ones the last recorded.
    pub hits: Vec<Ranked>,
}

impl Answer {
    /// Which text of a hit answers best.
    #[must_use]
    pub fn matched(&self, views: &Views, hit: &Ranked) -> Option<(Field, String)> {
        let entry = views.timeline.entry(hit.found.position)?;
        let texts = texts(views, entry);
        self.query.best(&texts).cloned()
    }
}

/// A search index over what the views hold. It fills itself as far as each search needs.
#[derive(Default)]
pub struct Index(Mutex<Option<Live>>);

struct Live {
    fields: Fields,
    writer: IndexWriter,
    reader: IndexReader,
    position: u64,
    /// How many events had lost what they said when it was begun: what they said before is in no index that knows of it.
    gone: usize,
}

impl Index {
    /// Reads in what the views hold and the index does not. Blocks; about 20,000 events a second.
    ///
    /// # Errors
    /// The library failed.
    pub fn catch_up(&self, views: &Views) -> Result<(), SearchError> {
        self.searcher(views).map(drop)
    }

    /// What answers `text` among what these views hold, which may be those of another moment than `present`: every word must be found, the last one may go on. An entry passes
    /// the filter as it would on the timeline; a dossier passes if any of its entries does. Blocks.
    ///
    /// # Errors
    /// The library failed.
    pub fn search(
        &self,
        present: &Views,
        views: &Arc<Views>,
        text: &str,
        filter: &Filter,
        most: usize,
    ) -> Result<Answer, SearchError> {
        let query = Query::read(text);
        let (fields, searcher) = self.searcher(present)?;
        let ranked = TopDocs::with_limit(most.clamp(1, MOST)).tweak_score(|segment: &SegmentReader| {
            let items = segment.fast_fields().u64(ITEM);
            move |doc: DocId, score: Score| {
                (
                    score,
                    items.as_ref().ok().and_then(|items| items.first(doc)).unwrap_or(0),
                )
            }
        });
        let (seen, filter) = (Arc::clone(views), filter.clone());
        let passes = move |item: u64| admitted(&seen, item, &filter);
        let collector = FilterCollector::new(ITEM.to_owned(), passes, (ranked, Count));
        let (best, total) = searcher.search(&fields.matcher(&query), &collector)?;
        let hits = best.into_iter().filter_map(|((score, item), _)| {
            let found = found(views, item)?;
            Some(Ranked { found, score })
        });
        Ok(Answer {
            query,
            total,
            hits: hits.take(most).collect(),
        })
    }

    /// A searcher that knows at least these views. One that knows more does no harm: what is not in the views is left out.
    fn searcher(&self, views: &Views) -> Result<(Fields, Searcher), SearchError> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut live = match held.take() {
            Some(live) if live.gone >= views.timeline.gone() => live,
            _ => Live::new(views.timeline.gone())?,
        };
        live.follow(views)?;
        let found = (live.fields, live.reader.searcher());
        *held = Some(live);
        Ok(found)
    }
}

impl Live {
    fn new(gone: usize) -> Result<Self, TantivyError> {
        let (schema, fields) = Fields::new();
        let index = tantivy::Index::create_in_ram(schema);
        Ok(Self {
            fields,
            writer: index.writer_with_num_threads(1, BUFFER)?,
            reader: index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?,
            position: 0,
            gone,
        })
    }

    fn follow(&mut self, views: &Views) -> Result<(), TantivyError> {
        while self.position < views.position() {
            let until = views.position().min(self.position + STEP);
            for entry in (self.position + 1..=until).filter_map(|position| readable(views, position)) {
                self.writer
                    .add_document(self.fields.document(item(&entry), &texts(views, &entry)))?;
            }
            self.writer.commit()?;
            self.reader.reload()?;
            self.position = until;
        }
        Ok(())
    }
}

/// The entry of an event; of one that was corrected or taken back, as it was: it is found as of before.
fn readable(views: &Views, position: u64) -> Option<Arc<Entry>> {
    if let Some(entry) = views.timeline.entry(position) {
        return Some(Arc::clone(entry));
    }
    let recorded = views.timeline.recorded(position)?;
    let mut stood = Recorded::clone(recorded);
    stood.event = recorded.original.clone();
    let stood = Arc::new(stood);
    Some(Arc::new(Entry::new(&stood, stood.event.as_ref()?, None)))
}

/// An event's number in the index: its position, and whether it opened its dossier.
fn item(entry: &Entry) -> u64 {
    entry.position() * 2 + u64::from(opens(entry))
}

fn opens(entry: &Entry) -> bool {
    entry.event().is_some_and(is_opening)
}

/// The event of a number, if these views have it and it was not redacted.
fn entry(views: &Views, item: u64) -> Option<&Arc<Entry>> {
    views.timeline.entry(item / 2)
}

fn admitted(views: &Views, item: u64, filter: &Filter) -> bool {
    let Some(entry) = entry(views, item) else { return false };
    if filter.admits(entry) {
        return true;
    }
    let slug = entry.recorded.dossier.slug.as_str();
    opens(entry)
        && views
            .timeline
            .of_dossier(slug)
            .into_iter()
            .any(|told| filter.admits(told))
}

fn found(views: &Views, item: u64) -> Option<Found> {
    let entry = entry(views, item)?;
    Some(Found {
        dossier: entry.recorded.dossier.slug.clone(),
        position: entry.position(),
        opens: opens(entry),
    })
}
