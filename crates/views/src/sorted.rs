//! Rows in the order of recording, also where something comes late.

use imbl::Vector;
use rapporteur_domain::id::Slug;

/// Puts an item in its place among others. Almost always that is the end; what waited for its dossier to be opened comes
/// after later ones.
pub(crate) fn put<T: Clone, P: Ord>(row: &mut Vector<T>, item: T, place: impl Fn(&T) -> P) {
    let own = place(&item);
    if row.last().is_none_or(|last| place(last) <= own) {
        row.push_back(item);
        return;
    }
    let at = row
        .binary_search_by(|other| place(other).cmp(&own))
        .unwrap_or_else(|at| at);
    row.insert(at, item);
}

/// Puts a dossier in its place among others, in the order in which they were opened, once. One that was opened last is the
/// last; what was merged into a dossier may bring that into a row of others that were opened since.
pub(crate) fn put_slug(row: &mut Vector<Slug>, slug: &Slug, opened: impl Fn(&Slug) -> Option<u64>) {
    let Some(own) = opened(slug) else { return };
    let is_last = row.last().and_then(&opened).is_none_or(|last| last < own);
    if is_last || !row.contains(slug) {
        put(row, slug.clone(), opened);
    }
}

/// The same for an item of a list that few events make.
pub(crate) fn insert<T>(row: &mut Vec<T>, item: T, position: impl Fn(&T) -> u64) {
    let own = position(&item);
    row.insert(row.partition_point(|other| position(other) <= own), item);
}
