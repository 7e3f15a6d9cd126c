//! References: whether what a command names is recorded, and of the right kind.

use super::placing::refill;
use super::{Dossier, Known, inner};
use crate::fact::Home;
use crate::id::{DossierKind, RecordRef};
use crate::refusal::{Refusal, Rule};
use crate::shape::Mention;
use serde_json::Value;

/// The references that name nothing recorded, or something of another kind; former names are looked up by those of today.
/// `home` is where the command's own record
/// will be kept, where that can be told: a source may cite itself.
#[must_use]
pub fn unknown_mentions(known: &dyn Known, mentions: &[Mention], home: Option<&Home<'_>>) -> Vec<Refusal> {
    mentions.iter().filter_map(|m| unknown(known, m, home)).collect()
}

fn unknown(known: &dyn Known, mention: &Mention, home: Option<&Home<'_>>) -> Option<Refusal> {
    let target = known.moved().and_then(|moved| moved.reference(&mention.target));
    let target = target.as_deref().unwrap_or(&mention.target);
    let slug = target.split(['/', '#']).next().unwrap_or_default();
    let refuse = |rule, message: String, hint: &str| {
        let value = Value::from(mention.target.as_str());
        Some(Refusal::new(rule, &mention.field, Some(&value), message, hint))
    };
    let Some(dossier) = known.dossier(slug) else {
        let cites_itself = matches!(home, Some(Home::Opens(DossierKind::Source, own, _)) if own.as_str() == mention.target)
            && mention.kind == "Source";
        if cites_itself {
            return None;
        }
        let what = match mention.kind.as_str() {
            "Any" => "dossier".to_owned(),
            kind => kind.to_lowercase(),
        };
        if let Some(gone) = known.kept(slug).and_then(|kept| kept.gone) {
            let message = format!("what opened `{slug}` was redacted, so no {what} of this slug is shown");
            return refuse(Rule::UnknownReference, message, &refill(gone));
        }
        return refuse(
            Rule::UnknownReference,
            format!("no {what} `{slug}` is recorded"),
            "record it first, or correct the slug",
        );
    };
    if mention.kind != "Any" && mention.kind != format!("{:?}", dossier.kind) {
        let message = format!("`{slug}` is a {:?}, not a {}", dossier.kind, mention.kind).to_lowercase();
        return refuse(Rule::WrongKind, message, "name a dossier of the right kind");
    }
    let rest = inner(target);
    if rest.is_empty() || dossier.records.contains_key(rest) {
        return None;
    }
    let (rule, what) = missing(dossier, target);
    if let Some(lost) = known.lost(target) {
        let message = format!("what made `{target}`, at position {lost}, was redacted");
        return refuse(rule, message, &refill(lost));
    }
    refuse(
        rule,
        format!("`{slug}` has no such {what}"),
        "record it first, or correct the reference",
    )
}

/// What a reference into a dossier would have named.
fn missing(dossier: &Dossier, target: &str) -> (Rule, &'static str) {
    match RecordRef::parse(target) {
        Ok(to) if dossier.kind == DossierKind::Plan && to.key().is_some() => (Rule::UnknownPoint, "point"),
        Ok(to) if to.version().is_some() && to.key().is_none() => (Rule::UnknownReference, "version"),
        _ => (Rule::UnknownReference, "record"),
    }
}
