//! What HTTP adds: methods, media types, bodies, origins, the page.

use axum::body::Body;
use axum::http::{Method, header};
use rapporteur_api::http::Limits;
use serde_json::json;

use crate::wire::{app, ask, get, limited, post, request, send};

#[tokio::test]
async fn queries_run_over_get_and_nothing_else_does() {
    let reply = get("/graphql?query=query%20A%7Ba:hello%7Dquery%20B%7Bb:hello%7D&operationName=B&variables=").await;
    assert_eq!(reply.json(), json!({ "data": { "b": "hello world" } }));
    let reply = get("/graphql?query=query($n:Int!)%7Btwice(number:$n)%7D&variables=%7B%22n%22:3%7D").await;
    assert_eq!(reply.json(), json!({ "data": { "twice": 6 } }));
    let mutation = "query=query%20Q%7Bhello%7Dmutation%20M%7B__typename%7D";
    let reply = get(&format!("/graphql?{mutation}&operationName=M")).await;
    reply.refused(405, "METHOD_NOT_ALLOWED");
    assert_eq!(reply.headers[header::ALLOW], "GET, POST");
    assert_eq!(get(&format!("/graphql?{mutation}&operationName=Q")).await.status, 200);
    get("/graphql").await.refused(400, "BAD_REQUEST");
    get("/graphql?query=%7Bhello%7D&query=%7Bhello%7D")
        .await
        .refused(400, "BAD_REQUEST");
    get("/graphql?query=%7Bhello%7D&variables=3")
        .await
        .refused(400, "BAD_REQUEST");
    send(app(), request(Method::PUT, "/graphql", &[], "{}"))
        .await
        .refused(405, "METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn the_media_type_decides_the_status_of_a_refused_document() {
    let body = json!({ "query": "{ nope }" }).to_string();
    let accepting = |accept| {
        send(
            app(),
            request(Method::POST, "/graphql", &[("accept", accept)], body.clone()),
        )
    };
    accepting("application/graphql-response+json")
        .await
        .refused(400, "GRAPHQL_VALIDATION_FAILED");
    accepting("application/json")
        .await
        .refused(200, "GRAPHQL_VALIDATION_FAILED");
    accepting("text/csv").await.refused(406, "NOT_ACCEPTABLE");
    let reply = accepting("").await;
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
}

#[tokio::test]
async fn answers_are_not_kept_not_sniffed_and_vary() {
    let reply = ask("{ hello }").await;
    for (name, value) in [
        ("cache-control", "no-store"),
        ("vary", "Accept, Origin"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("content-type", "application/graphql-response+json; charset=utf-8"),
    ] {
        assert_eq!(reply.headers[name], value);
    }
}

#[tokio::test]
async fn a_body_is_one_json_object_of_bounded_size() {
    for body in [
        "",
        "NONSENSE",
        "[]",
        "null",
        "{}",
        r#"{"query":1}"#,
        r#"{"query":""}"#,
        "\u{feff}{}",
    ] {
        send(app(), request(Method::POST, "/graphql", &[], body))
            .await
            .refused(400, "BAD_REQUEST");
    }
    for members in [r#""variables":[]"#, r#""operationName":1"#, r#""extensions":"x""#] {
        let body = format!(r#"{{"query":"{{ hello }}",{members}}}"#);
        send(app(), request(Method::POST, "/graphql", &[], body))
            .await
            .refused(400, "BAD_REQUEST");
    }
    let deep = format!(
        r#"{{"query":"{{ hello }}","variables":{{"a":{}{}}}}}"#,
        "[".repeat(9999),
        "]".repeat(9999)
    );
    send(app(), request(Method::POST, "/graphql", &[], deep))
        .await
        .refused(400, "BAD_REQUEST");
    let not_utf8 = Body::from(vec![b'{', 0xff, b'}']);
    send(app(), request(Method::POST, "/graphql", &[], not_utf8))
        .await
        .refused(400, "BAD_REQUEST");

    let small = limited(Limits {
        body_bytes: 64,
        ..Limits::default()
    });
    let fits = json!({ "query": "{ hello }" }).to_string();
    let long = json!({ "query": "{ hello }", "variables": { "x": "x".repeat(64) } }).to_string();
    assert_eq!(
        send(small.clone(), request(Method::POST, "/graphql", &[], fits))
            .await
            .status,
        200
    );
    let reply = send(small, request(Method::POST, "/graphql", &[], long)).await;
    reply.refused(413, "PAYLOAD_TOO_LARGE");
    assert!(
        reply.text.contains("64 bytes") && reply.text.contains("rapporteur import"),
        "{}",
        reply.text
    );
}

#[tokio::test]
async fn a_body_of_another_type_is_refused() {
    let body = json!({ "query": "{ hello }" }).to_string();
    let typed = |content_type| {
        request(
            Method::POST,
            "/graphql",
            &[("content-type", content_type)],
            body.clone(),
        )
    };
    for content_type in [
        "",
        "text/plain",
        "text/plain; application/json",
        "application/json; charset=latin1",
    ] {
        send(app(), typed(content_type))
            .await
            .refused(415, "UNSUPPORTED_MEDIA_TYPE");
    }
    for content_type in ["application/json; charset=UTF-8", "Application/JSON"] {
        assert_eq!(send(app(), typed(content_type)).await.status, 200);
    }
}

#[tokio::test]
async fn pages_of_other_origins_and_borrowed_names_are_turned_away() {
    let from = |headers: &[(&str, &str)]| {
        send(
            app(),
            request(
                Method::POST,
                "/graphql",
                headers,
                json!({ "query": "{ hello }" }).to_string(),
            ),
        )
    };
    assert_eq!(from(&[("origin", "http://127.0.0.1:4000")]).await.status, 200);
    assert_eq!(
        from(&[("host", "localhost:4000"), ("origin", "http://LOCALHOST:4000")])
            .await
            .status,
        200
    );
    for origin in [
        "https://evil.example",
        "null",
        "http://127.0.0.1:5000",
        "https://127.0.0.1:4000",
        "127.0.0.1:4000",
    ] {
        from(&[("origin", origin)]).await.refused(403, "FORBIDDEN");
    }
    for host in ["evil.example", "evil.example:4000", "10.0.0.7:4000", ""] {
        from(&[("host", host)]).await.refused(421, "MISDIRECTED_REQUEST");
    }
    from(&[("host", "evil.example:4000"), ("origin", "http://evil.example:4000")])
        .await
        .refused(421, "MISDIRECTED_REQUEST");
    let elsewhere = request(Method::GET, "http://evil.example/livez", &[], "");
    send(app(), elsewhere).await.refused(421, "MISDIRECTED_REQUEST");
    let preflight = request(Method::OPTIONS, "/graphql", &[("origin", "https://evil.example")], "");
    let reply = send(app(), preflight).await;
    assert_eq!(reply.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN), None);
}

#[tokio::test]
async fn the_page_is_served_with_a_strict_policy() {
    assert_eq!(get("/livez").await.text, "ok");
    for from in ["/", "/graphiql"] {
        let reply = get(&format!("{from}?query=%7Bhello%7D")).await;
        assert_eq!(reply.status, 307);
        assert_eq!(reply.headers[header::LOCATION], "/graphiql/?query=%7Bhello%7D");
    }
    let reply = get("/graphiql/").await;
    assert_eq!(reply.status, 200);
    let policy = reply.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    for directive in [
        "default-src 'none'",
        "script-src 'self';",
        "connect-src 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(directive), "{policy}");
    }
    assert_eq!(reply.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    for path in ["/graphiql/nope.js", "/graphiql/..%2f..%2fCargo.toml", "/nope"] {
        assert_eq!(get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn an_operation_name_that_is_empty_means_none() {
    let reply = post(json!({ "query": "query A { hello }", "operationName": "" })).await;
    assert_eq!(reply.json(), json!({ "data": { "hello": "hello world" } }));
    post(json!({ "query": "query A { hello }", "operationName": "B" }))
        .await
        .refused(400, "OPERATION_NOT_FOUND");
}
