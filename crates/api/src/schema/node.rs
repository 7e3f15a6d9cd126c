//! Relay global ids: base64 of `Kind:slug` for dossiers, of `Entry:position` for entries.

use super::act::Act;
use super::claim::{Claim, Happening};
use super::commitment::Commitment;
use super::entry::Entry;
use super::issue::Issue;
use super::lead::Lead;
use super::meeting::Meeting;
use super::party::{Party, Source};
use super::plan::Plan;
use super::reference::{Dossier, Seen};
use super::round::Round;
use super::vocabulary::{Series, Topic};
use async_graphql::{ID, Interface};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rapporteur_domain::id::DossierKind;
use rapporteur_views::Views;
use std::sync::Arc;

/// Anything with a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Global id."))]
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

/// The global id of a dossier.
pub(super) fn dossier_id(kind: DossierKind, slug: &str) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("{kind:?}:{slug}")))
}

/// The global id of an entry.
pub(super) fn entry_id(position: u64) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("Entry:{position}")))
}

/// The thing with this id; `None` if there is none.
pub(super) fn node(views: &Arc<Views>, id: &str) -> Option<Node> {
    let bytes = URL_SAFE_NO_PAD.decode(id).ok()?;
    let (kind, name) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
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
