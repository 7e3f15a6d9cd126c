//! Histories of many clients are linearizable: positions give an order that agrees with real time, for what was recorded and for
//! what was read, through conflicts, kills and restarts.

use crate::binary::{Client, Server};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::tempdir;

const CLIENTS: usize = 32;
const DOSSIERS: usize = 4;
const ROUNDS: usize = 3;

const RETITLE: &str = "mutation($dossier: String!, $title: String!, $expected: Int!) { retitleDossier(input: {
    dossier: $dossier, title: $title, expectedVersion: $expected, idempotencyKey: $title }) { __typename
    ... on Recorded { position version alreadyThere } ... on Conflict { actual } ... on Refused { refusals { message } } } }";
const LOOK: &str = "query($slug: String!) { store { position } dossier(slug: $slug) { version title } }";

/// What a client was told, and when: an instant at or before which it had not asked, one at which it had the answer.
#[derive(Debug, Clone)]
struct Seen {
    from: Instant,
    until: Option<Instant>,
    dossier: usize,
    told: Told,
}

#[derive(Debug, Clone)]
enum Told {
    /// It was recorded: at this position, as this version.
    Recorded { position: u64, version: u64 },
    /// Nothing was, because the dossier was at this version.
    Conflict { expected: u64, actual: u64 },
    /// The log ended at this position, and the dossier was at this version.
    Looked { position: u64, version: u64 },
    /// No answer came.
    Nothing { title: String, expected: u64 },
}

#[test]
fn what_many_clients_see_through_conflicts_and_kills_has_one_order() {
    let dir = tempdir().unwrap();
    let seen: Mutex<Vec<Seen>> = Mutex::default();
    for round in 0..ROUNDS {
        let mut server = Server::start(dir.path(), &[]);
        let mut client = server.connect();
        for dossier in 0..DOSSIERS {
            let open =
                "mutation($slug: String!) { registerTopic(input: { slug: $slug, label: \"T\" }) { __typename } }";
            client.data(open, &json!({ "slug": format!("d{dossier}") })).unwrap();
        }
        let (over, address) = (AtomicBool::new(false), server.address.clone());
        std::thread::scope(|scope| {
            for number in 0..CLIENTS {
                let (seen, over, address) = (&seen, &over, &address);
                scope.spawn(move || {
                    let told = ask(address, over, &format!("r{round}-c{number}"), number);
                    seen.lock().unwrap_or_else(PoisonError::into_inner).extend(told);
                });
            }
            std::thread::sleep(Duration::from_millis(1500));
            server.child.kill().unwrap();
            server.child.wait().unwrap();
            over.store(true, Ordering::Relaxed);
        });
    }
    let server = Server::start(dir.path(), &[]);
    let mut seen = seen.into_inner().unwrap();
    settle(&mut server.connect(), &mut seen);
    let counts = |what: fn(&Told) -> bool| seen.iter().filter(|seen| what(&seen.told)).count();
    println!(
        "{} recorded, {} conflicts, {} looks, {} never recorded",
        counts(|told| matches!(told, Told::Recorded { .. })),
        counts(|told| matches!(told, Told::Conflict { .. })),
        counts(|told| matches!(told, Told::Looked { .. })),
        counts(|told| matches!(told, Told::Nothing { .. })),
    );
    assert!(
        counts(|told| matches!(told, Told::Recorded { .. })) > 100,
        "the load was too thin"
    );
    assert!(
        counts(|told| matches!(told, Told::Conflict { .. })) > 100,
        "nobody met another"
    );
    assert_eq!(judge(&seen), Ok(()));

    // The judge can see: the same history with one look that is a little old, or a position given twice, is none.
    let late = seen
        .iter()
        .rposition(|seen| matches!(seen.told, Told::Looked { .. }))
        .unwrap();
    let mut stale = seen.clone();
    if let Told::Looked { position, .. } = &mut stale[late].told {
        *position = 5;
    }
    assert!(judge(&stale).is_err(), "a stale look passed");
    let mut twice = seen.clone();
    let recorded: Vec<usize> = (0..twice.len())
        .filter(|at| matches!(twice[*at].told, Told::Recorded { .. }))
        .collect();
    twice[recorded[0]].told = twice[recorded[1]].told.clone();
    assert!(judge(&twice).is_err(), "a position given twice passed");
}

/// Asks until the server is gone.
fn ask(address: &str, over: &AtomicBool, name: &str, number: usize) -> Vec<Seen> {
    let mut seen = Vec::new();
    let Ok(mut client) = Client::connect(address) else {
        return seen;
    };
    for n in number.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let dossier = n % DOSSIERS;
        let slug = format!("d{dossier}");
        let from = Instant::now();
        let Ok(looked) = client.data(LOOK, &json!({ "slug": slug })) else {
            break;
        };
        let version = looked["dossier"]["version"].as_u64().unwrap();
        let position = looked["store"]["position"].as_u64().unwrap();
        let until = Some(Instant::now());
        let told = Told::Looked { position, version };
        seen.push(Seen {
            from,
            until,
            dossier,
            told,
        });
        let (from, title) = (Instant::now(), format!("{name}-{n}"));
        let given = json!({ "dossier": slug, "title": title, "expected": version });
        let answer = client.data(RETITLE, &given);
        let until = answer.is_ok().then(Instant::now);
        let told = match answer {
            Err(_) => Told::Nothing {
                title,
                expected: version,
            },
            Ok(answer) => read(&answer["retitleDossier"], version),
        };
        let is_over = until.is_none();
        seen.push(Seen {
            from,
            until,
            dossier,
            told,
        });
        if is_over {
            break;
        }
    }
    seen
}

