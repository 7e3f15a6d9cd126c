use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::serve::ListenerExt;
use axum::{Extension, Router};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use super::answer::Answer;
use super::endpoint::{Access, Endpoint};
use super::error::ErrorCode;
use super::negotiate::MediaType;
use super::request::Incoming;
use super::{page, respond, site, ws};

/// How long open requests and sockets may take to end once the server is told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Routes: `/graphql` (GET, POST, WebSocket) and the same as `/graphql/ws`, where some clients look for the socket;
/// `/livez`; `/graphiql/` and what it loads; `/` leads to `/graphiql/`. All of them [`guarded`].
pub fn router(endpoint: Endpoint) -> Router {
    let sockets = Arc::new(Semaphore::new(endpoint.limits().sockets.min(Semaphore::MAX_PERMITS)));
    let routes = Router::new()
        .route("/graphql", any(graphql))
        .route("/graphql/ws", any(graphql))
        .route("/livez", get(livez))
        .route("/", get(page::to_page))
        .route("/graphiql", get(page::to_page))
        .route("/graphiql/", get(page::index))
        .route("/graphiql/{*path}", get(page::asset))
        .with_state(Served { endpoint, sockets });
    guarded(routes)
}

/// Puts the checks of `Host` and `Origin` before every route, and the headers against sniffing and leaking on every
/// response. For further routes: `guarded(pages).merge(router(endpoint))`.
pub fn guarded(routes: Router) -> Router {
    routes
        .layer(middleware::from_fn(site::same_site))
        .layer(middleware::from_fn(cautious))
}

/// Serves until `stop` is done, then lets what is open end: sockets are closed with 1001, requests may finish, and
/// after 5 s the rest is dropped.
///
/// # Errors
/// `InvalidInput` if the listener is not on a loopback address (see [`super::loopback_only`]); what accepting gives.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let refused = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
    site::loopback_only(listener.local_addr()?).map_err(refused)?;
    // A small answer is a packet of its own; nothing is gained by holding it back.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!("TCP_NODELAY: {error}");
        }
    });
    let (tell, told) = watch::channel(false);
    let app = router.layer(Extension(Stopping(told.clone())));
    let serving = axum::serve(listener, app).with_graceful_shutdown(Stopping(told).wait());
    let mut serving = std::pin::pin!(serving.into_future());
    tokio::select! {
        ended = &mut serving => return ended,
        () = stop => tell.send_replace(true),
    };
    let ending = async {
        let ended = serving.await;
        tell.closed().await; // the last socket is gone
        ended
    };
    tokio::time::timeout(GRACE, ending).await.unwrap_or_else(|_| {
        tracing::warn!(
            "stopped with requests or sockets still open after {} s",
            GRACE.as_secs()
        );
        Ok(())
    })
}

#[derive(Clone)]
struct Served {
    endpoint: Endpoint,
    sockets: Arc<Semaphore>,
}

/// Tells sockets that the server stops.
#[derive(Clone)]
pub(super) struct Stopping(watch::Receiver<bool>);

impl Stopping {
    /// Done when the server stops, or its `serve` is dropped.
    pub(super) async fn wait(mut self) {
        let _ = self.0.wait_for(|stopping| *stopping).await;
    }
}

/// 200 while all is well; 503 and the reason while nothing can be recorded. Queries are answered all the same.
async fn livez(State(served): State<Served>) -> (StatusCode, String) {
    match served.endpoint.unwell() {
        None => (StatusCode::OK, "ok".to_owned()),
        Some(why) => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("nothing can be recorded: {why}"),
        ),
    }
}

async fn graphql(State(served): State<Served>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    if parts
        .headers
        .get(header::UPGRADE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
    {
        return upgrade(&served, &mut parts).await;
    }
    let Some(media_type) = MediaType::negotiate(&parts.headers) else {
        let message = "this server answers in application/graphql-response+json or application/json";
        return Answer::status(StatusCode::NOT_ACCEPTABLE, ErrorCode::NotAcceptable, message)
            .into_response(MediaType::Json);
    };
    let (incoming, access) = match parts.method {
        Method::GET => (Incoming::from_uri(&parts.uri), Access::Read),
        Method::POST => {
            let body = Incoming::from_body(&parts.headers, body, served.endpoint.limits());
            (body.await, Access::Write)
        }
        Method::OPTIONS => return respond::options(),
        other => return respond::method_not_allowed(&other).into_response(media_type),
    };
    let answer = match incoming {
        Ok(incoming) => served.endpoint.execute(incoming, access).await,
        Err(refused) => refused,
    };
    answer.into_response(media_type)
}

async fn upgrade(served: &Served, parts: &mut Parts) -> Response {
    let stopping = parts.extensions.get::<Stopping>().cloned();
    let limits = served.endpoint.limits();
    let upgrade = match WebSocketUpgrade::from_request_parts(parts, &()).await {
        Ok(upgrade) => upgrade.protocols([ws::PROTOCOL]).max_message_size(limits.message_bytes),
        Err(refused) => return refused.into_response(),
    };
    if upgrade.selected_protocol().is_none() {
        let message = format!("ask for the WebSocket subprotocol {}", ws::PROTOCOL);
        return Answer::status(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message).into_response(MediaType::Json);
    }
    let Ok(place) = Arc::clone(&served.sockets).try_acquire_owned() else {
        let message = format!("{} sockets are open, which is all there may be", limits.sockets);
        let answer = Answer::status(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, message);
        return answer.into_response(MediaType::Json);
    };
    let endpoint = served.endpoint.clone();
    upgrade
        .max_frame_size(limits.message_bytes)
        .on_upgrade(async move |socket| {
            ws::converse(socket, endpoint, stopping).await;
            drop(place);
        })
}

/// Headers of every response.
async fn cautious(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
