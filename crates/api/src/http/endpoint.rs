use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::Context;

use async_graphql::parser::types::OperationType;
use async_graphql::{
    ObjectType, Request, Response, Schema, SchemaBuilder, ServerError, SubscriptionType, Tally, ValidationMode,
};
use axum::http::StatusCode;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};

use super::admit::{Admission, Admitted};
use super::answer::Answer;
use super::error::{ErrorCode, coded};
use super::limits::Limits;
use super::request::Incoming;

/// Completes a request just before it runs, e.g. with a snapshot of the read models in its data. Called once for each
/// operation: a subscription keeps what it got when it began.
pub type Prepare = Arc<dyn Fn(Request) -> Request + Send + Sync>;

/// A GraphQL service: documents in, answers out, whatever carries them. Cheap to clone.
#[derive(Clone)]
pub struct Endpoint {
    inner: Arc<Inner>,
}

struct Inner {
    schema: Box<dyn Run>,
    sdl: String,
    admission: Admission,
    prepare: Prepare,
    unwell: Unwell,
}

/// Says why the server cannot do all of its work; nothing while it can.
type Unwell = Arc<dyn Fn() -> Option<String> + Send + Sync>;

/// What the carrier of a request allows it to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// HTTP GET: queries only, as a link or an image may have sent it.
    Read,
    /// HTTP POST: queries and mutations.
    Write,
}

/// Why a schema cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The types do not make a valid GraphQL schema; the text lists every fault.
    #[error("the schema of the resolvers is not valid GraphQL; fix the types it names:\n{0}")]
    InvalidSchema(String),
}

impl Endpoint {
    /// Takes the builder and not the schema, since the endpoint sets what it relies on: no second validation,
    /// nulls where a nullable field fails, no suggestions of names. `prepare` gives each request what its resolvers
    /// need; `unwell` says why not all work can be done, while that is so.
    ///
    /// # Errors
    /// [`EndpointError::InvalidSchema`].
    pub fn new<Q, M, S>(
        builder: SchemaBuilder<Q, M, S>,
        limits: Limits,
        prepare: impl Fn(Request) -> Request + Send + Sync + 'static,
        unwell: impl Fn() -> Option<String> + Send + Sync + 'static,
    ) -> Result<Self, EndpointError>
    where
        Q: ObjectType + 'static,
        M: ObjectType + 'static,
        S: SubscriptionType + 'static,
    {
        let levels = usize::try_from(limits.levels).unwrap_or(usize::MAX);
        let schema = builder
            .validation_mode(ValidationMode::Fast)
            .limit_recursive_depth(levels)
            .disable_suggestions()
            .finish();
        let sdl = schema.sdl();
        let admission = Admission::new(&sdl, limits)?;
        Ok(Self {
            inner: Arc::new(Inner {
                schema: Box::new(schema),
                sdl,
                admission,
                prepare: Arc::new(prepare),
                unwell: Arc::new(unwell),
            }),
        })
    }

    /// The schema in its definition language.
    pub fn sdl(&self) -> &str {
        &self.inner.sdl
    }

    /// Why not all work can be done; `None` while all is well.
    pub fn unwell(&self) -> Option<String> {
        (self.inner.unwell)()
    }

    /// The bounds in force.
    pub fn limits(&self) -> &Limits {
        self.inner.admission.limits()
    }

    /// Runs a query or a mutation, for at most [`Limits::request_timeout`]. A subscription is refused.
    pub async fn execute(&self, incoming: Incoming, access: Access) -> Answer {
        match self.inner.admission.admit(incoming) {
            Ok(Admitted {
                kind: OperationType::Mutation,
                ..
            }) if access == Access::Read => Answer::status(
                StatusCode::METHOD_NOT_ALLOWED,
                ErrorCode::MethodNotAllowed,
                "GET runs queries only: send a mutation with POST",
            ),
            Ok(Admitted {
                kind: OperationType::Subscription,
                ..
            }) => Answer::status(
                StatusCode::METHOD_NOT_ALLOWED,
                ErrorCode::MethodNotAllowed,
                "subscriptions need a WebSocket at this same path, with the subprotocol graphql-transport-ws",
            ),
            Ok(admitted) => self.run(admitted.request).await,
            Err(refused) => refused,
        }
    }

