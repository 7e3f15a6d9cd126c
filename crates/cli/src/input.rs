//! The input of an import: a file or standard input, read ahead in a thread of its own so that waiting for it can end.

use crate::exit::Failure;
use crate::signals::Stop;
use std::fs::File;
use std::io::{self, BufRead, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

const CHUNK_BYTES: usize = 64 * 1024;
/// How many chunks are read ahead.
const CHUNKS_AHEAD: usize = 4;
/// How soon a wait for input notices that it was asked to stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Opens `path`; `-` is standard input.
///
/// # Errors
/// Exit code 3 if there is no such file, 1 if it cannot be read.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read + Send>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let failed = |error: io::Error| {
        let text = format!("cannot read {}: {error}", path.display());
        match error.kind() {
            ErrorKind::NotFound => Failure::not_found(text),
            _ => Failure::saying(text),
        }
    };
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(failed(ErrorKind::IsADirectory.into()));
    }
    Ok(Box::new(file))
}

/// Input that ends with [`ErrorKind::Interrupted`] once the process is asked to stop, even while it waits for more.
pub(crate) struct Input {
    chunks: Receiver<io::Result<Vec<u8>>>,
    current: Vec<u8>,
    taken: usize,
    stop: Stop,
    /// How many bytes were read out of it in all.
    read: Arc<AtomicU64>,
}

impl Input {
    /// Starts to read ahead.
    pub(crate) fn new(mut input: Box<dyn Read + Send>, stop: Stop) -> io::Result<Self> {
        let (give, chunks) = sync_channel(CHUNKS_AHEAD);
        let read = move || {
            loop {
                let mut chunk = vec![0; CHUNK_BYTES];
                let read = match input.read(&mut chunk) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    Ok(0) => return,
                    Ok(read) => {
                        chunk.truncate(read);
                        Ok(chunk)
                    }
                    Err(error) => Err(error),
                };
                let failed = read.is_err();
                if give.send(read).is_err() || failed {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("input".to_owned()).spawn(read)?;
        Ok(Self {
            chunks,
            current: Vec::new(),
            taken: 0,
            stop,
            read: Arc::default(),
        })
    }

    /// Counts the bytes that are read out of it.
    pub(crate) fn counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }
}

impl Read for Input {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let taken = self.fill_buf()?.read(into)?;
        self.consume(taken);
        Ok(taken)
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        loop {
            if self.stop.is_asked() {
                return Err(ErrorKind::Interrupted.into());
            }
            if self.taken < self.current.len() {
                return Ok(&self.current[self.taken..]);
            }
            match self.chunks.recv_timeout(LOOK_EVERY) {
                Ok(chunk) => {
                    self.current = chunk?;
                    self.taken = 0;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(&[]),
            }
        }
    }

    fn consume(&mut self, bytes: usize) {
        self.taken = self.current.len().min(self.taken + bytes);
        self.read.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}
