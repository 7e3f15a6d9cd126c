use axum::body::Body;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use futures_util::StreamExt;
use serde_json::{Map, Value};

use super::answer::Answer;
use super::error::ErrorCode;
use super::limits::Limits;

/// A request as a client sends it, before any of it is looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Incoming {
    /// The document's text; not empty when it came over HTTP or WebSocket.
    pub document: String,
    /// Which of its operations to run.
    pub operation_name: Option<String>,
    /// Values of its variables, not yet coerced.
    pub variables: Map<String, Value>,
}

impl Incoming {
    /// A document without variables, whose only operation is meant.
    pub fn new(document: impl Into<String>) -> Self {
        Self {
            document: document.into(),
            ..Self::default()
        }
    }

    /// The parameters of a POST body or of a WebSocket's `subscribe`. `extensions` must be an object and is ignored,
    /// as are other members.
    ///
    /// # Errors
    /// What is wrong with which member.
    pub(super) fn from_json(value: Value) -> Result<Self, &'static str> {
        let Value::Object(mut members) = value else {
            return Err("a request is one JSON object with `query`; lists of requests are not taken");
        };
        let document = match members.remove("query") {
            Some(Value::String(text)) if !text.is_empty() => text,
            None => return Err("`query`, the document, is missing"),
            Some(_) => return Err("`query` must be a text with a document"),
        };
        let operation_name = match members.remove("operationName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
            Some(_) => return Err("`operationName` must be a text or null"),
        };
        let variables = match members.remove("variables") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(values)) => values,
            Some(_) => return Err("`variables` must be an object or null"),
        };
        match members.remove("extensions") {
            None | Some(Value::Null | Value::Object(_)) => Ok(Self {
                document,
                operation_name,
                variables,
            }),
            Some(_) => Err("`extensions` must be an object or null"),
        }
    }

    /// The parameters of a GET: `query`, `operationName`, `variables` and `extensions`, the last two in JSON.
    pub(super) fn from_uri(uri: &Uri) -> Result<Self, Answer> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| bad_request("the query string is not form-encoded UTF-8"))?;
        let mut members = Map::new();
        for (name, text) in pairs {
            let value = match name.as_str() {
                "query" | "operationName" => Value::String(text),
                "variables" | "extensions" if text.is_empty() => Value::Null,
                "variables" | "extensions" => serde_json::from_str(&text)
                    .map_err(|_| bad_request("`variables` and `extensions` must be JSON objects"))?,
                _ => continue,
            };
            if members.insert(name, value).is_some() {
                return Err(bad_request("each parameter may be given once"));
            }
        }
        Self::from_json(Value::Object(members)).map_err(bad_request)
    }

    /// The body of a POST: `application/json` in UTF-8, at most [`Limits::body_bytes`] long, at most 128 levels deep
    /// (a bound of `serde_json`).
    pub(super) async fn from_body(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Self, Answer> {
        if !is_json(headers) {
            return Err(Answer::status(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                ErrorCode::UnsupportedMediaType,
                "send the request as `Content-Type: application/json`, in UTF-8",
            ));
        }
        let reading = tokio::time::timeout(limits.request_timeout, read(body, limits.body_bytes));
        let bytes = reading.await.map_err(|_| {
            Answer::status(
                StatusCode::REQUEST_TIMEOUT,
                ErrorCode::Timeout,
                "the body did not arrive in time",
            )
        })??;
        let value = serde_json::from_slice(&bytes)
            .map_err(|_| bad_request("the body is not JSON in UTF-8, or is nested deeper than 128 levels"))?;
        Self::from_json(value).map_err(bad_request)
    }
}

/// Other types, and none, are what a page of another site can send without asking: refusing them is the defence
/// against cross-site request forgery.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let json = parts
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    json && parts.all(|parameter| match parameter.split_once('=') {
        Some((key, value)) if key.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    })
}

/// Reads on for a while after the bound, throwing away what comes, so that the client is still there to read 413.
async fn read(body: Body, bytes_max: usize) -> Result<Vec<u8>, Answer> {
    let (mut bytes, mut length) = (Vec::new(), 0_usize);
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| bad_request("the body broke off"))?;
        length = length.saturating_add(chunk.len());
        if length <= bytes_max {
            bytes.extend_from_slice(&chunk);
        } else if length > bytes_max.saturating_mul(16) {
            break;
        }
    }
    if length <= bytes_max {
        return Ok(bytes);
    }
    Err(Answer::status(
        StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::PayloadTooLarge,
        format!(
            "the body is longer than the limit of {bytes_max} bytes: send smaller batches, or use `rapporteur import`"
        ),
    ))
}

fn bad_request(message: impl Into<String>) -> Answer {
    Answer::status(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
}
