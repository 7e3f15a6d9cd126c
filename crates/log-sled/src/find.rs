//! Finding events in bytes of sled's that sled itself does not read any more. Each event bears its own hash, and each value its
//! checksum, so what is found is what was written.

use crate::chunk::{self, CONTENT_MAX, Entry, VALUE_HEAD, VALUE_MAX};
use rapporteur_log::envelope::payload_hash;
use rapporteur_log::{Head, Payload, Stored, chain};
use std::collections::BTreeMap;
use std::collections::btree_map;

/// What was found of the events after some position.
#[derive(Debug, Default)]
pub(crate) struct Finds {
    after: u64,
    events: BTreeMap<u64, Stored>,
    /// The last event up to that position, of those that lie in one value.
    pub(crate) before: Option<Head>,
}

impl Finds {
    /// Nothing yet of what comes after a position.
    pub(crate) fn after(position: u64) -> Self {
        Self {
            after: position,
            ..Self::default()
        }
    }

    /// Takes an event. Of one that is there twice, the one without its payload: old pages still hold what was redacted since.
    pub(crate) fn take(&mut self, event: Stored) {
        let head = event.header.head();
        if head.position <= self.after {
            if self.before.is_none_or(|before| before.position < head.position) {
                self.before = Some(head);
            }
            return;
        }
        let is_redacted = event.payload == Payload::Redacted;
        match self.events.entry(head.position) {
            btree_map::Entry::Occupied(mut known) if is_redacted => drop(known.insert(event)),
            btree_map::Entry::Occupied(_) => {}
            btree_map::Entry::Vacant(place) => drop(place.insert(event)),
        }
    }

    /// Takes the events of one append's chunks, in order; one that is not whole ends them.
    pub(crate) fn take_chunks(&mut self, entries: &[Entry]) {
        let mut content: Vec<u8> = Vec::new();
        for entry in entries {
            let Ok(part) = chunk::open(&entry.key, &entry.value) else {
                break;
            };
            content.extend_from_slice(part.content);
            let (_, number) = chunk::parse_key(&entry.key).unwrap_or_default();
            if number + 1 == part.parts {
                let events = chunk::events(&content).unwrap_or_default();
                events.into_iter().for_each(|event| self.take(event));
                content.clear();
            }
        }
    }

    /// Looks for events in bytes of sled's file.
    pub(crate) fn scan(&mut self, bytes: &[u8]) {
        let mut parts = Vec::new();
        for start in 0..bytes.len() {
            let rest = &bytes[start..];
            if begins_event(rest)
                && let Ok(event) = Stored::decode(rest)
                && is_whole(&event)
            {
                self.take(event);
            }
            parts.extend(Part::at(rest));
        }
        self.take_parts(&parts);
    }

    /// Takes the events that are spread over several values. Their keys are not beside them: sled leaves out what keys of one page
    /// have in common.
    fn take_parts(&mut self, parts: &[Part<'_>]) {
        for first in parts {
            let Some((position, len)) = first.begins() else {
                continue;
            };
            if position <= self.after || self.events.contains_key(&position) {
                continue;
            }
            let last_len = (4 + len).saturating_sub(usize::from(first.parts - 1) * CONTENT_MAX);
            let of_it = |part: &&Part<'_>| (part.parts, part.append_last) == (first.parts, first.append_last);
            let content = (0..first.parts).map(|number| {
                let len = if number + 1 == first.parts {
                    last_len
                } else {
                    CONTENT_MAX
                };
                let key = chunk::key(position, number);
                let mut values = parts.iter().filter(of_it).filter_map(|part| part.value(len));
                values.find_map(|value| chunk::open(&key, value).ok().map(|part| part.content))
            });
            let Some(content) = content.collect::<Option<Vec<_>>>() else {
                continue;
            };
            let events = chunk::events(&content.concat()).unwrap_or_default();
            events.into_iter().filter(is_whole).for_each(|event| self.take(event));
        }
    }

    /// The events after one head up to another, all of them, whose chain is whole; none where one is missing.
    pub(crate) fn between(&self, after: Head, last: Head) -> Option<Vec<Stored>> {
        let (mut head, mut events) = (after, Vec::new());
        for position in after.position + 1..=last.position {
            let event = self.events.get(&position)?;
            head = chain::check(&head, std::slice::from_ref(event)).ok()?;
            events.push(event.clone());
        }
        (head == last).then_some(events)
    }

    /// The events that follow on the position asked for, one after the other, whose chain is whole.
    pub(crate) fn following(mut self, after: Head) -> Vec<Stored> {
        let (mut head, mut events) = (after, Vec::new());
        while let Some(event) = self.events.remove(&(head.position + 1)) {
            let Ok(next) = chain::check(&head, std::slice::from_ref(&event)) else {
                break;
            };
            head = next;
            events.push(event);
        }
        events
    }
}

/// Whether an event may begin here: an array that begins with a map of 11 to 13 members, the first of which is numbered 0.
fn begins_event(bytes: &[u8]) -> bool {
    matches!(bytes, [0x81..=0x84, 0xab..=0xad, 0, ..])
}

fn is_whole(event: &Stored) -> bool {
    event.header.computed_hash().is_ok_and(|hash| hash == event.header.hash)
        && match &event.payload {
            Payload::Kept { salt, bytes } => payload_hash(salt, bytes) == event.header.payload_hash,
            Payload::Redacted => true,
        }
}

/// What may be one of several values of a chunk.
struct Part<'a> {
    parts: u16,
    append_last: u64,
    /// It begins here; where it ends is not known.
    bytes: &'a [u8],
}

