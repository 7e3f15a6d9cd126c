//! The product and its limit, served by this process on ports of their own.

use crate::Failed;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::any;
use rapporteur_api::http::{Limits, router};
use rapporteur_desk::Desk;
use tokio::runtime::Runtime;

/// A desk behind GraphQL, at its address.
pub(crate) fn desk(runtime: &Runtime, desk: &Desk) -> Result<String, Failed> {
    let endpoint = rapporteur_api::schema::endpoint(desk.clone(), Limits::default())?;
    serve(runtime, router(endpoint))
}

/// The same bytes to everybody who asks: what serving costs where nothing is worked out.
pub(crate) fn constant(runtime: &Runtime, body: String) -> Result<String, Failed> {
    let answer = move || {
        let body = body.clone();
        async move { ([(CONTENT_TYPE, "application/json")], body) }
    };
    serve(runtime, Router::new().route("/", any(answer)))
}

/// Serves routes on a port of their own.
pub(crate) fn serve(runtime: &Runtime, routes: Router) -> Result<String, Failed> {
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    runtime.spawn(async move { axum::serve(listener, routes).await });
    Ok(format!("http://{address}"))
}
