//! Checking the store of a running server: it does it itself, while it goes on.

use super::Found;
use crate::ask::{Asker, Remote};
use crate::exit::Failure;
use crate::progress::Shown;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// How often a check that goes on is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

const FIELDS: &str = "{ endedAt done total error position hash chunks damages redacted { position by } unlawful owed }";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verification {
    ended_at: Option<String>,
    done: u64,
    total: u64,
    error: Option<String>,
    position: Option<u64>,
    hash: Option<String>,
    chunks: Option<u64>,
    damages: Option<Vec<String>>,
    redacted: Option<Vec<Redaction>>,
    unlawful: Option<Vec<u64>>,
    owed: Option<Vec<u64>>,
}

#[derive(Deserialize)]
struct Redaction {
    position: u64,
    by: u64,
}

/// Has the server at `url` check all that it stores.
///
/// # Errors
/// Nobody answered, or the check came to nothing.
pub(super) fn check(url: &str) -> Result<Found, Failure> {
    let asker = Asker::Remote(Remote::at(url)?);
    let mut shown = Shown::new("checking", 0);
    let mut now = ask(&asker, &format!("mutation {{ verifyStore {FIELDS} }}"))?;
    while now.ended_at.is_none() {
        shown.at(now.done, now.total);
        std::thread::sleep(LOOK_EVERY);
        now = ask(&asker, &format!("{{ store {{ verification {FIELDS} }} }}"))?;
    }
    if let Some(error) = now.error {
        return Err(Failure::saying(format!("{url} could not check its store: {error}")));
    }
    let redacted = now.redacted.unwrap_or_default();
    Ok(Found {
        position: now.position.unwrap_or_default(),
        hash: now.hash.unwrap_or_default(),
        chunks: now.chunks.unwrap_or_default(),
        damages: now.damages.unwrap_or_default(),
        redacted: redacted.into_iter().map(|gone| (gone.position, gone.by)).collect(),
        unlawful: now.unlawful.unwrap_or_default().into_iter().collect(),
        owed: now.owed.unwrap_or_default().into_iter().collect(),
    })
}

fn ask(asker: &Asker, document: &str) -> Result<Verification, Failure> {
    let data = asker.ask(document, json!({}))?;
    let found = data.get("verifyStore").or_else(|| data.pointer("/store/verification"));
    let read = found.map(Verification::deserialize);
    match read {
        Some(Ok(verification)) => Ok(verification),
        _ => Err(Failure::saying("the server was started again meanwhile; check again")),
    }
}
