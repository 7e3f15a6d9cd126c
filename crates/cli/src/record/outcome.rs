//! What came of a command.

use crate::Done;
use crate::exit::Failure;
use crate::out::line;
use crate::show::{at, day, each, text, word};
use rapporteur_domain::refusal::Refusal;
use serde_json::{Value, json};

/// A refusal in GraphQL's form, its field under `input`.
pub(super) fn refusal(refusal: &Refusal) -> Value {
    let refusal = refusal.clone().under("input");
    json!({
        "rule": refusal.rule.to_string(), "field": refusal.field, "value": refusal.value, "message": refusal.message,
        "hint": refusal.hint,
    })
}

/// An outcome, read from the answer.
pub(super) struct Told<'a> {
    outcome: &'a Value,
    dry_run: bool,
}

impl<'a> Told<'a> {
    pub(super) fn read(outcome: &'a Value, dry_run: bool) -> Self {
        Self { outcome, dry_run }
    }

    fn is(&self, name: &str) -> bool {
        self.outcome["__typename"] == name
    }

    /// Prints it for people.
    pub(super) fn print(&self) -> Done {
        let outcome = self.outcome;
        if self.is("Refused") {
            for refusal in each(outcome, "refusals") {
                let value = text(refusal, "value");
                let value = if value.is_empty() {
                    value
                } else {
                    format!(" (written: {value})")
                };
                line(format_args!(
                    "{}: {}{value}; {} [{}]",
                    text(refusal, "field"),
                    text(refusal, "message"),
                    text(refusal, "hint"),
                    text(refusal, "rule")
                ))?;
            }
        }
        if self.is("Recorded") {
            let what = format!("{} `{}`", word(outcome, "dossier.kind"), text(outcome, "dossier.slug"));
            let (position, version) = (text(outcome, "position"), text(outcome, "version"));
            match (at(outcome, "alreadyThere").as_bool(), self.dry_run) {
                (Some(true), _) => line(format_args!(
                    "already there: {what}, at position {position}; nothing was written"
                ))?,
                (_, true) => line(format_args!(
                    "would be recorded: {what}, then at version {version}; nothing was written"
                ))?,
                (_, false) => line(format_args!(
                    "recorded: {what}, now at version {version}; position {position}"
                ))?,
            }
            let summary = text(outcome, "entry.summary");
            if !summary.is_empty() {
                line(format_args!("  says: {summary}"))?;
            }
            for (field, date) in at(outcome, "entry.fact").as_object().into_iter().flatten() {
                if let Some(understood) = understood(date) {
                    line(format_args!("  {field}: {understood}"))?;
                }
            }
            for flag in each(outcome, "flags") {
                line(format_args!(
                    "  flag: {} [{}]",
                    text(flag, "message"),
                    text(flag, "rule")
                ))?;
            }
        }
        Ok(())
    }

    /// How the task ends: exit code 4 where nothing was recorded.
    pub(super) fn done(&self) -> Done {
        let outcome = self.outcome;
        if self.is("Recorded") {
            return Ok(());
        }
        if self.is("Conflict") {
            let (slug, expected, actual) = (
                text(outcome, "slug"),
                text(outcome, "expected"),
                text(outcome, "actual"),
            );
            return Err(Failure::refused(format!(
                "`{slug}` is at version {actual}, and the input expects {expected}: somebody else recorded meanwhile; look at \
                 it again, then send the command with \"expectedVersion\": {actual}"
            )));
        }
        if self.is("Refused") {
            return Err(Failure::refused("refused; nothing was recorded"));
        }
        Err(Failure::saying("the answer says neither recorded nor refused"))
    }
}

/// A date as it was understood: "3 or 4 January 2026 (2026-01-03 to 2026-01-04)".
fn understood(date: &Value) -> Option<String> {
    let date = &json!({ "date": date });
    let label = Some(day(date, "date")).filter(|label| !label.is_empty())?;
    let (earliest, latest) = (text(date, "date.earliest"), text(date, "date.latest"));
    let bounds = match (earliest.is_empty(), latest.is_empty()) {
        (true, true) => "no bounds".to_owned(),
        (false, true) => format!("{earliest} or later"),
        (true, false) => format!("{latest} or earlier"),
        _ if earliest == latest => earliest,
        _ => format!("{earliest} to {latest}"),
    };
    Some(format!("{label} ({bounds})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_with_their_bounds() {
        let date = json!({ "label": "6 January 2026", "earliest": "2026-01-06", "latest": "2026-01-06" });
        assert_eq!(understood(&date).unwrap(), "6 January 2026 (2026-01-06)");
        let date = json!({ "label": "after 6 January 2026", "earliest": "2026-01-07", "latest": null });
        assert_eq!(understood(&date).unwrap(), "after 6 January 2026 (2026-01-07 or later)");
        assert_eq!(understood(&Value::Null), None);
    }
}
