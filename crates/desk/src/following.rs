//! How the sequencer follows its log where state and views cannot simply go on: others appended, or names changed. Where the
//! log cannot be read for that, following is owed, and nothing is decided before it is done.

use crate::replay::{self, Fold, ReplayError};
use crate::sequencer::{Sequencer, TakenOver, Task};
use crate::state::State;
use crate::sync::mpsc::{Receiver, RecvTimeoutError};
use rapporteur_log::Head;
use rapporteur_views::Views;
use std::time::Duration;

/// How soon a desk that owes a refold and has nothing else to do tries it, and the longest that it waits between two tries:
/// each wait is twice the one before.
const REFOLD_AFTER: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

impl Sequencer {
    /// The next task; none when every desk is gone. A refold that is owed is tried while there is nothing else to do.
    pub(crate) fn next(&mut self, tasks: &Receiver<Task>) -> Option<Task> {
        let (mut wait, longest) = REFOLD_AFTER;
        while self.owes_refold {
            match tasks.recv_timeout(wait) {
                Ok(task) => return Some(task),
                Err(RecvTimeoutError::Disconnected) => return None,
                // It is logged, and tried again.
                Err(RecvTimeoutError::Timeout) => drop(self.settle()),
            }
            wait = (wait * 2).min(longest);
        }
        tasks.recv().ok()
    }

    /// Folds state and views anew where that is owed.
    pub(crate) fn settle(&mut self) -> Result<(), ReplayError> {
        if !self.owes_refold {
            return Ok(());
        }
        let (mut state, mut views) = (State::default(), Views::default());
        replay::follow(&*self.log, &mut state, &mut views, &mut |_| {}).inspect_err(unread)?;
        (self.state, self.views) = (state, views);
        self.owes_refold = false;
        self.anew_at = self.state.head.position;
        self.shared.history.forget(self.state.head.position);
        self.shared.publish(self.views.clone());
        Ok(())
    }

    /// Follows what others appended, or owes it.
    pub(crate) fn catch_up(&mut self) {
        let (state, views) = (&mut self.state, &mut self.views);
        match replay::follow(&*self.log, state, views, &mut |_| {}) {
            // Another desk may have redacted.
            Ok(()) => {
                self.anew_at = self.state.head.position;
                self.shared.history.forget(self.state.head.position);
                self.shared.publish(self.views.clone());
            }
            Err(error) => self.owe(&error),
        }
    }

    /// Goes on with views that were rebuilt, after folding into them what was recorded meanwhile. Where all was folded anew
    /// meanwhile, that was a rebuild too, and they are not taken.
    pub(crate) fn take_over(&mut self, mut rebuilt: Box<Views>) -> TakenOver {
        self.settle()?;
        let from = rebuilt
            .head()
            .map_or(Head::EMPTY, |(position, hash)| Head { position, hash: *hash });
        if self.anew_at > from.position {
            return Ok(None);
        }
        let mut fold = Fold::new(None, &mut rebuilt);
        replay::each(&*self.log, from, self.state.head.position, |recorded| {
            fold.take(recorded, self.state.reading());
        })?;
        fold.end();
        std::mem::swap(&mut self.views, &mut rebuilt);
        self.shared.publish(self.views.clone());
        Ok(Some(rebuilt))
    }

    pub(crate) fn owe(&mut self, error: &ReplayError) {
        unread(error);
        self.owes_refold = true;
    }
}

fn unread(error: &ReplayError) {
    let error = crate::desk::chain(error);
    tracing::error!(%error, "the log could not be read; nothing is recorded before it can");
}

impl Sequencer {
    /// Takes out what a durable record says has to go. What fails here is done when the store is opened the next time; until
    /// then nothing of it is shown, since the record says so.
    pub(crate) fn redact(&self, positions: &[u64]) {
        for position in positions {
            if let Err(error) = self.log.redact(*position) {
                let error = crate::desk::chain(&error);
                tracing::error!(%error, position, "a redaction is recorded and not yet done; it is done when the store is opened again");
            }
        }
        self.shared.history.forget(self.state.head.position);
    }
}
