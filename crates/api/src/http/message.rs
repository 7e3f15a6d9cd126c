use serde_json::{Value, json};

use super::answer::Answer;
use super::request::Incoming;

/// A message from a client of `graphql-transport-ws`.
#[derive(Debug, PartialEq)]
pub(super) enum Received {
    /// `connection_init`; its payload is for authentication, which there is not.
    Init,
    Ping(Option<Value>),
    Pong,
    Subscribe {
        id: String,
        incoming: Incoming,
    },
    Complete {
        id: String,
    },
}

impl Received {
    /// # Errors
    /// Why the message is none of the protocol's: a reason for close 4400.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|_| "message is not JSON".to_owned())?;
        let Value::Object(mut members) = value else {
            return Err("message is not a JSON object".to_owned());
        };
        let Some(Value::String(kind)) = members.remove("type") else {
            return Err("message has no type".to_owned());
        };
        let id = match members.remove("id") {
            Some(Value::String(id)) if !id.is_empty() => Some(id),
            _ => None,
        };
        let payload = members.remove("payload");
        match (kind.as_str(), id) {
            ("connection_init", _) => Ok(Self::Init),
            ("ping", _) => Ok(Self::Ping(payload)),
            ("pong", _) => Ok(Self::Pong),
            ("subscribe", Some(id)) => {
                let incoming = Incoming::from_json(payload.unwrap_or_default())?;
                Ok(Self::Subscribe { id, incoming })
            }
            ("complete", Some(id)) => Ok(Self::Complete { id }),
            ("subscribe" | "complete", None) => Err(format!("{kind} needs an id, a text that is not empty")),
            _ => Err("message has an unknown type".to_owned()),
        }
    }
}

pub(super) fn ack() -> String {
    json!({ "type": "connection_ack" }).to_string()
}

pub(super) fn pong(payload: Option<Value>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
        None => json!({ "type": "pong" }).to_string(),
    }
}

pub(super) fn complete(id: &str) -> String {
    json!({ "type": "complete", "id": id }).to_string()
}

/// `error` if nothing was executed, which ends the operation; otherwise `next`.
pub(super) fn answer(id: &str, answer: &Answer) -> String {
    let id = Value::from(id);
    if answer.refusal().is_some() {
        return json!({ "type": "error", "id": id, "payload": answer.errors() }).to_string();
    }
    format!(r#"{{"type":"next","id":{id},"payload":{}}}"#, answer.to_json())
}
