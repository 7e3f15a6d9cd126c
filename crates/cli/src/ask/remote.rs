//! Asking a running server, over HTTP.

use super::{Live, Trouble, answer};
use crate::exit::Failure;
use serde_json::{Value, json};
use std::io::Read;
use std::time::Duration;
use ureq::Agent;

/// A server gives up a request after 30 seconds; what is longer is the way.
const ANSWER_MAX: Duration = Duration::from_secs(45);
/// How long a server may take to begin with a file.
const BEGIN_MAX: Duration = Duration::from_secs(60);
const ANSWER_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// The address of a server's GraphQL, `http://` and what comes after it.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    after_scheme: String,
}

impl Address {
    /// Reads `http://127.0.0.1:8417`, with or without scheme and path.
    ///
    /// # Errors
    /// Exit code 2: it is no such address.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let wrong = |why: &str| {
            Failure::usage(format!(
                "the endpoint `{text}` {why}; write it as `rapporteur serve` prints it: http://127.0.0.1:8417"
            ))
        };
        if text.starts_with("https://") {
            return Err(wrong("asks for TLS, which rapporteur does not speak"));
        }
        let rest = text.strip_prefix("http://").unwrap_or(text);
        let bad = |c: char| c.is_whitespace() || c.is_control() || "?#@".contains(c);
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        if host.is_empty() || rest.contains("://") || rest.contains(bad) {
            return Err(wrong("is no address of a server"));
        }
        let path = match path.trim_end_matches('/') {
            "" | "graphiql" => "graphql",
            path => path,
        };
        Ok(Self {
            after_scheme: format!("{host}/{path}"),
        })
    }

    /// The address of another file of the same server.
    fn beside(&self, name: &str) -> String {
        let base = self.after_scheme.rsplit_once('/').map_or("", |(base, _)| base);
        format!("http://{base}/{name}")
    }

    pub(super) fn http(&self) -> String {
        format!("http://{}", self.after_scheme)
    }

    pub(super) fn web_socket(&self) -> String {
        format!("ws://{}", self.after_scheme)
    }
}

/// A server that answers.
pub(crate) struct Remote {
    address: Address,
    agent: Agent,
}

impl Remote {
    /// The server of this address, asked for nothing yet.
    ///
    /// # Errors
    /// Exit code 2: it is no such address.
    pub(crate) fn at(url: &str) -> Result<Self, Failure> {
        Ok(Self::new(Address::parse(url)?))
    }

    /// A file that the server has beside its GraphQL, byte by byte as it comes, however long that takes.
    ///
    /// # Errors
    /// Nobody answered, or not with a file.
    pub(crate) fn body(&self, name: &str) -> Result<Box<dyn Read + Send>, Failure> {
        let url = self.address.beside(name);
        let asked = self.agent.get(&url).config();
        let asked = asked
            .timeout_global(None)
            .timeout_recv_response(Some(BEGIN_MAX))
            .build();
        let mut response = asked.call().map_err(|error| unanswered(&url, &error))?;
        if response.status() != 200 {
            let said = response.body_mut().read_to_string().unwrap_or_default();
            let text = format!("{url} answers {}: {}", response.status(), said.trim());
            return Err(Failure::saying(text));
        }
        Ok(Box::new(response.into_body().into_reader()))
    }

    pub(super) fn new(address: Address) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(ANSWER_MAX))
            .build();
        Self {
            address,
            agent: config.into(),
        }
    }

    pub(super) fn ask(&self, document: &str, variables: Value) -> Result<Result<Value, Vec<Trouble>>, Failure> {
        let url = self.address.http();
        let body = json!({ "query": document, "variables": variables }).to_string();
        let sent = self
            .agent
            .post(&url)
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
            .send(body);
        let mut response = sent.map_err(|error| unanswered(&url, &error))?;
        let status = response.status().as_u16();
        let text = response
            .body_mut()
            .with_config()
            .limit(ANSWER_BYTES_MAX)
            .read_to_string();
        let text = text.map_err(|error| unanswered(&url, &error))?;
        let answer = serde_json::from_str(&text).ok().and_then(answer::read);
        answer.ok_or_else(|| {
            Failure::saying(format!(
                "what answers at {url} is no rapporteur server (status {status}); write the address that `rapporteur serve` prints"
            ))
        })
    }

    pub(super) fn subscribe(&self, document: &str, variables: Value) -> Result<Live<'_>, Failure> {
        Live::over(&self.address, document, variables)
    }
}

pub(super) fn unanswered(url: &str, error: &dyn std::error::Error) -> Failure {
    Failure::saying(format!(
        "no answer from {url}: {}; start a server with `rapporteur serve`, or ask a store with --data DIR",
        rapporteur_desk::desk::chain(error)
    ))
}
