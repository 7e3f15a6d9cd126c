//! Digests: one hash over every visible field of a view.

use serde::Serialize;
use std::io;

/// 32 bytes of BLAKE3 over a view's name, version and items in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Digest([u8; 32]);

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Builds a digest, item by item.
pub struct Digester(blake3::Hasher);

impl Digester {
    /// Starts the digest of a view.
    #[must_use]
    pub fn new(name: &str, version: u32) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(format!("{name}/{version}\n").as_bytes());
        Self(hasher)
    }

    /// Adds an item: its JSON, then a line end, so that items cannot run into one another.
    pub fn add(&mut self, item: &impl Serialize) {
        if let Err(error) = serde_json::to_writer(&mut Sink(&mut self.0), item) {
            self.0.update(format!("unwritable: {error}").as_bytes());
        }
        self.0.update(b"\n");
    }

    /// Adds a part of an index: its key, then what stands under it, in order.
    pub fn add_row<'a, T: Serialize + 'a>(&mut self, key: &impl Serialize, row: impl IntoIterator<Item = &'a T>) {
        self.add(key);
        row.into_iter().for_each(|item| self.add(item));
    }

    /// The digest of all that was added.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(*self.0.finalize().as_bytes())
    }
}

struct Sink<'a>(&'a mut blake3::Hasher);

impl io::Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
