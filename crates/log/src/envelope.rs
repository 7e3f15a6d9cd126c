//! The envelope: what is stored around every event's payload.

use crate::hash::Hash;
use chrono::{DateTime, Utc};
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};
use rapporteur_domain::id::{DossierKind, Slug};
use std::sync::Arc;
use uuid::Uuid;

/// The most bytes a payload may have.
pub const PAYLOAD_MAX_BYTES: usize = rapporteur_domain::decide::PAYLOAD_MAX_BYTES;

/// The end of a log: the last event's position (0 while it is empty) and hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// The last event's position.
    pub position: u64,
    /// The last event's hash.
    pub hash: Hash,
}

impl Head {
    /// The head of an empty log.
    pub const EMPTY: Self = Self {
        position: 0,
        hash: Hash::ZERO,
    };
}

/// A dossier by its kind and slug.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
pub struct DossierId {
    /// Its kind.
    #[n(0)]
    pub kind: DossierKind,
    /// Its slug.
    #[n(1)]
    pub slug: Slug,
}

/// The key under which a command is recorded once, and a fingerprint of its content.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Idempotency {
    /// The key, chosen by the caller.
    #[n(0)]
    #[cbor(with = "crate::arc_str")]
    pub key: Arc<str>,
    /// 128 bits over the command's content.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub fingerprint: [u8; 16],
}

/// Everything about an event but its payload. A redacted event keeps all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its place in the log: 1, 2, 3… without a gap.
    pub position: u64,
    /// The dossier it belongs to.
    pub dossier: DossierId,
    /// The dossier's version after it: 1 for the event that opens the dossier.
    pub version: u32,
    /// UUID version 7.
    pub event_id: Uuid,
    /// Its kind's stored name: `meeting.scheduled`.
    pub kind: Arc<str>,
    /// The version of that kind's payload.
    pub schema_version: u16,
    /// When it was recorded, in microseconds of UTC; never goes back along the log.
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it.
    pub recorder: Arc<str>,
    /// The command's idempotency key.
    pub idempotency: Option<Idempotency>,
    /// The position of the first event of the all-or-nothing batch it was recorded in.
    pub batch: u64,
    /// The event that led to it, where one did.
    pub cause: Option<u64>,
    /// BLAKE3 of the salt and the payload.
    pub payload_hash: Hash,
    /// The hash of the event before.
    pub prev_hash: Hash,
    /// BLAKE3 of this header but this field.
    pub hash: Hash,
}

impl Header {
    /// The head of a log that ends with this event.
    #[must_use]
    pub fn head(&self) -> Head {
        Head {
            position: self.position,
            hash: self.hash,
        }
    }
}

/// An event's payload, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// The payload and the salt of its hash.
    Kept {
        /// 16 random bytes, so that short texts cannot be guessed from the hash.
        salt: [u8; 16],
        /// CBOR of the event's kind and version.
        bytes: Arc<[u8]>,
    },
    /// Taken out for good, salt and all.
    Redacted,
}

/// A stored event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its envelope.
    pub header: Header,
    /// Its payload.
    pub payload: Payload,
}

/// The header as it is hashed and stored: numbered fields, `hash` left out.
#[derive(Encode, Decode)]
#[cbor(map)]
struct HeaderForm {
    #[n(0)]
    position: u64,
    #[n(1)]
    dossier: DossierId,
    #[n(2)]
    version: u32,
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    event_id: [u8; 16],
    #[n(4)]
    #[cbor(with = "crate::arc_str")]
    kind: Arc<str>,
    #[n(5)]
    schema_version: u16,
    #[n(6)]
    recorded_at_micros: i64,
    #[n(7)]
    #[cbor(with = "crate::arc_str")]
    recorder: Arc<str>,
    #[n(8)]
    idempotency: Option<Idempotency>,
    #[n(9)]
    batch: u64,
    #[n(10)]
    cause: Option<u64>,
    #[n(11)]
    payload_hash: Hash,
    #[n(12)]
    prev_hash: Hash,
}

