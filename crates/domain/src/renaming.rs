//! Another slug for a dossier, one dossier out of two that turned out to be the same thing, and records moved from one
//! dossier to another.

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
        /// Records whose references under the new slug are those of records that were merged or moved away. Filled in by
        /// the desk.
        #[n(4)] list rekeyed: Rekeyed,
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
    /// Moves records to another dossier of the same kind: where one dossier turned out to be two things, open the other with
    /// its own command, then move there what belongs to it. References follow; the history of both keeps what was written.
    pub struct MoveRecords {
        /// The dossier that they belong to from now on.
        #[n(0)] req into: Slug => Any,
        /// Names the record inside that dossier; made up when left out.
        #[n(1)] opt key: Key,
        /// The dossier that they leave.
        #[n(2)] req from: Slug => Any,
        /// What is moved, with everything recorded inside it: a version `us-plan/28`, a record `eu-ru-20#proposed`. What
        /// opened the dossier stays there.
        #[n(3)] list records: RecordRef => Any,
        /// Why they belong there.
        #[n(4)] opt reason: Prose,
        /// Where each of them is found from now on. Filled in by the desk.
        #[n(5)] list moved: Rekeyed,
    }
}

record! {
    /// A record that is found under another reference since a rename, a merge or a move.
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

impl Fact for MoveRecords {
    fn home(&self) -> Home<'_> {
        Home::Record(self.into.as_str(), self.key.as_ref(), "moved")
    }
    fn summary(&self) -> Cow<'_, str> {
        match &self.reason {
            Some(reason) => reason.as_str().into(),
            None => format!("{} moved here from {}.", counted(self.records.len()), self.from).into(),
        }
    }
    fn moves(&self) -> bool {
        true
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}

fn counted(records: usize) -> String {
    match records {
        1 => "One record".to_owned(),
        more => format!("{more} records"),
    }
}
