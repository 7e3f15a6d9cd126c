//! Answers of mutations: recorded, refused or in conflict, as data.

use super::entry::Entry;
use super::flag::Flag;
use super::reference::Dossier;
use super::seen::Seen;
use super::words::Word;
use async_graphql::{Object, SimpleObject, Union};
use rapporteur_desk::outcome::Conflict as Moved;
use rapporteur_desk::{Outcome, Receipt};
use rapporteur_domain::refusal::{Refusal as Reason, Rule};
use rapporteur_views::Views;
use std::sync::Arc;

/// What became of a command.
#[derive(Union)]
#[graphql(crate = "async_graphql::of_variants")]
pub(super) enum RecordResult {
    Recorded(Recorded),
    Refused(Refused),
    Conflict(Conflict),
}

/// What became of a batch.
#[derive(Union)]
#[graphql(crate = "async_graphql::of_variants")]
pub(super) enum BatchResult {
    RecordedBatch(RecordedBatch),
    Refused(Refused),
    Conflict(Conflict),
}

/// A record in the log.
pub(super) struct Recorded {
    views: Arc<Views>,
    receipt: Receipt,
}

/// The command is in the log, and would survive a power cut.
#[Object]
impl Recorded {
    /// The event's position in the log.
    async fn position(&self) -> u64 {
        self.receipt.position
    }
    /// The dossier's version after it, for the next `expectedVersion`.
    async fn version(&self) -> u32 {
        self.receipt.version
    }
    /// The event's hash.
    async fn hash(&self) -> String {
        self.receipt.hash.to_string()
    }
    /// The dossier, as it is now.
    async fn dossier(&self) -> Option<Dossier> {
        Dossier::of(Seen::new(&self.views, self.receipt.dossier.slug.as_str()))
    }
    /// Its line on the timeline.
    async fn entry(&self) -> Option<Entry> {
        self.views
            .timeline
            .entry(self.receipt.position)
            .map(|line| Entry::new(&self.views, line))
    }
    /// What is odd about it; it is kept all the same.
    async fn flags(&self) -> Vec<Flag> {
        self.views
            .flags
            .at(self.receipt.position)
            .into_iter()
            .map(|flag| Flag::new(&self.views, flag))
            .collect()
    }
    /// True if it was recorded before, under the same idempotency key or as the same content: nothing was written now.
    async fn already_there(&self) -> bool {
        self.receipt.already_there
    }
}

/// The whole batch is in the log, and would survive a power cut.
#[derive(SimpleObject)]
pub(super) struct RecordedBatch {
    /// One for each command, in order.
    records: Vec<Recorded>,
}

/// Nothing was written: the command cannot be recorded.
#[derive(SimpleObject)]
pub(super) struct Refused {
    /// Everything that speaks against it.
    refusals: Vec<Refusal>,
}

/// One reason why a command was not recorded.
#[derive(SimpleObject)]
pub(super) struct Refusal {
    /// The rule that it breaks.
    rule: Word<Rule>,
    /// Where in the input: `input.participants[0].party`.
    field: String,
    /// The value that was written there, cut at 200 characters.
    value: Option<String>,
    /// What is wrong.
    message: String,
    /// What to do.
    hint: String,
}

/// Nothing was written: the dossier moved since it was read.
#[derive(SimpleObject)]
pub(super) struct Conflict {
    /// The dossier, as it is now; null if it is not recorded.
    dossier: Option<Dossier>,
    /// The slug of the dossier, as it was written.
    slug: String,
    /// The version that was expected.
    expected: u32,
    /// The version that it is at; 0 if it is not recorded.
    actual: u32,
    /// Which command of the batch, from 0.
    command: usize,
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        let Reason {
            rule,
            field,
            value,
            message,
            hint,
        } = reason;
        Self {
            rule: Word(rule),
            field,
            value,
            message,
            hint,
        }
    }
}

impl Conflict {
    fn new(views: &Arc<Views>, moved: Moved) -> Self {
        let Moved {
            command,
            dossier: slug,
            expected,
            actual,
        } = moved;
        Self {
            dossier: Dossier::of(Seen::new(views, &slug)),
            slug,
            expected,
            actual,
            command,
        }
    }
}

fn refused(reasons: Vec<Reason>) -> Refused {
    Refused {
        refusals: reasons.into_iter().map(Into::into).collect(),
    }
}

fn recorded(views: &Arc<Views>, receipts: Vec<Receipt>) -> Vec<Recorded> {
    receipts
        .into_iter()
        .map(|receipt| Recorded {
            views: Arc::clone(views),
            receipt,
        })
        .collect()
}

impl RecordResult {
    pub(super) fn refused(reasons: Vec<Reason>) -> Self {
        Self::Refused(refused(reasons))
    }

    /// The answer to a batch of one.
    pub(super) fn of(views: &Arc<Views>, outcome: Outcome) -> Self {
        match outcome {
            Outcome::Refused(reasons) => Self::refused(reasons),
            Outcome::Conflict(moved) => Self::Conflict(Conflict::new(views, moved)),
            Outcome::Recorded(receipts) => match recorded(views, receipts).pop() {
                Some(record) => Self::Recorded(record),
                None => Self::refused(Vec::new()),
            },
        }
    }
}

impl BatchResult {
    pub(super) fn refused(reasons: Vec<Reason>) -> Self {
        Self::Refused(refused(reasons))
    }

    pub(super) fn of(views: &Arc<Views>, outcome: Outcome) -> Self {
        match outcome {
            Outcome::Refused(reasons) => Self::refused(reasons),
            Outcome::Conflict(moved) => Self::Conflict(Conflict::new(views, moved)),
            Outcome::Recorded(receipts) => Self::RecordedBatch(RecordedBatch {
                records: recorded(views, receipts),
            }),
        }
    }
}
