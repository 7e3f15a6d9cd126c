//! Relay global ids: base64 of `Kind:slug` for dossiers, of `Entry:position` for entries, with `@` and the moment where they
//! were given as of another than the present: so a client's cache never mixes two moments.

use super::act::Act;
use super::claim::{Claim, Happening};
use super::commitment::Commitment;
use super::entry::Entry;
use super::issue::Issue;
use super::lead::Lead;
use super::meeting::Meeting;
use super::party::{Party, Source};
use super::plan::Plan;
use super::reference::Dossier;
use super::round::Round;
use super::seen::Seen;
use super::travel::seen;
use super::vocabulary::{Series, Topic};
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Context, ID, Interface, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rapporteur_domain::id::DossierKind;
use rapporteur_views::Views;
use rapporteur_views::moment::Asked;
use std::sync::Arc;

/// Anything with a global id.
#[derive(Interface)]
#[graphql(
    crate = "async_graphql::of_variants",
    field(name = "id", ty = "ID", desc = "Global id.")
)]
pub(super) enum Node {
    Entry(Entry),
    Party(Party),
    Source(Source),
    Plan(Plan),
    Meeting(Meeting),
    Round(Round),
    Issue(Issue),
    Commitment(Commitment),
    Claim(Claim),
    Happening(Happening),
    Topic(Topic),
    Series(Series),
    Act(Act),
    Lead(Lead),
}

/// The global id of a dossier in these views.
pub(super) fn dossier_id(views: &Views, kind: DossierKind, slug: &str) -> ID {
    id(views, &format!("{kind:?}:{slug}"))
}

/// The global id of an entry in these views.
pub(super) fn entry_id(views: &Views, position: u64) -> ID {
    id(views, &format!("Entry:{position}"))
}

fn id(views: &Views, of: &str) -> ID {
    let moment = views.moment();
    ID(URL_SAFE_NO_PAD.encode(if moment.is_present() {
        of.to_owned()
    } else {
        format!("{of}@{moment}")
    }))
}

/// The thing with this id, as of the moment that the id was given at; `None` if there is none. An id of the present is looked
/// up in `views`.
pub(super) async fn node(ctx: &Context<'_>, views: &Arc<Views>, id: &str) -> Result<Option<Node>> {
    let bytes = URL_SAFE_NO_PAD.decode(id).unwrap_or_default();
    let Ok(text) = String::from_utf8(bytes) else {
        return Ok(None);
    };
    let Some((of, moment)) = text.split_once('@') else {
        return Ok(found(views, &text));
    };
    if moment.starts_with("supposed:") {
        let text = "this id was given by `whatIf`, and nothing of that is recorded; ask `whatIf` again";
        return Err(ApiError::new(ErrorCode::BadUserInput, text.to_owned()).into());
    }
    let Ok(asked) = moment.parse::<Asked>() else {
        return Ok(None);
    };
    let then = seen(ctx, &asked).await?;
    Ok(found(&then, of))
}

fn found(views: &Arc<Views>, of: &str) -> Option<Node> {
    let (kind, name) = of.split_once(':')?;
    if kind == "Entry" {
        let line = views.timeline.entry(name.parse().ok()?)?;
        return Some(Node::Entry(Entry::new(views, line)));
    }
    let seen = Seen::new(views, name);
    if format!("{:?}", seen.mark()?.kind) != kind {
        return None;
    }
    Some(match Dossier::of(seen)? {
        Dossier::Party(it) => Node::Party(it),
        Dossier::Source(it) => Node::Source(it),
        Dossier::Plan(it) => Node::Plan(it),
        Dossier::Meeting(it) => Node::Meeting(it),
        Dossier::Round(it) => Node::Round(it),
        Dossier::Issue(it) => Node::Issue(it),
        Dossier::Commitment(it) => Node::Commitment(it),
        Dossier::Claim(it) => Node::Claim(it),
        Dossier::Happening(it) => Node::Happening(it),
        Dossier::Topic(it) => Node::Topic(it),
        Dossier::Series(it) => Node::Series(it),
        Dossier::Act(it) => Node::Act(it),
        Dossier::Lead(it) => Node::Lead(it),
    })
}
