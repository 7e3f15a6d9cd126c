use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::answer::{Answer, Refusal};
use super::negotiate::MediaType;

/// Methods of `/graphql`, as `Allow` lists them.
const METHODS: &str = "GET, POST";

impl Answer {
    /// The HTTP response. Never cached: the next event changes the answer.
    pub(super) fn into_response(self, media_type: MediaType) -> Response {
        let status = match (self.refusal(), media_type) {
            (None, _) | (Some(Refusal::Document), MediaType::Json) => StatusCode::OK,
            (Some(Refusal::Document), MediaType::GraphqlResponse) => StatusCode::BAD_REQUEST,
            (Some(Refusal::Status(status)), _) => status,
        };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(media_type.as_str())),
            (header::VARY, HeaderValue::from_static("Accept, Origin")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        let mut response = (status, headers, self.to_json()).into_response();
        if status == StatusCode::METHOD_NOT_ALLOWED {
            response
                .headers_mut()
                .insert(header::ALLOW, HeaderValue::from_static(METHODS));
        }
        response
    }
}

/// The answer to OPTIONS: which methods there are, and no leave for other origins.
pub(super) fn options() -> Response {
    (
        StatusCode::NO_CONTENT,
        [(header::ALLOW, HeaderValue::from_static(METHODS))],
    )
        .into_response()
}

/// A method that `/graphql` does not have.
pub(super) fn method_not_allowed(method: &Method) -> Answer {
    Answer::status(
        StatusCode::METHOD_NOT_ALLOWED,
        super::ErrorCode::MethodNotAllowed,
        format!("{method} does nothing here: use GET for queries, POST for any operation"),
    )
}
