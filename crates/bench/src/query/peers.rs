//! The same page from stock async-graphql, and from serde_json without any GraphQL.

use super::rows::{Page, Row, Rows};
use crate::{Failed, serving};
use async_graphql::{Context, EmptyMutation, EmptySubscription, InputObject, Object, Schema};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use tokio::runtime::Runtime;

struct Query;

#[derive(InputObject)]
struct TimelineFilter {
    parties: Vec<String>,
    within: String,
}

struct EntryConnection<'a>(Page<'a>);

#[Object]
impl EntryConnection<'_> {
    async fn nodes(&self) -> &[&Row] {
        &self.0.nodes
    }
}

#[Object]
impl Query {
    async fn timeline<'a>(
        &self,
        ctx: &Context<'a>,
        first: usize,
        r#where: TimelineFilter,
    ) -> async_graphql::Result<EntryConnection<'a>> {
        let rows = ctx.data::<Arc<Rows>>()?;
        let party = r#where.parties.first().map_or("", String::as_str);
        let page = rows.page(first, party, &r#where.within);
        page.map(EntryConnection).map_err(|error| error.to_string().into())
    }
}

/// async-graphql as it comes: every document parsed and validated, every object resolved by the library.
pub(crate) fn stock(runtime: &Runtime, rows: &Arc<Rows>) -> Result<String, Failed> {
    type Stock = Schema<Query, EmptyMutation, EmptySubscription>;
    async fn answer(State(schema): State<Stock>, body: Bytes) -> impl IntoResponse {
        let Ok(request) = serde_json::from_slice::<async_graphql::Request>(&body) else {
            return Err(StatusCode::BAD_REQUEST);
        };
        let response = schema.execute(request).await;
        let body = serde_json::to_vec(&response).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        Ok(([(CONTENT_TYPE, "application/json")], body))
    }
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription);
    let schema = schema.data(Arc::clone(rows)).finish();
    serving::serve(
        runtime,
        Router::new().route("/graphql", post(answer)).with_state(schema),
    )
}

/// The rows straight to bytes.
pub(crate) fn direct(runtime: &Runtime, rows: &Arc<Rows>) -> Result<String, Failed> {
    #[derive(Deserialize)]
    struct Asked {
        variables: Variables,
    }
    #[derive(Deserialize)]
    struct Variables {
        party: String,
        within: String,
    }
    async fn answer(State(rows): State<Arc<Rows>>, body: Bytes) -> impl IntoResponse {
        let asked: Asked = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
        let page = rows.page(super::FIRST, &asked.variables.party, &asked.variables.within);
        let page = page.map_err(|_| StatusCode::BAD_REQUEST)?;
        let answer = Answer {
            data: Data { timeline: page },
        };
        let body = serde_json::to_vec(&answer).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        Ok::<_, StatusCode>(([(CONTENT_TYPE, "application/json")], body))
    }
    #[derive(serde::Serialize)]
    struct Answer<'a> {
        data: Data<'a>,
    }
    #[derive(serde::Serialize)]
    struct Data<'a> {
        timeline: Page<'a>,
    }
    let routes = Router::new()
        .route("/graphql", post(answer))
        .with_state(Arc::clone(rows));
    serving::serve(runtime, routes)
}

/// The request of a page, for each of them.
pub(crate) fn body(party: &str, within: &str) -> String {
    let document = format!(
        "query Page($party: String!, $within: String!) {{
           timeline(first: {}, where: {{ parties: [$party], within: $within }}) {{ {} }} }}",
        super::FIRST,
        super::rows::NODES
    );
    json!({ "query": document, "variables": { "party": party, "within": within } }).to_string()
}
