//! What comes back: data, or errors.

use crate::exit::Failure;
use serde_json::Value;

/// An error of an answer.
#[derive(Debug)]
pub(crate) struct Trouble {
    /// `extensions.code`: what kind of error it is.
    pub(crate) code: String,
    pub(crate) message: String,
}

/// The data of an answer, or its errors; `None` where the JSON is no answer at all.
pub(super) fn read(mut answer: Value) -> Option<Result<Value, Vec<Trouble>>> {
    if let Some(errors) = answer.get("errors").and_then(Value::as_array).filter(|e| !e.is_empty()) {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let troubles = errors.iter().map(|error| Trouble {
            code: text(error.pointer("/extensions/code")),
            message: text(error.get("message")),
        });
        return Some(Err(troubles.collect()));
    }
    let data = answer.get_mut("data")?.take();
    Some(Ok(data))
}

/// Errors as a failure: exit code 2 where what was written is at fault, 1 otherwise.
pub(crate) fn failure(troubles: &[Trouble]) -> Failure {
    let said: Vec<&str> = troubles.iter().map(|trouble| trouble.message.as_str()).collect();
    let text = said.join("; ");
    let all = |code: &str| troubles.iter().all(|trouble| trouble.code == code);
    if all("BAD_USER_INPUT") {
        Failure::usage(text)
    } else if all("GRAPHQL_VALIDATION_FAILED") {
        Failure::saying(format!(
            "{text}; the server does not know what this program asks for: use the same version of both"
        ))
    } else {
        Failure::saying(text)
    }
}
