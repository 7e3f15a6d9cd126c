//! `graphql-transport-ws` over a real listener, and the end of the server.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rapporteur_api::http::{Limits, router, serve};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::testbed;

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<std::io::Result<()>>,
}

async fn server(limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let app = router(testbed::endpoint(limits).unwrap());
    let ended = tokio::spawn(serve(listener, app, async { drop(stopped.await) }));
    Server { address, stop, ended }
}

struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    async fn open(server: &Server, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let mut request = format!("ws://{}/graphql", server.address).into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        Ok(Self(connect_async(request).await?.0))
    }

    async fn ready(server: &Server) -> Self {
        let mut client = Self::open(server, &[("sec-websocket-protocol", "graphql-transport-ws")])
            .await
            .unwrap();
        client.say(json!({ "type": "connection_init" })).await;
        assert_eq!(client.hear().await, Ok(json!({ "type": "connection_ack" })));
        client
    }

    async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn subscribe(&mut self, id: &str, document: &str) {
        self.say(json!({ "type": "subscribe", "id": id, "payload": { "query": document } }))
            .await;
    }

    /// The next message, or the code with which the server closed.
    async fn hear(&mut self) -> Result<Value, Option<u16>> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }
}

#[tokio::test]
async fn a_query_answers_once_and_a_subscription_until_it_ends() {
    let server = server(Limits::default()).await;
    let mut client = Client::ready(&server).await;
    client.subscribe("q", "{ hello }").await;
    assert_eq!(
        client.hear().await,
        Ok(json!({ "type": "next", "id": "q", "payload": { "data": { "hello": "hello world" } } }))
    );
    assert_eq!(client.hear().await, Ok(json!({ "type": "complete", "id": "q" })));
    client.subscribe("q", "subscription { count(to: 2) }").await;
    for count in 1..=2 {
        let next = json!({ "type": "next", "id": "q", "payload": { "data": { "count": count } } });
        assert_eq!(client.hear().await, Ok(next));
    }
    assert_eq!(client.hear().await, Ok(json!({ "type": "complete", "id": "q" })));
}

#[tokio::test]
async fn a_refused_document_is_an_error_message_and_ends_its_operation() {
    let server = server(Limits::default()).await;
    let mut client = Client::ready(&server).await;
    for document in ["{ nope }", "{", "subscription { a: ticks b: ticks }"] {
        client.subscribe("x", document).await;
        let error = client.hear().await.unwrap();
        assert_eq!(
            (&error["type"], &error["id"]),
            (&json!("error"), &json!("x")),
            "{error}"
        );
        assert!(error["payload"][0]["extensions"]["code"].is_string(), "{error}");
    }
}

#[tokio::test]
async fn a_completed_operation_says_no_more() {
    let server = server(Limits::default()).await;
    let mut client = Client::ready(&server).await;
    client.subscribe("t", "subscription { ticks }").await;
    assert_eq!(
        client.hear().await.unwrap()["payload"],
        json!({ "data": { "ticks": 0 } })
    );
    client.say(json!({ "type": "complete", "id": "t" })).await;
    client.subscribe("s", "{ slow(millis: 400) }").await;
    let mut later = client.hear().await.unwrap();
    if later["id"] == "t" {
        later = client.hear().await.unwrap(); // it was on its way
    }
    assert_eq!((&later["type"], &later["id"]), (&json!("next"), &json!("s")));
}

#[tokio::test]
async fn breaches_of_the_protocol_close_with_its_codes() {
    let server = server(Limits {
        socket_operations: 2,
        message_bytes: 4096,
        ..Limits::default()
    })
    .await;
    let subscribe =
        |id: &str| json!({ "type": "subscribe", "id": id, "payload": { "query": "subscription { ticks }" } });
    for (messages, code) in [
        (vec![json!("NONSENSE")], 4400),
        (vec![json!({ "type": "nope" })], 4400),
        (
            vec![json!({ "type": "subscribe", "payload": { "query": "{ hello }" } })],
            4400,
        ),
        (vec![json!({ "type": "subscribe", "id": "a", "payload": {} })], 4400),
        (vec![json!({ "type": "connection_init" })], 4429),
        (vec![subscribe("a"), subscribe("a")], 4409),
        (vec![subscribe("a"), subscribe("b"), subscribe("c")], 4429),
    ] {
        let mut client = Client::ready(&server).await;
        for message in &messages {
            client.say(message.clone()).await;
        }
        let end = loop {
            match client.hear().await {
                Ok(message) => assert_eq!(message["type"], "next"),
                Err(end) => break end,
            }
        };
        assert_eq!(end, Some(code), "{messages:?}");
    }
}

