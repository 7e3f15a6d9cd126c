//! async-graphql, but for how objects are resolved. Depend on it under the name `async_graphql`: what its macros write then
//! calls [`resolver_utils::resolve_container`] of this crate.
//!
//! The library starts a future for every field of every object, side by side, and where an extension watches them describes
//! each to it. Our resolvers look things up in memory and hardly ever wait: here the fields of an object are tried at once. So
//! nothing is left that an extension had to do: a nullable field that fails becomes null with its error beside the data
//! (specification, 6.4.4; the library nulls the parent, its issues 798 and 1532), what is resolved is counted and bounded, and
//! other work gets its turn, all of it by the request's [`Tally`]. ADR 15.

mod container;
mod root;
mod tally;
mod trying;

pub use async_graphql::*;
pub use root::Root;
pub use tally::{Beyond, Tally};
pub use trying::waitable;

/// As the library's, with our own way to resolve an object.
pub mod resolver_utils {
    pub use crate::container::{resolve_container, resolve_container_serial};
    pub use async_graphql::resolver_utils::*;
}

/// As the crate, for interfaces and unions: `#[graphql(crate = "async_graphql::of_variants")]`. Only they need the library's own
/// way to resolve beside ours, and compiling it for every object takes minutes.
pub mod of_variants {
    pub use async_graphql::*;

    /// As the library's, with our own way to resolve an interface or a union.
    pub mod resolver_utils {
        pub use crate::container::resolve_variant as resolve_container;
        pub use async_graphql::resolver_utils::*;
    }
}
