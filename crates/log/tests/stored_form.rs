//! The stored form of events: bytes are forever.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use rapporteur_log::chain::{Draft, seal};
use rapporteur_log::{DossierId, Hash, Head, Idempotency, Payload, Recorded, Stored};
use rapporteur_testkit::drafts::drafts;
use std::error::Error;

/// An event with every field filled.
fn event() -> Stored {
    let dossier = drafts(1, 1).remove(0).dossier;
    let draft = Draft {
        dossier: DossierId {
            slug: rapporteur_domain::id::Slug::parse("eu-ru-18").unwrap(),
            ..dossier
        },
        version: 3,
        event_id: uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        kind: "round.opened".into(),
        schema_version: 1,
        recorded_at: chrono::DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap(),
        recorder: "desk".into(),
        idempotency: Some(Idempotency {
            key: "k-1".into(),
            fingerprint: [7; 16],
        }),
        batch_offset: 1,
        cause: Some(4),
        salt: [9; 16],
        payload: b"hello"[..].into(),
    };
    let after = Head {
        position: 40,
        hash: Hash::of(&[b"before"]),
    };
    seal(&after, None, vec![draft]).unwrap().remove(0)
}

#[test]
fn the_stored_form_and_the_hash_do_not_drift() {
    let event = event();
    assert_eq!(
        (
            event.header.hash.to_string(),
            Hash::of(&[&event.encode().unwrap()]).to_string()
        ),
        (
            "dd3c5a3861fa1ed07c2e51a02b4c891cd07e7439bd6ee894588cf7c8f0dcfc2c".to_owned(),
            "207de2674e5a311fad209fbbe3e1f2502d2fc21d6f4705fc9c0bd175d4d2e8ce".to_owned()
        ),
        "stores that exist hold the old form: a change needs a new format version and a reader for the old one"
    );
}

#[test]
fn events_read_back_as_written_kept_or_redacted() {
    let mut event = event();
    assert_eq!(Stored::decode(&event.encode().unwrap()).unwrap(), event);
    event.payload = Payload::Redacted;
    let bytes = event.encode().unwrap();
    assert_eq!(Stored::decode(&bytes).unwrap(), event);
    assert!(!bytes.windows(5).any(|w| w == b"hello"), "the payload is still there");
    assert!(!bytes.windows(16).any(|w| w == [9; 16]), "the salt is still there");
    for event in seal(&Head::EMPTY, None, drafts(50, 9)).unwrap() {
        assert_eq!(Stored::decode(&event.encode().unwrap()).unwrap(), event);
    }
}

#[test]
fn cut_or_foreign_bytes_are_refused() {
    let bytes = event().encode().unwrap();
    for end in 0..bytes.len() {
        assert!(Stored::decode(&bytes[..end]).is_err(), "cut at {end}");
    }
    for foreign in [&b"{}"[..], &[0x84, 0, 0, 0, 0], &[0xff; 40], &[0x9f, 0xff]] {
        assert!(Stored::decode(foreign).is_err(), "{foreign:?}");
    }
}

#[test]
fn decoding_an_event_names_what_is_not_known_and_passes_over_what_is_redacted() {
    let mut stored = event();
    let malformed = Recorded::decode(&stored).unwrap_err();
    assert!(malformed.to_string().contains("round.opened"), "{malformed}");
    assert!(malformed.source().is_some());
    stored.header.schema_version = 9;
    let unknown = Recorded::decode(&stored).unwrap_err().to_string();
    assert!(unknown.contains("round.opened") && unknown.contains('9'), "{unknown}");
    stored.payload = Payload::Redacted;
    let recorded = Recorded::decode(&stored).unwrap();
    assert_eq!((recorded.event, recorded.header), (None, stored.header));
}
