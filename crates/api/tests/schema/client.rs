//! A desk with the fixtures, asked through its endpoint.

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use rapporteur_api::http::{Access, Endpoint, Incoming, Limits};
use rapporteur_desk::import::import;
use rapporteur_desk::{Clock, Desk};
use rapporteur_log::{EventLog, MemoryLog};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};

/// An endpoint, its desk and what they run on.
pub(crate) struct Client {
    desk: Desk,
    endpoint: Endpoint,
    runtime: Runtime,
}

impl Client {
    /// A desk over a log.
    pub(crate) fn on(log: Arc<dyn EventLog>) -> Self {
        let evening: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
        let clock: Clock = Arc::new(move || evening);
        let desk = Desk::open(log, clock, &mut |_| {}).unwrap();
        Self {
            endpoint: rapporteur_api::schema::endpoint(desk.clone(), Limits::default()).unwrap(),
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
            desk,
        }
    }

    /// A desk with the newsroom report.
    pub(crate) fn with_fixtures() -> Self {
        let client = Self::on(Arc::new(MemoryLog::default()));
        client.record(&fixtures());
        client
    }

    /// A desk with everything that the demo holds.
    pub(crate) fn with_everything() -> Self {
        let client = Self::on(Arc::new(MemoryLog::default()));
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/commands");
        let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(files.len() > 10);
        files
            .iter()
            .for_each(|file| client.record(&fs::read_to_string(file).unwrap()));
        client
    }

    /// Records lines of commands, none of which may be refused.
    pub(crate) fn record(&self, lines: &str) {
        let report = import(&self.desk, lines.as_bytes(), "desk", &mut |_| {}).unwrap();
        assert_eq!(report.refused, 0, "{:#?}", report.lines);
    }

    /// The data and the errors of a document's answer.
    pub(crate) fn answer(&self, document: &str) -> (Value, Vec<Value>) {
        let incoming = Incoming::new(document);
        let answer = self.runtime.block_on(self.endpoint.execute(incoming, Access::Write));
        let errors = answer.errors().iter().map(|e| serde_json::to_value(e).unwrap());
        let data = answer.data().cloned().unwrap_or_default().into_json().unwrap();
        (data, errors.collect())
    }

    /// The answers of a subscription, each made when it is taken.
    pub(crate) fn follow(&self, document: &str) -> impl Iterator<Item = Value> {
        let mut answers = self.endpoint.stream(Incoming::new(document));
        std::iter::from_fn(move || {
            let answer = self.runtime.block_on(answers.next())?;
            assert!(answer.errors().is_empty(), "{:?}", answer.errors());
            Some(answer.data().cloned().unwrap_or_default().into_json().unwrap())
        })
    }

    /// The data of an answer without errors.
    pub(crate) fn ask(&self, document: &str) -> Value {
        let (data, errors) = self.answer(document);
        assert!(errors.is_empty(), "{document}\n{errors:#?}");
        data
    }

    /// The message of an answer whose only error is the user's.
    pub(crate) fn refused(&self, document: &str) -> String {
        let (_, errors) = self.answer(document);
        assert_eq!(errors.len(), 1, "{document}\n{errors:#?}");
        assert_eq!(errors[0]["extensions"]["code"], "BAD_USER_INPUT", "{document}");
        errors[0]["message"].as_str().unwrap().to_owned()
    }
}

/// The lines of the newsroom report.
pub(crate) fn fixtures() -> String {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/commands");
    fs::read_to_string(dir.join("01-paris-report.ndjson")).unwrap()
}

/// A raw file of facts.
pub(crate) fn raw(name: &str) -> Value {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/facts");
    serde_json::from_str(&fs::read_to_string(dir.join(name)).unwrap()).unwrap()
}
