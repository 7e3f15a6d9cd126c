//! The chain: sealing drafts onto a head, and checking what was read back.

use crate::envelope::{
    DossierId, FormError, Head, Header, Idempotency, PAYLOAD_MAX_BYTES, Payload, Stored, payload_hash,
};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use std::sync::Arc;
use uuid::Uuid;

/// An event that has no position yet.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The dossier it belongs to.
    pub dossier: DossierId,
    /// The dossier's version after it.
    pub version: u32,
    /// UUID version 7, made by the caller.
    pub event_id: Uuid,
    /// Its kind's stored name.
    pub kind: Arc<str>,
    /// The version of that kind's payload.
    pub schema_version: u16,
    /// When it is recorded; raised to the instant of the event before, should the clock have gone back.
    pub recorded_at: DateTime<Utc>,
    /// Who records it.
    pub recorder: Arc<str>,
    /// The command's idempotency key.
    pub idempotency: Option<Idempotency>,
    /// How many drafts before it belong to the same all-or-nothing batch.
    pub batch_offset: u64,
    /// The event that led to it.
    pub cause: Option<u64>,
    /// 16 random bytes.
    pub salt: [u8; 16],
    /// The payload.
    pub payload: Arc<[u8]>,
}

/// A draft that cannot be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The payload is too large.
    #[error("draft {index} has a payload of {bytes} bytes where at most {PAYLOAD_MAX_BYTES} are allowed; split it")]
    TooLarge {
        /// Which draft, from 0.
        index: usize,
        /// How large its payload is.
        bytes: usize,
    },
    /// The draft cannot be encoded.
    #[error("draft {index} cannot be encoded")]
    Form {
        /// Which draft, from 0.
        index: usize,
        /// Why.
        #[source]
        source: FormError,
    },
}

/// Gives the drafts their positions and hashes, after the head `after` whose event was recorded at `last`.
///
/// # Errors
/// A payload is larger than 64 KiB, or a draft cannot be encoded.
pub fn seal(after: &Head, last: Option<DateTime<Utc>>, drafts: Vec<Draft>) -> Result<Vec<Stored>, SealError> {
    let mut head = *after;
    let mut last = last.unwrap_or(DateTime::<Utc>::MIN_UTC);
    let mut sealed = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.into_iter().enumerate() {
        if draft.payload.len() > PAYLOAD_MAX_BYTES {
            return Err(SealError::TooLarge {
                index,
                bytes: draft.payload.len(),
            });
        }
        let micros = draft
            .recorded_at
            .duration_trunc(TimeDelta::microseconds(1))
            .unwrap_or(draft.recorded_at);
        last = last.max(micros);
        let position = head.position + 1;
        let mut header = Header {
            position,
            dossier: draft.dossier,
            version: draft.version,
            event_id: draft.event_id,
            kind: draft.kind,
            schema_version: draft.schema_version,
            recorded_at: last,
            recorder: draft.recorder,
            idempotency: draft.idempotency,
            batch: position.saturating_sub(draft.batch_offset),
            cause: draft.cause,
            payload_hash: payload_hash(&draft.salt, &draft.payload),
            prev_hash: head.hash,
            hash: crate::Hash::ZERO,
        };
        header.hash = header
            .computed_hash()
            .map_err(|source| SealError::Form { index, source })?;
        head = header.head();
        sealed.push(Stored {
            header,
            payload: Payload::Kept {
                salt: draft.salt,
                bytes: draft.payload,
            },
        });
    }
    Ok(sealed)
}

/// What is wrong with a stored event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the event at position {position} is damaged: {what}")]
pub struct Damage {
    /// The position at which the log stops being right.
    pub position: u64,
    /// What does not match.
    pub what: String,
}

/// Checks that `events` follow on `after`: gapless, each hash right, each payload what its hash says, time not going back.
///
/// # Errors
/// The first event that does not fit, and why.
pub fn check(after: &Head, events: &[Stored]) -> Result<Head, Damage> {
    let mut head = *after;
    let mut last: Option<DateTime<Utc>> = None;
    for event in events {
        let header = &event.header;
        let expected = head.position + 1;
        let damaged = |what: String| {
            Err(Damage {
                position: expected,
                what,
            })
        };
        if header.position != expected {
            return damaged(format!("position {} stands where {expected} belongs", header.position));
        }
        if header.prev_hash != head.hash {
            return damaged(format!(
                "it follows on {}, the event before has {}",
                header.prev_hash, head.hash
            ));
        }
        match header.computed_hash() {
            Ok(hash) if hash == header.hash => {}
            Ok(hash) => return damaged(format!("its header hashes to {hash}, {} is stored", header.hash)),
            Err(error) => return damaged(error.to_string()),
        }
        if let Payload::Kept { salt, bytes } = &event.payload {
            let hash = payload_hash(salt, bytes);
            if hash != header.payload_hash {
                return damaged(format!(
                    "its payload hashes to {hash}, {} is stored",
                    header.payload_hash
                ));
            }
        }
        if last.is_some_and(|last| header.recorded_at < last) {
            return damaged(format!(
                "it was recorded at {}, before the event before it",
                header.recorded_at
            ));
        }
        last = Some(header.recorded_at);
        head = header.head();
    }
    Ok(head)
}
