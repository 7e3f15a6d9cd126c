//! Values that compete, side by side.

use super::data::Data;
use super::date::DateOut;
use super::entry::{Entry, Link};
use super::filter::one_of;
use super::page::{Asked, Page, Total, page};
use super::party::Party;
use super::place::Lettered;
use super::reference::Reference;
use super::seen::Seen;
use super::words::Word;
use crate::http::{ApiError, ErrorCode};
use async_graphql::{InputObject, Object};
use rapporteur_domain::common::Quantity;
use rapporteur_domain::evidence::Citation;
use rapporteur_views::Views;
use rapporteur_views::contradictions::{Competing, Contradiction as Kept, ContradictionKind, all, of_dossier};
use rapporteur_views::origins::origins;
use rapporteur_views::track::{Claimant as KeptClaimant, ClaimantKind, claimants};
use std::sync::Arc;

/// Which contradictions to show; what is left out, or empty, does not filter.
#[derive(InputObject, Default)]
pub(super) struct ContradictionFilter {
    /// Those about this dossier or record, as a slug or a reference: `eu-ru-18`, `us-plan/20#20-read-out`. Of a dossier: also
    /// those of its records, and of the claims about it.
    about: Option<String>,
    /// Values that compete for one of these reasons.
    kinds: Option<Vec<Word<ContradictionKind>>>,
}

/// Values that compete.
#[derive(Clone)]
pub(super) struct Contradiction {
    views: Arc<Views>,
    kept: Arc<Kept>,
}

impl Contradiction {
    /// A page of those that pass a filter, by kind, then by what they are about.
    ///
    /// # Errors
    /// What they are to be about is not recorded, or the page is none.
    pub(super) fn passing(
        views: &Arc<Views>,
        filter: &ContradictionFilter,
        asked: &Asked,
    ) -> Result<Page<Self>, ApiError> {
        let found = match filter.about.as_deref() {
            None => all(views),
            Some(reference) => about(views, reference)?,
        };
        Self::shown(views, found, filter.kinds.as_deref(), asked)
    }

    /// A page of those of a dossier.
    ///
    /// # Errors
    /// The page is none.
    pub(super) fn of(seen: &Seen, asked: &Asked) -> Result<Page<Self>, ApiError> {
        Self::shown(&seen.views, of_dossier(&seen.views, &seen.slug), None, asked)
    }

    fn shown(
        views: &Arc<Views>,
        found: Vec<Kept>,
        kinds: Option<&[Word<ContradictionKind>]>,
        asked: &Asked,
    ) -> Result<Page<Self>, ApiError> {
        let wanted = found.into_iter().filter(|kept| one_of(kinds, kept.kind));
        let rows: Vec<(Lettered, Self)> = wanted
            .map(|kept| {
                let place = Lettered(format!("{}:{}", kept.kind as u8, kept.key));
                let views = Arc::clone(views);
                (
                    place,
                    Self {
                        views,
                        kept: Arc::new(kept),
                    },
                )
            })
            .collect();
        page(&rows, Total::Known(rows.len()), asked, |it| it)
    }
}

/// The contradictions about a dossier or a record in it, by its reference of today.
fn about(views: &Views, reference: &str) -> Result<Vec<Kept>, ApiError> {
    let today = views.names.moved().reference(reference);
    let reference = today.as_deref().unwrap_or(reference);
    let dossier = reference.split(['/', '#']).next().unwrap_or(reference);
    if views.timeline.dossier(dossier).is_none() {
        let shown: String = reference.chars().take(80).collect();
        let message = format!("where.about: no dossier or record `{shown}` is recorded");
        return Err(ApiError::new(ErrorCode::BadUserInput, message));
    }
    let mut found = of_dossier(views, dossier);
    if dossier != reference {
        found.retain(|kept| kept.concerns(reference));
    }
    Ok(found)
}

