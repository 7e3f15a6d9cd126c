//! Between a request and its answer, sled's file is synced: seen from outside, by strace.

use crate::binary::{REGISTER, Server};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;
use tempfile::tempdir;

const APPENDS: usize = 20;

#[test]
fn every_acknowledgement_comes_after_a_sync_of_the_store() {
    let strace = Command::new("strace").arg("--version").output();
    assert!(strace.is_ok(), "strace is missing: run scripts/install-tools");
    let dir = tempdir().unwrap();
    let trace = dir.path().join("trace");
    let store = dir.path().join("store");
    let calls = "trace=fdatasync,fsync,recvfrom,read,sendto,write,writev";
    let around = [
        "strace",
        "-f",
        "-y",
        "-s",
        "4096",
        "-e",
        calls,
        "-o",
        trace.to_str().unwrap(),
    ];
    let server = Server::start(&store, &around);
    let mut client = server.connect();
    for n in 0..APPENDS {
        let answer = client
            .data(REGISTER, &json!({ "slug": format!("durable-{n}") }))
            .unwrap();
        assert_eq!(answer["registerTopic"]["__typename"], "Recorded");
    }
    drop(client);
    drop(server);

    let text = fs::read_to_string(&trace).unwrap();
    assert_eq!(judge(&text), Ok(APPENDS));
    for file in SYNCED {
        for kept in [0, 1, APPENDS - 1] {
            let doctored = with_syncs_of(file, kept, &text);
            assert!(
                judge(&doctored).is_err(),
                "with {kept} syncs of {file} the trace must not pass"
            );
        }
    }
}

/// The trace without the syncs of `file` that ended after the first `kept`.
fn with_syncs_of(file: &str, kept: usize, trace: &str) -> String {
    let mut begun = 0;
    let mut dropped: BTreeSet<String> = BTreeSet::new();
    let keep = |line: &&str| {
        let thread = line.split_whitespace().next().unwrap_or_default();
        if line.contains("fdatasync(") && line.contains(file) {
            begun += 1;
            if begun > kept && line.contains("unfinished") {
                dropped.insert(thread.to_owned());
            }
            return begun <= kept;
        }
        !(line.contains("fdatasync resumed") && dropped.remove(thread))
    };
    trace.lines().filter(keep).map(|line| format!("{line}\n")).collect()
}

/// The files that are synced before every acknowledgement, as strace names them.
const SYNCED: [&str; 2] = ["/sled/db>", "/head>"];

/// Counts the acknowledgements of a trace; an error where one was sent before both files were synced for its request.
fn judge(trace: &str) -> Result<usize, String> {
    let (mut requests, mut answers) = (0, 0);
    let mut synced: BTreeSet<&str> = BTreeSet::new();
    let mut syncing: BTreeMap<&str, &str> = BTreeMap::new();
    for line in trace.lines() {
        let thread = line.split_whitespace().next().unwrap_or_default();
        let done = line.ends_with("= 0");
        if line.contains("registerTopic(input") && line.contains("durable-") {
            requests += 1;
            synced.clear();
            syncing.clear();
        }
        if line.contains("fdatasync(")
            && let Some(file) = SYNCED.into_iter().find(|file| line.contains(file))
        {
            if done {
                synced.insert(file);
            } else {
                syncing.insert(thread, file);
            }
        }
        if line.contains("fdatasync resumed")
            && let Some(file) = syncing.remove(thread).filter(|_| done)
        {
            synced.insert(file);
        }
        if line.contains("__typename\\\":\\\"Recorded") {
            answers += 1;
            if synced.len() < SYNCED.len() {
                return Err(format!("answer {answers} came when only {synced:?} were synced"));
            }
        }
    }
    (requests == answers)
        .then_some(answers)
        .ok_or(format!("{requests} requests and {answers} answers"))
}
