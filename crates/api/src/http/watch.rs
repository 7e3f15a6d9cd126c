use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, ResolveInfo};
use async_graphql::{Response, ServerError, ServerResult, Value};

use super::error::{ErrorCode, coded};
use super::limits::Limits;

/// Values resolved before other work gets its turn: some milliseconds.
const VALUES_PER_TURN: usize = 2048;

/// Watches every field and list item as it is resolved, and does three things that `async-graphql` does not:
///
/// - a nullable place that fails becomes null, with its error beside the data (specification, 6.4.4), where the library
///   nulls the parent (its issues 798 and 1532);
/// - an answer that outgrows [`Limits::values`] is given up;
/// - other requests, and the timeout of this one, get their turn now and then: resolvers that never wait would
///   otherwise keep a thread of the runtime to themselves.
pub(super) struct Watch {
    values_max: usize,
    errors_max: usize,
}

impl Watch {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            values_max: limits.values,
            errors_max: limits.errors,
        }
    }
}

impl ExtensionFactory for Watch {
    fn create(&self) -> Arc<dyn Extension> {
        let Self { values_max, errors_max } = *self;
        Arc::new(Watched {
            values_max,
            errors_max,
            values: AtomicUsize::new(0),
            turn: AtomicUsize::new(0),
            errors: Mutex::default(),
        })
    }
}

/// One execution; for a subscription, one event after the other.
struct Watched {
    values_max: usize,
    errors_max: usize,
    values: AtomicUsize,
    /// Values resolved since the execution was last polled.
    turn: AtomicUsize,
    errors: Mutex<Vec<ServerError>>,
}

impl Watched {
    fn outgrown(&self) -> bool {
        self.values.load(Ordering::Relaxed) > self.values_max
    }

    fn too_large(&self) -> ServerError {
        let message = format!(
            "the answer has more than {} values (limit values): ask for smaller pages",
            self.values_max
        );
        coded(ErrorCode::LimitExceeded, message)
    }

    /// Keeps no more than will be told.
    fn keep(&self, error: ServerError) {
        let mut errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        if errors.len() < self.errors_max {
            errors.push(error);
        }
    }
}

#[async_trait::async_trait]
impl Extension for Watched {
    async fn execute(&self, ctx: &ExtensionContext<'_>, operation: Option<&str>, next: NextExecute<'_>) -> Response {
        self.values.store(0, Ordering::Relaxed);
        let mut running = pin!(next.run(ctx, operation));
        // Fields run side by side in one future, so one that pauses does not stop the rest: past the bound each pauses.
        let mut response = poll_fn(|context| {
            self.turn.store(0, Ordering::Relaxed);
            running.as_mut().poll(context)
        })
        .await;
        if self.outgrown() {
            return Response::from_errors(vec![self.too_large()]);
        }
        response
            .errors
            .append(&mut self.errors.lock().unwrap_or_else(PoisonError::into_inner));
        response
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        if self.values.fetch_add(1, Ordering::Relaxed) >= self.values_max {
            return Err(self.too_large());
        }
        while self.turn.fetch_add(1, Ordering::Relaxed) >= VALUES_PER_TURN {
            tokio::task::yield_now().await;
        }
        let nullable = !info.return_type.ends_with('!');
        match next.run(ctx, info).await {
            Err(error) if nullable && !self.outgrown() => {
                self.keep(error);
                // Not `None`: a list takes that for "no such field" and panics.
                Ok(Some(Value::Null))
            }
            resolved => resolved,
        }
    }
}
