//! The counterfactual: every answer as if commands had been recorded, and nothing written.

use super::mutation::{RECORDER, Raw, proposals};
use super::outcome::BatchResult;
use super::travel::{AsOf, Looked, blocking};
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Context, Object, Result, SimpleObject};
use rapporteur_desk::{Desk, DeskError};
use rapporteur_views::Views;
use serde_json::Value;
use std::sync::Arc;

/// The query root's way to what is not so.
#[derive(Default)]
pub(super) struct Suppose;

/// What would be if commands were recorded.
#[derive(SimpleObject)]
pub(super) struct WhatIf {
    /// What would become of the commands. Positions, versions and hashes are those that they would get if they were recorded
    /// next; an event's hash is another each time, for its payload is salted.
    result: BatchResult,
    /// The fields of the root with the commands recorded, on top of the present; null where they would not be. `search` looks
    /// only at what is recorded.
    then: Option<AsOf>,
}

#[Object]
impl Suppose {
    /// Every answer as if these commands had been recorded, all or nothing. Nothing is written, and idempotency keys are not
    /// used up.
    async fn what_if(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The commands, in order, as in the mutation `record`. At most 1,000.")] commands: Vec<Raw>,
    ) -> Result<WhatIf> {
        let desk = ctx.data::<Desk>()?;
        let given = commands.into_iter().map(|Raw(command)| command).collect();
        let proposals = match proposals(desk, Value::Array(given)) {
            Ok(proposals) => proposals,
            Err(refusal) => {
                let result = BatchResult::refused(vec![refusal]);
                return Ok(WhatIf { result, then: None });
            }
        };
        Looked::once_more(ctx).await?;
        let supposition = desk.suppose(proposals, RECORDER).await.map_err(unanswered)?;
        let supposed = blocking(move || supposition.folded()).await?.map_err(unanswered)?;
        let present = ctx.data::<Arc<Views>>()?;
        Ok(WhatIf {
            result: BatchResult::of(supposed.views.as_ref().unwrap_or(present), supposed.outcome),
            then: supposed.views.as_ref().map(AsOf::new),
        })
    }
}

/// A failure of the desk: what the caller can act on is told, the rest is logged.
fn unanswered(error: DeskError) -> ApiError {
    match &error {
        DeskError::Busy | DeskError::Behind(_) => {
            ApiError::new(ErrorCode::Unavailable, error.to_string()).with_cause(error)
        }
        _ => ApiError::internal(error),
    }
}
