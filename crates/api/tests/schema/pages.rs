//! Walking through lists, and what their filters mean.

use crate::client::Client;
use serde_json::Value;

const LISTS: [&str; 15] = [
    "timeline",
    "acts",
    "leads",
    "parties",
    "sources",
    "plans",
    "meetings",
    "rounds",
    "issues",
    "commitments",
    "claims",
    "happenings",
    "topics",
    "series",
    "flags",
];
const SELECTION: &str =
    "{ edges { cursor } pageInfo { hasPreviousPage hasNextPage startCursor endCursor } totalCount }";

fn page(client: &Client, list: &str, args: &str) -> Value {
    client.ask(&format!("{{ it: {list}({args}) {SELECTION} }}"))["it"].take()
}

fn cursors(page: &Value) -> Vec<String> {
    let edges = page["edges"].as_array().unwrap().iter();
    edges.map(|e| e["cursor"].as_str().unwrap().to_owned()).collect()
}

/// Pages of `size` put together as one list, forwards or backwards.
fn walk(client: &Client, list: &str, size: usize, backwards: bool) -> Vec<String> {
    let (count, from, end, more) = if backwards {
        ("last", "before", "startCursor", "hasPreviousPage")
    } else {
        ("first", "after", "endCursor", "hasNextPage")
    };
    let (mut seen, mut args) = (Vec::new(), format!("{count}: {size}"));
    loop {
        let page = page(client, list, &args);
        if backwards {
            seen.splice(0..0, cursors(&page));
        } else {
            seen.extend(cursors(&page));
        }
        if page["pageInfo"][more] == false {
            return seen;
        }
        args = format!("{count}: {size}, {from}: {}", page["pageInfo"][end]);
    }
}

#[test]
fn pages_put_together_are_the_list_in_both_directions() {
    let client = Client::with_fixtures();
    for list in LISTS {
        let whole = page(&client, list, "first: 200");
        assert_eq!(whole["totalCount"], cursors(&whole).len(), "{list}");
        for size in [1, 7] {
            assert_eq!(walk(&client, list, size, false), cursors(&whole), "{list} by {size}");
            assert_eq!(walk(&client, list, size, true), cursors(&whole), "{list} by {size}");
        }
    }
}

#[test]
fn a_window_between_two_cursors_knows_what_lies_outside() {
    let client = Client::with_fixtures();
    let all = cursors(&page(&client, "topics", "first: 200"));
    for count in ["first", "last"] {
        let args = format!("{count}: 5, after: \"{}\", before: \"{}\"", all[1], all[4]);
        let between = page(&client, "topics", &args);
        assert_eq!(cursors(&between), all[2..4], "{count}");
        let info = &between["pageInfo"];
        assert_eq!(
            (&info["hasPreviousPage"], &info["hasNextPage"]),
            (&true.into(), &true.into())
        );
    }
}

#[test]
fn nothing_lies_between_crossed_cursors() {
    let client = Client::with_fixtures();
    for list in ["topics", "claims", "timeline", "flags"] {
        let all = cursors(&page(&client, list, "first: 200"));
        for count in ["first", "last"] {
            for (after, before) in [(3, 1), (2, 2)] {
                let args = format!("{count}: 5, after: \"{}\", before: \"{}\"", all[after], all[before]);
                assert_eq!(cursors(&page(&client, list, &args)).len(), 0, "{list} {args}");
            }
        }
    }
}

#[test]
fn a_cursor_of_another_order_or_of_none_is_an_error_on_either_side() {
    let client = Client::with_fixtures();
    let slug = cursors(&page(&client, "topics", "first: 1")).remove(0);
    let dated = cursors(&page(&client, "timeline", "first: 1")).remove(0);
    for list in LISTS {
        let foreign = if ["timeline", "flags"].contains(&list) {
            &slug
        } else {
            &dated
        };
        for side in ["after", "before"] {
            for cursor in ["!!", "", "c2x1ZzpFVQ", foreign] {
                let message = client.refused(&format!("{{ {list}({side}: \"{cursor}\") {SELECTION} }}"));
                assert!(message.starts_with(&format!("`{side}`:")), "{list} {cursor}: {message}");
            }
        }
    }
}

