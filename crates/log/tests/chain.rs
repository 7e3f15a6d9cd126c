//! Sealing drafts onto a head, and what the chain check notices.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use chrono::{DateTime, TimeDelta, Utc};
use rapporteur_log::chain::{Draft, check, seal};
use rapporteur_log::envelope::payload_hash;
use rapporteur_log::{Hash, Head, Payload, Stored};
use rapporteur_testkit::drafts::{draft_of, drafts};
use rapporteur_testkit::rng::Rng;

/// Changes one field.
type Change = fn(&mut Stored);

fn at(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap()
}

#[test]
fn a_batch_is_numbered_chained_and_marked_with_its_first_position() {
    let after = Head {
        position: 6,
        hash: Hash::of(&[b"before"]),
    };
    let sealed = seal(&after, None, drafts(3, 1)).unwrap();
    let places: Vec<_> = sealed.iter().map(|e| (e.header.position, e.header.batch)).collect();
    assert_eq!(places, [(7, 7), (8, 7), (9, 7)]);
    assert_eq!(sealed[0].header.prev_hash, after.hash);
    assert_eq!(sealed[1].header.prev_hash, sealed[0].header.hash);
    assert_eq!(check(&after, &sealed), Ok(sealed[2].header.head()));
    assert_eq!(check(&after, &[]), Ok(after));
}

#[test]
fn recorded_time_never_goes_back_and_is_cut_to_microseconds() {
    let mut batch = drafts(3, 1);
    for (draft, recorded_at) in batch
        .iter_mut()
        .zip([at(5), at(3), at(9) + TimeDelta::nanoseconds(999)])
    {
        draft.recorded_at = recorded_at;
    }
    let sealed = seal(&Head::EMPTY, Some(at(6)), batch).unwrap();
    let recorded: Vec<_> = sealed.iter().map(|e| e.header.recorded_at).collect();
    assert_eq!(recorded, [at(6), at(6), at(9)]);
}

#[test]
fn a_payload_over_64_kib_is_refused_with_its_place_and_size() {
    let large = |bytes| vec![draft_of(1, &mut Rng::new(1)), draft_of(bytes, &mut Rng::new(1))];
    assert!(seal(&Head::EMPTY, None, large(65_536)).is_ok());
    let refused = seal(&Head::EMPTY, None, large(65_537)).unwrap_err().to_string();
    for part in ["draft 1", "65537", "65536"] {
        assert!(refused.contains(part), "{part} in {refused}");
    }
}

#[test]
fn the_salt_hides_a_short_payload_and_redaction_keeps_the_chain() {
    let mut sealed = seal(&Head::EMPTY, None, drafts(4, 2)).unwrap();
    let head = check(&Head::EMPTY, &sealed).unwrap();
    assert_ne!(payload_hash(&[1; 16], b"yes"), payload_hash(&[2; 16], b"yes"));
    for event in &mut sealed {
        event.payload = Payload::Redacted;
    }
    assert_eq!(check(&Head::EMPTY, &sealed), Ok(head));
}

#[test]
fn every_changed_field_breaks_the_chain() {
    let changes: [(&str, Change); 16] = [
        ("position", |e| e.header.position += 1),
        ("dossier", |e| e.header.dossier = draft_of(1, &mut Rng::new(77)).dossier),
        ("version", |e| e.header.version += 1),
        ("event_id", |e| e.header.event_id = uuid::Uuid::nil()),
        ("kind", |e| e.header.kind = "other.kind".into()),
        ("schema_version", |e| e.header.schema_version += 1),
        ("recorded_at", |e| e.header.recorded_at += TimeDelta::microseconds(1)),
        ("recorder", |e| e.header.recorder = "another".into()),
        ("idempotency", |e| {
            e.header.idempotency = match e.header.idempotency {
                Some(_) => None,
                None => draft_with_key().idempotency,
            };
        }),
        ("batch", |e| e.header.batch += 1),
        ("cause", |e| e.header.cause = Some(1)),
        ("payload_hash", |e| e.header.payload_hash = Hash::ZERO),
        ("prev_hash", |e| e.header.prev_hash = Hash::ZERO),
        ("hash", |e| e.header.hash = Hash::ZERO),
        ("payload", |e| {
            let Payload::Kept { bytes, .. } = &mut e.payload else {
                return;
            };
            *bytes = b"something else"[..].into();
        }),
        ("salt", |e| {
            let Payload::Kept { salt, .. } = &mut e.payload else {
                return;
            };
            salt[0] ^= 1;
        }),
    ];
    let sealed = seal(&Head::EMPTY, None, drafts(5, 3)).unwrap();
    for (field, change) in changes {
        let mut changed = sealed.clone();
        change(&mut changed[2]);
        assert_ne!(changed, sealed, "{field} was not changed");
        assert_eq!(check(&Head::EMPTY, &changed).map_err(|d| d.position), Err(3), "{field}");
    }
}

#[test]
fn a_missing_a_doubled_and_a_swapped_event_are_noticed() {
    let sealed = seal(&Head::EMPTY, None, drafts(4, 4)).unwrap();
    let (mut gap, mut twice, mut swapped) = (sealed.clone(), sealed.clone(), sealed.clone());
    gap.remove(1);
    twice.insert(1, sealed[0].clone());
    swapped.swap(1, 2);
    for wrong in [gap, twice, swapped] {
        assert_eq!(check(&Head::EMPTY, &wrong).map_err(|d| d.position), Err(2));
    }
    assert_eq!(check(&Head::EMPTY, &sealed[1..]).map_err(|d| d.position), Err(1));
}

fn draft_with_key() -> Draft {
    (0..)
        .map(|seed| draft_of(1, &mut Rng::new(seed)))
        .find(|draft| draft.idempotency.is_some())
        .unwrap()
}
