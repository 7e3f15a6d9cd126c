//! What changed between two moments of knowledge.

use super::entry::Event;
use super::filter::{known, one_of};
use super::page::{Asked, Page, Total, page};
use super::reference::Dossier;
use super::row::Row;
use super::seen::Seen;
use super::travel::{MomentInput, blocking, views_at};
use super::value::Value;
use super::words::Word;
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Context, InputObject, Object, Result};
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_views::Views;
use rapporteur_views::changes::{Change as Kept, ChangeKind, DossierChanges as KeptChanges, between};
use rapporteur_views::moment::{Asked as Instant, Moment};
use rapporteur_views::values::ValueField;
use std::sync::Arc;

/// The query root's way to what changed.
#[derive(Default)]
pub(super) struct Since;

/// Which changes to show; what is left out, or empty, does not filter.
#[derive(InputObject, Default)]
pub(super) struct ChangeFilter {
    /// Changes of these dossiers, by slug.
    #[graphql(default)]
    dossiers: Vec<String>,
    /// Changes of dossiers of these kinds.
    #[graphql(default)]
    kinds: Vec<Word<DossierKind>>,
    /// Changes of these kinds.
    #[graphql(default)]
    changes: Vec<Word<ChangeKind>>,
    /// Changes of these fields. What has no field passes only where nothing is given.
    #[graphql(default)]
    fields: Vec<Word<ValueField>>,
    /// Changes made by an event in which one of these parties has a part, by slug.
    #[graphql(default)]
    parties: Vec<String>,
    /// Changes made by an event about one of these topics, by slug.
    #[graphql(default)]
    topics: Vec<String>,
}

#[Object]
impl Since {
    /// What changed between two moments of knowledge, by dossier: what became known, was corrected, retracted, contradicted,
    /// confirmed, rescheduled, resolved. Each change has the values before and after, and the events that made it.
    #[expect(clippy::too_many_arguments, reason = "the four of every page, and three of its own")]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The earlier moment, on either clock or both.")] from: MomentInput,
        #[graphql(desc = "The later moment, on the same clocks. Default: the present.")] to: Option<MomentInput>,
        #[graphql(name = "where", desc = "Which changes to show; all where nothing is given.")] filter: Option<
            ChangeFilter,
        >,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<DossierChanges>> {
        let present = Arc::clone(ctx.data::<Arc<Views>>()?);
        let from = from.asked()?;
        let to = match to {
            Some(to) => to.asked()?,
            None => Instant::default(),
        };
        let moments = [&from, &to].map(|asked| rapporteur_desk::history::moment(&present, asked));
        in_order(&present, &moments)?;
        let [old, new] = moments;
        let (old, new) = (views_at(ctx, old).await?, views_at(ctx, new).await?);
        let filter = filter.unwrap_or_default().read(&old, &new)?;
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        let found = {
            let (old, new) = (Arc::clone(&old), Arc::clone(&new));
            blocking(move || {
                let all = between(&old, &new).into_iter();
                all.filter_map(|kept| filter.narrowed(kept, &old, &new))
                    .collect::<Vec<KeptChanges>>()
            })
            .await?
        };
        let items: Vec<(Slug, Arc<KeptChanges>)> = found
            .into_iter()
            .map(|kept| (kept.dossier.clone(), Arc::new(kept)))
            .collect();
        let total = Total::Known(items.len());
        Ok(page(&items, total, &asked, |kept| DossierChanges {
            old: Arc::clone(&old),
            new: Arc::clone(&new),
            kept,
        })?)
    }
}

/// Refuses moments of which the later holds less than the earlier.
fn in_order(present: &Views, [from, to]: &[Moment; 2]) -> Result<(), ApiError> {
    let position = |moment: &Moment| moment.recorded.unwrap_or(present.position());
    let bad = |message: String| Err(ApiError::new(ErrorCode::BadUserInput, message));
    // A position beyond the log is told when it is looked at.
    if position(from) > position(to) && position(from) <= present.position() {
        if from.recorded.is_none() && !from.is_present() {
            return bad(format!(
                "`from` is {from}, with whatever was recorded since, and `to` is {to}; give `recorded` to both, or leave it out of both"
            ));
        }
        return bad(format!(
            "`from` is {from}, which was recorded after `to`, {}; swap them",
            if to.is_present() {
                "the present".to_owned()
            } else {
                to.to_string()
            }
        ));
    }
    match (from.published, to.published) {
        (None, Some(_)) => bad(format!(
            "`to` is {to}, and `from` has no `published`; give both a day, or leave it out of both"
        )),
        (Some(first), Some(second)) if first.by > second.by => {
            bad(format!("`from` is {from}, which is after `to`, {to}; swap them"))
        }
        (Some(first), Some(second)) if (first.possibly, first.assumed) != (second.possibly, second.assumed) => {
            bad("`match` and `onlyDated` must be the same in `from` and `to`".to_owned())
        }
        _ => Ok(()),
    }
}

/// A filter, looked up.
struct Wanted {
    dossiers: Vec<Slug>,
    parties: Vec<Slug>,
    topics: Vec<Slug>,
    asked: ChangeFilter,
}

impl ChangeFilter {
    fn read(self, old: &Views, new: &Views) -> Result<Wanted, ApiError> {
        Ok(Wanted {
            dossiers: dossiers(&self.dossiers, old, new)?,
            parties: known(new, Some(DossierKind::Party), &self.parties, "parties")?,
            topics: known(new, Some(DossierKind::Topic), &self.topics, "topics")?,
            asked: self,
        })
    }
}

