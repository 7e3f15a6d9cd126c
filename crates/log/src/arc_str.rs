//! Shared strings in CBOR.

use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use std::sync::Arc;

pub(crate) fn encode<C, W: Write>(text: &Arc<str>, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
    e.str(text).map(drop)
}

pub(crate) fn decode<'b, C>(d: &mut Decoder<'b>, _: &mut C) -> Result<Arc<str>, DecodeError> {
    d.str().map(Into::into)
}
