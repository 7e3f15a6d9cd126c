//! Pages: Relay connections over anything that has an order and a key.

use crate::http::{ApiError, ErrorCode};
use async_graphql::connection::{Connection, CursorType, Edge, EmptyFields};
use async_graphql::{Object, OutputType};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rapporteur_views::Views;
use rapporteur_views::timeline::Filter;
use std::sync::Arc;

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

/// An opaque cursor: base64 of the item's key.
pub(super) struct Cursor(String);

impl CursorType for Cursor {
    type Error = ApiError;
    fn decode_cursor(text: &str) -> Result<Self, ApiError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        bytes
            .and_then(|b| String::from_utf8(b).ok())
            .map(Self)
            .ok_or_else(|| foreign(text))
    }
    fn encode_cursor(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }
}

/// How many items there are in all; counted only when it is asked for.
pub(super) enum Total {
    /// Known already.
    Known(usize),
    /// The entries that pass a filter.
    Timeline(Arc<Views>, Filter),
}

/// What every connection knows beside its page.
#[Object]
impl Total {
    /// How many items there are in all pages together: exact, and counted only when asked for.
    async fn total_count(&self) -> usize {
        match self {
            Self::Known(count) => *count,
            Self::Timeline(views, filter) => views.timeline.matching(filter).count(),
        }
    }
}

/// A page of nodes.
pub(super) type Page<N> = Connection<Cursor, N, Total, EmptyFields>;

/// The page of `items` that is asked for. Forwards from the first item, or from `after`; backwards with `last`.
pub(super) fn page<T, N: OutputType>(
    items: impl DoubleEndedIterator<Item = T>,
    total: Total,
    key: impl Fn(&T) -> String,
    asked: &Asked,
    node: impl Fn(T) -> N,
) -> Result<Page<N>, ApiError> {
    let (size, backwards) = match (asked.first, asked.last) {
        (Some(_), Some(_)) => return Err(bad("give `first` or `last`, not both")),
        (None, Some(last)) => (size("last", last)?, true),
        (Some(first), None) => (size("first", first)?, false),
        (None, None) => (DEFAULT, asked.before.is_some() && asked.after.is_none()),
    };
    let after = asked.after.as_deref().map(Cursor::decode_cursor).transpose()?;
    let before = asked.before.as_deref().map(Cursor::decode_cursor).transpose()?;
    let (from, to) = if backwards {
        (&before, &after)
    } else {
        (&after, &before)
    };
    let (taken, more) = if backwards {
        take(items.rev(), &key, from.as_ref(), to.as_ref(), size)?
    } else {
        take(items, &key, from.as_ref(), to.as_ref(), size)?
    };
    let (previous, next) = if backwards {
        (more, before.is_some())
    } else {
        (after.is_some(), more)
    };
    let mut page = Connection::with_additional_fields(previous, next, total);
    let edges = taken.into_iter().map(|item| Edge::new(Cursor(key(&item)), node(item)));
    page.edges = if backwards {
        edges.rev().collect()
    } else {
        edges.collect()
    };
    Ok(page)
}

fn take<T>(
    mut items: impl Iterator<Item = T>,
    key: &impl Fn(&T) -> String,
    from: Option<&Cursor>,
    to: Option<&Cursor>,
    size: usize,
) -> Result<(Vec<T>, bool), ApiError> {
    if let Some(from) = from {
        items
            .find(|item| key(item) == from.0)
            .ok_or_else(|| foreign(&from.encode_cursor()))?;
    }
    let mut taken = Vec::new();
    for item in items {
        if to.is_some_and(|to| key(&item) == to.0) {
            return Ok((taken, false));
        }
        if taken.len() == size {
            return Ok((taken, true));
        }
        taken.push(item);
    }
    Ok((taken, false))
}

fn size(name: &str, asked: i32) -> Result<usize, ApiError> {
    match usize::try_from(asked) {
        Ok(size) if size <= MOST => Ok(size),
        _ => Err(bad(&format!(
            "`{name}` is {asked}; a page has 0 to {MOST} items, {DEFAULT} if nothing is asked for"
        ))),
    }
}

fn foreign(cursor: &str) -> ApiError {
    let shown: String = cursor.chars().take(60).collect();
    bad(&format!(
        "the cursor `{shown}` is not one of this list; take one from its `pageInfo` or its edges"
    ))
}

fn bad(message: &str) -> ApiError {
    ApiError::new(ErrorCode::BadUserInput, message)
}
