use super::*;
use serde_json::json;

#[track_caller]
pub(super) fn survives(date: &FuzzyDate) {
    let json = serde_json::to_string(date).unwrap();
    let cbor = minicbor::to_vec(date).unwrap();
    let from_json: FuzzyDate = serde_json::from_str(&json).unwrap();
    let from_cbor: FuzzyDate = minicbor::decode(&cbor).unwrap();
    assert_eq!((&from_json, &from_cbor), (date, date));
    assert_eq!(serde_json::to_string(&from_json).unwrap(), json);
    assert_eq!(minicbor::to_vec(&from_cbor).unwrap(), cbor);
    assert_eq!(from_cbor.spans(), date.spans());
}

#[test]
fn json_is_an_object_without_empty_fields() {
    let read: FuzzyDate = serde_json::from_value(json!("2026-01~")).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), json!({"edtf": "2026-01~"}));
    let full = json!({
        "edtf": "2025-05-08?",
        "window": {"from": "18:00", "until": "24:00", "zone": "Europe/Kiev"},
        "phrase": "from 18:00 to midnight",
        "basis": "the decree"
    });
    let read: FuzzyDate = serde_json::from_value(full.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), full);
    let tail = json!({"edtf": "2025-05", "qualifier": "LATE", "openTail": true});
    let read: FuzzyDate = serde_json::from_value(tail.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), tail);
    assert!(serde_json::from_value::<FuzzyDate>(json!({"edtf": "2026", "extra": 1})).is_err());
}

/// CBOR of these tokens: a map head, then small numbers, booleans and short texts.
fn cbor(write: impl FnOnce(&mut minicbor::Encoder<Vec<u8>>)) -> Vec<u8> {
    let mut encoder = minicbor::Encoder::new(Vec::new());
    write(&mut encoder);
    encoder.into_writer()
}

#[test]
fn cbor_is_a_map_of_numbered_fields() {
    let plain = cbor(|e| {
        e.map(1).unwrap().u8(0).unwrap().str("2026-01-06").unwrap();
    });
    assert_eq!(minicbor::to_vec(date("2026-01-06")).unwrap(), plain);
    let full = FuzzyDate::new(DateParts {
        phrase: Some(line("a")),
        basis: Some(line("b")),
        window: Some(TimeWindow::parse("18:00", "24:00", "Europe/Kyiv").unwrap()),
        ..parts("2025-05-08")
    });
    let stored = cbor(|e| {
        e.map(4).unwrap().u8(0).unwrap().str("2025-05-08").unwrap();
        e.u8(3)
            .unwrap()
            .map(3)
            .unwrap()
            .u8(0)
            .unwrap()
            .u16(1080)
            .unwrap()
            .u8(1)
            .unwrap()
            .u16(1440)
            .unwrap();
        e.u8(2).unwrap().str("Europe/Kyiv").unwrap();
        e.u8(4).unwrap().str("a").unwrap().u8(5).unwrap().str("b").unwrap();
    });
    assert_eq!(minicbor::to_vec(full.unwrap()).unwrap(), stored);
    let late = FuzzyDate::new(DateParts {
        qualifier: Some(PartOfMonth::Late),
        open_tail: true,
        ..parts("2025-05")
    });
    let stored = cbor(|e| {
        e.map(3)
            .unwrap()
            .u8(0)
            .unwrap()
            .str("2025-05")
            .unwrap()
            .u8(1)
            .unwrap()
            .u8(2)
            .unwrap();
        e.u8(2).unwrap().bool(true).unwrap();
    });
    assert_eq!(minicbor::to_vec(late.unwrap()).unwrap(), stored);
}

#[test]
fn damaged_cbor_is_refused() {
    let good = minicbor::to_vec(with_hours("2025-05-08", "18:00", "24:00", "Europe/Kyiv")).unwrap();
    for cut in 0..good.len() {
        assert!(minicbor::decode::<FuzzyDate>(&good[..cut]).is_err(), "cut at {cut}");
    }
    for (from, to) in [
        ("2025-05-08", "2025-05-38"),
        ("2025-05-08", "2025-05~08"),
        ("Europe/Kyiv", "Europe/Kyyy"),
    ] {
        let at = good.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
        let mut bytes = good.clone();
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        assert!(minicbor::decode::<FuzzyDate>(&bytes).is_err(), "{to}");
    }
}

#[test]
fn a_known_day_is_the_same_as_its_text() {
    assert_eq!(FuzzyDate::day(on("2026-01-06")), date("2026-01-06"));
    assert_eq!(FuzzyDate::day(on("0033-04-03")).edtf(), Some("0033-04-03"));
    survives(&FuzzyDate::day(on("0000-01-01")));
    assert_eq!(FuzzyDate::day(NaiveDate::MAX).edtf(), Some("9999-12-31"));
    assert_eq!(FuzzyDate::day(NaiveDate::MIN).edtf(), Some("0000-01-01"));
}

#[test]
fn the_quick_way_for_plain_days_agrees_with_the_full_parser() {
    for text in ["2026-01-06", "2024-02-29", "0000-01-01", "9999-12-31"] {
        assert_eq!(date(text).spans(), date(&format!("[{text}]")).spans());
        assert_eq!(date(text).spans(), date(&format!("{text}?")).spans());
    }
    assert!(FuzzyDate::parse("2026-02-29").is_err());
}

#[test]
fn the_ends_of_the_calendar_hold() {
    for edtf in [
        "0000~",
        "9999~",
        "9999-24",
        "9999-24~",
        "0000-01-01~",
        "9999-12-31~",
        "0XXX~",
        "9XXX~",
        "XXXX~",
        "XXXX-XX-XX",
    ] {
        let date = date(edtf);
        assert!(
            date.earliest().unwrap() >= on("0000-01-01") && date.latest().unwrap() <= on("9999-12-31"),
            "{edtf}"
        );
        survives(&date);
        assert!(!date.label().is_empty());
    }
}
