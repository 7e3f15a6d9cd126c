//! From keys and values to chunks of events, everything checked on the way.

use crate::chunk::{self, Entry, Key};
use crate::fault::Fault;
use crate::store::{Scan, Store};
use rapporteur_log::envelope::FormError;
use rapporteur_log::{Head, Payload, Stored, chain};
use std::iter::Peekable;

/// A chunk as read: its events are whole and chained among themselves.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub(crate) first: u64,
    pub(crate) parts: u16,
    pub(crate) append_last: u64,
    pub(crate) events: Vec<Stored>,
    pub(crate) head: Head,
}

impl Chunk {
    /// The head that the chunk's first event says it follows on.
    pub(crate) fn follows(&self) -> Head {
        Head {
            position: self.first.saturating_sub(1),
            hash: self.events.first().map(|e| e.header.prev_hash).unwrap_or_default(),
        }
    }

    /// The event at `position`, if it is one of this chunk's.
    pub(crate) fn event(&self, position: u64) -> Option<&Stored> {
        self.events.iter().find(|event| event.header.position == position)
    }

    /// The chunk without payload and salt of the event at `position`: what to write, and the keys that it needs no more.
    pub(crate) fn redacted(mut self, position: u64) -> Result<(Vec<Entry>, Vec<Key>), FormError> {
        for event in &mut self.events {
            if event.header.position == position {
                event.payload = Payload::Redacted;
            }
        }
        let entries = chunk::repack(&self.events, self.first, self.append_last)?;
        let kept = u16::try_from(entries.len()).unwrap_or(u16::MAX);
        let gone = (kept..self.parts).map(|part| chunk::key(self.first, part)).collect();
        Ok((entries, gone))
    }
}

/// Chunks in their order. After a damaged chunk it goes on with the next one; after a fault of sled it ends.
pub(crate) struct Chunks {
    scan: Peekable<Scan>,
    ended: bool,
}

impl Chunks {
    /// The chunks from key `from` on.
    pub(crate) fn from(store: &Store, from: Key) -> Result<Self, Fault> {
        Ok(Self {
            scan: store.scan(from)?.peekable(),
            ended: false,
        })
    }

    fn chunk(&mut self) -> Result<Option<Chunk>, Fault> {
        let Some((key, value)) = self.scan.next().transpose()? else {
            return Ok(None);
        };
        let Some((first, part)) = chunk::parse_key(&key) else {
            return Err(Fault::damaged(0, format!("there is a key of {} bytes", key.len())));
        };
        let damaged = |what: String| Fault::damaged(first, what);
        if first == 0 || part != 0 {
            return Err(damaged(format!(
                "part {part} stands where a chunk's first part belongs"
            )));
        }
        let opened = chunk::open(&key, &value).map_err(damaged)?;
        let (parts, append_last) = (opened.parts, opened.append_last);
        let mut content = opened.content.to_vec();
        for part in 1..parts {
            let expected = chunk::key(first, part);
            let next = self
                .scan
                .next_if(|item| item.as_ref().map_or(true, |(key, _)| *key == expected));
            let Some((key, value)) = next.transpose()? else {
                return Err(damaged(format!("part {part} of {parts} is missing")));
            };
            let opened = chunk::open(&key, &value).map_err(damaged)?;
            if (opened.parts, opened.append_last) != (parts, append_last) {
                return Err(damaged(format!("part {part} belongs to another chunk")));
            }
            content.extend_from_slice(opened.content);
        }
        let events = chunk::events(&content).map_err(damaged)?;
        let mut chunk = Chunk {
            first,
            parts,
            append_last,
            events,
            head: Head::EMPTY,
        };
        if chunk.events.is_empty() {
            return Err(damaged("a chunk holds no event".to_owned()));
        }
        chunk.head = chain::check(&chunk.follows(), &chunk.events).map_err(Fault::Damaged)?;
        if chunk.head.position > append_last {
            return Err(damaged(format!(
                "its append ended at {append_last}, before its last event"
            )));
        }
        Ok(Some(chunk))
    }
}

impl Iterator for Chunks {
    type Item = Result<Chunk, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let result = self.chunk().transpose();
        self.ended = !matches!(result, Some(Ok(_) | Err(Fault::Damaged(_))));
        result
    }
}

/// The chunk that holds `position`.
pub(crate) fn chunk_at(store: &Store, position: u64) -> Result<Chunk, Fault> {
    let missing = || Fault::damaged(position, "the event is missing");
    let mut chunks = chunks_from(store, position).map_err(|fault| fault.at(position))?;
    let found = chunks.next().ok_or_else(missing)?.map_err(|fault| fault.at(position))?;
    if position < found.first || found.head.position < position {
        return Err(missing());
    }
    Ok(found)
}

/// The log's last chunk; none if the log is empty.
pub(crate) fn last_chunk(store: &Store) -> Result<Option<Chunk>, Fault> {
    let Some(key) = store.at_or_before([0xff; 10])? else {
        return Ok(None);
    };
    let (first, _) = chunk::parse_key(&key).unwrap_or_default();
    Chunks::from(store, chunk::key(first, 0))?.next().transpose()
}

/// The events after `after`, at most `limit`, none past `head`: gapless and chained, up to `head` itself where they
/// reach it.
pub(crate) fn read(store: &Store, after: u64, limit: usize, head: &Head) -> Result<Vec<Stored>, Fault> {
    let mut found: Vec<Stored> = Vec::new();
    if limit == 0 || after >= head.position {
        return Ok(found);
    }
    let mut at: Option<Head> = None;
    for chunk in chunks_from(store, after + 1).map_err(|fault| fault.at(after + 1))? {
        let chunk = chunk.map_err(|fault| fault.at(at.map_or(after, |head| head.position) + 1))?;
        match at {
            None if after < chunk.first.saturating_sub(1) => return Err(missing(after + 1)),
            Some(head) if head.position != chunk.follows().position => return Err(missing(head.position + 1)),
            Some(head) if head.hash != chunk.follows().hash => {
                return Err(Fault::damaged(chunk.first, "it does not follow on the event before it"));
            }
            _ => at = Some(chunk.head),
        }
        for event in chunk.events {
            let position = event.header.position;
            if position <= after {
                continue;
            }
            if position == head.position && event.header.hash != head.hash {
                return Err(Fault::damaged(position, "it is not the event that was acknowledged"));
            }
            found.push(event);
            if found.len() == limit || position == head.position {
                return Ok(found);
            }
        }
    }
    Err(missing(after + 1 + found.len() as u64))
}

fn missing(position: u64) -> Fault {
    Fault::damaged(position, "the event is missing")
}

/// The chunks from the one on that should hold `position`.
fn chunks_from(store: &Store, position: u64) -> Result<Chunks, Fault> {
    let key = store.at_or_before(chunk::key(position, u16::MAX))?;
    let (first, _) = key.and_then(|key| chunk::parse_key(&key)).unwrap_or_default();
    Chunks::from(store, chunk::key(first, 0))
}
