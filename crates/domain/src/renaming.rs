//! Another slug for a dossier, and one dossier out of two that turned out to be the same thing.

use crate::fact::{Fact, Home};
use crate::id::{Key, RecordRef, Slug};
use crate::text::Prose;
use std::borrow::Cow;

record! {
    /// Gives a dossier another slug. The one it had leads to it from then on, and is not given to anything else.
    pub struct RenameDossier {
        /// The dossier.
        #[n(0)] req dossier: Slug => Any,
        /// Names the record inside the dossier; made up when left out.
        #[n(1)] opt key: Key,
        /// The new slug.
        #[n(2)] req slug: Slug,
        /// Why.
        #[n(3)] opt reason: Prose,
    }
}

record! {
    /// Makes one dossier of two of the same kind that turned out to be the same thing. Everything recorded of the one that
    /// goes is then part of the one that stays, and references to it lead there. Nothing of it is lost: its opening stays in
    /// the history, its title becomes another name.
    pub struct MergeDossiers {
        /// The dossier that stays: the one recorded earlier.
        #[n(0)] req into: Slug => Any,
        /// Names the record inside the dossier that stays; made up when left out.
        #[n(1)] opt key: Key,
        /// The dossier that goes.
        #[n(2)] req dossier: Slug => Any,
        /// How the desk knows that they are the same.
        #[n(3)] opt reason: Prose,
        /// Records of the one that goes whose keys are taken in the one that stays. Filled in by the desk.
        #[n(4)] list rekeyed: Rekeyed,
    }
}

record! {
    /// A record that is found under another reference since a merge.
    pub struct Rekeyed {
        /// The reference that it had.
        #[n(0)] req from: RecordRef,
        /// The reference that it has.
        #[n(1)] req to: RecordRef,
    }
}

impl Fact for RenameDossier {
    fn home(&self) -> Home<'_> {
        Home::Record(self.dossier.as_str(), self.key.as_ref(), "renamed")
    }
    fn summary(&self) -> Cow<'_, str> {
        match &self.reason {
            Some(reason) => reason.as_str().into(),
            None => format!("Renamed to {}.", self.slug).into(),
        }
    }
    fn moves(&self) -> bool {
        true
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}

impl Fact for MergeDossiers {
    fn home(&self) -> Home<'_> {
        Home::Record(self.into.as_str(), self.key.as_ref(), "merged")
    }
    fn summary(&self) -> Cow<'_, str> {
        match &self.reason {
            Some(reason) => reason.as_str().into(),
            None => format!("Merged with what was recorded as {}.", self.dossier).into(),
        }
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}
