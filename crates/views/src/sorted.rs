//! Rows in the order of recording, also where something comes late.

use imbl::Vector;

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
