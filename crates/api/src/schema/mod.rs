//! The GraphQL schema: the views and the desk as types. Resolvers translate, nothing more.
//!
//! Inputs and recorded values come from the domain's own shapes ([`types`], [`data`], [`fact`], [`mutation`]); dossiers
//! are written out, one file a kind.

mod act;
mod claim;
mod commitment;
mod data;
mod date;
mod entry;
mod fact;
mod filter;
mod flag;
mod issue;
mod lead;
mod lists;
mod meeting;
mod mutation;
mod node;
mod outcome;
mod page;
mod party;
mod place;
mod plan;
mod query;
mod reference;
mod round;
mod subscription;
mod types;
mod vocabulary;
mod words;

use crate::http::{Endpoint, EndpointError, Limits};
use async_graphql::Schema;
use rapporteur_desk::Desk;

/// The endpoint of a desk. Every operation sees one snapshot of the views.
///
/// # Errors
/// The schema is not valid GraphQL: a fault of this program.
pub fn endpoint(desk: Desk, limits: Limits) -> Result<Endpoint, EndpointError> {
    let builder = Schema::build(query::Query::default(), mutation::Mutation, subscription::Live)
        .register_output_type::<node::Node>()
        .register_output_type::<reference::Dossier>();
    let (snapshots, health) = (desk.clone(), desk.clone());
    Endpoint::new(
        lists::Lists::describe(builder).data(desk),
        limits,
        move |request| request.data(snapshots.views()),
        move || health.unwritable(),
    )
}
