//! kill -9 in the middle of appending.

use rapporteur_log::chain::{check, seal};
use rapporteur_log::{Draft, EventLog, Head, Payload};
use rapporteur_log_sled::{Options, SledLog};
use rapporteur_testkit::drafts::{append, draft_of, drafts, read_all};
use rapporteur_testkit::rng::Rng;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// What was redacted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Redacted {
    /// Acknowledged: these have no payload any more.
    pub(crate) done: BTreeSet<u64>,
    /// Begun: this one may have one or not.
    pub(crate) begun: Option<u64>,
}

/// The batch that is appended after position `after`: the same in parent and child.
pub(crate) fn batch_after(after: u64) -> Vec<Draft> {
    let mut rng = Rng::new(after);
    match rng.below(20) {
        0 => vec![draft_of(60_000, &mut rng)],
        1 => drafts(900, after),
        n => drafts(usize::try_from(n).unwrap(), after),
    }
}

#[test]
fn nothing_acknowledged_is_missing_after_kills() {
    let kills = std::env::var("KILLS").map_or(12, |n| n.parse().unwrap());
    let mut dir = tempfile::tempdir().unwrap();
    let mut rng = Rng::new(99);
    let mut before = 0;
    for kill in 0..kills {
        if kill % 10 == 9 {
            (dir, before) = (tempfile::tempdir().unwrap(), 0);
        }
        let acknowledged = append_and_kill(dir.path(), 1 + rng.below(60));
        assert!(acknowledged > before, "kill {kill}: the child acknowledged nothing new");
        let log = SledLog::open(dir.path(), &Options::default()).unwrap();
        before = check_whole(&log, acknowledged, &Redacted::default(), &format!("kill {kill}"));
        println!(
            "kill {kill}: {acknowledged} acknowledged, {before} there, {:?}",
            log.notes()
        );
    }
}

/// Checks that nothing up to `acknowledged` is missing, nothing is wrong, every batch is whole, and only what is `redacted`
/// has no payload; the last position.
pub(crate) fn check_whole(log: &SledLog, acknowledged: u64, redacted: &Redacted, run: &str) -> u64 {
    let events = read_all(log, 500);
    let head = log.head().unwrap();
    assert_eq!(check(&Head::EMPTY, &events), Ok(head), "{run}");
    let end = head.position;
    assert!(
        end >= acknowledged,
        "{run}: {acknowledged} was acknowledged, the log ends at {end}"
    );
    let mut at = Head::EMPTY;
    let mut last = None;
    let mut rest = &events[..];
    while !rest.is_empty() {
        let mut expected = seal(&at, last, batch_after(at.position)).unwrap();
        assert!(rest.len() >= expected.len(), "{run}: a batch is not whole");
        let (batch, more) = rest.split_at(expected.len());
        for (event, found) in expected.iter_mut().zip(batch) {
            let position = event.header.position;
            let gone = found.payload == Payload::Redacted;
            if redacted.done.contains(&position) || (gone && redacted.begun == Some(position)) {
                event.payload = Payload::Redacted;
            }
        }
        assert_eq!(batch, expected, "{run}");
        at = check(&at, batch).unwrap();
        last = batch.last().map(|event| event.header.recorded_at);
        rest = more;
    }
    let report = log.verify(&mut |_| {});
    assert!(report.is_whole(), "{run}: {report:?}");
    end
}

/// Starts the child and kills it somewhat after `acks` acknowledgements; the last position that it acknowledged.
pub(crate) fn append_and_kill(dir: &Path, acks: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child_appends", "--ignored", "--nocapture"])
        .env("STORE_OF_THE_PARENT", dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let Ok(line) = line else { break };
        acknowledged.extend(
            line.strip_prefix("acknowledged ")
                .and_then(|n| n.strip_suffix('.')?.parse::<u64>().ok()),
        );
        if acknowledged.len() as u64 == acks {
            // Any moment of the next appends, not just the one after an acknowledgement.
            std::thread::sleep(std::time::Duration::from_micros(Rng::new(acks).below(9000)));
            child.kill().unwrap();
        }
    }
    let status = child.wait().unwrap();
    assert_eq!(status.code(), None, "the child ended before it was killed");
    acknowledged.last().copied().unwrap_or(0)
}

#[test]
#[ignore = "the process that nothing_acknowledged_is_missing_after_kills kills"]
fn child_appends() {
    let dir = std::env::var_os("STORE_OF_THE_PARENT").expect("started by its parent only");
    let options = Options {
        keep_free: 0,
        ..Options::default()
    };
    let log = SledLog::open(Path::new(&dir), &options).unwrap();
    println!();
    loop {
        let after = log.head().unwrap().position;
        append(&log, batch_after(after));
        println!("acknowledged {}.", log.head().unwrap().position);
        std::io::stdout().flush().unwrap();
    }
}
