//! What a case of a mutation holds: an input, what a query then shows, and how a spoilt input is refused.

use serde_json::{Value, json};

/// One mutation, tried in every way.
pub(crate) struct Case {
    /// The mutation.
    pub(crate) mutation: &'static str,
    /// A good input.
    pub(crate) input: Value,
    /// A field of the query root, with its arguments and selections.
    pub(crate) asks: &'static str,
    /// What it answers once the input is recorded.
    pub(crate) shows: Value,
    /// Fields that spoil the input, and the refusal that they meet: rule, field, value.
    pub(crate) spoilt: (Value, &'static str, &'static str, Value),
}

/// A case of this mutation with this input.
pub(crate) fn when(mutation: &'static str, input: Value) -> Case {
    Case {
        mutation,
        input,
        asks: "",
        shows: Value::Null,
        spoilt: (Value::Null, "", "", Value::Null),
    }
}

impl Case {
    /// What a query then shows.
    pub(crate) fn then(self, asks: &'static str, shows: Value) -> Self {
        Self { asks, shows, ..self }
    }

    /// What is refused: the input with these fields instead breaks this rule, in this field, by this value.
    pub(crate) fn but(self, instead: Value, rule: &'static str, field: &'static str, value: Value) -> Self {
        let spoilt = (instead, rule, field, value);
        Self { spoilt, ..self }
    }

    /// The input with these fields instead.
    pub(crate) fn with(&self, instead: &Value) -> Value {
        let mut input = self.input.clone();
        let members = instead.as_object().unwrap().clone();
        input.as_object_mut().unwrap().extend(members);
        input
    }

    /// The slug of the dossier that it tells of.
    pub(crate) fn dossier(&self) -> Option<&str> {
        let names = [
            "slug", "plan", "meeting", "round", "on", "issue", "party", "about", "from", "dossier", "lead",
        ];
        let named = names.iter().find(|name| self.input[**name].is_string())?;
        self.input[*named].as_str()?.split(['/', '#']).next()
    }
}

/// Evidence from one source of the ground.
pub(crate) fn wire() -> Value {
    json!({ "citations": [{ "source": "wire-2026-02-03" }] })
}

/// What every case may refer to.
pub(crate) fn ground() -> Value {
    let state = |slug: &str, name: &str| json!({ "registerParty": { "slug": slug, "kind": "STATE", "name": name } });
    json!([
        state("ua", "Ukraine"), state("ru", "Russia"), state("fr", "France"), state("us", "United States"),
        { "registerParty": { "slug": "eu", "kind": "BLOC", "name": "European Union" } },
        { "registerTopic": { "slug": "energy", "label": "Energy" } },
        { "registerSource": { "slug": "wire-2026-02-03", "kind": "WIRE", "title": "Talks and sanctions, a round-up",
            "publisher": "A news agency", "publishedOn": "2026-02-03" } },
        { "openPlan": { "slug": "geneva-text", "kind": "PLAN", "title": "The text of Geneva" } },
        { "recordPlanVersion": { "plan": "geneva-text", "version": "19", "status": "PROPOSED", "datedOn": "2025-11-24",
            "summary": "Nineteen points.", "evidence": wire() } },
    ])
}
