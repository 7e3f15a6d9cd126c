//! `/export.ndjson`: everything that is recorded, or was recorded or public at a moment, as `rapporteur export` writes it; or a
//! part of it (`?after=…&until=…`), as a backup takes it.

use crate::http::guarded;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::extract::rejection::QueryRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use rapporteur_desk::Desk;
use rapporteur_desk::desk::chain;
use rapporteur_desk::export::Exported;
use rapporteur_views::moment::{Asked, NoMoment};
use std::io;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

/// How many exports may be under way at once: each reads the whole log.
const AT_ONCE: usize = 4;

/// The route `/export.ndjson`, with the same checks as every other route. The answer is read from the log as the client
/// takes it, up to the head at which it began. An answer that broke off has no closing record.
pub fn exports(desk: Desk) -> Router {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    guarded(
        Router::new()
            .route("/export.ndjson", get(export))
            .with_state(Exports { desk, places }),
    )
}

#[derive(Clone)]
struct Exports {
    desk: Desk,
    places: Arc<Semaphore>,
}

/// What may be asked for.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Query {
    /// As of when, as `--as-of` takes it.
    as_of: Option<String>,
    /// A part: the events after this position.
    after: Option<u64>,
    /// The last position of the part; the log's end if left out.
    until: Option<u64>,
}

async fn export(
    State(exports): State<Exports>,
    query: Result<axum::extract::Query<Query>, QueryRejection>,
) -> Response {
    let query = match query {
        Ok(axum::extract::Query(query)) => query,
        Err(error) => {
            return told(
                StatusCode::BAD_REQUEST,
                format!("{}; `asOf` may be given, or `after` and `until`\n", error.body_text()),
            );
        }
    };
    let part = (query.after.is_some() || query.until.is_some()).then(|| (query.after.unwrap_or_default(), query.until));
    if part.is_some() && query.as_of.is_some() {
        let text = "`asOf` goes without `after` and `until`: a part is one of the whole log\n".to_owned();
        return told(StatusCode::BAD_REQUEST, text);
    }
    let asked: Option<Asked> = match query.as_of.map(|text| text.parse()).transpose() {
        Ok(asked) => asked,
        Err(error) => {
            let error: NoMoment = error;
            return told(StatusCode::BAD_REQUEST, format!("`asOf`: {error}\n"));
        }
    };
    let Ok(place) = Arc::clone(&exports.places).try_acquire_owned() else {
        let text = format!("{AT_ONCE} exports are under way, which is all there may be; try again in a moment\n");
        return told(StatusCode::SERVICE_UNAVAILABLE, text);
    };
    let desk = exports.desk;
    let begun = spawn_blocking(move || match (asked, part) {
        (_, Some((after, until))) => desk
            .export_part(after, until)
            .map(Exported::Log)
            .map_err(|error| (StatusCode::BAD_REQUEST, format!("{}\n", chain(&error)))),
        (Some(asked), None) => desk
            .export_as_of(&asked)
            .map_err(|beyond| (StatusCode::BAD_REQUEST, format!("{beyond}\n"))),
        (None, None) => desk.export().map(Exported::Log).map_err(|error| {
            let text = format!("the log cannot be exported: {}\n", chain(&error));
            (StatusCode::INTERNAL_SERVER_ERROR, text)
        }),
    });
    let export = match begun.await {
        Ok(Ok(export)) => export,
        Ok(Err((status, text))) => return told(status, text),
        Err(error) => return told(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")),
    };
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-ndjson; charset=utf-8"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"rapporteur-export.ndjson\""),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, pages(export, place)).into_response()
}

/// The export's pages, each read in a thread where that may block.
fn pages(export: Exported, place: OwnedSemaphorePermit) -> Body {
    let pages = stream::try_unfold((export, place), async |(mut export, place)| {
        let read = spawn_blocking(move || (export.next().transpose(), export)).await;
        let (page, export) = read.map_err(io::Error::other)?;
        let page = page.map_err(|error| {
            let why = chain(&error);
            tracing::error!("an export broke off after position {}: {why}", export.done());
            io::Error::other(why)
        })?;
        Ok::<_, io::Error>(page.map(|page| (page, (export, place))))
    });
    Body::from_stream(pages)
}

fn told(status: StatusCode, text: String) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, text).into_response()
}
