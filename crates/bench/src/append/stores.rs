//! Stores behind group commit: a raw file, which is the limit, and ours.

use super::group::Group;
use crate::Failed;
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_log::chain::seal;
use rapporteur_log::{DossierId, Draft, EventLog, Head};
use rapporteur_log_sled::{Options, SledLog};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// A file that grows, each event behind its length.
pub(crate) struct RawFile {
    file: File,
    bytes: Vec<u8>,
}

impl RawFile {
    pub(crate) fn create(dir: &Path) -> Result<Self, Failed> {
        let file = File::create(dir.join("raw"))?;
        Ok(Self {
            file,
            bytes: Vec::new(),
        })
    }
}

impl Group for RawFile {
    fn commit(&mut self, events: &[Arc<[u8]>]) -> Result<(), Failed> {
        self.bytes.clear();
        for event in events {
            self.bytes.extend_from_slice(&(event.len() as u64).to_be_bytes());
            self.bytes.extend_from_slice(event);
        }
        self.file.write_all(&self.bytes)?;
        Ok(self.file.sync_data()?)
    }
}

/// Our log, with sealing: hashes, envelope, chain.
pub(crate) struct Engine {
    log: SledLog,
    head: Head,
    dossier: DossierId,
}

impl Engine {
    pub(crate) fn create(dir: &Path) -> Result<Self, Failed> {
        let log = SledLog::open(dir, &Options::default())?;
        let dossier = DossierId {
            kind: DossierKind::Claim,
            slug: Slug::parse("bench-claim").map_err(|error| format!("{error:?}"))?,
        };
        Ok(Self {
            log,
            head: Head::EMPTY,
            dossier,
        })
    }
}

impl Group for Engine {
    fn commit(&mut self, events: &[Arc<[u8]>]) -> Result<(), Failed> {
        let drafts = events.iter().zip(1_u64..).map(|(event, number)| Draft {
            dossier: self.dossier.clone(),
            version: 1,
            event_id: uuid::Uuid::from_u128(u128::from(self.head.position + number)),
            kind: "claim.made".into(),
            schema_version: 1,
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            recorder: "bench".into(),
            idempotency: None,
            batch_offset: 0,
            cause: None,
            salt: [7; 16],
            payload: Arc::clone(event),
        });
        let sealed = seal(&self.head, None, drafts.collect())?;
        self.head = self.log.append(&self.head, &sealed)?;
        Ok(())
    }
}
