//! Corrections of the desk's own records: what was recorded wrongly is put right, taken back, or taken out for good.
//!
//! A source's own erratum is no such thing: it is a record of its own, linked to the one that it corrects.

use crate::fact::{Fact, Home};
use crate::id::{Key, RecordRef, Slug};
use crate::text::Prose;
use std::borrow::Cow;

record! {
    /// Says which record of the desk was wrong. What is right follows in the event after it, of the same kind as the one
    /// that was wrong. Written by the desk, when a command says what it `corrects`.
    pub struct CorrectRecord {
        /// The dossier.
        #[n(0)] req dossier: Slug => Any,
        /// Names the record of the correction inside the dossier.
        #[n(1)] opt key: Key,
        /// The position of the event that was wrong.
        #[n(2)] req position: u64,
        /// What was wrong, and how the desk knows.
        #[n(3)] req reason: Prose,
    }
}

record! {
    /// Takes a record back that should never have been made. It is gone from every list and count, and still shown as of
    /// before. What others refer to cannot be taken back before they are.
    pub struct RetractRecord {
        /// The dossier that the record belongs to.
        #[n(0)] req dossier: Slug => Any,
        /// Names the record of the retraction inside the dossier; made up when left out.
        #[n(1)] opt key: Key,
        /// The position of the event that made the record.
        #[n(2)] req position: u64,
        /// Why it is taken back.
        #[n(3)] req reason: Prose,
    }
}

record! {
    /// Takes what an event says out of the log for good, as of every moment. Its header and the chain of hashes stay whole.
    /// What the same thing was recorded as elsewhere stays: name each position. What opens a dossier is better corrected
    /// first, and then what was wrong redacted: the dossier stays shown. Where it was redacted as it stood, the dossier is
    /// shown again once what is right is said with `corrects` and its position, with all that was recorded in it.
    pub struct RedactRecord {
        /// The dossier that the event belongs to.
        #[n(0)] req dossier: Slug => Any,
        /// Names the record of the redaction inside the dossier; made up when left out.
        #[n(1)] opt key: Key,
        /// The position of the event whose payload goes.
        #[n(2)] req position: u64,
        /// On what ground it has to go. Do not repeat here what goes.
        #[n(3)] req reason: Prose,
        /// It opened the dossier, whose slug stays taken. Filled in by the desk.
        #[n(4)] flag opened,
        /// What the event made, which stays known by this name: the dossier, where it opened that, or a record in it. Filled in
        /// by the desk.
        #[n(5)] opt record: RecordRef,
    }
}

macro_rules! amends {
    ($($name:ident $prefix:literal)*) => {$(
        impl Fact for $name {
            fn home(&self) -> Home<'_> {
                Home::Record(self.dossier.as_str(), self.key.as_ref(), $prefix)
            }
            fn summary(&self) -> Cow<'_, str> {
                self.reason.as_str().into()
            }
            fn key_slot(&mut self) -> Option<&mut Option<Key>> {
                Some(&mut self.key)
            }
        }
    )*};
}
amends!(CorrectRecord "corrected" RetractRecord "retracted" RedactRecord "redacted");
