//! From stored events to events: decoding, and upcasting what older programs stored.

use crate::envelope::{DossierId, Header, Payload, Stored};
use crate::reading::{Amended, Reading};
use rapporteur_domain::event::{DecodeError, Event};
use rapporteur_domain::id::{RecordRef, Slug};
use rapporteur_domain::moved::Moved;

/// An event as read from the log.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Its envelope.
    pub header: Header,
    /// What stands, in today's names where something was renamed, merged or moved since; `None` once it is corrected,
    /// retracted or redacted.
    pub event: Option<Event>,
    /// What was recorded, as it was, where `event` says it in other names, or it does not stand.
    pub original: Option<Event>,
    /// The dossier that it belongs to today: the header's, unless that was renamed or merged, or its record moved.
    pub dossier: DossierId,
    /// Whether it counts in the version of the dossier that its stream belongs to: false where that was merged into another.
    pub counts: bool,
    /// The dossier that its stream belongs to, where its record was moved out of that.
    pub left: Option<Left>,
    /// What became of it, where it does not stand.
    pub amended: Option<Amended>,
    /// The position of the event that it corrects.
    pub corrects: Option<u64>,
    /// Its place in the order in which things are told: its position, or that of the first event that it stands for.
    pub place: u64,
}

/// A dossier that a record was moved out of.
#[derive(Debug, Clone)]
pub struct Left {
    /// Its slug today.
    pub slug: Slug,
    /// The fingerprint of what was told of it, as it would be told again: see [`rapporteur_domain::moved::Moved::left_behind`].
    pub content: Option<[u8; 16]>,
}

/// One step of an upcast: how a payload of (`kind`, `from`) becomes one of version `from + 1`.
pub struct Upcast {
    /// The stored kind.
    pub kind: &'static str,
    /// The version that it reads.
    pub from: u16,
    /// Rewrites the payload.
    pub step: fn(&[u8]) -> Result<Vec<u8>, minicbor::decode::Error>,
}

/// Every upcast there is, one version at a time. Empty: every kind is at its first version.
pub const UPCASTS: &[Upcast] = &[];

impl Recorded {
    /// An event just as it was recorded.
    #[must_use]
    pub fn new(header: Header, event: Option<Event>) -> Self {
        Self {
            dossier: header.dossier.clone(),
            place: header.position,
            header,
            event,
            original: None,
            counts: true,
            left: None,
            amended: None,
            corrects: None,
        }
    }

    /// The same as it is read today: in today's names, and without what it says where that does not stand.
    #[must_use]
    pub fn placed(mut self, reading: &Reading) -> Self {
        if reading.is_plain() {
            return self;
        }
        self.name(reading.moved());
        self.corrects = reading.corrects(self.header.position);
        self.place = reading.place(self.header.position);
        self.amended = reading.amended(self.header.position).cloned();
        self.name_gone(reading.moved());
        if let Some(amended) = &self.amended {
            let stood = self.event.take();
            self.original = self.original.take().or(stood).filter(|_| amended.redacted.is_none());
        }
        self
    }

    /// Puts what is gone where its record would be today.
    fn name_gone(&mut self, moved: &Moved) {
        let Some(record) = self.amended.as_mut().and_then(|amended| amended.record.as_mut()) else {
            return;
        };
        let now = moved
            .reference(record.as_str())
            .and_then(|now| RecordRef::parse(&now).ok());
        *record = now.unwrap_or_else(|| record.clone());
        let home = Slug::parse(record.dossier())
            .ok()
            .filter(|home| *home != self.dossier.slug);
        if let Some(home) = home.filter(|_| self.event.is_none()) {
            let slug = std::mem::replace(&mut self.dossier.slug, home);
            self.left = Some(Left { slug, content: None });
        }
    }