    /// Runs any operation; a query or a mutation gives one answer.
    pub fn stream(&self, incoming: Incoming) -> BoxStream<'static, Answer> {
        let endpoint = self.clone();
        match self.inner.admission.admit(incoming) {
            Err(refused) => stream::once(async { refused }).boxed(),
            Ok(Admitted {
                request,
                kind: OperationType::Subscription,
            }) => {
                let errors_max = self.limits().errors;
                let events = AssertUnwindSafe(stream::once(async move { endpoint.subscribe(request) }).flatten());
                events
                    .catch_unwind()
                    .map(move |event| match event {
                        Ok(response) => Answer::executed(response, errors_max),
                        Err(panic) => fault(panic.as_ref()),
                    })
                    .boxed()
            }
            Ok(admitted) => stream::once(async move { endpoint.run(admitted.request).await }).boxed(),
        }
    }

    fn subscribe(&self, request: Request) -> BoxStream<'static, Response> {
        let (request, tally) = self.prepared(request);
        let mut events = self.inner.schema.stream(request);
        let next = move |context: &mut Context<'_>| {
            tally.begin_turn();
            let polled = events.poll_next_unpin(context);
            polled.map(|event| {
                let event = event.map(|event| whole(event, &tally));
                tally.begin();
                event
            })
        };
        stream::poll_fn(next).boxed()
    }

    async fn run(&self, request: Request) -> Answer {
        let running = async {
            let (request, tally) = self.prepared(request);
            let mut running = self.inner.schema.execute(request);
            let response = poll_fn(|context| {
                tally.begin_turn();
                running.as_mut().poll(context)
            });
            whole(response.await, &tally)
        };
        self.bounded(running).await
    }

    /// The request with all that its resolvers need, and the count of its values.
    fn prepared(&self, request: Request) -> (Request, Arc<Tally>) {
        let limits = self.limits();
        let tally = Arc::new(Tally::new(limits.values, limits.errors, too_large));
        ((self.inner.prepare)(request).data(Arc::clone(&tally)), tally)
    }

    async fn bounded(&self, running: impl Future<Output = Response>) -> Answer {
        let limits = self.limits();
        match tokio::time::timeout(limits.request_timeout, AssertUnwindSafe(running).catch_unwind()).await {
            Ok(Ok(response)) => Answer::executed(response, limits.errors),
            Ok(Err(panic)) => fault(panic.as_ref()),
            Err(_) => Answer::status(
                StatusCode::SERVICE_UNAVAILABLE,
                ErrorCode::Timeout,
                format!(
                    "not done within {} s and given up: ask for less; a mutation may have been recorded all the same, \
                     so repeat it with the same idempotencyKey",
                    limits.request_timeout.as_secs()
                ),
            ),
        }
    }
}

/// The response, unless it outgrew its bound: a part of an answer is none.
fn whole(response: Response, tally: &Tally) -> Response {
    match tally.outgrown() {
        Some(error) => Response::from_errors(vec![error]),
        None => response,
    }
}

fn too_large(values_max: usize) -> ServerError {
    let message = format!("the answer has more than {values_max} values (limit values): ask for smaller pages");
    coded(ErrorCode::LimitExceeded, message)
}

/// A resolver panicked: a defect of ours, which must not take the connection with it.
fn fault(panic: &(dyn Any + Send)) -> Answer {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!("a resolver panicked: {}", text.unwrap_or("no text"));
    Answer::status(
        StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::Internal,
        "something failed on the server's side; its log says what",
    )
}

/// A schema whose types are forgotten, so that nothing else here needs type parameters.
trait Run: Send + Sync {
    fn execute(&self, request: Request) -> BoxFuture<'_, Response>;
    fn stream(&self, request: Request) -> BoxStream<'static, Response>;
}

impl<Q, M, S> Run for Schema<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    fn execute(&self, request: Request) -> BoxFuture<'_, Response> {
        Schema::execute(self, request).boxed()
    }

    fn stream(&self, request: Request) -> BoxStream<'static, Response> {
        self.execute_stream(request)
    }
}
