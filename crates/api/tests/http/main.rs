//! The HTTP and WebSocket surface over the real router, with a throw-away schema.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod documents;
mod exports;
mod requests;
mod sockets;
mod testbed;
mod wire;
