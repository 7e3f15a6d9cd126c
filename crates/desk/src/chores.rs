//! Chores: long work beside the recording, at most one of a kind at a time, with its progress for all to see.

use crate::desk::{Clock, DeskError, chain};
use crate::replay::Progress;
use chrono::{DateTime, Utc};
use event_listener::{Event as Bell, EventListener};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How a chore stands.
#[derive(Debug)]
pub struct Chore<T> {
    /// When it began.
    pub began: DateTime<Utc>,
    /// When it ended; `None` while it goes on.
    pub ended: Option<DateTime<Utc>>,
    /// How far it has come.
    pub progress: Progress,
    /// What it came to, or why it came to nothing; `None` while it goes on.
    pub result: Option<Arc<Result<T, String>>>,
}

impl<T> Clone for Chore<T> {
    fn clone(&self) -> Self {
        Self {
            result: self.result.clone(),
            ..*self
        }
    }
}

/// The last chore of a kind. Clones are the same.
pub struct Chores<T> {
    inner: Arc<Inner<T>>,
}

struct Inner<T> {
    last: Mutex<Option<Chore<T>>>,
    ended: Bell,
}

impl<T> Clone for Chores<T> {
    fn clone(&self) -> Self {
        let inner = Arc::clone(&self.inner);
        Self { inner }
    }
}

impl<T> Default for Chores<T> {
    fn default() -> Self {
        let (last, ended) = (Mutex::default(), Bell::new());
        let inner = Arc::new(Inner { last, ended });
        Self { inner }
    }
}

impl<T: Send + Sync + 'static> Chores<T> {
    fn slot(&self) -> MutexGuard<'_, Option<Chore<T>>> {
        self.inner.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last chore, running or ended; `None` where there was none.
    #[must_use]
    pub fn last(&self) -> Option<Chore<T>> {
        self.slot().clone()
    }

    /// Wakes when a chore ends. Listen first, then look at it, then wait.
    #[must_use]
    pub fn ended(&self) -> EventListener {
        self.inner.ended.listen()
    }

    /// Begins a chore in a thread of its own, unless one is running.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn begin(
        &self,
        name: &str,
        clock: Clock,
        task: impl FnOnce(&mut dyn FnMut(Progress)) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<(), DeskError> {
        let mut slot = self.slot();
        if slot.as_ref().is_some_and(|chore| chore.ended.is_none()) {
            return Ok(());
        }
        let begun = Chore {
            began: clock(),
            ended: None,
            progress: Progress { done: 0, total: 0 },
            result: None,
        };
        let here = self.clone();
        let run = move || {
            let mut progress = |progress| here.change(|chore| chore.progress = progress);
            let result = catch_unwind(AssertUnwindSafe(|| task(&mut progress)));
            let result = match result {
                Ok(result) => result.map_err(|error| chain(&error)),
                Err(_) => Err("it panicked; the log of the program says where".to_owned()),
            };
            here.change(|chore| (chore.ended, chore.result) = (Some(clock()), Some(Arc::new(result))));
            here.inner.ended.notify(usize::MAX);
        };
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run);
        thread.map_err(|error| DeskError::Thread(error.to_string()))?;
        *slot = Some(begun);
        Ok(())
    }

    fn change(&self, change: impl FnOnce(&mut Chore<T>)) {
        if let Some(chore) = self.slot().as_mut() {
            change(chore);
        }
    }
}
