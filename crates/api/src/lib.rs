//! GraphQL over HTTP and WebSocket, hardened; the GraphiQL page.

pub mod http;
pub mod schema;
