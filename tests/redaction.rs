//! A redaction on a real store whose process ends between the record and the removal of the payload.

use crate::binary::{run, told};
use rapporteur_desk::Desk;
use rapporteur_desk::import::import;
use rapporteur_log::{AppendError, EventLog, Head, ReadError, RedactError, Stored};
use rapporteur_log_sled::{Options, SledLog};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::tempdir;

const SECRET: &str = "Lives at 7 Harbour Street";

/// A log on disk that never comes to taking a payload out: what its process leaves behind if it ends there.
struct Ends(SledLog);

impl EventLog for Ends {
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError> {
        self.0.append(after, batch)
    }
    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.0.read(after, limit)
    }
    fn head(&self) -> Result<Head, ReadError> {
        self.0.head()
    }
    fn unwritable(&self) -> Option<String> {
        self.0.unwritable()
    }
    fn redact(&self, position: u64) -> Result<(), RedactError> {
        Err(RedactError::Unknown { position, head: 0 })
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn holds_the_secret(dir: &Path) -> bool {
    let mut dirs = vec![dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        let paths: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
        for path in paths {
            if path.is_dir() {
                dirs.push(path);
            } else if fs::read(&path)
                .unwrap()
                .windows(SECRET.len())
                .any(|bytes| bytes == SECRET.as_bytes())
            {
                return true;
            }
        }
    }
    false
}

#[test]
fn what_is_recorded_as_redacted_is_taken_out_by_the_next_opening() {
    let dir = tempdir().unwrap();
    let store = dir.path().join("store");
    let claim = |slug: &str, summary: &str| {
        format!(
            r#"{{"recordClaim": {{"slug": "{slug}", "title": "T", "summary": "{summary}", "claimedOn": "2026-01-06", "evidence": {{"citations": [{{"source": "wire"}}]}}}}}}"#
        )
    };
    let lines = [
        r#"{"registerSource": {"slug": "wire", "kind": "WIRE", "title": "Wire", "publisher": "Agency"}}"#.to_owned(),
        claim("lives", SECRET),
        claim("other", "Stays."),
        r#"{"redactRecord": {"dossier": "lives", "position": 2, "reason": "It has to go."}}"#.to_owned(),
    ];
    {
        let log = Ends(SledLog::open(&store, &Options::default()).unwrap());
        let now = "2026-01-06T18:00:00Z".parse().unwrap();
        let desk = Desk::open(Arc::new(log), Arc::new(move || now), &mut |_| {}).unwrap();
        let report = import(&desk, lines.join("\n").as_bytes(), "test", &mut |_| {}).unwrap();
        assert_eq!((report.recorded, report.refused), (4, 0), "{:?}", report.lines);
        assert!(desk.views().claims.get("lives").is_none(), "nothing of it is shown");
    }
    let (code, said, err) = told(&run(&["verify", "--data", text(&store)], b""));
    assert_eq!(code, 0, "{said}{err}");
    assert!(
        said.contains("the event at position 2 is recorded as redacted and not redacted yet"),
        "{said}"
    );
    assert!(holds_the_secret(&store));

    let (code, said, err) = told(&run(&["import", "-", "--data", text(&store)], b""));
    assert_eq!(code, 0, "{said}{err}");
    let (code, said, err) = told(&run(&["verify", "--data", text(&store)], b""));
    assert_eq!(code, 0, "{said}{err}");
    assert!(
        said.contains("redacted: the event at position 2, by the one at 4"),
        "{said}"
    );
    assert!(
        !said.contains("not redacted yet") && said.contains("whole: 4 events"),
        "{said}"
    );
    let (_, export, _) = told(&run(&["export", "--data", text(&store)], b""));
    assert!(
        !export.contains("Harbour") && export.contains("Stays."),
        "nothing else is lost"
    );
}
