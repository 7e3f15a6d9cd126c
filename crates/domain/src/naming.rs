//! Names: what a dossier is called elsewhere, and what it is called from now on.

use crate::evidence::Evidence;
use crate::fact::{Fact, Home};
use crate::id::{Key, Slug};
use crate::text::{Line, Prose};
use std::borrow::Cow;

record! {
    /// Records another name by which a dossier goes, and who calls it so.
    pub struct RecordAlias {
        /// The dossier.
        #[n(0)] req dossier: Slug => Any,
        /// Names the record inside the dossier; made up when left out.
        #[n(1)] opt key: Key,
        /// The name.
        #[n(2)] req name: Line,
        /// Why we believe it.
        #[n(3)] req evidence: Evidence,
    }
}

record! {
    /// Gives a dossier another title. Its slug stays, and so does what it was called before.
    pub struct RetitleDossier {
        /// The dossier.
        #[n(0)] req dossier: Slug => Any,
        /// Names the record inside the dossier; made up when left out.
        #[n(1)] opt key: Key,
        /// The new title.
        #[n(2)] req title: Line,
        /// Why.
        #[n(3)] opt reason: Prose,
    }
}

impl Fact for RecordAlias {
    fn home(&self) -> Home<'_> {
        Home::Record(self.dossier.as_str(), self.key.as_ref(), "alias")
    }
    fn summary(&self) -> Cow<'_, str> {
        self.name.as_str().into()
    }
    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}

impl Fact for RetitleDossier {
    fn home(&self) -> Home<'_> {
        Home::Record(self.dossier.as_str(), self.key.as_ref(), "title")
    }
    fn summary(&self) -> Cow<'_, str> {
        self.title.as_str().into()
    }
    fn moves(&self) -> bool {
        true
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}
