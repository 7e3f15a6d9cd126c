//! A fact together with the place in the log where it was recorded.

use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// A payload and the position of the event that recorded it. Cloning shares the payload.
#[derive(Debug, Serialize)]
pub struct Told<T> {
    /// The event's position.
    pub position: u64,
    /// Its place among others: its position, or that of what it corrects.
    #[serde(skip)]
    pub place: u64,
    /// What it says.
    pub fact: Arc<T>,
}

/// Where an event stands in the log and among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At {
    /// Its position.
    pub(crate) position: u64,
    /// Its place among others: its position, or that of what it corrects.
    pub(crate) place: u64,
}

impl At {
    /// Where a recorded event stands.
    pub(crate) fn of(recorded: &Recorded) -> Self {
        Self {
            position: recorded.header.position,
            place: recorded.place,
        }
    }
}

impl<T> Told<T> {
    /// The payload of this recorded event.
    #[must_use]
    pub fn new(recorded: &Recorded, fact: &Arc<T>) -> Self {
        Self {
            position: recorded.header.position,
            place: recorded.place,
            fact: Arc::clone(fact),
        }
    }
}

impl<T> Clone for Told<T> {
    fn clone(&self) -> Self {
        Self {
            position: self.position,
            place: self.place,
            fact: Arc::clone(&self.fact),
        }
    }
}