/// Values that compete for one thing, side by side: they are never merged, and none is preferred.
#[Object]
impl Contradiction {
    /// What makes them compete.
    async fn kind(&self) -> Word<ContradictionKind> {
        Word(self.kept.kind)
    }
    /// What they are about: a record or dossier; several where records of several are linked.
    async fn about(&self) -> Vec<Reference> {
        let about = self.kept.about.iter();
        about
            .map(|record| Reference::new(&self.views, record.as_str()))
            .collect()
    }
    /// What of it is in question: "number", "adopted", "vessels added"; null between linked records.
    async fn what(&self) -> Option<&str> {
        self.kept.what.as_deref()
    }
    /// The values, in the order of recording: each cannot stand beside at least one of the others.
    async fn values(&self) -> Vec<CompetingValue> {
        let value = |at| CompetingValue {
            views: Arc::clone(&self.views),
            kept: Arc::clone(&self.kept),
            at,
        };
        (0..self.kept.values.len()).map(value).collect()
    }
    /// The links that say so, the first recorded first: which record contradicts which.
    async fn links(&self) -> Vec<Link> {
        self.kept
            .links
            .iter()
            .map(|told| Link::new(&self.views, told))
            .collect()
    }
    /// How the desk reads them, in our words.
    async fn resolution(&self) -> Option<&str> {
        self.kept.resolution.as_deref()
    }
    /// The outlets from which all citations come: pages that repeat an outlet are that outlet, a publisher counts once.
    async fn origins(&self) -> Vec<&str> {
        origins(&self.views, self.kept.citations())
    }
    /// How many they are.
    async fn independent_origins(&self) -> usize {
        origins(&self.views, self.kept.citations()).len()
    }
}

/// One of several values that compete.
pub(super) struct CompetingValue {
    views: Arc<Views>,
    kept: Arc<Kept>,
    at: usize,
}

impl CompetingValue {
    fn kept(&self) -> Option<&Competing> {
        self.kept.values.get(self.at)
    }

    fn cited(&self) -> &[Citation] {
        self.kept().map_or(&[], |value| &value.citations)
    }
}

/// One of several values that compete.
#[Object]
impl CompetingValue {
    /// The value, as it is given; for a record: what it says, in our words.
    async fn value(&self) -> &str {
        self.kept().map_or("", |value| &value.value)
    }
    /// The date that it is, or that the record bears.
    async fn dated(&self) -> Option<DateOut> {
        self.kept()?.date.as_ref().map(DateOut::new)
    }
    /// The numbers in it.
    async fn quantities(&self) -> Vec<Data<Quantity>> {
        Data::all(&self.views, self.kept().map_or(&[], |value| &value.quantities))
    }
    /// The record that gives it, where that is one of its own.
    async fn record(&self) -> Option<Reference> {
        let record = self.kept()?.record.as_ref()?;
        Some(Reference::new(&self.views, record.as_str()))
    }
    /// Who gives it: the speakers to whom sources ascribe it, and the outlets that ascribe it to nobody.
    async fn claimants(&self) -> Vec<Claimant> {
        let found = claimants(&self.views, self.cited()).into_iter();
        found.map(|kept| Claimant::new(&self.views, kept)).collect()
    }
    /// Where it is said.
    async fn citations(&self) -> Vec<Data<Citation>> {
        Data::all(&self.views, self.cited())
    }
    /// The outlets from which its citations come: pages that repeat an outlet are that outlet, a publisher counts once.
    async fn origins(&self) -> Vec<&str> {
        origins(&self.views, self.cited().iter())
    }
    /// How many they are. Outlets that repeat one another without saying so count apart.
    async fn independent_origins(&self) -> usize {
        origins(&self.views, self.cited().iter()).len()
    }
    /// The entries that give it, the first recorded first.
    async fn entries(&self) -> Vec<Entry> {
        let positions = self.kept().into_iter().flat_map(|value| &value.positions);
        let lines = positions.filter_map(|position| self.views.timeline.entry(*position));
        lines.map(|line| Entry::new(&self.views, line)).collect()
    }
}

/// Who says something.
pub(super) struct Claimant {
    views: Arc<Views>,
    kept: KeptClaimant,
}

impl Claimant {
    /// Shows who says something.
    pub(super) fn new(views: &Arc<Views>, kept: KeptClaimant) -> Self {
        Self {
            views: Arc::clone(views),
            kept,
        }
    }
}

/// Who says something: a speaker, or the outlet that says it itself.
#[Object]
impl Claimant {
    /// What kind of claimant it is.
    async fn kind(&self) -> Word<ClaimantKind> {
        Word(self.kept.kind)
    }
    /// The claimant's name; of whom an outlet does not name: the outlet's.
    async fn name(&self) -> String {
        let party = self.views.parties.get(&self.kept.name);
        match party.filter(|_| self.kept.kind == ClaimantKind::Party) {
            Some(party) => party.registered.fact.name.to_string(),
            None => self.kept.name.clone(),
        }
    }
    /// The claimant, where it is a recorded party.
    async fn party(&self) -> Option<Party> {
        match self.kept.kind {
            ClaimantKind::Party => Party::of(Seen::new(&self.views, &self.kept.name)),
            _ => None,
        }
    }
}
