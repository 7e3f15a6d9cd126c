//! A desk on a log in memory, and the commands that the tests of names send it.

use chrono::{DateTime, Utc};
use rapporteur_desk::{Desk, Outcome, Receipt};
use rapporteur_domain::command::Command;
use rapporteur_domain::refusal::Rule;
use rapporteur_log::{EventLog, MemoryLog};
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) struct Given {
    pub(crate) desk: Desk,
    pub(crate) log: Arc<dyn EventLog>,
}

fn open(log: &Arc<dyn EventLog>) -> Desk {
    let now: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    Desk::open(Arc::clone(log), Arc::new(move || now), &mut |_| {}).unwrap()
}

pub(crate) fn given(commands: &[Value]) -> Given {
    let log: Arc<dyn EventLog> = Arc::new(MemoryLog::default());
    let given = Given { desk: open(&log), log };
    commands.iter().for_each(|command| {
        given.records(command.clone());
    });
    given
}

impl Given {
    pub(crate) fn when(&self, batch: &[Value]) -> Outcome {
        let commands = batch.iter().cloned().map(Command::parse).collect();
        self.desk.send_batch(commands, "test").unwrap().wait().unwrap()
    }

    #[track_caller]
    pub(crate) fn records(&self, command: Value) -> Receipt {
        match self.when(std::slice::from_ref(&command)) {
            Outcome::Recorded(receipts) => receipts[0].clone(),
            other => panic!("{command}: {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn refuses(&self, batch: &[Value], rule: Rule, field: &str) {
        let before = self.desk.views().position();
        match self.when(batch) {
            Outcome::Refused(refusals) => {
                let told: Vec<(Rule, &str)> = refusals.iter().map(|r| (r.rule, r.field.as_str())).collect();
                assert_eq!(told, [(rule, field)]);
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(self.desk.views().position(), before);
    }

    /// Another desk on the same log.
    pub(crate) fn again(&self) -> Given {
        let log = Arc::clone(&self.log);
        Given { desk: open(&log), log }
    }

    /// The same log read by another desk, and rebuilt, gives the same views.
    #[track_caller]
    pub(crate) fn holds(&self) {
        let rebuilt = self.desk.rebuild(&mut |_| {}).unwrap();
        assert!(rebuilt.same(), "{:?}", differing(&rebuilt.views));
        assert_eq!(
            open(&self.log).views().digests(),
            self.desk.views().digests(),
            "opened again"
        );
    }

    pub(crate) fn attends(&self, meeting: &str) -> Vec<String> {
        let views = self.desk.views();
        let meeting = views.meetings.get(meeting).unwrap();
        meeting
            .attendance
            .iter()
            .map(|a| a.participant.party.to_string())
            .collect()
    }
}

fn differing<D: PartialEq>(views: &[(&'static str, D, D)]) -> Vec<&'static str> {
    views
        .iter()
        .filter(|(_, a, b)| a != b)
        .map(|(name, ..)| *name)
        .collect()
}

pub(crate) fn cited() -> Value {
    json!({ "citations": [{ "source": "wire" }] })
}
pub(crate) fn source() -> Value {
    json!({ "registerSource": { "slug": "wire", "publisher": "Wire", "publishedOn": "2026-01-06" } })
}
pub(crate) fn person(slug: &str, name: &str) -> Value {
    json!({ "registerParty": { "slug": slug, "kind": "PERSON", "name": name } })
}
pub(crate) fn office(party: &str, title: &str) -> Value {
    json!({ "recordOffice": { "party": party, "title": title, "attestedOn": "2026-01-06", "evidence": cited() } })
}
pub(crate) fn meeting(slug: &str, who: &str) -> Value {
    json!({ "scheduleMeeting": { "slug": slug, "title": format!("Meeting {slug}"), "plannedFor": "2026-01-07",
        "participants": [{ "party": who, "mode": "EXPECTED" }], "evidence": cited() } })
}
pub(crate) fn rename(from: &str, to: &str) -> Value {
    json!({ "renameDossier": { "dossier": from, "slug": to } })
}
pub(crate) fn merge(from: &str, into: &str) -> Value {
    json!({ "mergeDossiers": { "dossier": from, "into": into } })
}
pub(crate) fn move_to(from: &str, into: &str, records: &[&str]) -> Value {
    json!({ "moveRecords": { "from": from, "into": into, "records": records } })
}
