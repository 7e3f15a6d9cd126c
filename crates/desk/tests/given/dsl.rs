//! Given, when, then: the words in which the desk's rules are tested.

#![allow(dead_code, reason = "each test binary uses its part of these words")]

use chrono::{DateTime, Utc};
use rapporteur_desk::{Desk, Outcome};
use rapporteur_domain::command::Command;
use rapporteur_domain::refusal::{Refusal, Rule};
use rapporteur_log::MemoryLog;
use rapporteur_views::Views;
use rapporteur_views::flags::{Flag, FlagRule};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

thread_local! {
    static MET: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// The rules that these tests meet, by their names in the API.
pub(crate) fn met_by(tests: &[fn()]) -> BTreeSet<String> {
    MET.take();
    tests.iter().for_each(|test| test());
    MET.take()
}

fn meet(rule: &impl serde::Serialize) {
    let name = serde_json::to_value(rule).unwrap();
    MET.with_borrow_mut(|met| met.insert(name.as_str().unwrap().to_owned()));
}

/// A desk in whose records something stands.
pub(crate) struct Given(pub(crate) Desk);

/// A desk that recorded these commands, none of which may be refused.
#[track_caller]
pub(crate) fn given(commands: impl IntoIterator<Item = Value>) -> Given {
    let now: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    let desk = Desk::open(Arc::new(MemoryLog::default()), Arc::new(move || now), &mut |_| {}).unwrap();
    Given(desk).and(commands)
}

impl Given {
    /// These commands too, none of which may be refused.
    #[track_caller]
    pub(crate) fn and(self, commands: impl IntoIterator<Item = Value>) -> Self {
        for command in commands {
            self.records(command);
        }
        self
    }

    /// What becomes of a batch.
    pub(crate) fn sends(&self, batch: impl IntoIterator<Item = Value>) -> Outcome {
        let commands = batch.into_iter().map(Command::parse).collect();
        self.0.send_batch(commands, "test").unwrap().wait().unwrap()
    }

    /// A command is sent.
    pub(crate) fn when(&self, command: Value) -> When<'_> {
        self.when_all([command])
    }

    /// A batch is sent.
    pub(crate) fn when_all(&self, batch: impl IntoIterator<Item = Value>) -> When<'_> {
        let before = self.0.views().digests();
        let outcome = self.sends(batch);
        let unchanged = self.0.views().digests() == before;
        When {
            given: self,
            outcome,
            unchanged,
        }
    }

    /// What there is to see, once a rebuild was seen to give the same.
    pub(crate) fn views(&self) -> Arc<Views> {
        assert!(self.0.rebuild(&mut |_| {}).unwrap().same());
        self.0.views()
    }

    /// The rules by which a batch is refused, with their fields.
    #[track_caller]
    pub(crate) fn refusals(&self, batch: impl IntoIterator<Item = Value>) -> Vec<(Rule, String)> {
        let found = self.when_all(batch).refusals();
        found.into_iter().map(|r| (r.rule, r.field)).collect()
    }

    /// The command is refused by these rules in these fields, and nothing changes.
    #[track_caller]
    pub(crate) fn refuses(&self, command: Value, expected: &[(Rule, &str)]) {
        let refusals = self.when(command).refusals();
        let found: Vec<(Rule, &str)> = refusals.iter().map(|r| (r.rule, own_field(&r.field))).collect();
        assert_eq!(found, expected);
    }

    /// The command is recorded; its position.
    #[track_caller]
    pub(crate) fn records(&self, command: Value) -> u64 {
        match self.sends([command.clone()]) {
            Outcome::Recorded(receipts) => receipts[0].position,
            other => panic!("expected a record of {command}, got {other:?}"),
        }
    }
}

/// What became of what was sent.
pub(crate) struct When<'a> {
    given: &'a Given,
    outcome: Outcome,
    unchanged: bool,
}

impl<'a> When<'a> {
    #[track_caller]
    fn refusals(self) -> Vec<Refusal> {
        assert!(self.unchanged, "what is refused changes nothing");
        match self.outcome {
            Outcome::Refused(refusals) => refusals,
            other => panic!("expected a refusal, got {other:?}"),
        }
    }

    /// It is refused by this rule alone: in this field, by this value (empty for none), with this hint.
    #[track_caller]
    pub(crate) fn then_refused(self, rule: Rule, field: &str, value: &str, hint: &str) {
        let refusals = self.refusals();
        let told: Vec<_> = refusals
            .iter()
            .map(|r| {
                (
                    r.rule,
                    r.field.as_str(),
                    r.value.as_deref().unwrap_or(""),
                    r.hint.as_str(),
                )
            })
            .collect();
        assert_eq!(told, [(rule, field, value, hint)]);
        assert!(!refusals[0].message.is_empty());
        meet(&rule);
    }

