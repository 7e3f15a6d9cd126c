//! The GraphQL schema: the views and the desk as types. Resolvers translate, nothing more.
//!
//! Inputs and recorded values come from the domain's own shapes ([`types`], [`data`], [`fact`], [`mutation`]); dossiers
//! are written out, one file a kind.

mod act;
mod amendment;
mod at;
mod attendance;
mod changes;
mod chores;
mod claim;
mod commitment;
mod compared;
mod contradiction;
mod data;
mod date;
mod day;
mod diff;
mod entry;
mod fact;
mod filter;
mod flag;
mod history;
mod issue;
mod lead;
mod lists;
mod literals;
mod meeting;
mod meetings;
mod moves;
mod mutation;
mod node;
mod outcome;
mod page;
mod party;
mod permalink;
mod place;
mod plan;
mod query;
mod reference;
mod role;
mod round;
mod rounds;
mod row;
mod search;
mod seen;
mod subscription;
mod track;
mod travel;
mod types;
mod upcoming;
mod value;
mod vocabulary;
mod what_if;
mod words;

use crate::http::{Endpoint, EndpointError, Limits};
use async_graphql::{Root, Schema};
use rapporteur_desk::Desk;
use rapporteur_search::Index;
use std::sync::Arc;

/// The endpoint of a desk. Every operation sees one snapshot of the views.
///
/// # Errors
/// The schema is not valid GraphQL: a fault of this program.
pub fn endpoint(desk: Desk, limits: Limits) -> Result<Endpoint, EndpointError> {
    let builder = Schema::build(
        Root(query::Query::default()),
        Root(mutation::Mutation),
        subscription::Live,
    )
    .register_output_type::<node::Node>()
    .register_output_type::<reference::Dossier>();
    let index = Arc::new(Index::default());
    warm(&desk, &index);
    let (snapshots, health) = (desk.clone(), desk.clone());
    Endpoint::new(
        lists::Lists::describe(builder)
            .override_output_type_description::<page::Page<entry::Link>>(
                "A page of a list; each of its nodes is of type Link.",
            )
            .override_output_type_description::<page::Page<issue::Position>>(
                "A page of a list; each of its nodes is of type Position.",
            )
            .override_output_type_description::<page::Page<value::Value>>(
                "A page of a list; each of its nodes is of type Value.",
            )
            .override_output_type_description::<page::Page<changes::DossierChanges>>(
                "A page of a list, by slug; each of its nodes is of type DossierChanges.",
            )
            .override_output_type_description::<page::Page<changes::Change>>(
                "A page of a list; each of its nodes is of type Change.",
            )
            .override_output_type_description::<page::Page<history::Step>>(
                "A page of a list, the first recorded first; each of its nodes is of type HistoryStep.",
            )
            .override_output_type_description::<page::Page<track::TrackRecord>>(
                "A page of a list; each of its nodes is of type TrackRecord.",
            )
            .override_output_type_description::<page::Page<contradiction::Contradiction>>(
                "A page of a list; each of its nodes is of type Contradiction.",
            )
            .override_output_type_description::<page::Page<attendance::Absence>>(
                "A page of a list; each of its nodes is of type Absence.",
            )
            .override_output_type_description::<page::Page<attendance::CoAttendance>>(
                "A page of a list, the most often met first; each of its nodes is of type CoAttendance.",
            )
            .override_output_type_description::<page::Page<commitment::CommitmentStep>>(
                "A page of a list; each of its nodes is of type CommitmentStep.",
            )
            .override_output_type_description::<page::Page<search::SearchHit>>(
                "A page of what a search found, best first.",
            )
            .data(desk)
            .data(index),
        limits,
        move |request| request.data(snapshots.views()).data(travel::Looked::default()),
        move || health.unwritable(),
    )
}

/// From how many events on the search index is filled before anybody asks.
const WARM: u64 = 1_000;

/// Fills the search index beside the rest of the start-up. A search that comes meanwhile waits for it.
fn warm(desk: &Desk, index: &Arc<Index>) {
    let (views, index) = (desk.views(), Arc::clone(index));
    if views.position() < WARM {
        return;
    }
    let fill = move || {
        if let Err(error) = index.catch_up(&views) {
            tracing::error!(error = %rapporteur_desk::desk::chain(&error), "the search index could not be filled");
        }
    };
    if let Err(error) = std::thread::Builder::new().name("search".to_owned()).spawn(fill) {
        tracing::warn!(%error, "the search index is filled by the first search");
    }
}