#[derive(Encode, Decode)]
struct StoredForm {
    #[n(0)]
    header: HeaderForm,
    #[n(1)]
    hash: Hash,
    #[n(2)]
    salt: Option<ByteArray<16>>,
    #[n(3)]
    payload: Option<ByteVec>,
}

/// Bytes that are not a stored event.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// The CBOR cannot be read.
    #[error("the stored bytes are no event")]
    Cbor(#[from] minicbor::decode::Error),
    /// The instant is outside what a clock can show.
    #[error("the stored instant {0} µs is outside the calendar")]
    Instant(i64),
    /// Salt and payload must come together.
    #[error("the stored event has a salt or a payload without the other")]
    HalfPayload,
    /// The event cannot be written.
    #[error("the event cannot be encoded")]
    Encode(#[source] minicbor::encode::Error<std::convert::Infallible>),
}

impl Header {
    fn form(&self) -> HeaderForm {
        HeaderForm {
            position: self.position,
            dossier: self.dossier.clone(),
            version: self.version,
            event_id: *self.event_id.as_bytes(),
            kind: Arc::clone(&self.kind),
            schema_version: self.schema_version,
            recorded_at_micros: self.recorded_at.timestamp_micros(),
            recorder: Arc::clone(&self.recorder),
            idempotency: self.idempotency.clone(),
            batch: self.batch,
            cause: self.cause,
            payload_hash: self.payload_hash,
            prev_hash: self.prev_hash,
        }
    }

    /// The hash that this header must have.
    ///
    /// # Errors
    /// Only where the header cannot be encoded.
    pub fn computed_hash(&self) -> Result<Hash, FormError> {
        Ok(Hash::of(&[&self.hashed_bytes()?]))
    }

    /// The bytes that the hash is of: a prefix that says what they are, and the CBOR of every field but the hash.
    ///
    /// # Errors
    /// The header cannot be encoded.
    pub fn hashed_bytes(&self) -> Result<Vec<u8>, FormError> {
        let form = minicbor::to_vec(self.form()).map_err(FormError::Encode)?;
        Ok([&b"rapporteur event header 1\0"[..], &form].concat())
    }
}

/// The hash of a payload under its salt.
#[must_use]
pub fn payload_hash(salt: &[u8; 16], bytes: &[u8]) -> Hash {
    Hash::of(&[salt, bytes])
}

impl Stored {
    /// Writes the event as CBOR.
    ///
    /// # Errors
    /// Only where the event cannot be encoded.
    pub fn encode(&self) -> Result<Vec<u8>, FormError> {
        let (salt, payload) = match &self.payload {
            Payload::Kept { salt, bytes } => (Some(ByteArray::from(*salt)), Some(ByteVec::from(bytes.to_vec()))),
            Payload::Redacted => (None, None),
        };
        let form = StoredForm {
            header: self.header.form(),
            hash: self.header.hash,
            salt,
            payload,
        };
        minicbor::to_vec(form).map_err(FormError::Encode)
    }

    /// Reads an event written by [`Stored::encode`]. Hashes are not checked here: see [`crate::chain::check`].
    ///
    /// # Errors
    /// The bytes are not a stored event.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormError> {
        let form: StoredForm = minicbor::decode(bytes)?;
        let h = form.header;
        let recorded_at =
            DateTime::from_timestamp_micros(h.recorded_at_micros).ok_or(FormError::Instant(h.recorded_at_micros))?;
        let payload = match (form.salt, form.payload) {
            (Some(salt), Some(bytes)) => Payload::Kept {
                salt: *salt,
                bytes: Vec::from(bytes).into(),
            },
            (None, None) => Payload::Redacted,
            _ => return Err(FormError::HalfPayload),
        };
        let header = Header {
            position: h.position,
            dossier: h.dossier,
            version: h.version,
            event_id: Uuid::from_bytes(h.event_id),
            kind: h.kind,
            schema_version: h.schema_version,
            recorded_at,
            recorder: h.recorder,
            idempotency: h.idempotency,
            batch: h.batch,
            cause: h.cause,
            payload_hash: h.payload_hash,
            prev_hash: h.prev_hash,
            hash: form.hash,
        };
        Ok(Self { header, payload })
    }
}
