//! A fact together with the place in the log where it was recorded.

use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// A payload and the position of the event that recorded it. Cloning shares the payload.
#[derive(Debug, Serialize)]
pub struct Told<T> {
    /// The event's position.
    pub position: u64,
    /// What it says.
    pub fact: Arc<T>,
}

impl<T> Told<T> {
    /// The payload of this recorded event.
    #[must_use]
    pub fn new(recorded: &Recorded, fact: &Arc<T>) -> Self {
        Self {
            position: recorded.header.position,
            fact: Arc::clone(fact),
        }
    }
}

impl<T> Clone for Told<T> {
    fn clone(&self) -> Self {
        Self {
            position: self.position,
            fact: Arc::clone(&self.fact),
        }
    }
}
