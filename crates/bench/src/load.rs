//! Load: clients that ask for one thing over and over, each over a connection of its own.

use crate::Failed;
use std::thread;
use std::time::{Duration, Instant};

/// What clients ask for.
#[derive(Clone)]
pub(crate) struct Request {
    /// Where.
    pub(crate) url: String,
    /// The body of a POST; a GET where there is none.
    pub(crate) body: Option<String>,
}

/// What was seen of one round of load.
pub(crate) struct Seen {
    /// Answers a second, all clients together.
    pub(crate) rate: f64,
    /// How long each answer took.
    pub(crate) took: Vec<Duration>,
}

impl Request {
    /// A GraphQL document, posted.
    pub(crate) fn document(url: &str, document: &str) -> Self {
        Self {
            url: format!("{url}/graphql"),
            body: Some(serde_json::json!({ "query": document }).to_string()),
        }
    }

    /// Asks once, and gives the answer's text.
    pub(crate) fn once(&self, agent: &ureq::Agent) -> Result<String, Failed> {
        let mut answer = match &self.body {
            Some(body) => agent
                .post(&self.url)
                .header("content-type", "application/json")
                .send(body)?,
            None => agent.get(&self.url).call()?,
        };
        Ok(answer.body_mut().read_to_string()?)
    }
}

/// Lets so many clients ask for as long.
pub(crate) fn load(request: &Request, clients: usize, long: Duration) -> Result<Seen, Failed> {
    let started = Instant::now();
    let client = || -> Result<Vec<Duration>, String> {
        let agent = ureq::Agent::new_with_defaults();
        let mut took = Vec::new();
        while started.elapsed() < long {
            let asked = Instant::now();
            request.once(&agent).map_err(|error| error.to_string())?;
            took.push(asked.elapsed());
        }
        Ok(took)
    };
    let took: Result<Vec<Vec<Duration>>, String> = thread::scope(|threads| {
        let clients: Vec<_> = (0..clients).map(|_| threads.spawn(client)).collect();
        let ended = clients.into_iter().map(|client| client.join());
        ended
            .map(|took| took.map_err(|_| "a client panicked".to_owned())?)
            .collect()
    });
    let took: Vec<Duration> = took?.into_iter().flatten().collect();
    Ok(Seen {
        rate: took.len() as f64 / started.elapsed().as_secs_f64(),
        took,
    })
}

/// The value below which this share of them lies.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    let at = (last as f64 * share).round() as usize;
    values.get(at).copied().unwrap_or(f64::NAN)
}
