//! What every engine must keep, told as tests: see [`EventLog`] and [`log_contract!`](crate::log_contract!).
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use crate::drafts::{append, draft_of, drafts, read_all, sealed};
use crate::rng::Rng;
use rapporteur_log::chain::{check, seal};
use rapporteur_log::envelope::PAYLOAD_MAX_BYTES;
use rapporteur_log::{AppendError, EventLog, Hash, Head, Payload, RedactError};
use std::path::Path;
use std::thread;

/// One `#[test]` for every rule that an engine must keep. `$make` opens the log in the directory it is given
/// (`Fn(&Path) -> Box<dyn EventLog>`), which is empty; `durable` adds the rules of engines that survive their process.
#[macro_export]
macro_rules! log_contract {
    ($make:expr) => {
        $crate::log_contract!(@rules $make,
            an_empty_log_has_an_empty_head,
            reading_gives_what_was_appended,
            reads_keep_to_their_bounds,
            a_moved_head_writes_nothing,
            a_broken_batch_writes_nothing,
            several_batches_are_appended_in_one_go,
            the_largest_payload_comes_back_whole,
            redaction_loses_the_bytes_and_keeps_the_chain,
            many_writers_lose_nothing,
            readers_beside_a_writer_see_whole_prefixes,
        );
    };
    ($make:expr, durable) => {
        $crate::log_contract!($make);
        $crate::log_contract!(@reopened $make, opening_again_gives_the_same);
    };
    (@rules $make:expr, $($rule:ident,)+) => {
        $(
            #[test]
            fn $rule() {
                $crate::log_contract::with_empty($make, $crate::log_contract::$rule);
            }
        )+
    };
    (@reopened $make:expr, $rule:ident) => {
        #[test]
        fn $rule() {
            $crate::log_contract::$rule($make);
        }
    };
}

/// Runs `rule` on a log made in an empty directory.
///
/// # Panics
/// The engine breaks the rule.
pub fn with_empty(make: impl Fn(&Path) -> Box<dyn EventLog>, rule: fn(&dyn EventLog)) {
    let dir = tempfile::tempdir().unwrap();
    rule(&*make(dir.path()));
}

/// What was acknowledged and what was redacted is there again after every opening.
///
/// # Panics
/// The engine breaks the rule.
pub fn opening_again_gives_the_same(make: impl Fn(&Path) -> Box<dyn EventLog>) {
    let dir = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    for seed in 0..4 {
        let log = make(dir.path());
        assert_eq!(read_all(&*log, 7), expected, "after opening {seed} times");
        expected.extend(append(&*log, drafts(9, seed)));
        expected.extend(append(&*log, vec![draft_of(20_000, &mut Rng::new(seed))]));
        let gone = seed * 10 + 3;
        log.redact(gone).unwrap();
        expected[usize::try_from(gone).unwrap() - 1].payload = Payload::Redacted;
    }
    let log = make(dir.path());
    assert_eq!(read_all(&*log, 1000), expected);
    assert_eq!(log.head().unwrap(), check(&Head::EMPTY, &expected).unwrap());
}

/// An empty log has an empty head.
///
/// # Panics
/// The engine breaks the rule.
pub fn an_empty_log_has_an_empty_head(log: &dyn EventLog) {
    assert_eq!(log.head().unwrap(), Head::EMPTY);
    assert_eq!(log.read(0, 10).unwrap(), []);
    assert_eq!(log.append(&Head::EMPTY, &[]).unwrap(), Head::EMPTY);
    assert!(matches!(
        log.redact(1),
        Err(RedactError::Unknown { position: 1, head: 0 })
    ));
    assert!(matches!(
        log.redact(0),
        Err(RedactError::Unknown { position: 0, head: 0 })
    ));
}

/// Reading gives what was appended.
///
/// # Panics
/// The engine breaks the rule.
pub fn reading_gives_what_was_appended(log: &dyn EventLog) {
    let mut expected = Vec::new();
    for (seed, n) in [1, 50, 1, 7, 120].into_iter().enumerate() {
        expected.extend(append(log, drafts(n, seed as u64)));
    }
    let read = read_all(log, 13);
    assert_eq!(read, expected);
    let positions: Vec<u64> = read.iter().map(|event| event.header.position).collect();
    assert_eq!(positions, (1..=179).collect::<Vec<_>>());
    assert_eq!(log.head().unwrap(), check(&Head::EMPTY, &expected).unwrap());
}

