//! Refusals: what cannot be recorded, by which rule, and what to do.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The rule that a refused command breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rule {
    /// The command names no known action, or several.
    UnknownCommand,
    /// The input has a field that its type does not have.
    UnknownField,
    /// A field that must be there is not.
    MissingField,
    /// A value has the wrong JSON type.
    WrongType,
    /// A value breaks its type's rule.
    InvalidValue,
    /// A date is not EDTF, or contradicts itself.
    InvalidDate,
    /// A list or a batch has too many items.
    TooMany,
    /// A reference names nothing recorded.
    UnknownReference,
    /// A reference names a dossier of another kind.
    WrongKind,
    /// A factual record cites nothing.
    NoCitation,
    /// A point or version that the plan lacks.
    UnknownPoint,
    /// The slug already names other content.
    SlugTaken,
    /// The key already names another record of this dossier.
    KeyTaken,
    /// An end lies surely before its start.
    EndBeforeStart,
    /// A quantity has neither a number nor words, or its ends are the wrong way round.
    ImpossibleQuantity,
    /// The event would be larger than 64 KiB.
    EventTooLarge,
    /// Two dossiers cannot be one: they are of different kinds, the same already, or the wrong way round.
    NotMergeable,
    /// A batch goes on after a command that renames or merges.
    BatchGoesOn,
    /// The idempotency key was used before for other content.
    IdempotencyKeyReused,
}

impl std::fmt::Display for Rule {
    /// As in JSON and GraphQL: `SLUG_TAKEN`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match serde_json::to_value(self) {
            Ok(Value::String(name)) => f.write_str(&name),
            _ => write!(f, "{self:?}"),
        }
    }
}

/// One reason why a command was not recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The rule that it breaks.
    pub rule: Rule,
    /// Where in the input: `participants[0].party`; empty for the command as a whole.
    pub field: String,
    /// The value that was written there, as JSON, cut at 200 characters.
    pub value: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl Refusal {
    /// A refusal of the value at `field`.
    #[must_use]
    pub fn new(
        rule: Rule,
        field: impl Into<String>,
        value: Option<&Value>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let value = value.map(|v| cut(&v.as_str().map_or_else(|| v.to_string(), str::to_owned)));
        Self {
            rule,
            field: field.into(),
            value,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// The same refusal seen from outside: its field under `prefix`.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.field = match (prefix.is_empty(), self.field.is_empty()) {
            (true, _) => self.field,
            (false, true) => prefix.to_owned(),
            (false, false) => format!("{prefix}.{}", self.field),
        };
        self
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)?;
        if let Some(value) = &self.value {
            write!(f, " (written: {value})")?;
        }
        write!(f, "; {}", self.hint)
    }
}

fn cut(text: &str) -> String {
    const MOST: usize = 200;
    if text.chars().count() <= MOST {
        text.to_owned()
    } else {
        text.chars().take(MOST).chain(['…']).collect()
    }
}
