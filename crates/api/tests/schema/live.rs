//! What a subscription gives.

use crate::client::Client;
use serde_json::json;

#[test]
fn whoever_is_behind_does_not_get_what_was_redacted_meanwhile() {
    let client = Client::with_fixtures();
    let head = client.ask("{ store { position } }")["store"]["position"]
        .as_u64()
        .unwrap();
    let claim = |slug: &str| {
        format!(
            r#"{{"recordClaim": {{"slug": "{slug}", "summary": "Lives in Harbour Street.", "claimedOn": "2026-01-06",
                "evidence": {{"citations": [{{"source": "rferl-2026-01-06"}}]}}}}}}"#
        )
        .replace('\n', " ")
    };
    client.record(&["one", "two"].map(claim).join("\n"));
    let document = format!("subscription {{ events(after: {head}) {{ position summary redacted }} }}");
    let mut events = client.follow(&document);
    assert_eq!(events.next().unwrap()["events"]["summary"], "Lives in Harbour Street.");
    let redacted = head + 2;
    client.record(&format!(
        r#"{{"redactRecord": {{"dossier": "two", "position": {redacted}, "reason": "A private address."}}}}"#
    ));
    let gone = json!({ "position": redacted, "summary": null, "redacted": true });
    assert_eq!(events.next().unwrap()["events"], gone);
    assert_eq!(events.next().unwrap()["events"]["position"], head + 3);
}