impl<'a> Part<'a> {
    /// No event is larger than so many parts.
    const PARTS_MAX: u16 = 4_096;

    fn at(bytes: &'a [u8]) -> Option<Self> {
        let (head, _) = bytes.split_first_chunk::<VALUE_HEAD>()?;
        let parts = u16::from_be_bytes([head[9], head[10]]);
        // Positions have far fewer than 48 bits.
        if head[0] != chunk::FORMAT || !(2..=Self::PARTS_MAX).contains(&parts) || head[11..13] != [0, 0] {
            return None;
        }
        let mut append_last = [0; 8];
        append_last.copy_from_slice(&head[11..]);
        Some(Self {
            parts,
            append_last: u64::from_be_bytes(append_last),
            bytes,
        })
    }

    /// It, with so much content.
    fn value(&self, content: usize) -> Option<&'a [u8]> {
        self.bytes.get(..VALUE_HEAD + content)
    }

    /// The position and the length of the event that begins with this part.
    fn begins(&self) -> Option<(u64, usize)> {
        let (len, event) = self.bytes.get(VALUE_HEAD..VALUE_MAX)?.split_first_chunk::<4>()?;
        let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
        let fits = (4 + len).div_ceil(CONTENT_MAX) == usize::from(self.parts);
        let position = event.get(3..).filter(|_| fits && begins_event(event))?;
        Some((minicbor::Decoder::new(position).u64().ok()?, len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rapporteur_log::chain::seal;
    use rapporteur_testkit::{drafts::draft_of, drafts::drafts, rng::Rng};

    fn sealed() -> Vec<Stored> {
        let mut rng = Rng::new(5);
        let mut all = drafts(3, 1);
        all.insert(1, draft_of(20_000, &mut rng));
        all.push(draft_of(60_000, &mut rng));
        seal(&Head::EMPTY, None, all).unwrap()
    }

    /// Values as pages hold them: in any order, with something between, and without their keys.
    fn scattered(entries: &[Entry]) -> Vec<u8> {
        let mut rng = Rng::new(6);
        let mut bytes = rng.bytes(777);
        for entry in entries.iter().rev() {
            bytes.extend_from_slice(&entry.value);
            bytes.extend(rng.bytes(13));
        }
        bytes
    }

    #[test]
    fn events_are_found_wherever_they_lie_and_however_large_they_are() {
        let events = sealed();
        let bytes = scattered(&chunk::pack(&events, 5).unwrap());
        let mut finds = Finds::after(0);
        finds.scan(&bytes);
        assert_eq!(finds.following(Head::EMPTY), events);
        let mut finds = Finds::after(1);
        finds.scan(&bytes);
        assert_eq!(finds.before, Some(events[0].header.head()));
        assert_eq!(finds.following(events[0].header.head()), events[1..]);
    }

    #[test]
    fn what_is_not_whole_is_not_found() {
        let events = sealed();
        for at in [1, 4] {
            let entries = chunk::pack(&events, 5).unwrap();
            let mut bytes = scattered(&entries);
            let Payload::Kept { bytes: payload, .. } = &events[at].payload else {
                panic!()
            };
            let part = &payload[payload.len() / 2..payload.len() / 2 + 16];
            let place = bytes.windows(16).position(|window| window == part).unwrap();
            bytes[place] ^= 1;
            let mut finds = Finds::after(0);
            finds.scan(&bytes);
            assert_eq!(finds.following(Head::EMPTY), events[..at]);
        }
    }
}
