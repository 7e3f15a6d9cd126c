//! Lists that literals leave out: GraphQL reads a single value where a list is wanted as a list of one. Variables come
//! that way already; literals come as they were written.

use rapporteur_domain::creation::{CREATE, creates};
use rapporteur_domain::event::commands;
use rapporteur_domain::shape::listed;
use serde_json::Value;

/// A command, `{"registerTopic": {…}}`, with its lists.
pub(super) fn in_command(command: Value) -> Value {
    match command {
        Value::Object(members) => {
            let members = members.into_iter();
            members
                .map(|(name, input)| {
                    let input = in_input(&name, input);
                    (name, input)
                })
                .collect()
        }
        other => other,
    }
}

/// The input of the command of this name, with its lists.
pub(super) fn in_input(name: &str, input: Value) -> Value {
    let Some(command) = commands().iter().find(|command| command.name == name) else {
        return input;
    };
    let mut input = listed(&command.input, input);
    let created = input.get_mut(CREATE.0).and_then(Value::as_object_mut);
    for (list, items) in created.into_iter().flatten() {
        let Some(registers) = creates(list) else { continue };
        let given = match items.take() {
            Value::Null => continue,
            Value::Array(items) => items,
            single => vec![single],
        };
        *items = given.into_iter().map(|item| listed(&registers.input, item)).collect();
    }
    input
}
