//! The history of a dossier: who recorded what of it when, and what that changed.

use super::changes::Change;
use super::entry::Event;
use super::page::{Asked, Page, Total, page};
use super::place::Logged;
use super::row::Row;
use super::seen::Seen;
use super::travel::blocking;
use crate::http::ApiError;
use async_graphql::Object;
use chrono::{DateTime, Utc};
use rapporteur_desk::dossier_history::{Bearing, Step as Kept, Walk};
use rapporteur_views::Views;
use std::cell::RefCell;
use std::sync::Arc;

/// A step of a dossier's history.
pub(super) struct Step {
    views: Arc<Views>,
    kept: Kept,
}

impl Step {
    /// A page of the steps of a dossier, the first recorded first, folded on a thread that may block. Only those of the page
    /// are folded one by one; each costs a look at every value of the dossier.
    ///
    /// # Errors
    /// The page is none.
    pub(super) async fn of(seen: &Seen, asked: Asked) -> Result<Page<Self>, ApiError> {
        let seen = seen.clone();
        blocking(move || Self::folded(&seen, &asked)).await?
    }

    fn folded(seen: &Seen, asked: &Asked) -> Result<Page<Self>, ApiError> {
        let bearing = Bearing::on(&seen.views, &seen.slug);
        let row = Row {
            len: bearing.steps.len(),
            at: |number: usize| Some(Logged::at(*bearing.steps.get(number)?)),
            item: |number: usize| bearing.steps.get(number).copied(),
        };
        let walk = RefCell::new(Walk::along(&seen.views, &seen.slug, &bearing));
        page(&row, Total::Known(row.len), asked, |position| Self {
            views: Arc::clone(&seen.views),
            kept: walk.borrow_mut().step(position),
        })
    }
}

/// One event of a dossier's history, and what it changed.
#[Object(name = "HistoryStep")]
impl Step {
    /// The event.
    async fn event(&self) -> Option<Event> {
        let recorded = self.views.timeline.recorded(self.kept.position)?;
        Some(Event::new(&self.views, recorded))
    }
    /// Its position.
    async fn position(&self) -> u64 {
        self.kept.position
    }
    /// When it was recorded.
    async fn recorded_at(&self) -> Option<DateTime<Utc>> {
        Some(self.views.timeline.recorded(self.kept.position)?.header.recorded_at)
    }
    /// Who recorded it.
    async fn recorder(&self) -> Option<&str> {
        Some(&self.views.timeline.recorded(self.kept.position)?.header.recorder)
    }
    /// The values that it changed, with what was shown before and after; none where it tells what
    /// no value shows.
    async fn changes(&self) -> Vec<Change> {
        let (old, new) = (&self.kept.before, &self.kept.after);
        let changes = self.kept.changes.iter();
        changes
            .map(|kept| Change::new(old, new, &self.kept.slug, kept))
            .collect()
    }
}
