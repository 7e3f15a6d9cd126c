//! Supposing: what the desk would decide, and how everything would look then. Nothing is written.

use crate::deciding::{Decided, Placed, receipts};
use crate::desk::DeskError;
use crate::outcome::Outcome;
use crate::rehearsal::Rehearsal;
use crate::replay;
use crate::sequencer::{Batch, Sequencer};
use rapporteur_domain::event::Event;
use rapporteur_log::{EventLog, Head, Reading, Recorded, Stored};
use rapporteur_views::Views;
use rapporteur_views::moment::Moment;
use std::sync::Arc;

/// What was decided on commands that nobody records.
pub struct Supposition(Answer);

enum Answer {
    /// They would not be recorded.
    Against(Outcome),
    /// They would be, so.
    Recorded(Box<Appended>),
}

/// Events on top of a log that does not hold them.
struct Appended {
    log: Arc<dyn EventLog>,
    head: Head,
    reading: Reading,
    views: Views,
    placed: Vec<Placed>,
    sealed: Vec<Stored>,
    events: Vec<Event>,
}

/// What commands would make of the record.
pub struct Supposed {
    /// What would become of the commands; positions, versions and hashes are those of events that are not there.
    pub outcome: Outcome,
    /// The views with them; none where they would not be recorded.
    pub views: Option<Arc<Views>>,
}

impl Sequencer {
    /// Decides a batch as if it were to be recorded now.
    pub(crate) fn suppose(&mut self, batch: &Batch) -> Result<Supposition, DeskError> {
        self.settle().map_err(|error| DeskError::Behind(Arc::new(error)))?;
        let (mut decided, pending) = self.decide(std::iter::once(batch));
        let placed = match decided.pop() {
            Some(Decided::Placed(placed)) => placed,
            Some(Decided::Answer(outcome)) => return Ok(Supposition(Answer::Against(outcome))),
            None => return Err(DeskError::Lost),
        };
        let (sealed, events) = self.seal(pending)?;
        Ok(Supposition(Answer::Recorded(Box::new(Appended {
            log: Arc::clone(&self.log),
            head: self.state.head,
            reading: self.state.reading().clone(),
            views: self.views.clone(),
            placed,
            sealed,
            events,
        }))))
    }
}

impl Supposition {
    /// Folds what would be recorded. Blocks: where something would be renamed, merged, moved or amended, everything is folded anew.
    ///
    /// # Errors
    /// The log cannot be read or is damaged.
    pub fn folded(self) -> Result<Supposed, DeskError> {
        match self.0 {
            Answer::Against(outcome) => Ok(Supposed { outcome, views: None }),
            Answer::Recorded(appended) => {
                let (views, placed) = appended.fold()?;
                let outcome = receipts(&views, &placed)?;
                let views = Some(Arc::new(views));
                Ok(Supposed { outcome, views })
            }
        }
    }
}

impl Appended {
    fn fold(self) -> Result<(Views, Vec<Placed>), DeskError> {
        let last = self.sealed.last().map(|stored| stored.header.head());
        let (mut views, mut reading, mut learned) = (self.views, self.reading.clone(), false);
        for (stored, event) in self.sealed.iter().zip(self.events) {
            let recorded = Recorded::new(stored.header.clone(), Some(event));
            learned |= reading.learn(&recorded, &|source| replay::registrations(&views, source));
            views.apply(&Arc::new(recorded.placed(&self.reading)));
        }
        if let Some(last) = last.filter(|_| learned) {
            let log = Rehearsal::after(self.log, self.head);
            log.append(&self.head, &self.sealed)?;
            views = replay::rebuild(&log, last.position, &mut |_| {})?;
        }
        let moment = last.map_or_else(Moment::default, |last| Moment::supposed(last.hash.as_bytes()));
        Ok((views.shown_as_of(moment), self.placed))
    }
}
