//! Permalinks: what one showed, rebuilt.

use super::entry::Event;
use super::seen::Seen;
use super::travel::views_at;
use super::value::Value;
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Context, Object, Result, SimpleObject};
use rapporteur_views::Views;
use rapporteur_views::permalink::{Broken, Permalink, Target};
use std::sync::Arc;

/// The query root's way to what a permalink showed.
#[derive(Default)]
pub(super) struct Links;

/// What a permalink showed, rebuilt from the log.
#[derive(SimpleObject)]
pub(super) struct Permalinked {
    /// Whether the log is the one that the link was made from, and shows what the link showed.
    holds: bool,
    /// Why not; null where it holds.
    reason: Option<String>,
    /// The values, as of the moment of the link; empty where it does not hold, and for an event.
    values: Vec<Value>,
    /// The event that it leads to, or the last one that was known.
    event: Option<Event>,
}

#[Object]
impl Links {
    /// What a permalink showed: rebuilt as of the position that it pins, from a log with the hash that it pins. The chain of
    /// hashes on disk is for `rapporteur verify --permalink`.
    async fn permalink(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link, with or without an address before it.")] link: String,
    ) -> Result<Permalinked> {
        let read: Permalink = link.parse().map_err(|none: rapporteur_views::permalink::NoPermalink| {
            ApiError::new(ErrorCode::BadUserInput, none.to_string())
        })?;
        let present = Arc::clone(ctx.data::<Arc<Views>>()?);
        if let Err(broken) = read.belongs(&present) {
            return Ok(Permalinked::broken(&broken));
        }
        let recorded = present.timeline.recorded(read.position);
        let event = recorded.map(|recorded| Event::new(&present, recorded));
        let Target::Shown(shown) = &read.to else {
            return Ok(Permalinked {
                holds: true,
                reason: None,
                values: Vec::new(),
                event,
            });
        };
        let then = views_at(ctx, read.moment()).await?;
        Ok(match read.rebuilt(&then, &present) {
            Ok(values) => {
                let seen = Seen::new(&then, &shown.slug);
                Permalinked {
                    holds: true,
                    reason: None,
                    values: Value::these(&seen, &values),
                    event,
                }
            }
            Err(broken) => Permalinked {
                event,
                ..Permalinked::broken(&broken)
            },
        })
    }
}

impl Permalinked {
    fn broken(broken: &Broken) -> Self {
        Self {
            holds: false,
            reason: Some(broken.to_string()),
            values: Vec::new(),
            event: None,
        }
    }
}
