//! Commands of GraphQL, and what changed since one.

use crate::client::Client;
use serde_json::Value;

pub(crate) const NEWS: &str = r#"citations: [{ source: "rferl-2026-01-06" }]"#;

/// Records a command of GraphQL, and gives its position.
pub(crate) fn record(client: &Client, command: &str) -> u64 {
    let answer = client.ask(&format!(
        "mutation {{ it: {command} {{ __typename ... on Recorded {{ position }} ... on Refused {{ refusals {{ message }} }} }} }}"
    ));
    assert_eq!(answer["it"]["__typename"], "Recorded", "{answer}");
    answer["it"]["position"].as_u64().unwrap()
}

/// The changes of a dossier since a position, as pairs of kind and summary.
pub(crate) fn since(client: &Client, position: u64, slug: &str) -> Vec<(String, String)> {
    let answer = client.ask(&format!(
        r#"{{ changes(from: {{ recorded: "{position}" }}, where: {{ dossiers: ["{slug}"] }}) {{
            nodes {{ changes {{ nodes {{ kind summary }} }} }} }} }}"#
    ));
    let nodes = answer["changes"]["nodes"].as_array().unwrap().iter();
    let changes = nodes.flat_map(|node| node["changes"]["nodes"].as_array().unwrap());
    let text = |change: &Value, name: &str| change[name].as_str().unwrap().to_owned();
    changes
        .map(|change| (text(change, "kind"), text(change, "summary")))
        .collect()
}

pub(crate) fn head(client: &Client) -> u64 {
    client.ask("{ store { position } }")["store"]["position"]
        .as_u64()
        .unwrap()
}

pub(crate) fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(kind, summary): &(&str, &str)| ((*kind).to_owned(), (*summary).to_owned());
    wanted.iter().map(owned).collect()
}

pub(crate) fn claim(slug: &str, title: &str, more: &str) -> String {
    format!(
        r#"recordClaim(input: {{ slug: "{slug}", {title} summary: "Ten tanks.", claimedOn: "2026-01-06", evidence: {{ {NEWS} }}{more} }})"#
    )
}

pub(crate) fn corrects(position: u64) -> String {
    format!(r#" corrects: {{ position: {position}, reason: "Misread." }}"#)
}

/// The changes since a position: kind, summary, and the positions of the events that made each.
pub(crate) fn made(client: &Client, since: u64, slug: &str) -> Vec<(String, String, Vec<u64>)> {
    let answer = client.ask(&format!(
        r#"{{ changes(from: {{ recorded: "{since}" }}, where: {{ dossiers: ["{slug}"] }}) {{
            nodes {{ changes {{ nodes {{ kind summary by {{ position }} }} }} }} }} }}"#
    ));
    let nodes = answer["changes"]["nodes"].as_array().unwrap().iter();
    let changes = nodes.flat_map(|node| node["changes"]["nodes"].as_array().unwrap());
    let text = |change: &Value, name: &str| change[name].as_str().unwrap().to_owned();
    let by = |change: &Value| {
        let by = change["by"].as_array().unwrap().iter();
        by.map(|event| event["position"].as_u64().unwrap()).collect()
    };
    changes
        .map(|change| (text(change, "kind"), text(change, "summary"), by(change)))
        .collect()
}