    fn name(&mut self, moved: &Moved) {
        if moved.is_empty() {
            return;
        }
        self.counts = moved.merged(self.header.dossier.slug.as_str()).is_none();
        if let Some(now) = moved.slug(self.header.dossier.slug.as_str()) {
            self.dossier.slug = now.clone();
        }
        if let Some(now) = self.event.as_ref().and_then(|event| moved.event(event)) {
            let home = Slug::parse(now.fact().home().dossier()).ok();
            self.original = self.event.replace(now);
            if let Some(home) = home.filter(|home| *home != self.dossier.slug) {
                let content = self.original.as_ref().and_then(|event| moved.left_behind(event));
                let slug = std::mem::replace(&mut self.dossier.slug, home);
                self.left = Some(Left { slug, content });
            }
        }
    }

    /// The slug today of the dossier that its stream belongs to: it counts in that one's version.
    #[must_use]
    pub fn keeper(&self) -> &Slug {
        self.left.as_ref().map_or(&self.dossier.slug, |left| &left.slug)
    }

    /// Whether it was told of a dossier that was merged into the one it belongs to today.
    #[must_use]
    pub fn merged_in(&self) -> bool {
        !self.counts && self.left.is_none()
    }

    /// What was recorded, in the names that were written then.
    #[must_use]
    pub fn as_written(&self) -> Option<&Event> {
        self.original.as_ref().or(self.event.as_ref())
    }

    /// Decodes a stored event, upcasting its payload to today's version of its kind.
    ///
    /// # Errors
    /// The kind or version is not known to this program, or the payload cannot be read.
    pub fn decode(stored: &Stored) -> Result<Self, DecodeError> {
        let event = match &stored.payload {
            Payload::Kept { bytes, .. } => Some(decode_with(UPCASTS, &stored.header, bytes)?),
            Payload::Redacted => None,
        };
        Ok(Self::new(stored.header.clone(), event))
    }
}

fn decode_with(upcasts: &[Upcast], header: &Header, bytes: &[u8]) -> Result<Event, DecodeError> {
    let (kind, mut version) = (&*header.kind, header.schema_version);
    let mut payload = std::borrow::Cow::Borrowed(bytes);
    while let Some(upcast) = upcasts.iter().find(|u| u.kind == kind && u.from == version) {
        payload = (upcast.step)(&payload)
            .map_err(|source| DecodeError::Malformed {
                kind: kind.to_owned(),
                version,
                source,
            })?
            .into();
        version += 1;
    }
    Event::decode(kind, version, &payload)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hash;
    use rapporteur_domain::id::{DossierKind, Slug};

    fn header(kind: &str, schema_version: u16) -> Header {
        Header {
            position: 1,
            dossier: DossierId {
                kind: DossierKind::Round,
                slug: Slug::parse("eu-ru-18").unwrap(),
            },
            version: 1,
            event_id: uuid::Uuid::nil(),
            kind: kind.into(),
            schema_version,
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            recorder: "desk".into(),
            idempotency: None,
            batch: 1,
            cause: None,
            payload_hash: Hash::ZERO,
            prev_hash: Hash::ZERO,
            hash: Hash::ZERO,
        }
    }

    #[test]
    fn upcasts_run_one_version_at_a_time_up_to_the_newest() {
        let upcasts = [2, 1].map(|from| Upcast {
            kind: "old.kind",
            from,
            step: |bytes| match bytes.len() {
                0..3 => Ok([bytes, b"+"].concat()),
                _ => Err(minicbor::decode::Error::message("too long")),
            },
        });
        let decoded = |version, bytes: &[u8]| decode_with(&upcasts, &header("old.kind", version), bytes);
        for from in 1..4 {
            let error = decoded(from, b"").unwrap_err();
            assert!(
                matches!(error, DecodeError::Unknown { version: 3, .. }),
                "from {from}: {error}"
            );
        }
        let error = decoded(1, b"12").unwrap_err();
        assert!(matches!(error, DecodeError::Malformed { version: 2, .. }), "{error}");
        let other = decode_with(&upcasts, &header("other.kind", 1), b"").unwrap_err();
        assert!(matches!(other, DecodeError::Unknown { version: 1, .. }), "{other}");
    }
}
