//! Values that compete at the later of two moments and did not at the earlier.

use super::{Change, ChangeKind, former};
use crate::Views;
use crate::contradictions::{self, Contradiction, ContradictionKind};
use rapporteur_domain::id::{RecordRef, Slug};
use rapporteur_domain::moved::Moved;
use std::collections::{BTreeMap, BTreeSet};

/// The contradictions that are new, or have more values than before, by the dossiers that they are about: only in dossiers of
/// which something was told, and which are not gone, can there be any.
pub(super) fn contradicted(before: &Views, after: &Views, told: &BTreeSet<Slug>) -> BTreeMap<Slug, Vec<Change>> {
    let moved = after.names.moved();
    let known = told.iter().flat_map(|slug| former(before, moved, slug));
    let known: Vec<Contradiction> = known
        .flat_map(|slug| contradictions::made_in(before, slug.as_str()))
        .collect();
    let is_there = |slug: &&Slug| after.timeline.dossier(slug.as_str()).is_none_or(|(_, mark)| !mark.gone);
    let now = told
        .iter()
        .filter(is_there)
        .flat_map(|slug| contradictions::made_in(after, slug.as_str()));
    let now: BTreeMap<(ContradictionKind, String), Contradiction> =
        now.map(|one| ((one.kind, one.key.clone()), one)).collect();
    let linked = known.iter().filter(|one| one.kind == ContradictionKind::Linked);
    let linked: Vec<BTreeSet<String>> = linked.map(|one| records(one, moved)).collect();
    let known: BTreeMap<(ContradictionKind, String), usize> = known
        .iter()
        .map(|one| ((one.kind, in_names(&one.key, moved)), one.values.len()))
        .collect();
    let is_known = |one: &Contradiction| match one.kind {
        ContradictionKind::Linked => {
            let own = records(one, moved);
            linked.iter().any(|other| own.is_subset(other))
        }
        kind => known
            .get(&(kind, one.key.clone()))
            .is_some_and(|values| one.values.len() <= *values),
    };
    let mut found: BTreeMap<Slug, Vec<Change>> = BTreeMap::new();
    for one in now.into_values().filter(|one| !is_known(one)) {
        let about = one.about.iter().filter_map(|about| Slug::parse(about.dossier()).ok());
        for dossier in about.collect::<BTreeSet<Slug>>() {
            found.entry(dossier).or_default().push(competing(before, &one));
        }
    }
    found
}

/// The records that are linked as contradicting one another, in the names of today. Their set says which contradiction it is:
/// its key is only the first of them by name.
fn records(one: &Contradiction, moved: &Moved) -> BTreeSet<String> {
    let today = |record: &RecordRef| moved.reference(record.as_str()).unwrap_or_else(|| record.to_string());
    one.about.iter().map(today).collect()
}

/// A key starts with a reference.
fn in_names(key: &str, moved: &Moved) -> String {
    let (reference, rest) = key.split_at(key.find(' ').unwrap_or(key.len()));
    let now = moved.reference(reference);
    format!("{}{rest}", now.as_deref().unwrap_or(reference))
}

fn competing(before: &Views, one: &Contradiction) -> Change {
    let told = one.values.iter().flat_map(|value| &value.positions);
    let told = told.chain(one.links.iter().map(|link| &link.position));
    let new = told.filter(|position| before.timeline.entry(**position).is_none());
    let by: BTreeSet<u64> = new.copied().collect();
    Change {
        kind: ChangeKind::Contradicted,
        field: None,
        subject: Some(one.what.clone().unwrap_or_else(|| one.key.clone())),
        before: Vec::new(),
        after: Vec::new(),
        by: by.into_iter().collect(),
    }
}
