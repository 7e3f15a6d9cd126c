//! What documents do: nulls, codes, limits, validation, variables.

use std::time::Duration;

use axum::http::Method;
use futures_util::FutureExt;
use rapporteur_api::http::{Access, Incoming, Limits};
use serde_json::{Value, json};

use crate::testbed;
use crate::wire::{ask, limited, post, request, send};

/// As `graphql-js` 16 and GraphiQL 5 send it, with every option on.
const INTROSPECTION: &str = include_str!("introspection.graphql");

#[tokio::test]
async fn a_nullable_field_that_fails_is_null_beside_its_siblings() {
    let reply = ask("{ book(at: 1) { title pages kind } }").await;
    assert_eq!(
        reply.json(),
        json!({
            "errors": [{
                "message": "no such page",
                "locations": [{ "line": 1, "column": 23 }],
                "path": ["book", "pages"],
                "extensions": { "code": "NOT_FOUND" },
            }],
            "data": { "book": { "title": "Letters", "pages": null, "kind": "LETTER" } },
        })
    );
    assert!(reply.text.starts_with(r#"{"errors""#), "{}", reply.text);
}

#[tokio::test]
async fn a_null_that_is_not_allowed_travels_to_the_next_nullable_place() {
    let reply = ask("{ hello shelved { shelf } }").await.json();
    assert_eq!(reply["data"]["shelved"][5], json!({ "shelf": "shelf 5" }));
    assert_eq!(reply["data"]["shelved"][6], Value::Null);
    assert_eq!(reply["errors"][0]["path"], json!(["shelved", 6, "shelf"]));
    let reply = ask("{ hello strict }").await;
    assert_eq!((reply.status.as_u16(), &reply.json()["data"]), (200, &Value::Null));
}

#[tokio::test]
async fn only_what_failed_is_null_in_fragments_about_a_variant() {
    let documents = [
        "{ search(text: \"Letters\") { ... on Book { title pages kind } } }",
        "{ search(text: \"Letters\") { ...book } } fragment book on Book { title ... { pages } ...rest } fragment rest on Book { kind }",
        "{ search(text: \"Letters\") { __typename ... on Author { name } ... on Book { title kind ... on Node { id } ... on Book { pages } } } }",
    ];
    for document in documents {
        let reply = ask(document).await.json();
        let found = &reply["data"]["search"][0];
        let seen = (&found["title"], &found["pages"], &found["kind"]);
        assert_eq!(seen, (&json!("Letters"), &Value::Null, &json!("LETTER")), "{reply}");
        assert!(found.as_object().unwrap().contains_key("pages"), "{reply}");
        assert_eq!(reply["errors"].as_array().map(Vec::len), Some(1), "{reply}");
        assert_eq!(reply["errors"][0]["path"], json!(["search", 0, "pages"]), "{reply}");
    }
    let reply = ask("{ node(id: \"book:6\") { id ... on Book { title shelf } } hello }")
        .await
        .json();
    assert_eq!(
        reply["data"],
        json!({ "node": null, "hello": "hello world" }),
        "{reply}"
    );
}

#[tokio::test]
async fn what_is_waited_for_is_begun_once_however_deep_it_lies() {
    let document = "{ book(at: 0) { title pages author { name books { author { books { title lent } } kind } } } }";
    let reply = ask(document).await.json();
    assert_eq!(reply.get("errors"), None, "{reply}");
    let books = reply
        .pointer("/data/book/author/books")
        .and_then(Value::as_array)
        .unwrap();
    let inner = books
        .iter()
        .flat_map(|book| book["author"]["books"].as_array().unwrap());
    let mut begun: Vec<u64> = inner.map(|book| book["lent"].as_u64().unwrap()).collect();
    begun.sort_unstable();
    assert_eq!(begun, [0, 1, 2, 3], "{reply}");
    assert_eq!(books[1]["kind"], json!("LETTER"));
}

#[tokio::test]
async fn the_root_keeps_what_did_not_fail() {
    let reply = ask("{ hello secret }").await.json();
    assert_eq!(reply["data"], json!({ "hello": "hello world", "secret": null }));
}

#[tokio::test]
async fn what_is_selected_twice_is_one_field() {
    let document =
        "query($yes: Boolean!) { book(at: 1) { title ...a title @skip(if: $yes) author { name } named: title }
        book(at: 1) { kind author { id @include(if: $yes) books { title } } } }
        fragment a on Book { author { books { kind } } id }";
    let body = json!({ "query": document, "variables": { "yes": true } });
    let reply = post(body).await;
    let expected = r#"{"data":{"book":{"title":"Letters","author":{"books":[{"kind":"RECORD","title":"Minutes"}"#;
    assert!(reply.text.starts_with(expected), "{}", reply.text);
    let author = &reply.json()["data"]["book"]["author"];
    assert_eq!((&author["name"], &author["id"]), (&json!("Ada"), &json!("author:Ada")));
    assert_eq!(author["books"].as_array().map(Vec::len), Some(2));
    let named: Vec<String> = reply.json()["data"]["book"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(named, ["title", "author", "id", "named", "kind"]);
}

#[tokio::test]
async fn what_was_not_meant_for_clients_does_not_reach_them() {
    for document in ["{ secret }", "{ panics(when: \"now\") }"] {
        let reply = ask(document).await;
        assert_eq!(
            reply.json()["errors"][0]["extensions"]["code"],
            "INTERNAL",
            "{}",
            reply.text
        );
        assert!(
            !reply.text.contains("srv") && !reply.text.contains("defect"),
            "{}",
            reply.text
        );
    }
    for page in ["first: -1", r#"after: "!""#] {
        let reply = ask(&format!("{{ books({page}) {{ edges {{ cursor }} }} }}")).await;
        assert_eq!(
            reply.json()["errors"][0]["extensions"]["code"],
            "BAD_USER_INPUT",
            "{}",
            reply.text
        );
    }
}

#[tokio::test]
async fn at_most_twenty_errors_are_told_and_each_text_once() {
    let fields: String = (0..30).map(|at| format!("no{at} ")).collect();
    assert_eq!(
        ask(&format!("{{ {fields} }}")).await.json()["errors"]
            .as_array()
            .map(Vec::len),
        Some(20)
    );
    let reply = ask("{ hello @no @no @no @no @no }").await.json();
    let mut texts: Vec<_> = reply["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["message"].to_string())
        .collect();
    let told = texts.len();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), told);
}

#[tokio::test]
async fn faults_before_execution_have_codes_of_their_own() {
    for (document, code) in [
        ("{ hello", "GRAPHQL_PARSE_FAILED"),
        (r#"{ hello(name: "\uD83D") }"#, "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...a } fragment a on Query { ...a }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { hello } query B { hello }", "OPERATION_NOT_FOUND"),
        ("query($n: Int!) { twice(number: $n) }", "BAD_USER_INPUT"),
        (
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
            "LIMIT_EXCEEDED",
        ),
        ("subscription { ticks }", "METHOD_NOT_ALLOWED"),
    ] {
        let reply = ask(document).await;
        let status = if code == "METHOD_NOT_ALLOWED" { 405 } else { 400 };
        reply.refused(status, code);
    }
}

#[tokio::test]
async fn full_introspection_fits_within_the_limits() {
    let reply = ask(INTROSPECTION).await.json();
    assert_eq!(reply.get("errors"), None);
    let types = reply["data"]["__schema"]["types"].as_array().unwrap();
    let put = types.iter().find(|ty| ty["name"] == "Put").unwrap();
    assert_eq!(put["isOneOf"], true);
}

#[tokio::test]
async fn one_of_inputs_take_exactly_one_and_nothing_runs_otherwise() {
    let good = ask(r#"mutation { put(input: {title: "x"}) { said } }"#).await;
    assert_eq!(good.json(), json!({ "data": { "put": { "said": "title x" } } }));
    for input in [r#"{title: "x", number: 1}"#, "{}", "{title: null}"] {
        let document =
            format!("mutation {{ a: put(input: {{number: 1}}) {{ said }} b: put(input: {input}) {{ said }} }}");
        ask(&document).await.refused(400, "GRAPHQL_VALIDATION_FAILED");
    }
    for (input, status) in [
        (json!({ "number": 2 }), 200),
        (json!({ "number": 2, "title": "x" }), 400),
        (json!({}), 400),
    ] {
        let document = "mutation($input: Put!) { put(input: $input) { said } }";
        let reply = post(json!({ "query": document, "variables": { "input": input } })).await;
        assert_eq!(reply.status, status, "{}", reply.text);
    }
}

#[tokio::test]
async fn variables_are_coerced_with_their_defaults() {
    let document = "query($yes: Boolean! = true, $n: Int = 4) { hello @skip(if: $yes) twice(number: $n) }";
    assert_eq!(ask(document).await.json(), json!({ "data": { "twice": 8 } }));
    let reply = post(json!({ "query": "query($n: Int!) { twice(number: $n) }", "variables": { "n": "4" } })).await;
    reply.refused(400, "BAD_USER_INPUT");
    let reply = ask("{ twice(number: 2000000000) }").await;
    assert_eq!(reply.json()["errors"][0]["message"], "twice 2000000000 is no Int");
}

#[tokio::test]
async fn escapes_of_the_current_specification_are_understood() {
    let reply = ask(r#"{ a: hello(name: "\u{1F600}") b: hello(name: "\uD83D\uDE00") c: hello(name: "\u{22}\u0041") }"#);
    assert_eq!(
        reply.await.json(),
        json!({ "data": { "a": "hello 😀", "b": "hello 😀", "c": "hello \"A" } })
    );
}

#[tokio::test]
async fn a_document_that_is_too_long_or_too_slow_is_told_so() {
    ask(&format!("{{ hello }} # {}", "x".repeat(64 << 10)))
        .await
        .refused(400, "LIMIT_EXCEEDED");
    let app = limited(Limits {
        request_timeout: Duration::from_millis(20),
        ..Limits::default()
    });
    let body = json!({ "query": "{ slow(millis: 60000) }" }).to_string();
    let reply = send(app, request(Method::POST, "/graphql", &[], body)).await;
    reply.refused(503, "TIMEOUT");
}

#[tokio::test]
async fn each_operation_is_prepared_once_and_a_kept_document_gives_the_same_answer() {
    let endpoint = testbed::endpoint(Limits {
        cached_documents: 1,
        ..Limits::default()
    })
    .unwrap();
    let ask = async |document: &str| {
        let answer = endpoint.execute(Incoming::new(document), Access::Write).await;
        serde_json::to_value(answer).unwrap()
    };
    assert_eq!(ask("{ turn }").await, json!({ "data": { "turn": 0 } }));
    assert_eq!(ask("{ turn }").await, json!({ "data": { "turn": 1 } }));
    assert_eq!(ask("{ hello }").await, json!({ "data": { "hello": "hello world" } }));
    assert_eq!(ask("{ turn }").await, json!({ "data": { "turn": 3 } }));
    assert_eq!(
        ask("{ nope }").await["errors"][0]["extensions"]["code"],
        "GRAPHQL_VALIDATION_FAILED"
    );
    assert_eq!(ask("{ turn }").await, json!({ "data": { "turn": 4 } }));
}

#[tokio::test]
async fn an_answer_that_outgrows_its_bound_is_given_up_whole() {
    let app = limited(Limits {
        values: 40,
        ..Limits::default()
    });
    let asked = async |document: &str| {
        let body = json!({ "query": document }).to_string();
        send(app.clone(), request(Method::POST, "/graphql", &[], body))
            .await
            .json()
    };
    assert_eq!(asked("{ shelved { title } }").await.get("errors"), None);
    let outgrown = asked("{ hello shelved { author { books { author { name } } } } }").await;
    assert_eq!(outgrown["data"], Value::Null);
    assert_eq!(outgrown["errors"].as_array().map(Vec::len), Some(1));
    assert_eq!(outgrown["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED");
}

#[tokio::test]
async fn a_long_query_that_never_waits_lets_others_have_their_turn() {
    let endpoint = testbed::endpoint(Limits::default()).unwrap();
    let at_once = |document: &str| {
        endpoint
            .execute(Incoming::new(document), Access::Write)
            .now_or_never()
            .is_some()
    };
    let many: String = (0..99)
        .map(|at| format!("a{at}: shelved {{ id title kind }} "))
        .collect();
    assert!(at_once("{ shelved { id title kind } }"));
    assert!(!at_once(&format!("{{ {many} }}")));
}
