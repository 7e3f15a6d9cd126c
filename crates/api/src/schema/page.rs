//! Pages: Relay connections over anything that has an order. A cursor is a place in that order, not an item: it goes on
//! holding when its item leaves the list or others arrive around it.

use crate::http::{ApiError, ErrorCode};
use async_graphql::connection::{Connection, CursorType, Edge, EmptyFields};
use async_graphql::{Object, OutputType};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::convert::Infallible;
use std::ops::Bound;

use super::place::Place;

/// How many items a page has when nothing is asked for.
const DEFAULT: usize = 50;
/// The most items a page may have.
const MOST: usize = 200;

/// Which page is asked for.
pub(super) struct Asked {
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
    pub(super) last: Option<i32>,
    pub(super) before: Option<String>,
}

/// An opaque cursor: base64 of a place.
pub(super) struct Cursor(String);

impl CursorType for Cursor {
    type Error = Infallible;
    fn decode_cursor(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
    fn encode_cursor(&self) -> String {
        self.0.clone()
    }
}

impl Cursor {
    fn to<P: Place>(place: &P) -> Self {
        Self(URL_SAFE_NO_PAD.encode(format!("{}:{}", P::ORDER, place.write())))
    }
}

/// The place that the argument `name` holds.
fn place<P: Place>(name: &str, cursor: Option<&str>) -> Result<Option<P>, ApiError> {
    let Some(cursor) = cursor else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let read = text.and_then(|text| P::read(text.strip_prefix(P::ORDER)?.strip_prefix(':')?));
    read.map(Some).ok_or_else(|| {
        let shown: String = cursor.chars().take(60).collect();
        bad(&format!(
            "`{name}`: `{shown}` is no cursor of this list; take one from its `pageInfo` or its edges"
        ))
    })
}

/// How many items there are in all; counted only when it is asked for.
pub(super) enum Total {
    /// Known already.
    Known(usize),
    /// To be counted.
    Counted(Box<dyn Fn() -> usize + Send + Sync>),
}

impl Total {
    /// What `count` counts, if it is asked for.
    pub(super) fn counted(count: impl Fn() -> usize + Send + Sync + 'static) -> Self {
        Self::Counted(Box::new(count))
    }
}

/// What every connection knows beside its page.
#[Object]
impl Total {
    /// How many items there are in all pages together: exact, and counted only when asked for.
    async fn total_count(&self) -> usize {
        match self {
            Self::Known(count) => *count,
            Self::Counted(count) => count(),
        }
    }
}

/// Items in the order of their places, to be entered anywhere: what comes before a place is not walked through.
pub(super) trait Ordered<P, T> {
    /// The items from a place on, in order.
    fn ascending(&self, from: Bound<&P>) -> impl Iterator<Item = (P, T)>;
    /// The items from a place back, in reverse order.
    fn descending(&self, from: Bound<&P>) -> impl Iterator<Item = (P, T)>;
}

/// Items that are all at hand, in the order of their places.
impl<P: Place + Clone, T: Clone> Ordered<P, T> for Vec<(P, T)> {
    fn ascending(&self, from: Bound<&P>) -> impl Iterator<Item = (P, T)> {
        let start = match from {
            Bound::Included(from) => self.partition_point(|(place, _)| place < from),
            Bound::Excluded(from) => self.partition_point(|(place, _)| place <= from),
            Bound::Unbounded => 0,
        };
        self.iter().skip(start).cloned()
    }
    fn descending(&self, from: Bound<&P>) -> impl Iterator<Item = (P, T)> {
        let end = match from {
            Bound::Included(from) => self.partition_point(|(place, _)| place <= from),
            Bound::Excluded(from) => self.partition_point(|(place, _)| place < from),
            Bound::Unbounded => self.len(),
        };
        self.iter().take(end).rev().cloned()
    }
}

/// A page of nodes.
pub(super) type Page<N> = Connection<Cursor, N, Total, EmptyFields>;

/// The page that is asked for of `items`. Forwards from the first item, or from `after`; backwards with `last`.
///
/// # Errors
/// A cursor is none of a list in this order, a size is out of bounds, or both `first` and `last` are given.
pub(super) fn page<P: Place, T, N: OutputType>(
    items: &impl Ordered<P, T>,
    total: Total,
    asked: &Asked,
    node: impl Fn(T) -> N,
) -> Result<Page<N>, ApiError> {
    let (size, backwards) = match (asked.first, asked.last) {
        (Some(_), Some(_)) => return Err(bad("give `first` or `last`, not both")),
        (None, Some(last)) => (size("last", last)?, true),
        (Some(first), None) => (size("first", first)?, false),
        (None, None) => (DEFAULT, asked.before.is_some() && asked.after.is_none()),
    };
    let after: Option<P> = place("after", asked.after.as_deref())?;
    let before: Option<P> = place("before", asked.before.as_deref())?;
    let too_early = |place: &P| after.as_ref().is_some_and(|after| place <= after);
    let too_late = |place: &P| before.as_ref().is_some_and(|before| place >= before);
    let (cut, previous, next) = if backwards {
        let Cut { taken, more } = cut(items.descending(outside(before.as_ref())), too_early, size);
        let passed = before
            .as_ref()
            .is_some_and(|before| items.ascending(Bound::Included(before)).next().is_some());
        (taken.into_iter().rev().collect(), more, passed)
    } else {
        let Cut { taken, more } = cut(items.ascending(outside(after.as_ref())), too_late, size);
        let passed = after
            .as_ref()
            .is_some_and(|after| items.descending(Bound::Included(after)).next().is_some());
        (taken, passed, more)
    };
    let mut page = Connection::with_additional_fields(previous, next, total);
    let edges = cut.into_iter();
    page.edges = edges
        .map(|(place, item)| Edge::new(Cursor::to(&place), node(item)))
        .collect();
    Ok(page)
}

fn outside<P>(edge: Option<&P>) -> Bound<&P> {
    edge.map_or(Bound::Unbounded, Bound::Excluded)
}

/// Some items in a row.
struct Cut<I> {
    taken: Vec<I>,
    /// Whether there are items after them.
    more: bool,
}

fn cut<P, T>(items: impl Iterator<Item = (P, T)>, no_more: impl Fn(&P) -> bool, size: usize) -> Cut<(P, T)> {
    let mut items = items.peekable();
    let mut taken = Vec::new();
    while taken.len() < size
        && let Some(item) = items.next_if(|(place, _)| !no_more(place))
    {
        taken.push(item);
    }
    Cut {
        taken,
        more: items.peek().is_some(),
    }
}

fn size(name: &str, asked: i32) -> Result<usize, ApiError> {
    match usize::try_from(asked) {
        Ok(size) if size <= MOST => Ok(size),
        _ => Err(bad(&format!(
            "`{name}` is {asked}; a page has 0 to {MOST} items, {DEFAULT} if nothing is asked for"
        ))),
    }
}

fn bad(message: &str) -> ApiError {
    ApiError::new(ErrorCode::BadUserInput, message)
}
