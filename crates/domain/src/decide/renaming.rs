//! Renames and merges: whether a slug is free, whether two dossiers can be one, and which keys must give way.

use super::{Decision, Dossier, Known, inner, numbered, with_number};
use crate::event::Action;
use crate::id::{Key, RecordRef, Slug};
use crate::moved::Moved;
use crate::refusal::{Refusal, Rule};
use crate::renaming::{MergeDossiers, Rekeyed, RenameDossier};
use crate::shape::MAX_ITEMS;
use serde_json::Value;
use std::collections::BTreeSet;

/// Completes a rename or a merge, or says what speaks against it; leaves other actions alone.
pub(super) fn settle(known: &dyn Known, action: &mut Action, refusals: &mut Vec<Refusal>) -> Option<Decision> {
    match action {
        Action::RenameDossier(told) => rename(known, told, refusals),
        Action::MergeDossiers(told) => merge(known, told, refusals),
        _ => None,
    }
}

fn rename(known: &dyn Known, told: &mut RenameDossier, refusals: &mut Vec<Refusal>) -> Option<Decision> {
    let dossier = known.dossier(told.dossier.as_str())?;
    if told.slug == told.dossier {
        let renames = dossier.records.values().filter(|filed| filed.kind == "dossier.renamed");
        let last = renames.map(|filed| filed.mark.position).max();
        return Some(Decision::AlreadyThere(last.unwrap_or(dossier.opened.position)));
    }
    let leads_to = known.moved().and_then(|moved| moved.slug(told.slug.as_str()));
    let message = match (known.kept(told.slug.as_str()), leads_to) {
        (Some(taken), _) if taken.gone.is_some() => {
            "the slug is that of a dossier whose opening was redacted".to_owned()
        }
        (Some(taken), _) if taken.closed => "the slug is that of a dossier that was retracted".to_owned(),
        (Some(taken), _) => format!(
            "the slug names a dossier recorded at position {}",
            taken.opened.position
        ),
        (None, Some(other)) if *other != told.dossier => format!("the slug leads to `{other}`, which had it before"),
        _ => return rekey(known, told, dossier, refusals),
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

/// Lists the records that need another key under the new slug: a slug that a dossier had, or that was merged into it, may be
/// that of records which are elsewhere by now.
fn rekey(
    known: &dyn Known,
    told: &mut RenameDossier,
    dossier: &Dossier,
    refusals: &mut Vec<Refusal>,
) -> Option<Decision> {
    let (slug, from) = (told.slug.clone(), Place::new(known, &told.dossier, dossier));
    let into = Place {
        known,
        slug: &slug,
        dossier: None,
    };
    let moved = known.moved();
    let own = own_key(moved, &mut told.key, "renamed", [&from, &into]);
    if moved.is_some_and(|moved| moved.record(&format!("{slug}{own}")).is_some()) {
        let value = told.key.as_ref().map(|key| Value::from(key.as_str()));
        let message = format!("`{slug}{own}` leads to a record that was merged or moved away");
        refusals.push(Refusal::new(
            Rule::KeyTaken,
            "key",
            value.as_ref(),
            message,
            "choose another key",
        ));
    }
    match rekeyed(moved, &from, &into, &from.outermost(), own, false) {
        Some(rekeyed) if rekeyed.len() <= MAX_ITEMS => told.rekeyed = rekeyed,
        _ => {
            let message = format!("more than {MAX_ITEMS} of its records would need another key");
            let value = Value::from(slug.as_str());
            let hint = "choose a slug that nothing had before";
            refusals.push(Refusal::new(Rule::SlugTaken, "slug", Some(&value), message, hint));
        }
    }
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
    } else if goes.since < stays.since {
        let message = format!("`{written}` was recorded earlier than `{}`", told.into);
        let hint = "merge them the other way round; renameDossier and retitleDossier give the one that stays the slug and the title that you want";
        refusals.push(unmergeable(&written, &message, hint));
    }
    let (from, into) = (
        Place::new(known, &told.dossier, goes),
        Place::new(known, &told.into, stays),
    );
    let own = own_key(moved, &mut told.key, "merged", [&from, &into]);
    match rekeyed(moved, &from, &into, &from.outermost(), own, false) {
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

/// A dossier by its slug, or the slug that one is to have.
pub(super) struct Place<'a> {
    known: &'a dyn Known,
    slug: &'a Slug,
    dossier: Option<&'a Dossier>,
}

impl<'a> Place<'a> {
    /// Where a dossier is.
    pub(super) fn new(known: &'a dyn Known, slug: &'a Slug, dossier: &'a Dossier) -> Self {
        let dossier = Some(dossier);
        Self { known, slug, dossier }
    }

    fn has(&self, suffix: &str) -> bool {
        let is_lost = || self.known.lost(&format!("{}{suffix}", self.slug)).is_some();
        self.dossier.is_some_and(|dossier| dossier.has(suffix)) || is_lost()
    }

    /// The references of its outermost records, those that were redacted among them.
    fn outermost(&self) -> BTreeSet<String> {
        let lost = self.known.lost_in(self.slug.as_str());
        let records = self.dossier.map(Dossier::outermost).unwrap_or_default();
        let all: BTreeSet<String> = records.into_iter().map(str::to_owned).chain(lost).collect();
        let is_inside = |suffix: &&String| {
            let whole = suffix.get(1..).and_then(|rest| rest.find(['#', '.']));
            whole.is_some_and(|at| all.contains(&suffix[..=at]))
        };
        all.iter().filter(|suffix| !is_inside(suffix)).cloned().collect()
    }

    /// The highest number that is taken of a reference without its number.
    fn highest(&self, stem: &str) -> u32 {
        let taken = self.dossier.and_then(|dossier| dossier.numbers.get(stem).copied());
        taken.unwrap_or(1)
    }
}

/// The reference that the record of a rename, merge or move itself will have. Without a key it gets one that is free in both
/// places.
pub(super) fn own_key(moved: Option<&Moved>, key: &mut Option<Key>, prefix: &str, places: [&Place<'_>; 2]) -> String {
    if let Some(key) = key {
        return format!("#{key}");
    }
    let leads = |place: &Place<'_>, suffix: &str| {
        moved.is_some_and(|moved| moved.record(&format!("{}{suffix}", place.slug)).is_some())
    };
    let is_taken = |suffix: &str| places.iter().any(|place| place.has(suffix) || leads(place, suffix));
    let mut number = 1;
    let mut made = prefix.to_owned();
    while is_taken(&format!("#{made}")) && number < u32::MAX {
        number += 1;
        made = with_number(prefix, number);
    }
    *key = Key::parse(&made).ok();
    format!("#{made}")
}

/// Under which references outermost records of `from` are found in `into`. Those that cannot keep theirs get the next number
/// that is free; a reference that leads to another record is not free. Where `all` are listed, they alone go, and a record
/// gets back the reference that it had in `into` before; otherwise all of `from` goes, and those are listed that cannot keep
/// theirs. Records inside them go along. `own` is what the rename, merge or move will be found under itself. `None` where a key would be too long.
pub(super) fn rekeyed(
    moved: Option<&Moved>,
    from: &Place<'_>,
    into: &Place<'_>,
    outermost: &BTreeSet<String>,
    own: String,
    all: bool,
) -> Option<Vec<Rekeyed>> {
    let leads_to = |suffix: &str| moved.and_then(|moved| moved.record(&format!("{}{suffix}", into.slug)));
    let mut given = BTreeSet::from([own]);
    let mut found = Vec::new();
    for suffix in outermost {
        let own = RecordRef::parse(&format!("{}{suffix}", from.slug)).ok()?;
        let before = moved.filter(|_| all).and_then(|moved| moved.had(&own, into.slug));
        let mut name = before
            .map_or(suffix.as_str(), |before| inner(before.as_str()))
            .to_owned();
        let is_free = |name: &String| !into.has(name) && !given.contains(name);
        if !is_free(&name) || leads_to(&name).is_some_and(|record| *record != own) {
            let (stem, _) = numbered(suffix);
            let mut number = into.highest(stem);
            if !all {
                number = number.max(from.highest(stem));
            }
            loop {
                number = number.checked_add(1)?;
                name = with_number(stem, number);
                if is_free(&name) && leads_to(&name).is_none() {
                    break;
                }
            }
            Key::parse(name.trim_start_matches(['/', '#'])).ok()?;
        } else if !all {
            continue;
        }
        found.push(Rekeyed {
            from: own,
            to: RecordRef::parse(&format!("{}{name}", into.slug)).ok()?,
        });
        given.insert(name);
    }
    Some(found)
}
