//! What was exported is restored as it was.

use crate::{desk, export, lines, record, restored, small, topic};
use proptest::collection::vec;
use proptest::prelude::*;
use rapporteur_desk::export::{Export, Exported};
use rapporteur_desk::replay::rebuild;
use rapporteur_desk::restore::restore;
use rapporteur_desk::{Desk, Outcome};
use rapporteur_log::{AppendError, EventLog, Head, MemoryLog, Payload, ReadError, RedactError, Stored};
use rapporteur_testkit::histories::{command, ground};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

#[test]
fn a_small_log_comes_back_with_its_batches_its_key_and_its_redaction() {
    let log = small();
    let file = export(&log);
    assert_eq!(lines(&file).len(), 6, "five events and the closing record");
    let (told, copy) = restored(&file).unwrap();
    assert_eq!((told.head, told.redacted), (log.head().unwrap(), 1));
    let events = copy.read(0, 10).unwrap();
    assert_eq!(events, log.read(0, 10).unwrap());
    assert_eq!(
        events.iter().map(|e| e.header.batch).collect::<Vec<_>>(),
        [1, 2, 2, 2, 5]
    );
    assert_eq!(events[1].payload, Payload::Redacted);
    assert_eq!(events[4].header.idempotency.as_ref().map(|i| &*i.key), Some("mine"));
    assert_eq!(export(&copy), file);
    let again = record(&desk(&copy), &[topic("a")]);
    let first = record(&desk(&log), &[topic("a")]);
    assert_eq!(format!("{again:?}"), format!("{first:?}"), "the desk decides as before");
}

#[test]
fn an_empty_log_is_exported_as_its_closing_record() {
    let file = export(&Arc::default());
    assert_eq!(lines(&file).len(), 1);
    let (told, copy) = restored(&file).unwrap();
    assert_eq!((told.head, copy.head().unwrap()), (Head::EMPTY, Head::EMPTY));
}

#[test]
fn what_is_recorded_after_an_export_began_is_left_out() {
    let log = Arc::default();
    let desk = desk(&log);
    record(&desk, &[topic("a"), topic("b")]);
    let export = Export::begin(Arc::clone(&log) as _).unwrap();
    record(&desk, &[topic("later")]);
    let file = export.map(Result::unwrap).collect::<Vec<_>>().concat();
    assert_eq!(restored(&file).unwrap().0.head.position, 2);
    assert_eq!(log.head().unwrap().position, 3);
}

/// More topics than are read at once, so that the last are read after the redaction.
fn many() -> (Arc<MemoryLog>, Desk) {
    let log = Arc::default();
    let desk = desk(&log);
    for batch in 0..4 {
        let topics: Vec<Value> = (0..100).map(|n| topic(&format!("topic-{batch}-{n}"))).collect();
        record(&desk, &topics);
    }
    (log, desk)
}

fn redact(desk: &Desk) {
    let redaction = json!({ "redactRecord": { "dossier": "topic-3-99", "position": 400, "reason": "It has to go." } });
    assert!(matches!(record(desk, &[redaction]), Outcome::Recorded(_)));
}

#[test]
fn an_export_goes_on_up_to_what_says_that_something_was_redacted_meanwhile() {
    let (log, desk) = many();
    let mut export = Export::begin(Arc::clone(&log) as _).unwrap();
    let first = export.next().unwrap().unwrap();
    redact(&desk);
    record(&desk, &[topic("later")]);
    let file = [first, export.map(Result::unwrap).collect::<Vec<_>>().concat()].concat();
    let (told, copy) = restored(&file).unwrap();
    assert_eq!((told.head.position, told.redacted), (402, 1));
    let checked = rapporteur_desk::check::check_events(&*copy, &mut |_| {}).unwrap();
    assert!(checked.unlawful.is_empty() && checked.redacted.contains_key(&400));
}

#[test]
fn an_extract_breaks_off_once_something_is_redacted() {
    let (_, desk) = many();
    let extract = |desk: &Desk| match desk.export_as_of(&"published:2026-01-06".parse().unwrap()).unwrap() {
        Exported::Extract(extract) => extract,
        Exported::Log(_) => panic!("a day is none of the log"),
    };
    let mut under_way = extract(&desk);
    let first = String::from_utf8(under_way.next().unwrap().unwrap()).unwrap();
    assert!(first.contains("topic-0-0"));
    redact(&desk);
    let error = under_way.next().unwrap().unwrap_err();
    assert!(
        error
            .to_string()
            .contains("was redacted while the extract was under way"),
        "{error}"
    );
    assert!(under_way.next().is_none());
    let whole = extract(&desk).map(Result::unwrap).collect::<Vec<_>>().concat();
    let whole = String::from_utf8(whole).unwrap();
    assert!(whole.contains("topic-3-98") && !whole.contains("topic-3-99"));
}

#[test]
fn a_log_that_holds_something_is_left_alone() {
    let (file, log) = (export(&small()), small());
    let before = log.read(0, 10).unwrap();
    let error = restore(&file[..], None, &*log, &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("up to position 5"), "{error}");
    assert_eq!(log.read(0, 10).unwrap(), before);
}

/// A log that notes where each append began and ended.
#[derive(Default)]
struct Appends(MemoryLog, Mutex<Vec<(u64, u64)>>);

impl EventLog for Appends {
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError> {
        let head = self.0.append(after, batch)?;
        self.1.lock().unwrap().push((after.position + 1, head.position));
        Ok(head)
    }
    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.0.read(after, limit)
    }
    fn head(&self) -> Result<Head, ReadError> {
        self.0.head()
    }
    fn unwritable(&self) -> Option<String> {
        None
    }
    fn redact(&self, position: u64) -> Result<(), RedactError> {
        self.0.redact(position)
    }
}

#[test]
fn an_append_never_cuts_a_batch_and_takes_many() {
    let log = Arc::default();
    let desk = desk(&log);
    for batch in 0..330 {
        let batch: Vec<_> = (0..7).map(|n| topic(&format!("t-{batch}-{n}"))).collect();
        record(&desk, &batch);
    }
    let copy = Appends::default();
    let mut told = Vec::new();
    let restored = restore(&export(&log)[..], None, &copy, &mut |done| told.push(done)).unwrap();
    assert_eq!(restored.head.position, 2_310);
    let appends = copy.1.lock().unwrap().clone();
    assert_eq!(appends, [(1, 1_001), (1_002, 2_002), (2_003, 2_310)]);
    assert_eq!(told, [1_001, 2_002]);
    for (first, last) in appends {
        assert_eq!((first % 7, last % 7), (1, 0), "{first} to {last} cuts a batch of seven");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_history_comes_back_with_the_same_digests(
        steps in vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()), 0..80),
        redacted in vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let log = Arc::new(MemoryLog::default());
        let live = desk(&log);
        for command in ground().into_iter().chain(steps.into_iter().map(command)) {
            record(&live, &[command]);
        }
        let head = log.head().unwrap();
        for index in redacted {
            log.redact(1 + index.index(usize::try_from(head.position).unwrap()) as u64).unwrap();
        }
        let file = export(&log);
        let (told, copy) = restored(&file).unwrap();
        prop_assert_eq!((told.head, copy.head().unwrap()), (head, head));
        prop_assert_eq!(copy.read(0, 10_000).unwrap(), log.read(0, 10_000).unwrap());
        let digests = |log: &MemoryLog| rebuild(log, head.position, &mut |_| {}).unwrap().digests();
        prop_assert_eq!(digests(&copy), digests(&log));
        prop_assert_eq!(export(&copy), file);
    }
}
