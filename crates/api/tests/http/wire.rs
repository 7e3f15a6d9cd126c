//! Requests to the router without a network.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use rapporteur_api::http::{Limits, router};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::testbed;

pub(crate) const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text))
    }

    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        let json = self.json();
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(json["errors"][0]["extensions"]["code"], code, "{}", self.text);
        assert_eq!(json.get("data"), None, "{}", self.text);
    }
}

pub(crate) fn app() -> Router {
    limited(Limits::default())
}

pub(crate) fn limited(limits: Limits) -> Router {
    router(testbed::endpoint(limits).unwrap())
}

pub(crate) async fn send(app: Router, request: Request<Body>) -> Reply {
    let response = app.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 8 << 20).await.unwrap();
    Reply {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(body.to_vec()).unwrap(),
    }
}

/// A request as a browser on our own page would send it, apart from `headers`, which replace what they name.
pub(crate) fn request(method: Method, uri: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(uri).body(body.into()).unwrap();
    request
        .headers_mut()
        .insert(header::HOST, "127.0.0.1:4000".parse().unwrap());
    request
        .headers_mut()
        .insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    request
        .headers_mut()
        .insert(header::ACCEPT, GRAPHQL_RESPONSE.parse().unwrap());
    for (name, value) in headers {
        let name: header::HeaderName = name.parse().unwrap();
        match *value {
            "" => drop(request.headers_mut().remove(name)),
            value => drop(request.headers_mut().insert(name, value.parse().unwrap())),
        }
    }
    request
}

pub(crate) async fn post(body: Value) -> Reply {
    send(app(), request(Method::POST, "/graphql", &[], body.to_string())).await
}

pub(crate) async fn ask(document: &str) -> Reply {
    post(json!({ "query": document })).await
}

pub(crate) async fn get(uri: &str) -> Reply {
    send(app(), request(Method::GET, uri, &[], "")).await
}
