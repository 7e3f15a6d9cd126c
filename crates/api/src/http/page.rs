use axum::extract::{Path, RawQuery};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

/// What GraphiQL 5 needs and nothing else: its editor starts workers from this origin or a `blob:`, and writes style
/// elements of its own. Connections, WebSockets included, go to this origin only; no page may frame it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// `/graphiql/`, the page itself.
pub(super) async fn index() -> Response {
    file("index.html")
}

/// `/graphiql/{*path}`, what the page loads.
pub(super) async fn asset(Path(path): Path<String>) -> Response {
    file(&path)
}

/// `/` and `/graphiql`: the page's links are relative to `/graphiql/`.
pub(super) async fn to_page(RawQuery(query): RawQuery) -> Redirect {
    match query {
        Some(query) => Redirect::temporary(&format!("/graphiql/?{query}")),
        None => Redirect::temporary("/graphiql/"),
    }
}

fn file(path: &str) -> Response {
    let Some(asset) = rapporteur_graphiql::asset(path) else {
        return (
            StatusCode::NOT_FOUND,
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
            "no such file\n",
        )
            .into_response();
    };
    let kept = if asset.immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(kept)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    ];
    (headers, asset.bytes).into_response()
}
