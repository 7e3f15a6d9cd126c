//! GraphQL over HTTP and WebSocket, hardened; the GraphiQL page.

pub mod export;
pub mod http;
pub mod permalinks;
pub mod schema;
