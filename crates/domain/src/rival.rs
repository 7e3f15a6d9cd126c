//! Values that compete: what sources give differently for one thing.

use crate::date::FuzzyDate;
use crate::evidence::Citation;
use crate::fact::{Fact, Home};
use crate::id::{Key, RecordRef, Slug};
use crate::text::{Line, Prose};
use std::borrow::Cow;

record! {
    /// One of several values that sources give for the same thing.
    pub struct RivalValue {
        /// The value, as the source gives it: "105", "'seventh package'".
        #[n(0)] req value: Line,
        /// The date that it is, where it is one.
        #[n(1)] opt date: FuzzyDate,
        /// Who gives it.
        #[n(2)] list citations: Citation,
    }
}

record! {
    /// Records that sources give different values for one thing. They stay side by side, never merged.
    pub struct RecordRivalValues {
        /// What they are about: a round, an act, a meeting, a record in it.
        #[n(0)] req about: RecordRef => Any,
        /// Names the record inside that dossier; made up when left out.
        #[n(1)] opt key: Key,
        /// What of it is in question: "number", "date of the council".
        #[n(2)] req field: Line,
        /// The values; at least one, and each cited.
        #[n(3)] list values: RivalValue,
        /// How the desk reads them, in our words.
        #[n(4)] opt resolution: Prose,
        /// What it is about.
        #[n(5)] list topics: Slug => Topic,
    }
}

impl Fact for RecordRivalValues {
    fn home(&self) -> Home<'_> {
        Home::Record(self.about.as_str(), self.key.as_ref(), "rival-values")
    }
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        self.values.iter().filter_map(|v| v.date.as_ref()).for_each(each);
    }
    fn summary(&self) -> Cow<'_, str> {
        let values: Vec<&str> = self.values.iter().map(|v| v.value.as_str()).collect();
        format!("{}: {}", self.field, values.join(" / ")).into()
    }
    fn citations(&self) -> Vec<&Citation> {
        self.values.iter().flat_map(|value| &value.citations).collect()
    }
    fn topics(&self) -> &[Slug] {
        &self.topics
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}