#[test]
fn an_empty_list_in_a_filter_filters_nothing() {
    let client = Client::with_fixtures();
    for (list, filter) in [
        ("issues", "states: []"),
        ("meetings", "states: []"),
        ("commitments", "status: []"),
        ("flags", "rules: []"),
        ("timeline", "parties: [], topics: [], dossiers: [], kinds: []"),
    ] {
        let all = client.ask(&format!("{{ it: {list} {{ totalCount }} }}"));
        let filtered = client.ask(&format!("{{ it: {list}(where: {{ {filter} }}) {{ totalCount }} }}"));
        assert_eq!(all, filtered, "{list}");
        assert_ne!(all["it"]["totalCount"], 0, "{list}");
    }
}

#[test]
fn a_question_about_a_window_needs_one() {
    let client = Client::with_fixtures();
    for (filter, field) in [
        ("match: SURELY", "match"),
        ("match: POSSIBLY", "match"),
        ("undated: true", "undated"),
    ] {
        let message = client.refused(&format!("{{ timeline(where: {{ {filter} }}) {{ totalCount }} }}"));
        assert!(message.starts_with(&format!("where.{field}: ")), "{message}");
        client.ask(&format!(
            "{{ timeline(where: {{ within: \"2026\", {filter} }}) {{ totalCount }} }}"
        ));
    }
    client.ask("{ timeline(where: { undated: false }) { totalCount } }");
}

#[test]
fn a_search_without_a_word_is_refused() {
    let client = Client::with_fixtures();
    for text in ["\\\"", "?!", "— … ", "\u{2019}"] {
        let message = client.refused(&format!("{{ search(text: \"{text}\") {{ totalCount }} }}"));
        assert!(message.contains("in which there is no word"), "{text}: {message}");
    }
    let found = client.ask("{ search(text: \"\\\"Zelensky\\\"\") { totalCount } }");
    assert_ne!(found["search"]["totalCount"], 0);
}

#[test]
fn the_events_of_a_dossier_come_in_pages_under_its_type_and_under_the_interface() {
    let client = Client::with_fixtures();
    let page = "(first: 2) { nodes { position } pageInfo { endCursor hasNextPage } totalCount }";
    let both = client.ask(&format!(
        "{{ plan(slug: \"us-plan\") {{ version entries{page} }} dossier(slug: \"us-plan\") {{ entries{page} }} }}"
    ));
    let (plan, dossier) = (&both["plan"], &both["dossier"]);
    assert_eq!(plan["entries"], dossier["entries"]);
    assert_eq!(plan["version"], plan["entries"]["totalCount"]);
    assert_eq!(plan["entries"]["pageInfo"]["hasNextPage"], true);
    let rest = client.ask(&format!(
        "{{ dossier(slug: \"us-plan\") {{ entries(after: {}) {{ nodes {{ position }} }} }} }}",
        plan["entries"]["pageInfo"]["endCursor"]
    ));
    let count = |page: &Value| page["entries"]["nodes"].as_array().unwrap().len();
    assert_eq!(
        count(plan) + count(&rest["dossier"]),
        plan["version"].as_u64().unwrap() as usize
    );
    client.refused("{ dossier(slug: \"us-plan\") { entries(before: \"!!\") { totalCount } } }");
}

#[test]
fn what_the_query_root_is_made_of_does_not_show() {
    let client = Client::with_fixtures();
    let told = client.ask("{ __typename ...on Query { store { position } } ...A } fragment A on Query { topics(first: 0) { totalCount } }");
    assert_eq!(told["__typename"], "Query");
    assert!(
        told["store"]["position"].is_u64() && told["topics"]["totalCount"].is_u64(),
        "{told}"
    );
}

#[test]
fn a_position_below_zero_is_told_with_the_field_and_what_may_stand() {
    let client = Client::with_fixtures();
    for field in ["event", "entry"] {
        let error = client.refused(&format!("{{ {field}(position: -5) {{ __typename }} }}"));
        let wanted = format!(
            "`{field}`: one of its arguments is no number that may stand there (Invalid number); write a whole number from 0 to 2147483647"
        );
        assert_eq!(error, wanted);
    }
}
