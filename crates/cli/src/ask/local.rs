//! Asking a store, in this process.

use super::{Live, Purpose, Trouble, answer};
use crate::exit::Failure;
use crate::store::{self, OpenDesk, Opening};
use rapporteur_api::http::{Access, Answer, Endpoint, Incoming, Limits};
use serde_json::Value;
use std::path::Path;
use tokio::runtime::Runtime;

const IN_USE: &str = "or ask the server that uses it: --endpoint http://127.0.0.1:8417, the address that it printed";

/// A store whose desk answers in this process.
pub(crate) struct Local {
    endpoint: Endpoint,
    runtime: Runtime,
    /// The desk to close, where something may have been recorded.
    writing: Option<OpenDesk>,
}

impl Local {
    pub(super) fn open(dir: &Path, opening: &Opening, purpose: Purpose) -> Result<Self, Failure> {
        let in_use = |failure: Failure| failure.if_in_use(IN_USE);
        let (desk, writing) = match purpose {
            Purpose::Read => (store::to_read(dir, opening).map_err(in_use)?, None),
            Purpose::Rehearse => (store::rehearsal(dir, opening).map_err(in_use)?, None),
            Purpose::Write => {
                let open = OpenDesk::on(dir, store::open_or_create(dir, opening).map_err(in_use)?, opening)?;
                (open.desk.clone(), Some(open))
            }
        };
        Ok(Self {
            endpoint: rapporteur_api::schema::endpoint(desk, Limits::default())?,
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()?,
            writing,
        })
    }

    pub(super) fn ask(&self, document: &str, variables: Value) -> Result<Result<Value, Vec<Trouble>>, Failure> {
        let running = self.endpoint.execute(incoming(document, variables), Access::Write);
        read(&self.runtime.block_on(running))
    }

    pub(super) fn subscribe(&self, document: &str, variables: Value) -> Result<Live<'_>, Failure> {
        let answers = self.endpoint.stream(incoming(document, variables));
        Ok(Live::here(&self.runtime, answers))
    }

    pub(super) fn close(self) {
        if let Some(open) = self.writing
            && open.desk.unwritable().is_none()
        {
            open.close();
        }
    }
}

fn incoming(document: &str, variables: Value) -> Incoming {
    let mut incoming = Incoming::new(document);
    if let Value::Object(members) = variables {
        incoming.variables = members;
    }
    incoming
}

/// Through JSON text, as a server's answer: the same bytes on both ways.
pub(super) fn read(answer: &Answer) -> Result<Result<Value, Vec<Trouble>>, Failure> {
    let json = serde_json::from_str(&serde_json::to_string(answer)?)?;
    answer::read(json).ok_or_else(|| Failure::saying("the answer has neither data nor errors"))
}
