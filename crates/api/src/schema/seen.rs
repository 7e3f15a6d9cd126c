//! A dossier as of a moment, and the pages that every kind of dossier has.

use super::amendment::{Amendment, corrections_in};
use super::claim::Claim;
use super::contradiction::Contradiction;
use super::entry::{Entry, Link};
use super::flag::Flag;
use super::issue::Position;
use super::lead::Lead;
use super::page::{Asked, Page, Total, page};
use super::place::Logged;
use super::row::{Row, named};
use crate::http::ApiError;
use async_graphql::{ID, OutputType};
use imbl::Vector;
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_views::Views;
use rapporteur_views::timeline::DossierMark;
use rapporteur_views::told::Told;
use std::sync::Arc;

/// A dossier's slug and the moment as of which it is looked at.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) views: Arc<Views>,
    pub(super) slug: Arc<str>,
}

impl Seen {
    /// The dossier called `slug`, now or formerly, as of `views`.
    pub(super) fn new(views: &Arc<Views>, slug: &str) -> Self {
        let slug = views.names.moved().slug(slug).map_or(slug, Slug::as_str);
        Self {
            views: Arc::clone(views),
            slug: slug.into(),
        }
    }

    /// Its place in the log.
    pub(super) fn mark(&self) -> Option<DossierMark> {
        self.views.timeline.dossier(&self.slug).map(|(_, mark)| *mark)
    }

    /// Its global id.
    pub(super) fn id(&self, kind: DossierKind) -> ID {
        super::node::dossier_id(&self.views, kind, &self.slug)
    }

    /// The title that it was given last; the one it was opened with where it was given no other.
    pub(super) fn titled(&self, opened: impl FnOnce() -> String) -> String {
        let given = self.views.names.titles(&self.slug).next_back();
        given.map_or_else(opened, |told| told.fact.title.to_string())
    }

    /// A page of the flags raised about it, the first recorded first.
    pub(super) fn flags(&self, asked: &Asked) -> Result<Page<Flag>, ApiError> {
        let places = self.views.flags.places_about(&self.slug);
        let row = Row {
            len: places.map_or(0, Vector::len),
            at: |number| {
                let (position, number) = *places?.get(number)?;
                Some(Logged::numbered(position, number))
            },
            item: |number| self.views.flags.get(*places?.get(number)?),
        };
        page(&row, Total::Known(row.len), asked, |flag| Flag::new(&self.views, flag))
    }

    /// A page of the links that start or end at it or at anything in it, the first recorded first.
    pub(super) fn links(&self, asked: &Asked) -> Result<Page<Link>, ApiError> {
        let told = self.views.links.of_dossier(&self.slug);
        self.told(told, asked, |told| Link::new(&self.views, told))
    }

    /// A page of the positions on it or on anything in it, the first recorded first.
    pub(super) fn positions(&self, asked: &Asked) -> Result<Page<Position>, ApiError> {
        let told = self.views.issues.row_of_positions(&self.slug);
        self.told(told, asked, |told| Position::new(self, told))
    }

    /// A page of what was told of it, each by an event of its own.
    fn told<T, N: OutputType>(
        &self,
        told: Option<&Vector<Told<T>>>,
        asked: &Asked,
        node: impl Fn(&Told<T>) -> N,
    ) -> Result<Page<N>, ApiError> {
        let row = Row {
            len: told.map_or(0, Vector::len),
            at: |number| Some(Logged::at(told?.get(number)?.position)),
            item: |number| told?.get(number),
        };
        page(&row, Total::Known(row.len), asked, node)
    }

    /// A page of the claims about it or about anything in it, the first recorded first.
    pub(super) fn claims(&self, asked: &Asked) -> Result<Page<Claim>, ApiError> {
        let claims = &self.views.claims;
        let slugs = claims.slugs_about(&self.slug);
        let row = Row {
            len: slugs.map_or(0, Vector::len),
            at: |number| Some(Logged::at(claims.get(slugs?.get(number)?.as_str())?.position())),
            item: |number| Claim::of(Self::new(&self.views, slugs?.get(number)?.as_str())),
        };
        page(&row, Total::Known(row.len), asked, |claim| claim)
    }

    /// A page of the leads of which it was made, by slug.
    pub(super) fn leads(&self, asked: &Asked) -> Result<Page<Lead>, ApiError> {
        named(&self.views, self.views.leads.behind(&self.slug), asked, Lead::of)
    }

    /// A page of the values that compete about it.
    pub(super) fn contradictions(&self, asked: &Asked) -> Result<Page<Contradiction>, ApiError> {
        Contradiction::of(self, asked)
    }

    /// A page of the amendments of what is recorded in it, the first recorded first.
    pub(super) fn corrections(&self, asked: &Asked) -> Result<Page<Amendment>, ApiError> {
        corrections_in(self, asked)
    }

    /// A page of its events, the first recorded first.
    pub(super) fn entries(&self, asked: &Asked) -> Result<Page<Entry>, ApiError> {
        let (views, slug) = (Arc::clone(&self.views), Arc::clone(&self.slug));
        let total = Total::counted(move || views.timeline.count_of(&slug));
        let positions = self.views.timeline.positions_of(&self.slug);
        let row = Row {
            len: positions.map_or(0, Vector::len),
            at: |number| Some(Logged::at(*positions?.get(number)?)),
            item: |number| self.views.timeline.entry(*positions?.get(number)?),
        };
        page(&row, total, asked, |line| Entry::new(&self.views, line))
    }
}
