//! What lies ahead, and who stands where on a day.

use crate::client::{Client, raw};
use serde_json::{Value, json};

fn ahead(client: &Client, days: u32, from: &str) -> Value {
    client.ask(&format!(
        r#"{{ it: upcoming(days: {days}, from: "{from}") {{ from until certainCount possibleCount
            certain {{ kind when {{ edtf }} summary dossier {{ slug }} entry {{ position }} }} possible {{ kind when {{ edtf }} dossier {{ slug }} }} }} }}"#
    ))["it"]
        .take()
}

/// The kinds and slugs of a list.
fn short(list: &Value) -> Vec<(&str, &str)> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|i| (i["kind"].as_str().unwrap(), i["dossier"]["slug"].as_str().unwrap()))
        .collect()
}

#[test]
fn debug_print() {
    let client = Client::with_everything();
    for (d, f) in [
        (14, "2026-01-06"),
        (30, "2026-01-06"),
        (10, "2025-05-09"),
        (14, "2025-12-20"),
        (0, "2026-01-06"),
    ] {
        let it = ahead(&client, d, f);
        println!(
            "{d} {f}\n  {:?}\n  {:?}",
            it["certain"]
                .as_array()
                .unwrap()
                .iter()
                .map(|i| i.to_string())
                .collect::<Vec<_>>(),
            short(&it["possible"])
        );
    }
    for on in ["2025-12-01", "2025-12-23", "2026-01-06"] {
        println!("{}", serde_json::to_string_pretty(&client.ask(&format!(r#"{{ positionMatrix(issues: ["znpp", "territory"], on: "{on}") {{ parties {{ slug }} rows {{ on {{ slug }} cells {{ state positions {{ key }} earlier {{ key }} }} }} }} }}"#))).unwrap());
    }
    let _ = (raw("diplomacy-2025.json"), json!(1));
}
