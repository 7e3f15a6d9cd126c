//! Our desk, by GraphQL mutations over HTTP.

use super::{Round, desk};
use crate::Failed;
use crate::claims::Claims;
use crate::serving;
use crate::wrk::{self, Bodies};
use serde_json::json;
use std::path::Path;
use std::time::Duration;
use tokio::runtime::Runtime;

/// The mutation of one claim; the claim is its variable.
const RECORD: &str = "mutation($input: RecordClaimInput!) { recordClaim(input: $input) {
    ... on Recorded { position } ... on Refused { refusals { message } } } }";
/// More than a desk records by HTTP in one measurement.
const REQUESTS: usize = 150_000;

/// Each client sends one mutation after the other, over a connection of its own.
pub(crate) fn round(runtime: &Runtime, dir: &Path, clients: usize, long: Duration) -> Result<Round, Failed> {
    let desk = desk::open(dir)?;
    let before = desk.views().position();
    let claims = Claims::of_the_facts()?;
    let bodies = (0..REQUESTS).map(|number| {
        let input = &claims.value(number)["recordClaim"];
        json!({ "query": RECORD, "variables": { "input": input } }).to_string()
    });
    let bodies = Bodies::write(dir, bodies)?;
    let url = serving::desk(runtime, &desk)?;
    let round = wrk::run(&format!("{url}/graphql"), &bodies, clients, long)?;
    let recorded = (desk.views().position() - before) as f64;
    let answered = round.rate * long.as_secs_f64();
    match recorded >= answered * 0.98 {
        true => Ok(round),
        false => Err(format!("{answered} mutations were answered, {recorded} recorded").into()),
    }
}
