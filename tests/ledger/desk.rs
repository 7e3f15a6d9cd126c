//! A desk in this process, asked through its GraphQL endpoint.

use chrono::{DateTime, Utc};
use rapporteur_api::http::{Access, Endpoint, Incoming, Limits};
use rapporteur_desk::{Clock, Desk};
use rapporteur_domain::event::commands;
use rapporteur_log::MemoryLog;
use rapporteur_testkit::facts::files;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};

/// An endpoint and what it runs on.
pub(super) struct Client {
    endpoint: Endpoint,
    runtime: Runtime,
}

impl Client {
    /// The data of a document's answer, which must have no errors.
    pub(super) fn ask(&self, document: &str, variables: Value) -> Value {
        let Value::Object(variables) = variables else {
            panic!("variables are an object")
        };
        let incoming = Incoming {
            document: document.to_owned(),
            operation_name: None,
            variables,
        };
        let answer = self.runtime.block_on(self.endpoint.execute(incoming, Access::Write));
        assert!(answer.errors().is_empty(), "{document}\n{:#?}", answer.errors());
        answer.data().unwrap().clone().into_json().unwrap()
    }

    /// Records one command by the mutation of its name.
    fn record(&self, name: &str, input: &Value) {
        let shape = commands().iter().find(|c| c.name == name).unwrap();
        let document = format!(
            "mutation Record($input: {}Input!) {{ it: {name}(input: $input) {{ __typename \
             ... on Recorded {{ alreadyThere }} ... on Refused {{ refusals {{ rule field value message }} }} }} }}",
            shape.input.name
        );
        let answer = self.ask(&document, json!({ "input": input }));
        assert_eq!(
            answer["it"],
            json!({ "__typename": "Recorded", "alreadyThere": false }),
            "{name} {input}"
        );
    }
}

/// A desk with all facts recorded.
pub(super) fn with_fixtures() -> Client {
    let evening: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    let clock: Clock = Arc::new(move || evening);
    let desk = Desk::open(Arc::new(MemoryLog::default()), clock, &mut |_| {}).unwrap();
    let endpoint = rapporteur_api::schema::endpoint(desk, Limits::default()).unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client { endpoint, runtime };
    for (_, text) in files() {
        for line in text.lines() {
            let command: Value = serde_json::from_str(line).unwrap();
            command
                .as_object()
                .unwrap()
                .iter()
                .for_each(|(name, input)| client.record(name, input));
        }
    }
    client
}
