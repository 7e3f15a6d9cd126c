//! A desk on a log in memory, and the commands that the tests of amendments send it.

use chrono::{DateTime, Utc};
use rapporteur_desk::export::Export;
use rapporteur_desk::restore::restore;
use rapporteur_desk::{Desk, Outcome, Receipt};
use rapporteur_domain::command::Command;
use rapporteur_domain::refusal::Refusal;
use rapporteur_log::{EventLog, MemoryLog};
use rapporteur_views::Views;
use rapporteur_views::moment::Moment;
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) struct Given {
    pub(crate) desk: Desk,
    pub(crate) log: Arc<dyn EventLog>,
}

pub(crate) fn open(log: &Arc<dyn EventLog>) -> Desk {
    let now: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    Desk::open(Arc::clone(log), Arc::new(move || now), &mut |_| {}).unwrap()
}

pub(crate) fn given(commands: &[Value]) -> Given {
    let log: Arc<dyn EventLog> = Arc::new(MemoryLog::default());
    let given = Given { desk: open(&log), log };
    given.all(commands);
    given
}

impl Given {
    pub(crate) fn when(&self, batch: &[Value]) -> Outcome {
        let commands = batch.iter().cloned().map(Command::parse).collect();
        self.desk.send_batch(commands, "test").unwrap().wait().unwrap()
    }

    pub(crate) fn all(&self, commands: &[Value]) {
        commands.iter().for_each(|command| {
            self.records(command.clone());
        });
    }

    #[track_caller]
    pub(crate) fn records(&self, command: Value) -> Receipt {
        match self.when(std::slice::from_ref(&command)) {
            Outcome::Recorded(receipts) => receipts[0].clone(),
            other => panic!("{command}: {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn refuses(&self, command: Value) -> Refusal {
        let before = self.desk.views().position();
        let refused = match self.when(std::slice::from_ref(&command)) {
            Outcome::Refused(mut refusals) if refusals.len() == 1 => refusals.remove(0),
            other => panic!("{command}: {other:?}"),
        };
        assert_eq!(self.desk.views().position(), before, "something was written");
        refused
    }

    /// The views as of a position.
    pub(crate) fn at(&self, position: u64) -> Arc<Views> {
        let present = self.desk.views();
        self.desk.views_as_of(&present, Moment::recorded(position)).unwrap()
    }

    pub(crate) fn head(&self) -> u64 {
        self.desk.views().position()
    }

    /// An export of the log makes the same log elsewhere.
    #[track_caller]
    pub(crate) fn restores(&self) {
        let pages = Export::begin(Arc::clone(&self.log)).unwrap().map(Result::unwrap);
        let lines = pages.collect::<Vec<_>>().concat();
        let copy: Arc<dyn EventLog> = Arc::new(MemoryLog::default());
        let restored = restore(&lines[..], None, &*copy, &mut |_| {}).unwrap();
        let head = self.log.head().unwrap();
        assert_eq!((restored.head, copy.head().unwrap()), (head, head));
        assert_eq!(open(&copy).views().digests(), self.desk.views().digests(), "restored");
    }

    /// The same log read by another desk, and rebuilt, gives the same views; and what is recorded next is decided alike.
    #[track_caller]
    pub(crate) fn holds(&self) {
        let rebuilt = self.desk.rebuild(&mut |_| {}).unwrap();
        let differ = rebuilt.views.iter().filter(|(_, live, rebuilt)| live != rebuilt);
        let differ: Vec<&str> = differ.map(|(name, ..)| *name).collect();
        assert!(rebuilt.same(), "{differ:?}");
        assert_eq!(
            open(&self.log).views().digests(),
            self.desk.views().digests(),
            "opened again"
        );
    }
}

pub(crate) fn cited() -> Value {
    json!({ "citations": [{ "source": "wire" }] })
}
pub(crate) fn source() -> Value {
    json!({ "registerSource": { "slug": "wire", "publisher": "Wire", "publishedOn": "2026-01-06" } })
}
pub(crate) fn person(slug: &str) -> Value {
    json!({ "registerParty": { "slug": slug, "kind": "PERSON", "name": format!("Name of {slug}") } })
}
pub(crate) fn claim(slug: &str, summary: &str) -> Value {
    json!({ "recordClaim": { "slug": slug, "summary": summary, "claimedOn": "2026-01-05", "evidence": cited() } })
}
pub(crate) fn meeting(day: &str) -> Value {
    json!({ "scheduleMeeting": { "slug": "talks", "title": "Talks", "plannedFor": day, "evidence": cited() } })
}
pub(crate) fn rescheduled(day: &str) -> Value {
    json!({ "rescheduleMeeting": { "slug": "talks", "plannedFor": day, "evidence": cited() } })
}
pub(crate) fn round(title: &str) -> Value {
    json!({ "openRound": { "slug": "round", "title": title, "senders": ["eu"], "target": "ru" } })
}
pub(crate) fn stage(stage: &str, day: &str) -> Value {
    json!({ "recordStage": { "round": "round", "stage": stage, "reachedOn": day, "evidence": cited() } })
}

/// The same command as a correction of the event at `position`.
pub(crate) fn correcting(position: u64, command: Value) -> Value {
    with(
        command,
        "corrects",
        json!({ "position": position, "reason": "Misread." }),
    )
}
/// The same command with a field more, or another value for it.
pub(crate) fn with(mut command: Value, field: &str, value: Value) -> Value {
    let input = command.as_object_mut().unwrap().values_mut().next().unwrap();
    input[field] = value;
    command
}
pub(crate) fn retract(dossier: &str, position: u64) -> Value {
    json!({ "retractRecord": { "dossier": dossier, "position": position, "reason": "Never said." } })
}
pub(crate) fn redact(dossier: &str, position: u64) -> Value {
    json!({ "redactRecord": { "dossier": dossier, "position": position, "reason": "A private address." } })
}
