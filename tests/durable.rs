//! Between a request and its answer, sled's file is synced: seen from outside, by strace.

use crate::binary::{REGISTER, Server};
use serde_json::json;
use std::collections::BTreeSet;
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
        "200",
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
    let (mut synced, mut answers) = (false, 0);
    let mut syncing = BTreeSet::new();
    for line in text.lines() {
        let thread = line.split_whitespace().next().unwrap();
        let done = line.ends_with("= 0");
        if line.contains("durable-") && line.contains("registerTopic(input") {
            synced = false;
        }
        if line.contains("fdatasync(") && line.contains("/sled/db>") {
            synced = synced || done;
            if line.contains("unfinished") {
                syncing.insert(thread);
            }
        }
        if line.contains("fdatasync resumed") && syncing.remove(thread) {
            synced = synced || done;
        }
        if line.contains("__typename\\\":\\\"Recorded") {
            answers += 1;
            assert!(synced, "an answer was sent before a sync of sled's file: {line}");
        }
    }
    assert_eq!(answers, APPENDS, "the trace shows every answer");
    assert!(text.contains("/sled/db>"), "the trace names sled's file");
}
