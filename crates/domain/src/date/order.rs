//! Before and after, and the order of a timeline.

use super::FuzzyDate;
use chrono::NaiveDate;

/// The place of a date on a timeline: a total order of keys, from the first to the last entry.
///
/// 1. Dates with a bound, by `earliest`, or by `latest` where there is no `earliest`;
///    then by `latest`, an unbounded one last; then by the minute their hours begin (0 without hours).
/// 2. Dates with neither bound. 3. Undated ones.
///
/// Keys may be equal: the caller breaks ties by the position in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortKey {
    group: Group,
    anchor: Option<NaiveDate>,
    latest: Latest,
    opening_minute: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Group {
    Bounded,
    Boundless,
    Undated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Latest {
    On(NaiveDate),
    Unbounded,
}

impl SortKey {
    /// The place of what has no date: after everything else.
    pub const UNDATED: Self = Self {
        group: Group::Undated,
        anchor: None,
        latest: Latest::Unbounded,
        opening_minute: 0,
    };
}

impl FuzzyDate {
    /// Where it stands on a timeline.
    #[must_use]
    pub fn sort_key(&self) -> SortKey {
        let (earliest, latest) = (self.earliest(), self.latest());
        let anchor = earliest.or(latest);
        SortKey {
            group: match anchor {
                Some(_) => Group::Bounded,
                None if self.is_undated() => Group::Undated,
                None => Group::Boundless,
            },
            anchor,
            latest: latest.map_or(Latest::Unbounded, Latest::On),
            opening_minute: self.window().map_or(0, |w| w.opening_minute()),
        }
    }

    /// Whether it ends before the other begins, whatever was meant: its last day lies before the other's first.
    /// Never on the same day, and never where either is doubted (`?`, `%`) or lacks that bound.
    #[must_use]
    pub fn surely_before(&self, other: &Self) -> bool {
        let ordered = matches!((self.latest(), other.earliest()), (Some(last), Some(first)) if last < first);
        ordered && !self.is_uncertain() && !other.is_uncertain()
    }

    /// The reverse of [`FuzzyDate::surely_before`].
    #[must_use]
    pub fn surely_after(&self, other: &Self) -> bool {
        other.surely_before(self)
    }
}
