//! The subscription root.

use super::entry::Event;
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Context, Result, Subscription};
use futures_util::Stream;
use futures_util::stream::unfold;
use rapporteur_desk::Desk;

/// The subscription root.
pub(super) struct Live;

/// What happens from now on.
#[Subscription(name = "Subscription")]
impl Live {
    /// Every event after a position, as soon as it is durable, without a gap or a repeat. After a break, ask again with
    /// `after` set to the last position that arrived.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Give every event after this position, 0 for all; left out: only what is recorded from now on."
        )]
        after: Option<u64>,
    ) -> Result<impl Stream<Item = Event> + use<>> {
        let desk = ctx.data::<Desk>()?.clone();
        let views = desk.views();
        let after = after.unwrap_or(views.position());
        if after > views.position() {
            let message = format!("`after` is {after}, and the log ends at {}", views.position());
            return Err(ApiError::new(ErrorCode::BadUserInput, message).into());
        }
        Ok(unfold((desk, after), next))
    }
}

/// The event after position `last`, waiting for it if need be; each as of the present, as something may have been redacted
/// since the one before.
async fn next((desk, last): (Desk, u64)) -> Option<(Event, (Desk, u64))> {
    let position = last + 1;
    loop {
        let grown = desk.grown();
        let views = desk.views();
        if let Some(recorded) = views.timeline.recorded(position) {
            let event = Event::new(&views, recorded);
            return Some((event, (desk, position)));
        }
        if views.position() < position {
            grown.await;
        }
    }
}
