//! `/at/…` and `/event/…`: what a permalink showed, rebuilt, as plain text.

use crate::http::guarded;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rapporteur_desk::Desk;
use rapporteur_views::Views;
use rapporteur_views::permalink::{Broken, Permalink, Target};
use rapporteur_views::values::{Part, Value};
use std::fmt::Write;
use tokio::task::spawn_blocking;

const HOLDS: &str = "\nThis link holds: the log has the history that it was made from.\n";

/// The routes of permalinks, with the same checks as every other route. 200 where a link holds, 409 with the reason where it
/// does not, 404 where it is none.
pub fn permalinks(desk: Desk) -> Router {
    guarded(
        Router::new()
            .route("/at/{*rest}", get(shown))
            .route("/event/{*rest}", get(shown))
            .with_state(desk),
    )
}

async fn shown(State(desk): State<Desk>, uri: Uri) -> Response {
    let path = uri.path_and_query().map_or(uri.path(), |both| both.as_str());
    let link: Permalink = match path.parse() {
        Ok(link) => link,
        Err(none) => return told(StatusCode::NOT_FOUND, format!("{none}\n")),
    };
    match spawn_blocking(move || rebuilt(&desk, &link)).await {
        Ok(Ok(text)) => told(StatusCode::OK, text),
        Ok(Err(broken)) => told(StatusCode::CONFLICT, format!("This link does not hold: {broken}.\n")),
        Err(error) => {
            tracing::error!(%error, "a permalink could not be rebuilt");
            told(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the link could not be rebuilt\n".to_owned(),
            )
        }
    }
}

/// What the link showed, and that it holds.
fn rebuilt(desk: &Desk, link: &Permalink) -> Result<String, Broken> {
    let present = desk.views();
    link.belongs(&present)?;
    let Target::Shown(shown) = &link.to else {
        return Ok(format!("{}{HOLDS}", event(&present, link.position)));
    };
    let then = desk
        .views_as_of(&present, link.moment())
        .map_err(|beyond| Broken::Beyond {
            asked: beyond.asked,
            head: beyond.head,
        })?;
    let values = link.rebuilt(&then, &present)?;
    let mut text = format!("{}, as of {}\n", shown.slug, then.moment());
    values.iter().for_each(|value| text.push_str(&of_value(&then, value)));
    text.push_str(HOLDS);
    Ok(text)
}

/// A value with the events behind it.
fn of_value(views: &Views, value: &Value) -> String {
    let subject = value
        .subject
        .as_ref()
        .map(|subject| format!(" {subject}"))
        .unwrap_or_default();
    let mut text = format!("\n{}{subject}: {}\n", value.field.word(), value.said());
    for behind in &value.behind {
        let part = match behind.part {
            Part::Decides => "decides",
            Part::Agrees => "agrees",
            Part::Outweighed => "is outweighed",
        };
        // Writing to a text does not fail.
        let _ = writeln!(text, "  {part}: {}", event(views, behind.position).trim_end());
    }
    text
}

/// An event in one line: position, when and by whom it was recorded, what it says.
fn event(views: &Views, position: u64) -> String {
    let Some(recorded) = views.timeline.recorded(position) else {
        return format!("{position}\n");
    };
    let header = &recorded.header;
    let said = recorded.as_written().map(|event| event.fact().summary().into_owned());
    format!(
        "{position}, recorded {} by {}: {}\n",
        header.recorded_at.format("%Y-%m-%d %H:%M UTC"),
        header.recorder,
        said.unwrap_or_else(|| "what it said was redacted".to_owned())
    )
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
