//! The written parts of a date.

use super::hours::TimeWindow;
use crate::text::Line;
use serde::{Deserialize, Deserializer, Serialize};

/// A date as it is written and stored, unchecked: [`FuzzyDate::new`](super::FuzzyDate::new) checks it.
/// In JSON, fields that say nothing are left out on the way out and may be null on the way in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, minicbor::Encode, minicbor::Decode)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cbor(map)]
pub struct DateParts {
    /// EDTF (ISO 8601-2:2019) of level 0 to 2, at most 200 bytes, without a time of day; none when undated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(0)]
    pub edtf: Option<Box<str>>,
    /// Which third of the month; on a year-month only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(1)]
    pub qualifier: Option<PartOfMonth>,
    /// "Or very soon after": the date may slip past its end, by an unsaid amount.
    #[serde(
        default,
        deserialize_with = "null_is_false",
        skip_serializing_if = "crate::macros::is_false"
    )]
    #[cbor(default, skip_if = "crate::macros::is_false")]
    #[n(2)]
    pub open_tail: bool,
    /// The hours of the day; on a single day, or on a period of days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(3)]
    pub window: Option<TimeWindow>,
    /// The source's own words for the date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(4)]
    pub phrase: Option<Line>,
    /// How the desk arrived at the date when the source prints none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(5)]
    pub basis: Option<Line>,
}

closed_set! {
    /// A part of a month as reports name it; ISO 8601-2 has no code for it.
    pub enum PartOfMonth {
        /// Days 1 to 10.
        #[n(0)] Early,
        /// Days 11 to 20.
        #[n(1)] Mid,
        /// Day 21 to the end.
        #[n(2)] Late,
    }
}

fn null_is_false<'de, D: Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
    Option::<bool>::deserialize(d).map(Option::unwrap_or_default)
}
