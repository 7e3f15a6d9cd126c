//! What is fuzzed: each function takes any bytes, and panics where it finds something wrong. `scripts/coverage-fuzz` runs them under
//! libFuzzer, from [`seeds`] on; the tests here run the seeds alone.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "development only: a target tells what it finds by panicking"
)]

pub mod seeds;

use chrono::{DateTime, Utc};
use rapporteur_api::http::{Access, Endpoint, Incoming, Limits};
use rapporteur_desk::import::import as import_lines;
use rapporteur_desk::rehearsal::Rehearsal;
use rapporteur_desk::restore;
use rapporteur_desk::{Clock, Desk};
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::event::{Event, commands};
use rapporteur_log::Stored;
use rapporteur_testkit::facts::files;
use std::sync::{Arc, LazyLock};
use tokio::runtime::Runtime;

/// The most bytes of an import: longer ones find nothing that these do not, and slowly.
const IMPORT_MAX: usize = 8 * 1024;

fn clock() -> Clock {
    let now: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    Arc::new(move || now)
}

fn desk() -> Desk {
    Desk::open(Arc::new(Rehearsal::on_nothing()), clock(), &mut |_| {}).unwrap()
}

/// Events as they are stored: the first byte says of which kind, or that it is an event with its envelope. What is read is written
/// and read again as the same.
pub fn codec(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    let Some(kind) = commands().get(usize::from(*kind)) else {
        return envelope(bytes);
    };
    let read = |bytes: &[u8]| Event::decode(kind.event_kind, kind.event_version, bytes);
    let Ok(event) = read(bytes) else { return };
    let written = event.encode().unwrap();
    let again = read(&written).unwrap_or_else(|error| panic!("written, and cannot be read: {error}: {event:?}"));
    assert_eq!(again.encode().unwrap(), written);
    assert_eq!(again.to_json().unwrap(), event.to_json().unwrap());
    assert_eq!(again.content().unwrap(), event.content().unwrap());
    let fact = event.fact();
    fact.parties(&mut |_| {});
    fact.when().iter().for_each(|date| look_at(date));
}

fn envelope(bytes: &[u8]) {
    let Ok(stored) = Stored::decode(bytes) else { return };
    let written = stored.encode().unwrap();
    assert_eq!(Stored::decode(&written).unwrap(), stored);
}

/// Dates as they are written.
pub fn edtf(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(date) = FuzzyDate::parse(text) else { return };
    look_at(&date);
    assert_eq!(date.edtf(), Some(text));
    let json = serde_json::to_value(&date).unwrap();
    let from_json: FuzzyDate = serde_json::from_value(json).unwrap();
    assert!(from_json == date, "{text}: JSON gives another date");
    let cbor = minicbor::to_vec(&date).unwrap();
    let from_cbor: FuzzyDate = minicbor::decode(&cbor).unwrap();
    assert!(from_cbor == date, "{text}: CBOR gives another date");
}

/// What has to hold of any date.
fn look_at(date: &FuzzyDate) {
    let text = date.label();
    assert!(!text.is_empty());
    if let (Some(earliest), Some(latest)) = (date.earliest(), date.latest()) {
        assert!(earliest <= latest, "{text}: from {earliest} to {latest}");
    }
    if let Some(day) = date.single_day() {
        assert!(
            date.is_uncertain() || date.surely_on(day),
            "{text}: not on its only day"
        );
    }
    assert!(date.may_be(date) && date.says_the_same(date), "{text} is not itself");
    assert!(
        !date.surely_before(date) && !date.surely_after(date),
        "{text} is before itself"
    );
    let _no_panic = (date.sort_key(), date.opens_at(), date.closes_at(), date.precision());
}

/// Import lines: whatever is recorded of them, a rebuild gives the same views, and an export of it verifies.
pub fn import(bytes: &[u8]) {
    if bytes.len() > IMPORT_MAX {
        return;
    }
    let desk = desk();
    let Ok(report) = import_lines(&desk, bytes, "fuzz", &mut |_| {}) else {
        return;
    };
    let events = desk.views().position();
    assert!(report.recorded <= events, "{report:?}");
    assert!(desk.rebuild(&mut |_| {}).unwrap().same(), "a rebuild differs");
    let exported: Vec<u8> = desk.export().unwrap().flat_map(|page| page.unwrap()).collect();
    let read = restore::read(&exported[..], None, &mut |_, _| Ok(())).unwrap();
    assert_eq!(read.head.position, events);
}

/// Lines of an export, as a restore and a backup read them.
pub fn export(bytes: &[u8]) {
    let mut last = 0;
    let read = restore::read_part(bytes, &mut |_, stored| {
        last = stored.map_or(last, |stored| stored.header.position);
        Ok(())
    });
    if let Ok(part) = read {
        assert_eq!(part.head.position, last.max(part.after.position));
    }
}

static GRAPHQL: LazyLock<(Endpoint, Runtime)> = LazyLock::new(|| {
    let desk = desk();
    for (name, text) in files() {
        let report = import_lines(&desk, text.as_bytes(), "fuzz", &mut |_| {}).unwrap();
        assert_eq!(report.refused, 0, "{name}");
    }
    let endpoint = rapporteur_api::schema::endpoint(desk, Limits::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    (endpoint, runtime.unwrap())
});

/// GraphQL documents that may only read, on all facts: none of them is our failure.
pub fn graphql(bytes: &[u8]) {
    let Ok(document) = std::str::from_utf8(bytes) else {
        return;
    };
    let (endpoint, runtime) = &*GRAPHQL;
    let answer = runtime.block_on(endpoint.execute(Incoming::new(document), Access::Read));
    for error in answer.errors() {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        assert_ne!(
            code.map(ToString::to_string).as_deref(),
            Some("\"INTERNAL\""),
            "{error:?}"
        );
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_seeds_of_every_target_pass() {
        for (target, run) in crate::seeds::TARGETS {
            let seeds = crate::seeds::of(target);
            assert!(seeds.len() > 10, "{target}");
            seeds.iter().for_each(|seed| run(seed));
        }
    }
}
