//! Asking: a GraphQL document, run on a store in this process or by a running server. Both give the same answer.

mod answer;
mod live;
mod local;
mod look;
mod remote;

pub(crate) use answer::{Trouble, failure};
pub(crate) use live::{Live, Next};
pub(crate) use look::{Look, moment};
pub(crate) use remote::Remote;

use crate::exit::Failure;
use crate::{serve, settings, store};
use clap::Args;
use local::Local;
use rapporteur_views::moment::Asked;
use serde_json::Value;
use std::path::PathBuf;

const ENDPOINT_ENV: &str = "RAPPORTEUR_ENDPOINT";
const DATA_ENV: &str = "RAPPORTEUR_DATA";

/// Where to ask.
#[derive(Args, Clone)]
#[command(next_help_heading = "Where to ask")]
pub(crate) struct Where {
    /// The store's directory; no server may have it open. [env: RAPPORTEUR_DATA] [setting: data] [default: data/desk]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A running server, such as http://127.0.0.1:8417; goes before a store that the environment names.
    /// [env: RAPPORTEUR_ENDPOINT] [setting: endpoint]
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    endpoint: Option<String>,
    #[command(flatten)]
    opening: store::Opening,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To look; a store must be there, and nothing in it changes.
    Read,
    /// To record; a store is made where there is none.
    Write,
    /// To record, and forget it at the end.
    Rehearse,
}

/// A store or a server, named.
pub(crate) enum Place {
    /// The store in this directory.
    Store(PathBuf),
    /// The server of this address.
    Server(String),
}

impl Where {
    /// How the store is opened, where it is one.
    pub(crate) fn opening(&self) -> &store::Opening {
        &self.opening
    }

    /// A flag goes before the environment, that before a settings file; in each a server before a store.
    pub(crate) fn place(&self) -> Place {
        let env = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        if let Some(url) = &self.endpoint {
            return Place::Server(url.clone());
        }
        if let Some(dir) = &self.data {
            return Place::Store(dir.clone());
        }
        match (env(ENDPOINT_ENV), env(DATA_ENV)) {
            (Some(url), _) => Place::Server(url.to_string_lossy().into_owned()),
            (None, Some(dir)) => Place::Store(dir.into()),
            (None, None) => settings::place().unwrap_or_else(|| Place::Store(serve::STORE_DIR.into())),
        }
    }

    /// Whether a server is asked.
    pub(crate) fn is_server(&self) -> bool {
        matches!(self.place(), Place::Server(_))
    }

    /// Opens the store, or takes note of the server.
    ///
    /// # Errors
    /// There is no such store or it is in use; the address is none.
    pub(crate) fn open(&self, purpose: Purpose) -> Result<Asker, Failure> {
        Ok(match self.place() {
            Place::Store(dir) => Asker::Local(Box::new(Local::open(&dir, &self.opening, purpose)?)),
            Place::Server(url) => Asker::Remote(Remote::at(&url)?),
        })
    }
}

/// Somebody who answers GraphQL documents.
pub(crate) enum Asker {
    Local(Box<Local>),
    Remote(Remote),
    /// One who is asked as of another moment.
    Then(Box<Self>, Asked),
}

impl Asker {
    /// The data of a document that has no reason to fail.
    ///
    /// # Errors
    /// Nobody answered, or the answer has errors: see [`failure`].
    pub(crate) fn ask(&self, document: &str, variables: Value) -> Result<Value, Failure> {
        self.try_ask(document, variables)?
            .map_err(|troubles| failure(&troubles))
    }

    /// The data, or the errors of the answer.
    ///
    /// # Errors
    /// Nobody answered.
    pub(crate) fn try_ask(&self, document: &str, variables: Value) -> Result<Result<Value, Vec<Trouble>>, Failure> {
        match self {
            Self::Local(local) => local.ask(document, variables),
            Self::Remote(remote) => remote.ask(document, variables),
            Self::Then(asker, asked) => {
                let then = look::then(document, asked);
                let then = then.ok_or_else(|| Failure::saying("this document cannot be asked as of a moment"))?;
                Ok(asker.try_ask(&then, variables)?.map(look::unwrapped))
            }
        }
    }

    /// Subscribes.
    ///
    /// # Errors
    /// Nobody answered.
    pub(crate) fn subscribe(&self, document: &str, variables: Value) -> Result<Live<'_>, Failure> {
        match self {
            Self::Local(local) => local.subscribe(document, variables),
            Self::Remote(remote) => remote.subscribe(document, variables),
            Self::Then(asker, _) => asker.subscribe(document, variables),
        }
    }

    /// Ends well; notes what `rebuild` compares with where something may have been recorded.
    pub(crate) fn close(self) {
        match self {
            Self::Local(local) => local.close(),
            Self::Then(asker, _) => asker.close(),
            Self::Remote(_) => {}
        }
    }
}