/// Reads keep to their bounds.
///
/// # Panics
/// The engine breaks the rule.
pub fn reads_keep_to_their_bounds(log: &dyn EventLog) {
    let mut expected = append(log, drafts(30, 1));
    expected.extend(append(log, vec![draft_of(PAYLOAD_MAX_BYTES, &mut Rng::new(9))]));
    expected.extend(append(log, drafts(9, 2)));
    for after in 0..=41_u64 {
        for limit in [0, 1, 2, 17, 39, 40, 41, usize::MAX] {
            let from = usize::try_from(after).unwrap().min(40);
            let until = from.saturating_add(limit).min(40);
            assert_eq!(
                log.read(after, limit).unwrap(),
                expected[from..until],
                "after {after}, limit {limit}"
            );
        }
    }
    assert_eq!(log.read(u64::MAX, usize::MAX).unwrap(), []);
}

/// A moved head writes nothing.
///
/// # Panics
/// The engine breaks the rule.
pub fn a_moved_head_writes_nothing(log: &dyn EventLog) {
    let first = append(log, drafts(3, 1));
    let head = log.head().unwrap();
    let stale = seal(&Head::EMPTY, None, drafts(2, 2)).unwrap();
    let other = Head {
        hash: Hash::of(&[b"another"]),
        ..head
    };
    let ahead = Head { position: 4, ..head };
    for expected in [Head::EMPTY, other, ahead] {
        match log.append(&expected, &stale) {
            Err(AppendError::HeadMoved { expected: told, actual }) => assert_eq!((told, actual), (expected, head)),
            outcome => panic!("expected a moved head, got {outcome:?}"),
        }
        assert!(matches!(log.append(&expected, &[]), Err(AppendError::HeadMoved { .. })));
    }
    assert_eq!(read_all(log, 10), first);
    assert_eq!(log.head().unwrap(), head);
    append(log, drafts(1, 3));
}

/// A broken batch writes nothing.
///
/// # Panics
/// The engine breaks the rule.
pub fn a_broken_batch_writes_nothing(log: &dyn EventLog) {
    let first = append(log, drafts(3, 1));
    let head = log.head().unwrap();
    let good = sealed(log, &head, drafts(4, 2));
    let mut gap = good.clone();
    gap.remove(1);
    let mut forged = good.clone();
    forged[3].header.recorder = "someone else".into();
    let mut swapped = good.clone();
    swapped[2].payload = swapped[0].payload.clone();
    for batch in [gap, forged, swapped] {
        assert!(matches!(log.append(&head, &batch), Err(AppendError::BadBatch(_))));
        assert_eq!(log.head().unwrap(), head);
    }
    assert_eq!(read_all(log, 10), first);
    assert_eq!(log.append(&head, &good).unwrap().position, 7);
}

/// Several batches are appended in one go.
///
/// # Panics
/// The engine breaks the rule.
pub fn several_batches_are_appended_in_one_go(log: &dyn EventLog) {
    let mut group = append(log, drafts(2, 1));
    let head = log.head().unwrap();
    let second = sealed(log, &head, drafts(3, 2));
    let between = check(&head, &second).unwrap();
    let third = seal(
        &between,
        second.last().map(|event| event.header.recorded_at),
        drafts(2, 3),
    )
    .unwrap();
    let both = [second, third].concat();
    assert_eq!(log.append(&head, &both).unwrap().position, 7);
    group.extend(both);
    let batches: Vec<u64> = read_all(log, 10).iter().map(|event| event.header.batch).collect();
    assert_eq!(batches, [1, 1, 3, 3, 3, 6, 6]);
    assert_eq!(read_all(log, 3), group);
}

