//! The moment that the fields of a root look at.

use super::day::Day;
use async_graphql::{Context, Result};
use chrono::NaiveDate;
use rapporteur_desk::Desk;
use rapporteur_views::Views;
use std::sync::Arc;

/// The moment that the fields of a root look at: the one that the operation sees, or another.
#[derive(Default, Clone)]
pub(super) struct At(Option<Arc<Views>>);

impl At {
    /// The moment that these views show.
    pub(super) fn of(views: &Arc<Views>) -> Self {
        Self(Some(Arc::clone(views)))
    }

    /// The views of it.
    pub(super) fn views<'a>(&'a self, ctx: &Context<'a>) -> Result<&'a Arc<Views>> {
        match &self.0 {
            Some(views) => Ok(views),
            None => ctx.data::<Arc<Views>>(),
        }
    }

    /// The day asked for; else the day that it was at this moment where the desk is.
    pub(super) fn day(&self, ctx: &Context<'_>, asked: Option<Day>) -> Result<NaiveDate> {
        match asked {
            Some(day) => Ok(day.0),
            None => Ok(ctx.data::<Desk>()?.day_of(self.views(ctx)?)),
        }
    }
}