/// Dossiers by the slugs that they have at the later moment; one that is there at the earlier moment alone has its own.
fn dossiers(asked: &[String], old: &Views, new: &Views) -> Result<Vec<Slug>, ApiError> {
    let mut found = Vec::new();
    for slug in asked {
        let now = new.names.moved().slug(slug).map_or(slug.as_str(), Slug::as_str);
        match old
            .timeline
            .dossier(now)
            .filter(|_| new.timeline.dossier(now).is_none())
        {
            Some((slug, _)) => found.push(slug.clone()),
            None => found.extend(known(new, None, std::slice::from_ref(slug), "dossiers")?),
        }
    }
    Ok(found)
}

impl Wanted {
    /// What passes of the changes of a dossier; `None` where nothing does.
    fn narrowed(&self, mut kept: KeptChanges, old: &Views, new: &Views) -> Option<KeptChanges> {
        let slug = kept.dossier.as_str();
        let mark = new.timeline.dossier(slug).or_else(|| old.timeline.dossier(slug));
        let is_kind = mark.is_none_or(|(_, mark)| one_of(Some(&self.asked.kinds), mark.kind));
        if !is_kind || !(self.dossiers.is_empty() || self.dossiers.contains(&kept.dossier)) {
            return None;
        }
        let made_by = |change: &Kept| {
            let entries = change.by.iter().filter_map(|at| new.timeline.entry(*at));
            let entries: Vec<_> = entries.collect();
            let any = |wanted: &[Slug], of: &dyn Fn(&Slug) -> bool| wanted.is_empty() || wanted.iter().any(of);
            any(&self.parties, &|party| {
                entries.iter().any(|entry| entry.parties.contains(party))
            }) && any(&self.topics, &|topic| {
                entries.iter().any(|entry| entry.topics.contains(topic))
            })
        };
        kept.changes.retain(|change| {
            let of_field = match change.field {
                Some(field) => one_of(Some(&self.asked.fields), field),
                None => self.asked.fields.is_empty(),
            };
            one_of(Some(&self.asked.changes), change.kind) && of_field && made_by(change)
        });
        (!kept.changes.is_empty()).then_some(kept)
    }
}

/// What changed in a dossier.
pub(super) struct DossierChanges {
    old: Arc<Views>,
    new: Arc<Views>,
    kept: Arc<KeptChanges>,
}

/// What changed in one dossier between two moments.
#[Object]
impl DossierChanges {
    /// Its slug at the later moment; where it is there no more, the one that it had.
    async fn slug(&self) -> &str {
        self.kept.dossier.as_str()
    }
    /// The dossier as of the later moment; as of the earlier one where it is there no more.
    async fn dossier(&self) -> Option<Dossier> {
        let at = |views: &Arc<Views>| Dossier::of(Seen::new(views, self.kept.dossier.as_str()));
        at(&self.new).or_else(|| at(&self.old))
    }
    /// Whether it was not known at the earlier moment.
    async fn is_new(&self) -> bool {
        self.kept.is_new
    }
    /// A page of the changes, by field, then by what they are of; contradictions and what no value shows come last.
    async fn changes(
        &self,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Change>> {
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        let changes = &self.kept.changes;
        let row = Row::numbered(changes.len(), |number: usize| changes.get(number));
        let node = |kept: &Kept| Change::new(&self.old, &self.new, self.kept.dossier.as_str(), kept);
        Ok(page(&row, Total::Known(row.len), &asked, node)?)
    }
}

/// A change.
pub(super) struct Change {
    old: Arc<Views>,
    new: Arc<Views>,
    slug: String,
    kept: Kept,
}

impl Change {
    /// Shows a change of the dossier of this slug between two moments.
    pub(super) fn new(old: &Arc<Views>, new: &Arc<Views>, slug: &str, kept: &Kept) -> Self {
        Self {
            old: Arc::clone(old),
            new: Arc::clone(new),
            slug: slug.to_owned(),
            kept: kept.clone(),
        }
    }

    fn seen(&self, views: &Arc<Views>) -> Seen {
        Seen::new(views, &self.slug)
    }
}

/// One change between two moments.
#[Object]
impl Change {
    /// How.
    async fn kind(&self) -> Word<ChangeKind> {
        Word(self.kept.kind)
    }
    /// The change in one line: "STAGE_DATE BLOCKED: 9 July 2025 (beside: 23 June 2025)".
    async fn summary(&self) -> String {
        self.kept.summary(&self.new)
    }
    /// What the value is of; null for contradictions, and for amendments that no value shows.
    async fn field(&self) -> Option<Word<ValueField>> {
        self.kept.field.map(Word)
    }
    /// Which one of several values of the field; of a contradiction, what competes; of an amendment, the record.
    async fn subject(&self) -> Option<&str> {
        self.kept.subject.as_deref()
    }
    /// The values before.
    async fn before(&self) -> Vec<Value> {
        let is_renamed = self
            .new
            .names
            .namings()
            .next_back()
            .is_some_and(|at| *at > self.old.position());
        let seen = self.seen(&self.old);
        match is_renamed {
            true => Value::renamed(&seen, &self.new, &self.kept.before),
            false => Value::these(&seen, &self.kept.before),
        }
    }
    /// The values after.
    async fn after(&self) -> Vec<Value> {
        Value::these(&self.seen(&self.new), &self.kept.after)
    }
    /// The events that made the change, in the order of recording; none where only more sources became public.
    async fn by(&self) -> Vec<Event> {
        let found = self.kept.by.iter().filter_map(|at| self.new.timeline.recorded(*at));
        found.map(|recorded| Event::new(&self.new, recorded)).collect()
    }
}
