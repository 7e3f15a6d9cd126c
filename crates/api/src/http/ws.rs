use std::collections::HashMap;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{self, Instant, MissedTickBehavior};

use super::endpoint::Endpoint;
use super::message::{self, Received};
use super::request::Incoming;
use super::router::Stopping;

/// The subprotocol, as specified in `PROTOCOL.md` of the package `graphql-ws`.
pub(super) const PROTOCOL: &str = "graphql-transport-ws";

/// Time for the client to take note of a close frame.
const CLOSING: Duration = Duration::from_secs(1);

/// A control frame holds 125 bytes, two of them the code (RFC 6455, section 5.5).
const REASON_BYTES: usize = 123;

/// Speaks [`PROTOCOL`] until either side closes. Operations end with the socket.
pub(super) async fn converse(mut socket: WebSocket, endpoint: Endpoint, stopping: Option<Stopping>) {
    let (outbox, inbox) = mpsc::channel(endpoint.limits().outbox.max(1));
    let session = Session {
        endpoint,
        outbox,
        running: HashMap::new(),
        started: 0,
        ready: false,
    };
    let end = session.run(&mut socket, inbox, stopping).await;
    if let End::Close(code, reason) = end {
        close(&mut socket, code, reason).await;
    }
}

struct Session {
    endpoint: Endpoint,
    outbox: mpsc::Sender<Outgoing>,
    running: HashMap<String, Running>,
    started: u64,
    ready: bool,
}

/// What an operation has to say. `number` tells its answers from those of an earlier operation of the same id.
struct Outgoing {
    id: String,
    number: u64,
    text: String,
    last: bool,
}

/// An operation at work; dropping it stops it.
struct Running {
    number: u64,
    task: AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

enum End {
    /// We close, with a code of RFC 6455 or of the protocol.
    Close(u16, String),
    /// The client is gone.
    Gone,
}

impl Session {
    async fn run(
        mut self,
        socket: &mut WebSocket,
        mut inbox: mpsc::Receiver<Outgoing>,
        stopping: Option<Stopping>,
    ) -> End {
        let limits = self.endpoint.limits().clone();
        let init = time::sleep(limits.init_timeout);
        let stop = async {
            match stopping {
                Some(stopping) => stopping.wait().await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(init, stop);
        let mut pings = time::interval_at(Instant::now() + limits.ping_interval, limits.ping_interval);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pings_unanswered = 0;
        loop {
            let reply = tokio::select! {
                () = &mut stop => return End::Close(1001, "Server is stopping".to_owned()),
                () = &mut init, if !self.ready => return End::Close(4408, "Connection initialisation timeout".to_owned()),
                _ = pings.tick() => {
                    if pings_unanswered == 2 {
                        return End::Gone;
                    }
                    pings_unanswered += 1;
                    Some(Message::Ping(Default::default()))
                }
                Some(outgoing) = inbox.recv() => self.outgoing(outgoing).map(Message::text),
                received = socket.recv() => {
                    pings_unanswered = 0;
                    match received {
                        Some(Ok(Message::Text(text))) => match self.received(&text) {
                            Ok(reply) => reply.map(Message::text),
                            Err(end) => return end,
                        },
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => None, // answered by the WebSocket layer
                        Some(Ok(Message::Binary(_))) => return invalid("messages are text"),
                        Some(Ok(Message::Close(_))) => {
                            // The WebSocket layer has its answer ready; closing sends it.
                            let _ = time::timeout(CLOSING, futures_util::SinkExt::close(socket)).await;
                            return End::Gone;
                        }
                        Some(Err(_)) => return invalid("message is too long, or no UTF-8"),
                        None => return End::Gone,
                    }
                }
            };
            if let Some(reply) = reply {
                match time::timeout(limits.send_timeout, socket.send(reply)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) | Err(_) => return End::Gone, // closed, or too slow to be told
                }
            }
        }
    }

    /// The text to send, unless the client has completed that operation meanwhile.
    fn outgoing(&mut self, outgoing: Outgoing) -> Option<String> {
        let Outgoing { id, number, text, last } = outgoing;
        self.running.get(&id).filter(|running| running.number == number)?;
        if last {
            self.running.remove(&id);
        }
        Some(text)
    }

    fn received(&mut self, text: &str) -> Result<Option<String>, End> {
        match Received::parse(text).map_err(invalid)? {
            Received::Init if self.ready => Err(End::Close(4429, "Too many initialisation requests".to_owned())),
            Received::Init => {
                self.ready = true;
                Ok(Some(message::ack()))
            }
            Received::Ping(payload) => Ok(Some(message::pong(payload))),
            Received::Pong => Ok(None),
            Received::Complete { id } => {
                self.running.remove(&id);
                Ok(None)
            }
            Received::Subscribe { .. } if !self.ready => Err(End::Close(4401, "Unauthorized".to_owned())),
            Received::Subscribe { id, .. } if self.running.contains_key(&id) => {
                Err(End::Close(4409, format!("Subscriber for {id} already exists")))
            }
            Received::Subscribe { .. } if self.running.len() >= self.endpoint.limits().socket_operations => {
                let message = format!(
                    "More than {} operations at once",
                    self.endpoint.limits().socket_operations
                );
                Err(End::Close(4429, message))
            }
            Received::Subscribe { id, incoming } => {
                self.start(id, incoming);
                Ok(None)
            }
        }
    }

    fn start(&mut self, id: String, incoming: Incoming) {
        self.started += 1;
        let operation = Operation {
            id: id.clone(),
            number: self.started,
            outbox: self.outbox.clone(),
        };
        let task = tokio::spawn(operation.run(self.endpoint.clone(), incoming)).abort_handle();
        self.running.insert(
            id,
            Running {
                number: self.started,
                task,
            },
        );
    }
}

struct Operation {
    id: String,
    number: u64,
    outbox: mpsc::Sender<Outgoing>,
}

impl Operation {
    /// Waits while the outbox is full, so that a slow client slows its own streams and nothing else.
    async fn run(self, endpoint: Endpoint, incoming: Incoming) {
        let mut answers = endpoint.stream(incoming);
        while let Some(answer) = answers.next().await {
            let last = answer.refusal().is_some();
            let sent = self.send(message::answer(&self.id, &answer), last).await;
            if last || !sent {
                return;
            }
        }
        self.send(message::complete(&self.id), true).await;
    }

    /// `false` if the socket is gone.
    async fn send(&self, text: String, last: bool) -> bool {
        let outgoing = Outgoing {
            id: self.id.clone(),
            number: self.number,
            text,
            last,
        };
        self.outbox.send(outgoing).await.is_ok()
    }
}

fn invalid(reason: impl Into<String>) -> End {
    End::Close(4400, reason.into())
}

/// Sends the close frame and reads on until the client has seen it: hanging up on unread data would reset the
/// connection and lose the code.
async fn close(socket: &mut WebSocket, code: u16, reason: String) {
    let shown = &reason[..reason.floor_char_boundary(REASON_BYTES)];
    let frame = CloseFrame {
        code,
        reason: Utf8Bytes::from(shown),
    };
    let closing = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    let _ = time::timeout(CLOSING, closing).await;
}
