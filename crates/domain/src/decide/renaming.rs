//! Renames and merges: whether a slug is free, whether two dossiers can be one, and which keys must give way.

use super::{Decision, Dossier, Known, numbered};
use crate::event::Action;
use crate::id::{Key, RecordRef, Slug};
use crate::refusal::{Refusal, Rule};
use crate::renaming::{MergeDossiers, Rekeyed, RenameDossier};
use crate::shape::MAX_ITEMS;
use serde_json::Value;

/// Completes a rename or a merge, or says what speaks against it; leaves other actions alone.
pub(super) fn settle(known: &dyn Known, action: &mut Action, refusals: &mut Vec<Refusal>) -> Option<Decision> {
    match action {
        Action::RenameDossier(told) => rename(known, told, refusals),
        Action::MergeDossiers(told) => merge(known, told, refusals),
        _ => None,
    }
}

fn rename(known: &dyn Known, told: &RenameDossier, refusals: &mut Vec<Refusal>) -> Option<Decision> {
    let dossier = known.dossier(told.dossier.as_str())?;
    if told.slug == told.dossier {
        let renames = dossier.records.values().filter(|filed| filed.kind == "dossier.renamed");
        let last = renames.map(|filed| filed.mark.position).max();
        return Some(Decision::AlreadyThere(last.unwrap_or(dossier.opened.position)));
    }
    let leads_to = known.moved().and_then(|moved| moved.slug(told.slug.as_str()));
    let message = match (known.dossier(told.slug.as_str()), leads_to) {
        (Some(taken), _) => format!(
            "the slug names a dossier recorded at position {}",
            taken.opened.position
        ),
        (None, Some(other)) if *other != told.dossier => format!("the slug leads to `{other}`, which had it before"),
        _ => return None,
    };
    let value = Value::from(told.slug.as_str());
    refusals.push(Refusal::new(
        Rule::SlugTaken,
        "slug",
        Some(&value),
        message,
        "choose another slug; where both are the same thing, use mergeDossiers",
    ));
    None
}

fn merge(known: &dyn Known, told: &mut MergeDossiers, refusals: &mut Vec<Refusal>) -> Option<Decision> {
    let moved = known.moved();
    let written = told.dossier.clone();
    if let Some(now) = moved.and_then(|moved| moved.slug(written.as_str())) {
        told.dossier = now.clone();
    }
    let (stays, goes) = (
        known.dossier(told.into.as_str())?,
        known.dossier(told.dossier.as_str())?,
    );
    if told.dossier == told.into {
        if let Some(position) = moved.and_then(|moved| moved.merged(written.as_str())) {
            return Some(Decision::AlreadyThere(position));
        }
        refusals.push(unmergeable(
            &written,
            "a dossier cannot be merged with itself",
            "name the other dossier",
        ));
        return None;
    }
    if stays.kind != goes.kind {
        let message = format!(
            "`{written}` is a {:?} and `{}` a {:?}",
            goes.kind, told.into, stays.kind
        )
        .to_lowercase();
        refusals.push(unmergeable(
            &written,
            &message,
            "only dossiers of one kind can be one; link the two instead",
        ));
    } else if goes.opened.position < stays.opened.position {
        let message = format!("`{written}` was recorded earlier than `{}`", told.into);
        let hint = "merge them the other way round; renameDossier and retitleDossier give the one that stays the slug and the title that you want";
        refusals.push(unmergeable(&written, &message, hint));
    }
    match rekeyed(&told.into, stays, &told.dossier, goes) {
        Some(rekeyed) if rekeyed.len() <= MAX_ITEMS => told.rekeyed = rekeyed,
        _ => refusals.push(unmergeable(
            &written,
            &format!("more than {MAX_ITEMS} of its records would need another key"),
            "record what is new about it in the dossier that stays",
        )),
    }
    None
}

fn unmergeable(slug: &Slug, message: &str, hint: &str) -> Refusal {
    let value = Value::from(slug.as_str());
    Refusal::new(Rule::NotMergeable, "dossier", Some(&value), message, hint)
}

/// The records of `goes` whose names are taken in `stays`, each with the next number that is free in both. Records inside
/// them go along. `None` where a name cannot be made.
fn rekeyed(into: &Slug, stays: &Dossier, from: &Slug, goes: &Dossier) -> Option<Vec<Rekeyed>> {
    let mut found = Vec::new();
    for suffix in goes.records.keys().filter(|suffix| is_outermost(suffix)) {
        if !stays.records.contains_key(suffix) {
            continue;
        }
        let (stem, _) = numbered(suffix);
        let highest = [stays, goes].map(|dossier| dossier.numbers.get(stem).copied().unwrap_or(1));
        let next = highest.into_iter().max().unwrap_or(1).saturating_add(1);
        let given = found.iter().filter(|r: &&Rekeyed| {
            let to = r.to.as_str().strip_prefix(into.as_str()).unwrap_or_default();
            numbered(to).0 == stem
        });
        let next = next.saturating_add(u32::try_from(given.count()).ok()?);
        let name = format!("{stem}-{next}");
        Key::parse(name.trim_start_matches(['/', '#'])).ok()?;
        found.push(Rekeyed {
            from: RecordRef::parse(&format!("{from}{suffix}")).ok()?,
            to: RecordRef::parse(&format!("{into}{name}")).ok()?,
        });
    }
    Some(found)
}

/// `/28` and `#proposed`, and not what lies inside them.
fn is_outermost(suffix: &str) -> bool {
    suffix.matches(['/', '#', '.']).count() == 1
}
