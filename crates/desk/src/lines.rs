//! Lines of a file, read one at a time and bounded in length.

use std::io::{self, BufRead};

/// What some programs put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A line that is no text of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoText {
    /// It has more bytes than a line may have.
    TooLong,
    /// It is not UTF-8, from this byte on, counted from 1.
    NotUtf8(usize),
}

/// The lines of `input`, of at most `max_bytes` each.
pub(crate) struct Lines<R> {
    input: R,
    max_bytes: usize,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R, max_bytes: usize) -> Self {
        Self {
            input,
            max_bytes,
            number: 0,
        }
    }

    /// The number of the line read last, from 1; 0 before the first.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The next line without its end; a line that is too long or not UTF-8 is passed over whole.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Result<String, NoText>>> {
        let mut bytes = Vec::new();
        let mut too_long = false;
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                if bytes.is_empty() && !too_long {
                    return Ok(None);
                }
                break;
            }
            let end = chunk.iter().position(|b| *b == b'\n');
            let taken = end.unwrap_or(chunk.len());
            if bytes.len() + taken > self.max_bytes {
                too_long = true;
                bytes.clear();
            } else if !too_long {
                bytes.extend_from_slice(&chunk[..taken]);
            }
            self.input.consume(taken + usize::from(end.is_some()));
            if end.is_some() {
                break;
            }
        }
        self.number += 1;
        if self.number == 1 && bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        if too_long {
            return Ok(Some(Err(NoText::TooLong)));
        }
        let text = String::from_utf8(bytes);
        Ok(Some(text.map_err(|error| {
            NoText::NotUtf8(error.utf8_error().valid_up_to() + 1)
        })))
    }
}
