//! A subscription, waited for answer by answer.

use super::remote::{Address, unanswered};
use super::{Trouble, answer, local};
use crate::exit::Failure;
use futures_util::stream::BoxStream;
use futures_util::{SinkExt, StreamExt};
use rapporteur_api::http::Answer;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// The subprotocol of the package `graphql-ws`.
const PROTOCOL: &str = "graphql-transport-ws";
/// How long a server may take to begin.
const BEGIN_MAX: Duration = Duration::from_secs(10);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What comes next.
pub(crate) enum Next {
    /// An answer's data or errors.
    Answer(Result<Value, Vec<Trouble>>),
    /// Nothing came in the time that was given.
    Nothing,
    /// There will be no more; why, where a connection broke off.
    End(Option<String>),
}

/// A subscription that goes on.
pub(crate) enum Live<'a> {
    Here {
        runtime: &'a Runtime,
        answers: BoxStream<'static, Answer>,
    },
    Over {
        runtime: Runtime,
        socket: Box<Socket>,
    },
}

impl<'a> Live<'a> {
    pub(super) fn here(runtime: &'a Runtime, answers: BoxStream<'static, Answer>) -> Self {
        Self::Here { runtime, answers }
    }

    pub(super) fn over(address: &Address, document: &str, variables: Value) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let subscribe =
            json!({ "type": "subscribe", "id": "1", "payload": { "query": document, "variables": variables } });
        let url = address.web_socket();
        let begun = runtime.block_on(async {
            tokio::time::timeout(BEGIN_MAX, begin(&url, subscribe.to_string()))
                .await
                .unwrap_or_else(|_| Err(SocketError::ConnectionClosed))
        });
        let socket = Box::new(begun.map_err(|error| unanswered(&url, &error))?);
        Ok(Self::Over { runtime, socket })
    }

    /// The next answer, waited for at most so long.
    ///
    /// # Errors
    /// An answer is none.
    pub(crate) fn next(&mut self, within: Duration) -> Result<Next, Failure> {
        match self {
            Self::Here { runtime, answers } => {
                let next = runtime.block_on(async { tokio::time::timeout(within, answers.next()).await });
                Ok(match next {
                    Err(_) => Next::Nothing,
                    Ok(None) => Next::End(None),
                    Ok(Some(answer)) => Next::Answer(local::read(&answer)?),
                })
            }
            Self::Over { runtime, socket } => {
                let next = runtime.block_on(async { tokio::time::timeout(within, message(socket)).await });
                match next {
                    Err(_) => Ok(Next::Nothing),
                    Ok(Err(error)) => Ok(Next::End(Some(error.to_string()))),
                    Ok(Ok(None)) => Ok(Next::End(None)),
                    Ok(Ok(Some(text))) => read(&text),
                }
            }
        }
    }
}

async fn begin(url: &str, subscribe: String) -> Result<Socket, SocketError> {
    let mut request = url.into_client_request()?;
    let protocol = HeaderValue::from_static(PROTOCOL);
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let (mut socket, _) = connect_async(request).await?;
    let init = json!({ "type": "connection_init" }).to_string();
    socket.send(Message::text(init)).await?;
    // The acknowledgement comes before anything else.
    let _acknowledged = message(&mut socket).await?.ok_or(SocketError::ConnectionClosed)?;
    socket.send(Message::text(subscribe)).await?;
    Ok(socket)
}

/// The next text; nothing once the other side has closed. Pings are answered underneath.
async fn message(socket: &mut Socket) -> Result<Option<String>, SocketError> {
    while let Some(message) = socket.next().await {
        match message? {
            Message::Text(text) => return Ok(Some(text.to_string())),
            Message::Close(frame) => {
                return match frame {
                    Some(frame) if u16::from(frame.code) != 1000 => Err(SocketError::Io(std::io::Error::other(
                        format!("the server closed: {} ({})", frame.reason, u16::from(frame.code)),
                    ))),
                    _ => Ok(None),
                };
            }
            _ => {}
        }
    }
    Ok(None)
}

fn read(text: &str) -> Result<Next, Failure> {
    let strange = || Failure::saying(format!("a message of the server cannot be read: {text}"));
    let mut message: Value = serde_json::from_str(text).map_err(|_| strange())?;
    let payload = message.get_mut("payload").map(Value::take).unwrap_or_default();
    match message.get("type").and_then(Value::as_str) {
        Some("next") => answer::read(payload).map(Next::Answer).ok_or_else(strange),
        Some("error") => answer::read(json!({ "errors": payload }))
            .map(Next::Answer)
            .ok_or_else(strange),
        Some("complete") => Ok(Next::End(None)),
        _ => Ok(Next::Nothing),
    }
}
