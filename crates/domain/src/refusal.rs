//! Refusals: what cannot be recorded, by which rule, and what to do.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt::Write;

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
    /// A record cannot be moved: it is not an outermost one of the dossier that it is to leave, or there is no other one.
    NotMovable,
    /// A position lies beyond the log, or is that of an event of another dossier.
    UnknownPosition,
    /// An event cannot be corrected, retracted or redacted: it renames, merges, moves or amends others, or what it said is
    /// gone.
    NotAmendable,
    /// An event does not stand any more: it was corrected, retracted or redacted.
    NotStanding,
    /// A correction tells of another record, or something of another kind, than the event that it corrects.
    OtherRecord,
    /// A correction would rest on itself: it names its own record, something in it, or something that refers to it.
    RestsOnItself,
    /// What is to be retracted holds other records, or others refer to it.
    StillReferredTo,
    /// A batch goes on after a command that renames, merges, moves, corrects, retracts or redacts.
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
    /// One line for a terminal: what would control it is written as an escape.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.field.is_empty() {
            write!(f, "{}: ", Shown(&self.field))?;
        }
        write!(f, "{}", Shown(&self.message))?;
        if let Some(value) = &self.value {
            write!(f, " (written: {})", Shown(value))?;
        }
        write!(f, "; {}", Shown(&self.hint))
    }
}

/// A text without the power over a terminal: control characters and marks of direction stand as escapes.
struct Shown<'a>(&'a str);

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            if c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_on_a_terminal_does_not_control_it() {
        let written = Value::from("a\u{1b}[2J\u{202e}\nb");
        let refusal = Refusal::new(
            Rule::UnknownField,
            "x\u{7}",
            Some(&written),
            "no field `é\r`",
            "leave it out",
        );
        assert_eq!(
            refusal.to_string(),
            r"x\u{7}: no field `é\r` (written: a\u{1b}[2J\u{202e}\nb); leave it out"
        );
    }
}
