//! 64 clients append over HTTP, the server is killed at a random moment, and nothing it acknowledged is missing.

use crate::binary::{Client, Server, run, told};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tempfile::tempdir;

const CLIENTS: usize = 64;
const ROUNDS: u32 = 3;

/// A record whose place in the log no slug gives away: sent twice without its key, it would be recorded twice.
const OUTCOME: &str = "mutation($key: String!) { recordOutcome(input: { meeting: \"m\", key: $key, idempotencyKey: $key,
    summary: \"What came out.\", evidence: { citations: [{ source: \"wire\" }] } }) { __typename ... on Recorded { position } } }";
const GROUND: &str = "mutation { record(commands: [
    { registerSource: { slug: \"wire\", publisher: \"Agency\" } },
    { scheduleMeeting: { slug: \"m\", title: \"M\", plannedFor: \"2026\", evidence: { citations: [{ source: \"wire\" }] } } }])
    { __typename } }";

#[test]
fn nothing_acknowledged_is_missing_and_nothing_sent_again_is_there_twice_after_kills_under_load() {
    let seconds: u64 = std::env::var("RAPPORTEUR_CRASH_SECONDS")
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(6);
    let dir = tempdir().unwrap();
    let mut acknowledged: BTreeMap<u64, String> = BTreeMap::new();
    let mut resent = 0;
    let started = Instant::now();
    for round in 0..ROUNDS {
        let mut server = Server::start(dir.path(), &[]);
        server.connect().data(GROUND, &json!({})).unwrap();
        let jitter = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_millis();
        let load = Duration::from_millis(seconds * 1000 / u64::from(ROUNDS) + u64::from(jitter) / 2);
        let (told, unanswered) = load_until_killed(&mut server, round, load);
        let server = Server::start(dir.path(), &[]);
        let mut client = server.connect();
        resent += unanswered.len();
        let again = unanswered
            .into_iter()
            .map(|key| (send(&mut client, &key).unwrap(), key));
        for (position, key) in told.into_iter().chain(again) {
            let twice = acknowledged.insert(position, key);
            assert_eq!(twice, None, "position {position} was given out twice");
        }
    }
    let (code, out, err) = told(&run(&["verify", "--data", dir.path().to_str().unwrap()], b""));
    assert_eq!(code, 0, "{out}{err}");

    let server = Server::start(dir.path(), &[]);
    let found = everything(&mut server.connect());
    assert!(found.keys().copied().eq(1..=found.len() as u64), "positions have a gap");
    let mut recorded: BTreeMap<u64, String> = found.clone();
    recorded.retain(|_, key| !key.is_empty());
    assert_eq!(
        recorded, acknowledged,
        "every request once, at the position that was told, and nothing else"
    );
    let keys: std::collections::BTreeSet<&String> = recorded.values().collect();
    assert_eq!(keys.len(), recorded.len(), "a request was recorded twice");
    println!(
        "{} acknowledged, {resent} of them sent again after a kill, {} found, {ROUNDS} kills, {:.0} acknowledged/s",
        acknowledged.len(),
        found.len(),
        acknowledged.len() as f64 / started.elapsed().as_secs_f64()
    );
    assert!(acknowledged.len() > 500, "the load was too thin to show anything");
}

/// What was acknowledged, and what was sent without an answer.
type Sent = (Vec<(u64, String)>, Vec<String>);

fn load_until_killed(server: &mut Server, round: u32, load: Duration) -> Sent {
    let over = AtomicBool::new(false);
    let address = server.address.clone();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (over, address) = (&over, &address);
                scope.spawn(move || append(address, over, &format!("r{round}-c{client}")))
            })
            .collect();
        std::thread::sleep(load);
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        over.store(true, Ordering::Relaxed);
        let (told, unanswered): (Vec<_>, Vec<_>) = clients.into_iter().map(|client| client.join().unwrap()).unzip();
        (
            told.into_iter().flatten().collect(),
            unanswered.into_iter().flatten().collect(),
        )
    })
}

/// Appends until the server is gone; what it acknowledged, and the request that it did not answer.
fn append(address: &str, over: &AtomicBool, name: &str) -> (Vec<(u64, String)>, Option<String>) {
    let mut told = Vec::new();
    let Ok(mut client) = Client::connect(address) else {
        return (told, None);
    };
    for n in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let key = format!("{name}-{n}");
        match send(&mut client, &key) {
            Ok(position) => told.push((position, key)),
            Err(_) => return (told, Some(key)),
        }
    }
    (told, None)
}

/// Sends the request of this key; the position at which it is recorded.
fn send(client: &mut Client, key: &str) -> std::io::Result<u64> {
    let body = json!({ "query": OUTCOME, "variables": { "key": key } }).to_string();
    let (_, text) = client.post(&body)?;
    let answer: Value = serde_json::from_str(&text).unwrap();
    let position = answer["data"]["recordOutcome"]["position"].as_u64();
    Ok(position.unwrap_or_else(|| panic!("not recorded: {text}")))
}

/// Every event's position and idempotency key; an empty one where it has none.
fn everything(client: &mut Client) -> BTreeMap<u64, String> {
    let mut found = BTreeMap::new();
    let last = client.data("{ store { position } }", &json!({})).unwrap()["store"]["position"]
        .as_u64()
        .unwrap();
    let mut next = 1;
    while next <= last {
        let until = last.min(next + 49);
        let fields: String = (next..=until)
            .map(|p| format!("e{p}: event(position: {p}) {{ position idempotencyKey }} "))
            .collect();
        let page = client.data(&format!("{{ {fields} }}"), &json!({})).unwrap();
        for event in page.as_object().unwrap().values() {
            let key = event["idempotencyKey"].as_str().unwrap_or_default().to_owned();
            found.insert(event["position"].as_u64().unwrap(), key);
        }
        next = until + 1;
    }
    found
}
