//! Claims with the shape of the facts, each a dossier of its own: what is appended, to us and to peers.

use crate::Failed;
use rapporteur_desk::Desk;
use rapporteur_desk::import::import;
use rapporteur_domain::command::Command;
use rapporteur_testkit::facts::files;
use serde_json::Value;

/// The claims of the facts, over and over.
pub(crate) struct Claims {
    templates: Vec<Value>,
}

impl Claims {
    /// Those of the fixtures.
    pub(crate) fn of_the_facts() -> Result<Self, Failed> {
        let lines = files();
        let lines = lines.iter().flat_map(|(_, text)| text.lines());
        let claims = lines.filter(|line| line.starts_with("{\"recordClaim\""));
        let templates: Vec<Value> = claims.map(serde_json::from_str).collect::<Result<_, _>>()?;
        match templates.is_empty() {
            true => Err("the facts hold no claims".into()),
            false => Ok(Self { templates }),
        }
    }

    /// The claim of this number: each number has a slug, a summary and a key of its own.
    pub(crate) fn value(&self, number: usize) -> Value {
        let mut claim = self.templates[number % self.templates.len()].clone();
        if let Some(input) = claim.get_mut("recordClaim").and_then(Value::as_object_mut) {
            let summary = input.get("summary").and_then(Value::as_str).unwrap_or_default();
            let summary = format!("{summary} ({number})");
            input.insert("slug".to_owned(), format!("bench-claim-{number}").into());
            input.insert("summary".to_owned(), summary.into());
            input.insert("idempotencyKey".to_owned(), format!("bench/claim-{number}").into());
        }
        claim
    }

    /// The same as a command.
    pub(crate) fn command(&self, number: usize) -> Result<Command, Failed> {
        Command::parse(self.value(number)).map_err(|malformed| format!("{:?}", malformed.refusals).into())
    }
}

/// Records the facts, so that claims find what they refer to.
pub(crate) fn load_facts(desk: &Desk) -> Result<(), Failed> {
    for (name, text) in files() {
        let report = import(desk, text.as_bytes(), "bench", &mut |_| {})?;
        if report.refused > 0 {
            return Err(format!("{name}: {:?}", report.lines.first()).into());
        }
    }
    Ok(())
}