    /// It is recorded, and odd: a flag of this rule names its event and says this.
    #[track_caller]
    pub(crate) fn then_flagged(self, rule: FlagRule, message: &str) -> Odd<'a> {
        let position = self.position();
        let views = self.given.views();
        let found: Vec<&Flag> = views
            .flags
            .at(position)
            .into_iter()
            .filter(|f| f.rule == rule)
            .collect();
        let told: Vec<_> = found.iter().map(|f| (f.message.as_str(), f.position)).collect();
        assert_eq!(told, [(message, position)]);
        let dossier = found[0].dossier.as_str();
        assert!(
            views
                .flags
                .of(dossier)
                .any(|f| f.rule == rule && f.position == position)
        );
        meet(&rule);
        Odd {
            given: self.given,
            rule,
            dossier: dossier.to_owned(),
        }
    }

    /// It is recorded, and nothing is odd about it.
    #[track_caller]
    pub(crate) fn then_not_flagged(self) {
        let position = self.position();
        let views = self.given.views();
        let found: Vec<String> = views
            .flags
            .at(position)
            .iter()
            .map(|f| format!("{:?}", f.rule))
            .collect();
        assert!(found.is_empty(), "{found:?}");
    }

    #[track_caller]
    fn position(&self) -> u64 {
        match &self.outcome {
            Outcome::Recorded(receipts) => receipts[0].position,
            other => panic!("expected a record, got {other:?}"),
        }
    }
}

/// A dossier with a flag.
pub(crate) struct Odd<'a> {
    given: &'a Given,
    rule: FlagRule,
    dossier: String,
}

impl Odd<'_> {
    /// The flag goes once this is recorded.
    #[track_caller]
    pub(crate) fn until(self, command: Value) {
        self.given.records(command);
        assert_eq!(self.standing(), 0, "{:?} should have gone", self.rule);
    }

    /// The flag stays although this is recorded.
    #[track_caller]
    pub(crate) fn still_after(self, command: Value) -> Self {
        self.given.records(command);
        assert_eq!(self.standing(), 1, "{:?} should have stayed", self.rule);
        self
    }

    fn standing(&self) -> usize {
        let views = self.given.views();
        views.flags.of(&self.dossier).filter(|f| f.rule == self.rule).count()
    }
}

/// A field without the command before it.
fn own_field(field: &str) -> &str {
    let rest = field
        .strip_prefix("commands[0]")
        .unwrap_or(field)
        .trim_start_matches('.');
    rest.split_once('.').map_or("", |(_, rest)| rest)
}

/// This input with these members instead.
pub(crate) fn with(mut input: Value, instead: Value) -> Value {
    let members = instead.as_object().unwrap().clone();
    let input_members = input.as_object_mut().unwrap();
    let inner = input_members.values_mut().next().unwrap();
    inner.as_object_mut().unwrap().extend(members);
    input
}

pub(crate) fn topic(slug: &str) -> Value {
    json!({ "registerTopic": { "slug": slug, "label": "Label" } })
}
pub(crate) fn party(slug: &str) -> Value {
    json!({ "registerParty": { "slug": slug, "kind": "STATE", "name": "Name" } })
}
pub(crate) fn source() -> Value {
    json!({ "registerSource": { "slug": "wire", "kind": "WIRE", "title": "Title", "publisher": "Publisher", "publishedOn": "2026-01-06" } })
}
pub(crate) fn cited() -> Value {
    json!({ "citations": [{ "source": "wire" }] })
}
pub(crate) fn claim(slug: &str, more: Value) -> Value {
    let claim =
        json!({ "recordClaim": { "slug": slug, "summary": "Said.", "claimedOn": "2026-01-06", "evidence": cited() } });
    with(claim, more)
}
pub(crate) fn plan() -> [Value; 3] {
    [
        source(),
        json!({ "openPlan": { "slug": "us-plan", "kind": "PLAN", "title": "Plan" } }),
        json!({ "recordPlanVersion": { "plan": "us-plan", "version": "28", "status": "PROPOSED", "datedOn": "2025-11", "summary": "28 points.", "evidence": cited() } }),
    ]
}
pub(crate) fn point(key: &str, parent: Option<&str>) -> Value {
    json!({ "recordPoint": { "plan": "us-plan", "version": "28", "key": key, "parent": parent, "summary": "Text.", "datedOn": "2025-11", "evidence": cited() } })
}