#[tokio::test]
async fn nothing_runs_before_the_handshake_and_waiting_for_it_ends() {
    let server = server(Limits {
        init_timeout: Duration::from_millis(50),
        ..Limits::default()
    })
    .await;
    let protocol = [("sec-websocket-protocol", "graphql-transport-ws")];
    let mut silent = Client::open(&server, &protocol).await.unwrap();
    assert_eq!(silent.hear().await, Err(Some(4408)));
    let mut early = Client::open(&server, &protocol).await.unwrap();
    early.subscribe("a", "{ hello }").await;
    assert_eq!(early.hear().await, Err(Some(4401)));
}

#[tokio::test]
async fn sockets_of_other_protocols_origins_and_beyond_the_bound_are_refused() {
    let server = server(Limits {
        sockets: 1,
        ..Limits::default()
    })
    .await;
    let refused = async |headers: &[(&'static str, &str)]| match Client::open(&server, headers).await {
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
        Ok(_) => 101,
    };
    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    assert_eq!(refused(&[]).await, 400);
    assert_eq!(refused(&[("sec-websocket-protocol", "graphql-ws")]).await, 400);
    assert_eq!(refused(&[protocol, ("origin", "https://evil.example")]).await, 403);
    assert_eq!(refused(&[protocol, ("host", "evil.example")]).await, 421);
    let own = format!("http://{}", server.address);
    let open = Client::open(&server, &[protocol, ("origin", &own)]).await.unwrap();
    assert_eq!(refused(&[protocol]).await, 503);
    drop(open);
}

/// Tries until the only place for a socket is free again; the test's own time limit is the runner's.
async fn place_is_free(server: &Server) {
    while Client::open(server, &[("sec-websocket-protocol", "graphql-transport-ws")])
        .await
        .is_err()
    {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_is_dropped() {
    let server = server(Limits {
        sockets: 1,
        send_timeout: Duration::from_millis(50),
        ..Limits::default()
    })
    .await;
    let mut deaf = Client::ready(&server).await;
    deaf.subscribe("flood", "subscription { count(to: 2000000000) }").await;
    place_is_free(&server).await;
    drop(deaf);
}

#[tokio::test]
async fn a_client_that_answers_no_ping_is_dropped() {
    let server = server(Limits {
        sockets: 1,
        ping_interval: Duration::from_millis(20),
        ..Limits::default()
    })
    .await;
    let absent = Client::ready(&server).await; // pongs are sent by reading, which nobody does
    place_is_free(&server).await;
    drop(absent);
}

#[tokio::test]
async fn a_message_that_is_too_long_ends_the_socket() {
    let server = server(Limits {
        message_bytes: 1024,
        ..Limits::default()
    })
    .await;
    let mut client = Client::ready(&server).await;
    let payload = json!({ "query": "{ hello }", "variables": { "x": "x".repeat(4096) } });
    client
        .say(json!({ "type": "subscribe", "id": "big", "payload": payload }))
        .await;
    assert!(client.hear().await.is_err());
}

#[tokio::test]
async fn stopping_tells_open_sockets_and_ends() {
    let server = server(Limits::default()).await;
    let mut client = Client::ready(&server).await;
    client.subscribe("t", "subscription { ticks }").await;
    client.hear().await.unwrap();
    server.stop.send(()).unwrap();
    let end = loop {
        match client.hear().await {
            Ok(message) => assert_eq!(message["type"], "next"),
            Err(end) => break end,
        }
    };
    assert_eq!(end, Some(1001));
    server.ended.await.unwrap().unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn serving_the_world_is_refused() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let app = router(testbed::endpoint(Limits::default()).unwrap());
    let error = serve(listener, app, std::future::pending()).await.unwrap_err();
    assert!(error.to_string().contains("no authentication"), "{error}");
}
