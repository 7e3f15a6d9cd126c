//! Search: what a few words find, ranked.

use super::entry::Entry;
use super::filter::TimelineFilter;
use super::page::{Asked, Page, Total, page};
use super::place::Rank;
use super::reference::Dossier;
use super::seen::Seen;
use super::travel::blocking;
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use rapporteur_search::fold::words;
use rapporteur_search::{Answer, Field, Index, MOST, Ranked};
use rapporteur_views::Views;
use std::sync::Arc;

/// The longest text that can be asked for, in bytes.
const TEXT_MAX: usize = 200;

/// What a text is in which a search was found, the weightiest first.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Field")]
enum SearchField {
    /// A party's name or alias.
    Name,
    /// A title or a label.
    Title,
    /// Original words.
    Quote,
    /// The desk's own words.
    Summary,
    /// Who says it: publisher and title of what is cited, the speaker.
    Source,
}

/// The text in which a search was found.
#[derive(SimpleObject)]
struct SearchMatch {
    /// What the text is.
    field: SearchField,
    /// The text, whole and as written.
    text: String,
}

/// Something that a search found, and why.
pub(super) struct SearchHit {
    views: Arc<Views>,
    hit: Ranked,
    matched: Option<SearchMatch>,
}

/// Something that a search found: a dossier, or what was told of it later.
#[Object]
impl SearchHit {
    /// The dossier that was found, or that the entry belongs to; null means: no record.
    async fn dossier(&self) -> Option<Dossier> {
        Dossier::of(Seen::new(&self.views, self.hit.found.dossier.as_str()))
    }
    /// The entry that was found; null where it is the dossier itself: its name, its title, or what opened it.
    async fn entry(&self) -> Option<Entry> {
        let found = &self.hit.found;
        let line = self.views.timeline.entry(found.position)?;
        (!found.opens).then(|| Entry::new(&self.views, line))
    }
    /// The text that answers best; where the words stand in several, the one with most of them.
    async fn matched(&self) -> Option<&SearchMatch> {
        self.matched.as_ref()
    }
    /// How well it answers: higher is better. To be compared with other hits of the same search only.
    async fn score(&self) -> f64 {
        f64::from(self.hit.score)
    }
}

/// The page of hits that is asked for. The index catches up with the snapshot first, on a thread that may block.
pub(super) async fn search(
    ctx: &Context<'_>,
    views: &Arc<Views>,
    text: String,
    filter: Option<TimelineFilter>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Page<SearchHit>> {
    if text.trim().is_empty() || text.len() > TEXT_MAX {
        let message = format!(
            "`text` has {} bytes; write one word or more, at most {TEXT_MAX} bytes",
            text.len()
        );
        return Err(ApiError::new(ErrorCode::BadUserInput, message).into());
    }
    if words(&text).is_empty() {
        let message = format!("`text` is `{text}`, in which there is no word; write letters or digits to look for");
        return Err(ApiError::new(ErrorCode::BadUserInput, message).into());
    }
    let index = Arc::clone(ctx.data::<Arc<Index>>()?);
    let (views, present) = (Arc::clone(views), Arc::clone(ctx.data::<Arc<Views>>()?));
    let filter = filter.unwrap_or_default().read(&views)?;
    let asked = Asked {
        first,
        after,
        last: None,
        before: None,
    };
    let work = move || -> Result<Page<SearchHit>> {
        let answer = index
            .search(&present, &views, &text, &filter, MOST)
            .map_err(ApiError::internal)?;
        let total = Total::Known(answer.total);
        let hits = answer.hits.iter();
        let placed: Vec<_> = hits
            .map(|hit| (Rank::new(hit.score, hit.found.position), hit.clone()))
            .collect();
        Ok(page(&placed, total, &asked, |hit| {
            SearchHit::new(&views, &answer, hit)
        })?)
    };
    blocking(work).await?
}

impl SearchHit {
    fn new(views: &Arc<Views>, answer: &Answer, hit: Ranked) -> Self {
        let matched = answer.matched(views, &hit).map(|(field, text)| SearchMatch {
            field: field.into(),
            text,
        });
        Self {
            views: Arc::clone(views),
            hit,
            matched,
        }
    }
}
