//! GraphQL over HTTP and WebSocket, for a server that trusts nobody's document.
//!
//! Reading order: [`Endpoint`] takes a document from admission to answer; [`router`] puts it on the wire.
//!
//! What a document meets, in order: size ([`Limits::document_bytes`]), brackets and string escapes (`scan`), the parser
//! and full validation of `apollo-compiler` with the measured cost between the two (`validate`, `guard`), the choice
//! of the operation, coercion of variables, and only then `async-graphql`, which runs it without validating again; a `Tally`
//! bounds what it resolves.
//!
//! Followed: the GraphQL specification (September 2025), GraphQL over HTTP (draft), and the protocol
//! `graphql-transport-ws` of the package `graphql-ws`. Deliberately absent: batching, uploads, persisted documents,
//! CORS, and every listen address but loopback (until there is authentication).

mod admit;
mod answer;
mod cache;
mod endpoint;
mod error;
mod guard;
mod limits;
mod message;
mod negotiate;
mod oneof;
mod page;
mod request;
mod respond;
mod router;
mod scan;
mod site;
mod validate;
mod ws;

pub use answer::Answer;
pub use endpoint::{Access, Endpoint, EndpointError, Prepare};
pub use error::{ApiError, ErrorCode};
pub use limits::Limits;
pub use request::Incoming;
pub use router::{guarded, router, serve};
pub use site::{NotLoopback, loopback_only};