fn read(answer: &Value, expected: u64) -> Told {
    match answer["__typename"].as_str().unwrap() {
        "Recorded" => Told::Recorded {
            position: answer["position"].as_u64().unwrap(),
            version: answer["version"].as_u64().unwrap(),
        },
        "Conflict" => Told::Conflict {
            expected,
            actual: answer["actual"].as_u64().unwrap(),
        },
        other => panic!("{other}: {answer}"),
    }
}

/// Finds out what became of what nobody answered.
fn settle(client: &mut Client, seen: &mut [Seen]) {
    let last = client.data("{ store { position } }", &json!({})).unwrap()["store"]["position"]
        .as_u64()
        .unwrap();
    let mut kept = BTreeSet::new();
    for position in 1..=last {
        let query = format!("{{ event(position: {position}) {{ idempotencyKey }} }}");
        let event = client.data(&query, &json!({})).unwrap()["event"].clone();
        kept.extend(event["idempotencyKey"].as_str().map(str::to_owned));
    }
    for seen in seen {
        if let Told::Nothing { title, expected } = &seen.told
            && kept.contains(title)
        {
            let given = json!({ "dossier": format!("d{}", seen.dossier), "title": title, "expected": expected });
            let answer = client.data(RETITLE, &given).unwrap();
            assert_eq!(answer["retitleDossier"]["alreadyThere"], true, "{answer}");
            seen.told = read(&answer["retitleDossier"], *expected);
        }
    }
}

/// Whether there is one order of everything that agrees with real time and with what everybody was told.
fn judge(seen: &[Seen]) -> Result<(), String> {
    // Each position and each version of a dossier is given once, versions in the order of positions.
    let mut recorded: BTreeMap<u64, &Seen> = BTreeMap::new();
    let mut versions: BTreeMap<(usize, u64), u64> = BTreeMap::new();
    for one in seen {
        if let Told::Recorded { position, version } = one.told {
            if recorded.insert(position, one).is_some() {
                return Err(format!("position {position} was given twice"));
            }
            if versions.insert((one.dossier, version), position).is_some() {
                return Err(format!("version {version} of d{} was given twice", one.dossier));
            }
        }
    }
    for dossier in 0..DOSSIERS {
        let positions: Vec<u64> = versions
            .range((dossier, 0)..(dossier + 1, 0))
            .map(|(_, at)| *at)
            .collect();
        if !positions.is_sorted() {
            return Err(format!("the versions of d{dossier} are not in the order of positions"));
        }
    }
    // Whoever began after another had ended stands after it.
    let mut ended: Vec<(Instant, u64)> = Vec::new();
    for one in seen {
        if let (Some(until), Told::Recorded { position, .. } | Told::Looked { position, .. }) = (one.until, &one.told) {
            ended.push((until, *position));
        }
    }
    ended.sort();
    let mut most = 0;
    let reached: Vec<(Instant, u64)> = ended
        .into_iter()
        .map(|(at, position)| {
            most = most.max(position);
            (at, most)
        })
        .collect();
    let known = |from: Instant| match reached.partition_point(|(at, _)| *at < from) {
        0 => 0,
        n => reached[n - 1].1,
    };
    // What was recorded, by when it was asked for: nobody sees it before.
    let mut asked: Vec<(u64, Instant)> = recorded.iter().map(|(position, one)| (*position, one.from)).collect();
    asked.sort();
    let begun = |position: u64| {
        asked
            .binary_search_by_key(&position, |(at, _)| *at)
            .ok()
            .map(|at| asked[at].1)
    };
    for one in seen {
        let before = known(one.from);
        match one.told {
            Told::Recorded { position, .. } if position <= before => {
                return Err(format!("position {position} was given after {before} had been seen"));
            }
            Told::Looked { position, .. } if position < before => {
                return Err(format!("position {position} was seen after {before}"));
            }
            Told::Looked { position, version } => {
                if one.until < begun(position) {
                    return Err(format!("position {position} was seen before anybody asked for it"));
                }
                let holds = versions.get(&(one.dossier, version)).is_none_or(|at| *at <= position);
                let next = versions
                    .get(&(one.dossier, version + 1))
                    .is_none_or(|at| *at > position);
                if !holds || !next {
                    return Err(format!(
                        "version {version} of d{} is not that of position {position}",
                        one.dossier
                    ));
                }
            }
            Told::Conflict { expected, actual } => {
                let taken = versions.get(&(one.dossier, expected + 1));
                if actual <= expected || taken.is_none() {
                    return Err(format!(
                        "a conflict with version {actual} of d{} where {expected} was right",
                        one.dossier
                    ));
                }
                if one.until < taken.and_then(|at| begun(*at)) {
                    return Err("a conflict with what nobody had asked for".to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(())
}
