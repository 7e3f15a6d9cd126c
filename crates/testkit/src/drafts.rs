//! Drafts of events for the log, alike in size to real ones; their payloads are bytes without a meaning.

use crate::rng::Rng;
use chrono::{DateTime, TimeDelta, Utc};
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_log::chain::seal;
use rapporteur_log::{DossierId, Draft, EventLog, Head, Idempotency, Stored};
use uuid::Uuid;

/// `n` drafts of one batch, with payloads of 1 to 1400 bytes, over five dossiers, within one second. The same `seed` gives
/// the same drafts.
#[must_use]
pub fn drafts(n: usize, seed: u64) -> Vec<Draft> {
    let mut rng = Rng::new(seed);
    (0..n)
        .map(|index| {
            let bytes = 1 + rng.below(1400);
            let draft = draft_of(usize::try_from(bytes).unwrap_or(1), &mut rng);
            Draft {
                batch_offset: index as u64,
                ..draft
            }
        })
        .collect()
}

/// One draft, a batch of its own, with a payload of `bytes` bytes.
#[must_use]
pub fn draft_of(bytes: usize, rng: &mut Rng) -> Draft {
    let kinds = ["round.proposed", "meeting.scheduled", "claim.made"];
    let dossier = rng.below(5);
    let keyed = rng.below(2) == 0;
    Draft {
        dossier: DossierId {
            kind: DossierKind::Round,
            slug: slug(&format!("eu-ru-{dossier}")),
        },
        version: 1 + u32::try_from(rng.below(1000)).unwrap_or_default(),
        event_id: uuid::Builder::from_random_bytes(rng.array())
            .with_version(uuid::Version::SortRand)
            .into_uuid(),
        kind: kinds[usize::try_from(rng.below(3)).unwrap_or_default()].into(),
        schema_version: 1,
        recorded_at: start() + TimeDelta::milliseconds(i64::try_from(rng.below(1000)).unwrap_or_default()),
        recorder: "desk".into(),
        idempotency: keyed.then(|| Idempotency {
            key: Uuid::from_bytes(rng.array()).to_string().into(),
            fingerprint: rng.array(),
        }),
        batch_offset: 0,
        cause: None,
        salt: rng.array(),
        payload: rng.bytes(bytes).into(),
    }
}

/// Seals `drafts` after the head of `log` and appends them; the events as recorded.
///
/// # Panics
/// The drafts are refused or the log fails.
#[track_caller]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
pub fn append(log: &dyn EventLog, drafts: Vec<Draft>) -> Vec<Stored> {
    let head = log.head().unwrap();
    let batch = sealed(log, &head, drafts);
    assert_eq!(
        log.append(&head, &batch).unwrap().position,
        head.position + batch.len() as u64
    );
    batch
}

/// Seals `drafts` after `head`, which must be in `log`.
///
/// # Panics
/// The drafts are refused or the log cannot be read.
#[track_caller]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
pub fn sealed(log: &dyn EventLog, head: &Head, drafts: Vec<Draft>) -> Vec<Stored> {
    let last = head
        .position
        .checked_sub(1)
        .map(|before| log.read(before, 1).unwrap().remove(0));
    seal(head, last.map(|event| event.header.recorded_at), drafts).unwrap()
}

/// All events of `log`, read in pages of `page`.
///
/// # Panics
/// The log cannot be read.
#[track_caller]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
pub fn read_all(log: &dyn EventLog, page: usize) -> Vec<Stored> {
    let mut events: Vec<Stored> = Vec::new();
    loop {
        let more = log.read(events.len() as u64, page).unwrap();
        if more.is_empty() {
            return events;
        }
        events.extend(more);
    }
}

#[expect(clippy::expect_used, reason = "a slug written here")]
fn slug(raw: &str) -> Slug {
    Slug::parse(raw).expect("a slug")
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap_or_default()
}
