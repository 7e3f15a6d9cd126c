use std::time::Duration;

/// Bounds on what one client may ask for. `Limits::default()` is what the server uses.
///
/// Every refusal names the limit as it is called here, its bound and the value met, with the code `LIMIT_EXCEEDED`
/// (`PAYLOAD_TOO_LARGE` for [`Self::body_bytes`]). GraphiQL's full introspection document fits well inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Length of a document's text, in bytes. Default 64 KiB.
    pub document_bytes: usize,
    /// Length of an HTTP request's body, in bytes. Default 1 MiB: bulk data goes through `rapporteur import`.
    pub body_bytes: usize,
    /// Brackets of any kind open at once in a document's text: bounds the stack of every parser. Default 64.
    pub nesting: usize,
    /// Selections after every fragment spread is replaced by what it stands for. Default 2000.
    pub nodes: u64,
    /// Aliased fields after the same replacement. Default 100.
    pub aliases: u64,
    /// Fields inside one another. Default 20: `timeline → nodes → evidence → citations → source → …` needs about ten.
    pub depth: u32,
    /// Selection sets inside one another, those of fragments included. Default 32.
    pub levels: u32,
    /// Operations in one document. Default 20.
    pub operations: usize,
    /// Fragment definitions in one document. Default 100.
    pub fragments: usize,
    /// Variables of one operation. Default 100.
    pub variables: usize,
    /// Directives in one place. Default 8.
    pub directives: usize,
    /// Fields in one answer, or in one event of a subscription. Default 100 000; full introspection
    /// has about 70 for each type of the schema.
    pub values: usize,
    /// Errors in one answer; further ones are dropped. Default 20.
    pub errors: usize,
    /// Time for reading a body, and again for running an operation. Default 30 s.
    pub request_timeout: Duration,
    /// WebSocket connections open at once. Default 256; a further one is answered 503.
    pub sockets: usize,
    /// Time between the opening of a WebSocket and its `connection_init`. Default 10 s, then close 4408.
    pub init_timeout: Duration,
    /// Operations running at once on one WebSocket. Default 100, then close 4429.
    pub socket_operations: usize,
    /// Length of one WebSocket message, in bytes. Default 1 MiB, then close 4400.
    pub message_bytes: usize,
    /// Answers waiting for one WebSocket client. Default 64; beyond that its streams wait.
    pub outbox: usize,
    /// Time for one WebSocket message to leave. Default 10 s; then the client is too slow and is dropped.
    pub send_timeout: Duration,
    /// Time between pings of a WebSocket. Default 20 s; a client silent for two of them is dropped.
    pub ping_interval: Duration,
    /// Validated documents kept for the next request. Default 256; 0 keeps none.
    pub cached_documents: usize,
    /// Length of the longest document text that is kept, in bytes. Default 8 KiB.
    pub cached_document_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 64 << 10,
            body_bytes: 1 << 20,
            nesting: 64,
            nodes: 2000,
            aliases: 100,
            depth: 20,
            levels: 32,
            operations: 20,
            fragments: 100,
            variables: 100,
            directives: 8,
            values: 100_000,
            errors: 20,
            request_timeout: Duration::from_secs(30),
            sockets: 256,
            init_timeout: Duration::from_secs(10),
            socket_operations: 100,
            message_bytes: 1 << 20,
            outbox: 64,
            send_timeout: Duration::from_secs(10),
            ping_interval: Duration::from_secs(20),
            cached_documents: 256,
            cached_document_bytes: 8 << 10,
        }
    }
}
