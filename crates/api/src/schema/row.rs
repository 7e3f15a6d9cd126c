//! Rows: what an index of a view lists in the order of its places, as the pages that are made of it see it.

use super::page::{Asked, Ordered, Page, Total, page};
use super::place::Logged;
use super::seen::Seen;
use crate::http::ApiError;
use async_graphql::OutputType;
use imbl::OrdSet;
use rapporteur_domain::id::Slug;
use rapporteur_views::Views;
use std::ops::Bound;
use std::sync::Arc;

/// A row of an index, entered by halving and not from its start.
pub(super) struct Row<At, Item> {
    /// How many stand in it.
    pub(super) len: usize,
    /// The place of the one at this number, from 0; they ascend.
    pub(super) at: At,
    /// The one at this number; `None` if it is not shown.
    pub(super) item: Item,
}

impl<Item> Row<fn(usize) -> Option<Logged>, Item> {
    /// A row of what is at hand, each in the place of its number.
    pub(super) fn numbered(len: usize, item: Item) -> Self {
        let at = |number: usize| Some(Logged::numbered(0, u32::try_from(number).ok()?));
        Self { len, at, item }
    }
}

impl<T, At: Fn(usize) -> Option<Logged>, Item: Fn(usize) -> Option<T>> Row<At, Item> {
    /// How many places come before those of which `not_before` holds.
    fn before(&self, not_before: impl Fn(&Logged) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = low.midpoint(high);
            if (self.at)(middle).is_none_or(|place| not_before(&place)) {
                high = middle;
            } else {
                low = middle.saturating_add(1);
            }
        }
        low
    }

    fn shown(&self, number: usize) -> Option<(Logged, T)> {
        Some(((self.at)(number)?, (self.item)(number)?))
    }
}

impl<T, At: Fn(usize) -> Option<Logged>, Item: Fn(usize) -> Option<T>> Ordered<Logged, T> for Row<At, Item> {
    fn ascending(&self, from: Bound<&Logged>) -> impl Iterator<Item = (Logged, T)> {
        let start = match from {
            Bound::Included(from) => self.before(|place| place >= from),
            Bound::Excluded(from) => self.before(|place| place > from),
            Bound::Unbounded => 0,
        };
        (start..self.len).filter_map(|number| self.shown(number))
    }
    fn descending(&self, from: Bound<&Logged>) -> impl Iterator<Item = (Logged, T)> {
        let end = match from {
            Bound::Included(from) => self.before(|place| place > from),
            Bound::Excluded(from) => self.before(|place| place >= from),
            Bound::Unbounded => self.len,
        };
        (0..end).rev().filter_map(|number| self.shown(number))
    }
}

/// Dossiers of these slugs, in their order.
struct Named<'a, N> {
    views: &'a Arc<Views>,
    slugs: &'a OrdSet<Slug>,
    of: fn(Seen) -> Option<N>,
}

impl<N> Named<'_, N> {
    fn shown(&self, slug: &Slug) -> Option<(Slug, N)> {
        let shown = (self.of)(Seen::new(self.views, slug.as_str()))?;
        Some((slug.clone(), shown))
    }
}

impl<N> Ordered<Slug, N> for Named<'_, N> {
    fn ascending(&self, from: Bound<&Slug>) -> impl Iterator<Item = (Slug, N)> {
        let run = self.slugs.range::<_, Slug>((from, Bound::Unbounded));
        run.filter_map(|slug| self.shown(slug))
    }
    fn descending(&self, from: Bound<&Slug>) -> impl Iterator<Item = (Slug, N)> {
        let run = self.slugs.range::<_, Slug>((Bound::Unbounded, from)).rev();
        run.filter_map(|slug| self.shown(slug))
    }
}

/// A page of the dossiers that an index names, by slug.
pub(super) fn named<N: OutputType>(
    views: &Arc<Views>,
    slugs: Option<&OrdSet<Slug>>,
    asked: &Asked,
    of: fn(Seen) -> Option<N>,
) -> Result<Page<N>, ApiError> {
    let none = OrdSet::new();
    let slugs = slugs.unwrap_or(&none);
    page(&Named { views, slugs, of }, Total::Known(slugs.len()), asked, |it| it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_entered_at_any_place_from_either_side() {
        let places = [
            Logged::at(3),
            Logged::numbered(5, 0),
            Logged::numbered(5, 1),
            Logged::at(9),
        ];
        let row = Row {
            len: places.len(),
            at: |number| places.get(number).cloned(),
            item: |number| (number != 3).then_some(number),
        };
        let up = |from: Bound<&Logged>| row.ascending(from).map(|(_, item)| item).collect::<Vec<_>>();
        let down = |from: Bound<&Logged>| row.descending(from).map(|(_, item)| item).collect::<Vec<_>>();
        assert_eq!(up(Bound::Unbounded), [0, 1, 2]);
        assert_eq!(up(Bound::Included(&Logged::numbered(5, 1))), [2]);
        assert_eq!(up(Bound::Excluded(&Logged::numbered(5, 0))), [2]);
        assert_eq!(up(Bound::Excluded(&Logged::at(4))), [1, 2]);
        assert_eq!(down(Bound::Unbounded), [2, 1, 0]);
        assert_eq!(down(Bound::Included(&Logged::numbered(5, 0))), [1, 0]);
        assert_eq!(down(Bound::Excluded(&Logged::numbered(5, 0))), [0]);
        assert_eq!(down(Bound::Excluded(&Logged::at(3))), [0; 0]);
        assert_eq!(up(Bound::Excluded(&Logged::at(9))), [0; 0]);
    }
}
