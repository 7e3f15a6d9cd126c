//! Places in the orders that lists have, as their cursors hold them.

use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::id::Slug;
use rapporteur_views::entry::Entry;
use serde_json::{Value, json};
use std::cmp::{Ordering, Reverse};

/// A place in an order. It says by itself what lies before and after it, whether or not anything stands there.
pub(super) trait Place: Ord + Sized {
    /// The order's name: a cursor of one order is none in another.
    const ORDER: &'static str;
    /// The place as text.
    fn write(&self) -> String;
    /// The place that [`Place::write`] wrote; `None` if it is none of this order.
    fn read(text: &str) -> Option<Self>;
}

impl Place for Slug {
    const ORDER: &'static str = "slug";
    fn write(&self) -> String {
        self.to_string()
    }
    fn read(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

/// The order of names, or of other texts that are no slugs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lettered(pub(super) String);

impl Place for Lettered {
    const ORDER: &'static str = "text";
    fn write(&self) -> String {
        self.0.clone()
    }
    fn read(text: &str) -> Option<Self> {
        Some(Self(text.to_owned()))
    }
}

/// The order of recording, by an event's position and, where one event makes several items, by their number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Logged {
    position: u64,
    number: u32,
}

impl Logged {
    /// The only item of the event at `position`.
    pub(super) fn at(position: u64) -> Self {
        Self { position, number: 0 }
    }

    /// The item of this number, from 0, of those that the event at `position` made.
    pub(super) fn numbered(position: u64, number: u32) -> Self {
        Self { position, number }
    }

    /// The event's position.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// The item's number among those that the event made.
    pub(super) fn number(&self) -> u32 {
        self.number
    }
}

impl Place for Logged {
    const ORDER: &'static str = "log";
    fn write(&self) -> String {
        format!("{}.{}", self.position, self.number)
    }
    fn read(text: &str) -> Option<Self> {
        let (position, number) = text.split_once('.')?;
        Some(Self {
            position: position.parse().ok()?,
            number: number.parse().ok()?,
        })
    }
}

/// The order of a search: the best answer first; of equal ones, the last recorded.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank(Reverse<(u32, u64)>);

impl Rank {
    /// The place of a hit with this score, made by the event at `position`.
    pub(super) fn new(score: f32, position: u64) -> Self {
        // The bits of numbers that are not negative stand in the order of the numbers.
        Self(Reverse((score.max(0.0).to_bits(), position)))
    }
}

impl Place for Rank {
    const ORDER: &'static str = "rank";
    fn write(&self) -> String {
        let Reverse((score, position)) = self.0;
        format!("{score}.{position}")
    }
    fn read(text: &str) -> Option<Self> {
        let (score, position) = text.split_once('.')?;
        Some(Self(Reverse((score.parse().ok()?, position.parse().ok()?))))
    }
}

/// The order of the world: by date, then by position. The date itself is kept, so that a place needs no entry.
#[derive(Clone)]
pub(super) struct Dated {
    date: Option<FuzzyDate>,
    at: rapporteur_views::timeline::Place,
}

impl Dated {
    /// Where an entry stands; `None` if it is not on the timeline.
    pub(super) fn of(entry: &Entry) -> Option<Self> {
        Some(Self {
            date: entry.fact().and_then(|fact| fact.when()).cloned(),
            at: (entry.sort_key?, entry.position()),
        })
    }

    /// The place in the view's own order.
    pub(super) fn place(&self) -> rapporteur_views::timeline::Place {
        self.at
    }

    /// That of a date which the event at `position` gives.
    pub(super) fn new(date: FuzzyDate, position: u64) -> Self {
        let at = (date.sort_key(), position);
        Self { date: Some(date), at }
    }
}

impl Place for Dated {
    const ORDER: &'static str = "date";
    /// Without the words for the date, which have no part in the order.
    fn write(&self) -> String {
        let usable = self.date.as_ref().filter(|date| date.edtf().is_some());
        let date = match usable.map(serde_json::to_value) {
            Some(Ok(Value::Object(mut parts))) => {
                parts.retain(|part, _| part != "phrase" && part != "basis");
                Value::Object(parts)
            }
            _ => json!({ "phrase": "undated" }),
        };
        format!("{}@{date}", self.at.1)
    }
    fn read(text: &str) -> Option<Self> {
        let (position, date) = text.split_once('@')?;
        Some(Self::new(serde_json::from_str(date).ok()?, position.parse().ok()?))
    }
}

impl PartialEq for Dated {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Eq for Dated {}

impl PartialOrd for Dated {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dated {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at.cmp(&other.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_place_is_the_same_place_and_holds_no_words() {
        for date in [
            json!({ "edtf": "2026-01-06", "window": { "from": "09:00", "until": "11:00", "zone": "Europe/Paris" } }),
            json!({ "edtf": "2026-01", "qualifier": "LATE", "phrase": "late in January" }),
            json!({ "edtf": "2025-12-01/.." }),
            json!({ "edtf": "../2025-12-01" }),
            json!({ "edtf": "2026-01-06", "openTail": true }),
            json!({ "edtf": "[2026-01-03,2026-01-04]" }),
            json!({ "phrase": "at some point" }),
        ] {
            let place = Dated::new(serde_json::from_value(date).unwrap(), 7);
            let text = place.write();
            assert!(!text.contains("January") && !text.contains("some point"), "{text}");
            assert!(Dated::read(&text) == Some(place), "{text}");
        }
    }

    #[test]
    fn what_is_no_place_is_not_read() {
        assert!(Slug::read("EU").is_none());
        assert!(Logged::read("7").is_none() && Logged::read("x.0").is_none());
        assert!(Dated::read("7").is_none() && Dated::read("7@{}").is_none());
    }
}