/// The largest payload comes back whole.
///
/// # Panics
/// The engine breaks the rule.
pub fn the_largest_payload_comes_back_whole(log: &dyn EventLog) {
    let mut rng = Rng::new(64);
    let large = vec![
        draft_of(PAYLOAD_MAX_BYTES, &mut rng),
        draft_of(0, &mut rng),
        draft_of(PAYLOAD_MAX_BYTES, &mut rng),
    ];
    let expected = append(log, large);
    assert_eq!(read_all(log, 1), expected);
    let too_large = vec![draft_of(PAYLOAD_MAX_BYTES + 1, &mut rng)];
    let refused = seal(&log.head().unwrap(), None, too_large).unwrap_err().to_string();
    assert!(refused.contains("65537") && refused.contains("65536"), "{refused}");
}

/// Redaction loses the bytes and keeps the chain.
///
/// # Panics
/// The engine breaks the rule.
pub fn redaction_loses_the_bytes_and_keeps_the_chain(log: &dyn EventLog) {
    let mut expected = append(log, drafts(20, 1));
    expected.extend(append(log, vec![draft_of(50_000, &mut Rng::new(1))]));
    expected.extend(append(log, drafts(20, 2)));
    let head = log.head().unwrap();
    for position in [1, 21, 41, 7, 7] {
        log.redact(position).unwrap();
        expected[usize::try_from(position).unwrap() - 1].payload = Payload::Redacted;
        assert_eq!(read_all(log, 100), expected, "after redacting {position}");
    }
    assert_eq!(check(&Head::EMPTY, &read_all(log, 100)), Ok(head));
    assert!(matches!(
        log.redact(42),
        Err(RedactError::Unknown { position: 42, head: 41 })
    ));
    assert!(matches!(log.redact(0), Err(RedactError::Unknown { .. })));
    expected.extend(append(log, drafts(3, 3)));
    assert_eq!(read_all(log, 100), expected);
}

/// Readers beside a writer see whole prefixes of the log, never past the head and never part of an append.
///
/// # Panics
/// The engine breaks the rule.
pub fn readers_beside_a_writer_see_whole_prefixes(log: &dyn EventLog) {
    const APPENDS: u64 = 40;
    thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut seen = 0;
            while seen < APPENDS * 5 {
                let head = log.head().unwrap().position;
                if head == seen {
                    thread::yield_now();
                    continue;
                }
                seen = head;
                let events = read_all(log, 33);
                let end = check(&Head::EMPTY, &events).unwrap().position;
                assert!(
                    end >= seen && end.is_multiple_of(5),
                    "{end} read where {seen} was acknowledged"
                );
            }
        });
        for seed in 0..APPENDS {
            append(log, drafts(5, seed));
        }
        reading.join().unwrap();
    });
}

/// Many writers lose nothing.
///
/// # Panics
/// The engine breaks the rule.
pub fn many_writers_lose_nothing(log: &dyn EventLog) {
    const WRITERS: u64 = 8;
    const BATCHES: u64 = 6;
    let moved = |writer: u64, batch: u64| -> Vec<[u8; 16]> {
        let drafts = drafts(3, writer * 100 + batch);
        let salts = drafts.iter().map(|draft| draft.salt).collect();
        loop {
            let head = log.head().unwrap();
            match log.append(&head, &sealed(log, &head, drafts.clone())) {
                Ok(_) => return salts,
                Err(AppendError::HeadMoved { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
    };
    let appended: Vec<Vec<[u8; 16]>> = thread::scope(|scope| {
        let write = |writer| (0..BATCHES).map(|batch| moved(writer, batch)).collect::<Vec<_>>();
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    let events = read_all(log, 11);
    check(&Head::EMPTY, &events).unwrap();
    let mut found: Vec<Vec<[u8; 16]>> = events
        .chunk_by(|a, b| a.header.batch == b.header.batch)
        .map(|batch| batch.iter().map(|event| salt_of(&event.payload)).collect())
        .collect();
    let mut appended = appended;
    found.sort();
    appended.sort();
    assert_eq!(found, appended, "every batch is there once and whole");
}

fn salt_of(payload: &Payload) -> [u8; 16] {
    match payload {
        Payload::Kept { salt, .. } => *salt,
        Payload::Redacted => panic!("nothing was redacted here"),
    }
}
