//! What a command names first: parties, sources, topics and series that are registered with it, all or nothing.

use crate::command::Command;
use crate::event::{CommandShape, commands};
use crate::refusal::{Refusal, Rule};
use crate::shape::{Findings, MAX_ITEMS};
use chrono::NaiveDate;
use serde_json::{Map, Value};

/// The field of every command's input under which it registers what it names first, and what the field is for.
pub const CREATE: (&str, &str) = (
    "create",
    "Sources, topics, series and parties that this command is the first to name: registered with it, all or nothing. \
     What is registered already with the same content is left as it is.",
);

/// A list of [`CREATE`], the command that each of its items is the input of, and the name of an item's GraphQL type.
pub const CREATIONS: [(&str, &str, &str); 4] = [
    ("sources", "registerSource", "NewSource"),
    ("topics", "registerTopic", "NewTopic"),
    ("series", "registerSeries", "NewSeries"),
    ("parties", "registerParty", "NewParty"),
];

/// A registration that comes with a command.
#[derive(Debug, Clone)]
pub struct Creation {
    /// Where it stands in the input: `create.parties[0]`.
    pub path: String,
    /// The registration.
    pub command: Command,
}

/// The shape of the command that registers what stands in this list of [`CREATIONS`].
#[must_use]
pub fn creates(list: &str) -> Option<&'static CommandShape> {
    let (_, name, _) = CREATIONS.iter().find(|(of, ..)| *of == list)?;
    commands().iter().find(|command| command.name == *name)
}

/// What was taken out of a command's input.
#[derive(Default)]
pub(crate) struct Taken {
    /// The registrations that were written well.
    pub(crate) creations: Vec<Creation>,
    /// The slugs of all of them: that nothing of these names is recorded yet is no news.
    pub(crate) slugs: Vec<String>,
}

/// Takes what is to be created out of a command's input, in the order of [`CREATIONS`]: a party may cite a source that is
/// new as well.
pub(crate) fn take(input: &mut Value, today: Option<NaiveDate>, found: &mut Findings) -> Taken {
    let Some(given) = input.as_object_mut().and_then(|members| members.remove(CREATE.0)) else {
        return Taken::default();
    };
    let Value::Object(mut lists) = given else {
        found.refusals.push(wrong(
            CREATE.0,
            &given,
            "an object",
            "write `{…}` with lists of what is new",
        ));
        return Taken::default();
    };
    let mut taken = Taken::default();
    for (list, name, _) in CREATIONS {
        let path = format!("{}.{list}", CREATE.0);
        match lists.remove(list) {
            Some(Value::Array(items)) if items.len() <= MAX_ITEMS => {
                for (index, item) in items.into_iter().enumerate() {
                    one(name, item, today, format!("{path}[{index}]"), &mut taken, found);
                }
            }
            Some(Value::Array(items)) => found.refusals.push(Refusal::new(
                Rule::TooMany,
                &path,
                None,
                format!("{} items where at most {MAX_ITEMS} are allowed", items.len()),
                "register them with commands of their own, before",
            )),
            Some(other) => found.refusals.push(wrong(&path, &other, "a list", "write `[…]`")),
            None => {}
        }
    }
    found.refusals.extend(lists.keys().map(|name| unknown(name)));
    taken
}

fn one(name: &str, item: Value, today: Option<NaiveDate>, path: String, taken: &mut Taken, found: &mut Findings) {
    match Command::parse_bare(name, item, today) {
        Ok(command) => {
            taken.slugs.push(command.action.fact().home().dossier().to_owned());
            taken.creations.push(Creation { path, command });
        }
        Err(malformed) => {
            taken.slugs.extend(malformed.slug);
            found
                .refusals
                .extend(malformed.refusals.into_iter().map(|refusal| refusal.under(&path)));
            found.mentions.extend(malformed.mentions.into_iter().map(|mut mention| {
                mention.field = format!("{path}.{}", mention.field);
                mention
            }));
        }
    }
}

fn wrong(path: &str, value: &Value, wanted: &str, hint: &str) -> Refusal {
    Refusal::new(Rule::WrongType, path, Some(value), format!("expected {wanted}"), hint)
}

fn unknown(name: &str) -> Refusal {
    let lists: Vec<&str> = CREATIONS.iter().map(|(list, ..)| *list).collect();
    Refusal::new(
        Rule::UnknownField,
        format!("{}.{name}", CREATE.0),
        None,
        format!("`{}` has no list `{name}`", CREATE.0),
        format!("its lists are {}", lists.join(", ")),
    )
}

/// The JSON Schema of [`CREATE`]; `of` gives the schema of a command's input.
#[must_use]
pub fn schema(of: impl Fn(&CommandShape) -> Value) -> Value {
    let lists: Map<String, Value> = CREATIONS
        .iter()
        .filter_map(|(list, ..)| {
            let items = of(creates(list)?);
            let schema = serde_json::json!({ "type": "array", "maxItems": MAX_ITEMS, "items": items });
            Some(((*list).to_owned(), schema))
        })
        .collect();
    serde_json::json!({
        "type": "object",
        "description": CREATE.1,
        "additionalProperties": false,
        "properties": lists,
    })
}
