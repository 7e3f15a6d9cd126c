//! The form of a line: CloudEvents 1.0, and what is said of a member that is wrong.

use crate::{desk, export, file, lines, record, refused_saying, restored, small, topic};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use rapporteur_desk::export::Export;
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_log::chain::seal;
use rapporteur_log::{
    AppendError, DossierId, Draft, EventLog, Head, MemoryLog, Payload, ReadError, RedactError, Stored,
};
use serde_json::{Map, Value, json};
use std::sync::Arc;

fn objects(lines: &[String]) -> Vec<Map<String, Value>> {
    lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_line_is_a_cloud_event_of_version_1_0() {
    for (n, line) in objects(&lines(&export(&small()))).iter().enumerate() {
        for required in ["specversion", "id", "source", "type"] {
            let text = line[required].as_str().unwrap();
            assert!(!text.is_empty(), "line {n}: {required}");
        }
        assert_eq!(line["specversion"], "1.0");
        for (name, value) in line {
            let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
            assert!(plain && name.len() <= 20, "{name} is no name of an attribute");
            match name.as_str() {
                "data" => assert!(value.is_object() && line["datacontenttype"] == "application/json"),
                "redacted" => assert_eq!(value, true),
                _ => assert!(value.as_str().is_some_and(|text| !text.is_empty()), "{name}: {value}"),
            }
        }
    }
}

#[test]
fn a_line_says_all_that_is_stored() {
    let log = small();
    let found = objects(&lines(&export(&log)));
    let event = &log.read(4, 1).unwrap()[0];
    let line = &found[4];
    assert_eq!(line["type"], "rapporteur.claim.recorded.v1");
    assert_eq!(line["subject"], "claim/c");
    assert_eq!(line["time"], "2026-01-06T18:00:00.250000Z");
    assert_eq!(
        (&line["position"], &line["version"], &line["batch"]),
        (&json!("5"), &json!("1"), &json!("5"))
    );
    assert_eq!(
        (&line["recorder"], &line["idempotencykey"]),
        (&json!("test"), &json!("mine"))
    );
    assert_eq!(line["hash"], event.header.hash.to_string());
    assert_eq!(line["data"]["quantities"][0]["value"], 15.5);
    let Payload::Kept { salt, bytes } = &event.payload else {
        panic!("it is kept")
    };
    assert_eq!(
        (&line["salt"], &line["payload"]),
        (&json!(STANDARD.encode(salt)), &json!(STANDARD.encode(bytes)))
    );
    let redacted = &found[1];
    assert_eq!(redacted["redacted"], true);
    for gone in ["data", "datacontenttype", "payload", "salt"] {
        assert!(!redacted.contains_key(gone), "{gone} of a redacted event");
    }
    assert_eq!(
        (&found[5]["position"], &found[5]["redactions"]),
        (&json!("5"), &json!("1"))
    );
}

/// The export of [`small`], with one line changed.
fn with(line: usize, change: impl FnOnce(&mut Map<String, Value>)) -> Vec<u8> {
    let mut whole = lines(&export(&small()));
    let mut object: Map<String, Value> = serde_json::from_str(&whole[line - 1]).unwrap();
    change(&mut object);
    whole[line - 1] = serde_json::to_string(&object).unwrap();
    file(&whole)
}

#[test]
fn a_member_that_is_wrong_is_named() {
    for (line, member, value, words) in [
        (
            1,
            "specversion",
            json!("0.3"),
            "`specversion` is \"0.3\" where \"1.0\" belongs",
        ),
        (1, "source", json!("/other"), "`source` is \"/other\""),
        (1, "id", json!("x"), "`id` must be a UUID"),
        (1, "type", json!("rapporteur.source"), "`type` must be such as"),
        (1, "subject", json!("source:wire"), "`subject` must be a dossier"),
        (1, "subject", json!("city/paris"), "`subject` must be a dossier"),
        (1, "time", json!("yesterday"), "`time` must be an instant"),
        (
            1,
            "time",
            json!("2026-01-06T19:00:00.250000+01:00"),
            "`time` is \"2026-01-06T19",
        ),
        (
            1,
            "time",
            json!("2026-01-06T18:00:00.250001Z"),
            "its envelope hashes to",
        ),
        (1, "datacontenttype", json!("text/json"), "`datacontenttype` is"),
        (3, "position", json!(3), "`position` must be a text of decimal digits"),
        (3, "position", json!("+3"), "`position` is \"+3\" where \"3\" belongs"),
        (3, "position", json!("4"), "`position` is 4 where 3 belongs"),
        (3, "version", json!("2"), "`version` is 2 where 1 belongs"),
        (3, "version", json!("-1"), "`version` must be a text of decimal digits"),
        (3, "batch", json!("1"), "`batch` is 1, neither its own position 3 nor 2"),
        (3, "batch", json!("3"), "its envelope hashes to"),
        (3, "cause", json!("3"), "`cause` is 3, which is no position before"),
        (3, "cause", json!("1"), "its envelope hashes to"),
        (3, "recorder", json!("someone else"), "its envelope hashes to"),
        (3, "recorder", json!(null), "`recorder` must be a text; it is null"),
        (3, "salt", json!("AA=="), "`salt` must be 16 bytes in base64"),
        (3, "payload", json!("?"), "`payload` must be bytes in base64"),
        (3, "payload", json!("AAAA"), "`salt` and `payload` hash to"),
        (3, "payloadhash", json!("00".repeat(32)), "`payloadhash` is 0000"),
        (3, "previoushash", json!("00".repeat(32)), "`previoushash` is 0000"),
        (3, "hash", json!("0"), "`hash` must be 64 hexadecimal digits"),
        (3, "redacted", json!(false), "`redacted` must be true, or left out"),
        (
            3,
            "redacted",
            json!(true),
            "`datacontenttype` is no member of this kind of line",
        ),
        (3, "data", json!({}), "`data.slug` is missing, and in the payload"),
        (3, "data", json!([]), "`data` is [] where {"),
        (
            3,
            "traceparent",
            json!("00"),
            "`traceparent` is no member of this kind of line",
        ),
        (5, "idempotencykey", json!("yours"), "its envelope hashes to"),
        (
            5,
            "fingerprint",
            json!("xyz"),
            "`fingerprint` must be 32 hexadecimal digits",
        ),
        (6, "position", json!("4"), "`position` of the closing record is 4"),
        (
            6,
            "redactions",
            json!("0"),
            "`redactions` of the closing record is 0, 1 lines say",
        ),
        (6, "id", json!("end"), "`id` is \"end\" where"),
        (
            6,
            "time",
            json!("2026-01-06T18:00:00.250000Z"),
            "`time` is no member of this kind of line",
        ),
        (6, "type", json!("rapporteur.export.ended.v2"), "`subject` is missing"),
    ] {
        let change = |object: &mut Map<String, Value>| drop(object.insert(member.to_owned(), value));
        refused_saying(&with(line, change), line as u64, words);
    }
}

#[test]
fn a_member_that_is_missing_is_named() {
    let whole = objects(&lines(&export(&small())));
    let mut tried = 0;
    for (n, line) in whole.iter().enumerate() {
        for name in line.keys() {
            let remove = |object: &mut Map<String, Value>| drop(object.shift_remove(name));
            let words = match name.as_str() {
                "redacted" => "`salt` is missing",
                name => &format!("`{name}` is missing"),
            };
            refused_saying(&with(n + 1, remove), n as u64 + 1, words);
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried}");
}

#[test]
fn a_place_inside_the_data_is_named() {
    for (pointer, value, words) in [
        (
            "/quantities/0/value",
            json!(16),
            "`data.quantities[0].value` is 16 where 15.5 belongs",
        ),
        (
            "/evidence/citations/1/attribution",
            json!({ "speaker": "t" }),
            "`data.evidence.citations[1].attribution.speaker`",
        ),
        ("/evidence/citations", json!([]), "`data.evidence.citations` is []"),
    ] {
        let change = |object: &mut Map<String, Value>| *object["data"].pointer_mut(pointer).unwrap() = value;
        refused_saying(&with(5, change), 5, words);
    }
    let more = |object: &mut Map<String, Value>| object["data"]["secret"] = json!(true);
    refused_saying(&with(5, more), 5, "`data.secret` is not in the payload");
}

#[test]
fn a_member_that_stands_twice_is_refused() {
    let mut whole = lines(&export(&small()));
    whole[2] = whole[2].replacen('{', "{\"position\":\"3\",", 1);
    refused_saying(&file(&whole), 3, "the member `position` stands twice");
    let mut whole = lines(&export(&small()));
    whole[2] = whole[2].replacen("\"data\":{", "\"data\":{\"slug\":\"b\",", 1);
    refused_saying(&file(&whole), 3, "the member `slug` stands twice");
}

#[test]
fn white_space_the_order_of_members_and_line_ends_say_nothing() {
    let log = small();
    let whole = lines(&export(&log));
    let turned: Vec<String> = objects(&whole)
        .into_iter()
        .map(|line| {
            let turned: Map<String, Value> = line.into_iter().rev().collect();
            serde_json::to_string(&turned).unwrap().replace("\",\"", "\" ,\t\"") + " \r"
        })
        .collect();
    let (_, copy) = restored(&file(&turned)).unwrap();
    assert_eq!(export(&copy), export(&log));
}

/// A log of one event, sealed as it should be, which no desk would have recorded.
fn sealed(change: impl FnOnce(&mut Draft)) -> Arc<MemoryLog> {
    let mut draft = Draft {
        dossier: DossierId {
            kind: DossierKind::Topic,
            slug: Slug::parse("a").unwrap(),
        },
        version: 1,
        event_id: uuid::Uuid::now_v7(),
        kind: "topic.registered".into(),
        schema_version: 1,
        recorded_at: DateTime::UNIX_EPOCH,
        recorder: "test".into(),
        idempotency: None,
        batch_offset: 0,
        cause: None,
        salt: [7; 16],
        payload: vec![0xa0].into(),
    };
    change(&mut draft);
    let log = MemoryLog::default();
    log.append(&Head::EMPTY, &seal(&Head::EMPTY, None, vec![draft]).unwrap())
        .unwrap();
    Arc::new(log)
}

/// The export of a log that this program cannot decode, as the program that recorded it would write it.
fn of_another_program(log: &Arc<MemoryLog>) -> Vec<u8> {
    let Payload::Kept { salt, bytes } = log.read(0, 1).unwrap()[0].payload.clone() else {
        panic!("it is kept")
    };
    log.redact(1).unwrap();
    let mut found = objects(&lines(&export(log)));
    found[0].shift_remove("redacted");
    found[0].insert("salt".to_owned(), json!(STANDARD.encode(salt)));
    found[0].insert("payload".to_owned(), json!(STANDARD.encode(bytes)));
    found[0].insert("data".to_owned(), json!({}));
    found[0].insert("datacontenttype".to_owned(), json!("application/json"));
    found[1].insert("redactions".to_owned(), json!("0"));
    file(
        &found
            .iter()
            .map(|line| serde_json::to_string(line).unwrap())
            .collect::<Vec<_>>(),
    )
}

#[test]
fn kinds_and_versions_that_this_program_does_not_know_are_refused() {
    let newer = [
        sealed(|draft| draft.kind = "treaty.signed".into()),
        sealed(|draft| draft.schema_version = 9),
    ];
    for (log, words) in newer.iter().zip([
        "`treaty.signed` version 1 is not known",
        "`topic.registered` version 9 is not",
    ]) {
        let error = Export::begin(Arc::clone(log) as _)
            .unwrap()
            .find_map(Result::err)
            .unwrap();
        let said = rapporteur_desk::desk::chain(&error);
        assert!(said.contains("position 1") && said.contains(words), "{said}");
        let exported = of_another_program(log);
        refused_saying(&exported, 1, words);
        refused_saying(&exported, 1, "use a newer rapporteur");
    }
    // Once it is redacted there is nothing to know.
    assert_eq!(restored(&export(&newer[0])).unwrap().0.redacted, 1);
    let garbled = of_another_program(&sealed(|_| {}));
    refused_saying(
        &garbled,
        1,
        "the payload of an event `topic.registered` version 1 cannot be read",
    );
}

#[test]
fn a_sound_chain_over_a_false_envelope_is_refused() {
    for (change, words) in [
        (
            (|draft| draft.version = 2) as fn(&mut Draft),
            "`version` is 2 where 1 belongs",
        ),
        (
            |draft| draft.cause = Some(1),
            "`cause` is 1, which is no position before",
        ),
        (|draft| draft.cause = Some(0), "`cause` is 0"),
        (|draft| draft.batch_offset = 1, "`batch` is 0, neither"),
    ] {
        refused_saying(&of_another_program(&sealed(change)), 1, words);
    }
}

/// A log that gives one event at a time: nobody compares it with the one before.
struct OneByOne(MemoryLog);

impl EventLog for OneByOne {
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError> {
        self.0.append(after, batch)
    }
    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.0.read(after, limit.min(1))
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
fn a_log_that_goes_back_in_time_is_refused() {
    let log = Arc::default();
    record(&desk(&log), &[topic("a"), topic("b")]);
    let mut events = log.read(0, 2).unwrap();
    let later = &mut events[1].header;
    later.recorded_at -= chrono::TimeDelta::microseconds(1);
    later.hash = later.computed_hash().unwrap();
    let copy = OneByOne(MemoryLog::default());
    let head = copy.append(&Head::EMPTY, &events[..1]).unwrap();
    copy.append(&head, &events[1..]).unwrap();
    let pages = Export::begin(Arc::new(copy)).unwrap();
    let file = pages.map(Result::unwrap).collect::<Vec<_>>().concat();
    refused_saying(
        &file,
        2,
        "`time` is 2026-01-06 18:00:00.249999 UTC, before that of the event before",
    );
}
