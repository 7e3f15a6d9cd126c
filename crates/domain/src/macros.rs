//! The derives every recorded shape carries, written once.
//!
//! JSON (serde, camelCase, unknown fields refused) is what people write, CBOR with numbered fields
//! (minicbor) is what the log stores, and JSON Schema is where the GraphQL inputs come from.

/// A recorded struct, written like a schema: `req` must be there, `opt` may be, `list` may be empty, `flag` is false
/// unless said, `made` is a slug that is made up of the content where it is left out. `=> Kind` says which kind of dossier the slug must name (`=> Any`: any dossier or record).
/// Every field needs its stored number, `#[n(…)]`; numbers are never reused.
macro_rules! record {
    ($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* }) => {
        record!(@ [$(#[$meta])*] $name [] $($body)*);
    };
    (@ [$($meta:tt)*] $name:ident [$($done:tt)*]) => {
        $($meta)*
        #[derive(Debug, Clone, PartialEq, ::serde::Serialize, ::serde::Deserialize, ::schemars::JsonSchema,
                 ::minicbor::Encode, ::minicbor::Decode)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[cbor(map)]
        pub struct $name { $($done)* }
    };
    (@ $meta:tt $name:ident $done:tt $(#[$fmeta:meta])* req $field:ident: $ty:ty => $kind:ident, $($rest:tt)*) => {
        record!(@ $meta $name $done $(#[$fmeta])* #[schemars(extend("x-refers" = stringify!($kind)))] req $field: $ty, $($rest)*);
    };
    (@ $meta:tt $name:ident $done:tt $(#[$fmeta:meta])* opt $field:ident: $ty:ty => $kind:ident, $($rest:tt)*) => {
        record!(@ $meta $name $done $(#[$fmeta])* #[schemars(extend("x-refers" = stringify!($kind)))] opt $field: $ty, $($rest)*);
    };
    (@ $meta:tt $name:ident $done:tt $(#[$fmeta:meta])* list $field:ident: $ty:ty => $kind:ident, $($rest:tt)*) => {
        record!(@ $meta $name $done $(#[$fmeta])* #[schemars(extend("x-refers" = stringify!($kind)))] list $field: $ty, $($rest)*);
    };
    (@ $meta:tt $name:ident [$($done:tt)*] $(#[$fmeta:meta])* req $field:ident: $ty:ty, $($rest:tt)*) => {
        record!(@ $meta $name [$($done)* $(#[$fmeta])* pub $field: $ty,] $($rest)*);
    };
    (@ $meta:tt $name:ident [$($done:tt)*] $(#[$fmeta:meta])* opt $field:ident: $ty:ty, $($rest:tt)*) => {
        record!(@ $meta $name [$($done)* $(#[$fmeta])*
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $field: Option<$ty>,] $($rest)*);
    };
    (@ $meta:tt $name:ident [$($done:tt)*] $(#[$fmeta:meta])* list $field:ident: $ty:ty, $($rest:tt)*) => {
        record!(@ $meta $name [$($done)* $(#[$fmeta])*
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            #[cbor(skip_if = "Vec::is_empty")]
            pub $field: Vec<$ty>,] $($rest)*);
    };
    (@ $meta:tt $name:ident [$($done:tt)*] $(#[$fmeta:meta])* made $field:ident: $ty:ty, $($rest:tt)*) => {
        record!(@ $meta $name [$($done)* $(#[$fmeta])*
            #[serde(default = "crate::id::Slug::unnamed")]
            pub $field: $ty,] $($rest)*);
    };
    (@ $meta:tt $name:ident [$($done:tt)*] $(#[$fmeta:meta])* flag $field:ident, $($rest:tt)*) => {
        record!(@ $meta $name [$($done)* $(#[$fmeta])*
            #[serde(default, skip_serializing_if = "crate::macros::is_false")]
            #[cbor(skip_if = "crate::macros::is_false")]
            pub $field: bool,] $($rest)*);
    };
}

/// A closed set: written `LIKE_THIS` in JSON and GraphQL, stored as its number.
macro_rules! closed_set {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize,
                 ::schemars::JsonSchema, ::minicbor::Encode, ::minicbor::Decode)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        #[cbor(index_only)]
        pub enum $name { $($(#[$vmeta])* $variant),* }
        impl $name {
            /// Every value, in the order of its declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }
    };
}

/// A string with one door: `parse`. Decoding from JSON and CBOR goes through it too.
/// `$scalar` is its name in GraphQL, `$about` its description there and in the JSON Schema.
macro_rules! checked_text {
    ($(#[$meta:meta])* $name:ident, $scalar:literal, $max:expr, $about:literal, $check:expr) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(::std::sync::Arc<str>);

        impl $name {
            /// The most bytes this text may have.
            pub const MAX_BYTES: usize = $max;

            /// Parses the text, or says what is wrong with it.
            ///
            /// # Errors
            /// The text breaks the rule of this type; the message says which and what to do.
            pub fn parse(raw: &str) -> Result<Self, $crate::invalid::Invalid> {
                let check: fn(&str) -> Result<(), $crate::invalid::Invalid> = $check;
                if raw.len() > Self::MAX_BYTES {
                    return Err($crate::invalid::Invalid::too_long(raw, Self::MAX_BYTES));
                }
                check(raw)?;
                Ok(Self(raw.into()))
            }

            /// The text as written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(&*self.0, f)
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        impl ::std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let raw = <::std::borrow::Cow<'de, str> as ::serde::Deserialize>::deserialize(d)?;
                Self::parse(&raw).map_err(::serde::de::Error::custom)
            }
        }
        impl<C> ::minicbor::Encode<C> for $name {
            fn encode<W: ::minicbor::encode::Write>(
                &self, e: &mut ::minicbor::Encoder<W>, _: &mut C,
            ) -> Result<(), ::minicbor::encode::Error<W::Error>> {
                e.str(&self.0).map(drop)
            }
        }
        impl<'b, C> ::minicbor::Decode<'b, C> for $name {
            fn decode(d: &mut ::minicbor::Decoder<'b>, _: &mut C) -> Result<Self, ::minicbor::decode::Error> {
                let at = d.position();
                Self::parse(d.str()?).map_err(|e| ::minicbor::decode::Error::message(e.message).at(at))
            }
        }
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({
                    "type": "string", "maxLength": $max, "description": $about, "x-scalar": $scalar
                })
            }
        }
        impl $crate::shape::Scalar for $name {
            const NAME: &'static str = $scalar;
            fn check(value: &::serde_json::Value) -> Result<(), $crate::invalid::Invalid> {
                match value.as_str() {
                    Some(text) => Self::parse(text).map(drop),
                    None => Err($crate::invalid::Invalid::new("expected a string", "write the value in double quotes")),
                }
            }
        }
    };
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde and minicbor call it with a reference"
)]
pub(crate) fn is_false(value: &bool) -> bool {
    !*value
}
