//! 64 clients append over HTTP, the server is killed at a random moment, and nothing it acknowledged is missing.

use crate::binary::{Client, REGISTER, Server, run, told};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tempfile::tempdir;

const CLIENTS: usize = 64;
const ROUNDS: u32 = 3;

#[test]
fn nothing_acknowledged_is_missing_after_a_kill_under_load() {
    let seconds: u64 = std::env::var("RAPPORTEUR_CRASH_SECONDS")
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(6);
    let dir = tempdir().unwrap();
    let mut acknowledged: BTreeMap<u64, String> = BTreeMap::new();
    let started = Instant::now();
    for round in 0..ROUNDS {
        let mut server = Server::start(dir.path(), &[]);
        let jitter = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_millis();
        let load = Duration::from_millis(seconds * 1000 / u64::from(ROUNDS) + u64::from(jitter) / 2);
        let told = load_until_killed(&mut server, round, load);
        for (position, slug) in told {
            let twice = acknowledged.insert(position, slug);
            assert_eq!(twice, None, "position {position} was given out twice");
        }
    }
    let (code, out, err) = told(&run(&["verify", "--data", dir.path().to_str().unwrap()], b""));
    assert_eq!(code, 0, "{out}{err}");

    let server = Server::start(dir.path(), &[]);
    let found = everything(&mut server.connect());
    for (position, slug) in &acknowledged {
        assert_eq!(
            found.get(position),
            Some(slug),
            "acknowledged, and not in the log at position {position}"
        );
    }
    let slugs: std::collections::BTreeSet<&String> = found.values().collect();
    assert_eq!(slugs.len(), found.len(), "a slug was recorded twice");
    assert!(found.keys().copied().eq(1..=found.len() as u64), "positions have a gap");
    println!(
        "{} acknowledged, {} found, {ROUNDS} kills, {:.0} acknowledged/s",
        acknowledged.len(),
        found.len(),
        acknowledged.len() as f64 / started.elapsed().as_secs_f64()
    );
    assert!(acknowledged.len() > 500, "the load was too thin to show anything");
}

fn load_until_killed(server: &mut Server, round: u32, load: Duration) -> Vec<(u64, String)> {
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
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    })
}

/// Appends until the server is gone; what it acknowledged.
fn append(address: &str, over: &AtomicBool, name: &str) -> Vec<(u64, String)> {
    let mut told = Vec::new();
    let Ok(mut client) = Client::connect(address) else {
        return told;
    };
    for n in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let slug = format!("{name}-{n}");
        let body = json!({ "query": REGISTER, "variables": { "slug": slug } }).to_string();
        let Ok((_, text)) = client.post(&body) else { break };
        let answer: Value = serde_json::from_str(&text).unwrap();
        match answer["data"]["registerTopic"]["position"].as_u64() {
            Some(position) => told.push((position, slug)),
            None => panic!("not recorded: {text}"),
        }
    }
    told
}

/// Every event's position and dossier.
fn everything(client: &mut Client) -> BTreeMap<u64, String> {
    let mut found = BTreeMap::new();
    let last = client.data("{ store { position } }", &json!({})).unwrap()["store"]["position"]
        .as_u64()
        .unwrap();
    let mut next = 1;
    while next <= last {
        let until = last.min(next + 49);
        let fields: String = (next..=until)
            .map(|p| format!("e{p}: event(position: {p}) {{ position dossier {{ slug }} }} "))
            .collect();
        let page = client.data(&format!("{{ {fields} }}"), &json!({})).unwrap();
        for event in page.as_object().unwrap().values() {
            let slug = event["dossier"]["slug"].as_str().unwrap().to_owned();
            found.insert(event["position"].as_u64().unwrap(), slug);
        }
        next = until + 1;
    }
    found
}
