//! Finding events in bytes of sled's that sled itself does not read any more. Each event bears its own hash, and each value its
//! checksum, so what is found is what was written.

use crate::chunk::{self, CONTENT_MAX, Entry, VALUE_HEAD, VALUE_MAX};
use crate::fault::Fault;
use rapporteur_log::envelope::payload_hash;
use rapporteur_log::{Hash, Head, Payload, Stored, chain};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What was found of the events after some position.
#[derive(Debug, Default)]
pub(crate) struct Finds {
    after: u64,
    events: BTreeMap<u64, Vec<Stored>>,
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

    /// Takes an event. Of one that is there twice, the one without its payload: old pages still hold what was redacted since. Others of
    /// the same position are kept too: one may never have been acknowledged.
    pub(crate) fn take(&mut self, event: Stored) {
        let head = event.header.head();
        if head.position <= self.after {
            if self.before.is_none_or(|before| before.position < head.position) {
                self.before = Some(head);
            }
            return;
        }
        let found = self.events.entry(head.position).or_default();
        match found.iter_mut().find(|known| known.header.hash == head.hash) {
            Some(known) if event.payload == Payload::Redacted => *known = event,
            Some(_) => {}
            None => found.push(event),
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

    /// Looks for events in a file of sled's.
    pub(crate) fn scan(&mut self, path: &Path) -> Result<(), Fault> {
        events_in(path, &mut |event| self.take(event))
    }

    /// The events after one head up to another, all of them; none where one is missing. They are told from others of their positions
    /// by the hash that comes last.
    pub(crate) fn between(&self, after: Head, last: Head) -> Option<Vec<Stored>> {
        let (mut hash, mut events) = (last.hash, Vec::new());
        for position in (after.position + 1..=last.position).rev() {
            let of_position = self.events.get(&position)?;
            let event = of_position.iter().find(|event| event.header.hash == hash)?;
            hash = event.header.prev_hash;
            events.push(event.clone());
        }
        events.reverse();
        chain::check(&after, &events).ok().filter(|head| *head == last)?;
        Some(events)
    }

    /// The events that follow on the position asked for, one after the other, whose chain is whole. Where there are several of one
    /// position, that which leads to `marked`.
    pub(crate) fn following(&self, after: Head, marked: Option<Head>) -> Vec<Stored> {
        let leading = marked.map(|marked| self.leading_to(marked)).unwrap_or_default();
        let (mut head, mut events) = (after, Vec::new());
        while let Some(found) = self.events.get(&(head.position + 1)) {
            let wanted = leading.get(&(head.position + 1));
            let (right, others): (Vec<_>, Vec<_>) = found.iter().partition(|event| wanted == Some(&event.header.hash));
            let mut choices = right.into_iter().chain(others);
            let next = choices.find_map(|event| Some((chain::check(&head, std::slice::from_ref(event)).ok()?, event)));
            let Some((next, event)) = next else { break };
            head = next;
            events.push(event.clone());
        }
        events
    }

    /// The hashes of the events that lead to a head without a gap, by position.
    pub(crate) fn leading_to(&self, marked: Head) -> BTreeMap<u64, Hash> {
        let (mut hash, mut leading) = (marked.hash, BTreeMap::new());
        for (position, found) in self.events.range(..=marked.position).rev() {
            let is_next = *position + leading.len() as u64 == marked.position;
            let event = found.iter().find(|event| event.header.hash == hash);
            let Some(event) = event.filter(|_| is_next) else { break };
            leading.insert(*position, hash);
            hash = event.header.prev_hash;
        }
        leading
    }
}

/// How much of a file is looked at at once.
const WINDOW: usize = 16 * 1024 * 1024;

/// Gives every event that lies whole in a file of sled's, in live pages and in old ones: some of them more than once.
pub(crate) fn events_in(path: &Path, each: &mut dyn FnMut(Stored)) -> Result<(), Fault> {
    let read = |error| Fault::io("reading", path)(error);
    let mut file = File::open(path).map_err(read)?;
    let mut parts = Parts::default();
    let mut window: Vec<u8> = Vec::new();
    loop {
        // What may begin in the window before and end in this one.
        let kept = window.len().min(VALUE_MAX);
        window.drain(..window.len() - kept);
        let taken = Read::by_ref(&mut file).take(WINDOW as u64).read_to_end(&mut window);
        if taken.map_err(read)? == 0 {
            break;
        }
        for start in 0..window.len() {
            let rest = &window[start..];
            if begins_event(rest)
                && let Ok(event) = Stored::decode(rest)
                && is_whole(&event)
            {
                each(event);
            }
            parts.look(rest);
        }
    }
    parts.whole(each);
    Ok(())
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

/// What may be values of chunks that have several, by the number of values and the end of the append, in the order of the file. Their
/// keys are not beside them: sled leaves out what keys of one page have in common.
#[derive(Default)]
struct Parts(BTreeMap<(u16, u64), Vec<Vec<u8>>>);

impl Parts {
    /// No event is larger than so many parts.
    const PARTS_MAX: u16 = 4_096;

    /// Takes what begins here, if it may be a part.
    fn look(&mut self, bytes: &[u8]) {
        let Some((head, _)) = bytes.split_first_chunk::<VALUE_HEAD>() else {
            return;
        };
        let parts = u16::from_be_bytes([head[9], head[10]]);
        // Positions have far fewer than 48 bits.
        if head[0] != chunk::FORMAT || !(2..=Self::PARTS_MAX).contains(&parts) || head[11..13] != [0, 0] {
            return;
        }
        let mut append_last = [0; 8];
        append_last.copy_from_slice(&head[11..]);
        let of_append = self.0.entry((parts, u64::from_be_bytes(append_last))).or_default();
        of_append.push(bytes[..bytes.len().min(VALUE_MAX)].to_vec());
    }

    /// Gives the events whose parts are all there.
    fn whole(&self, each: &mut dyn FnMut(Stored)) {
        for ((parts, _), found) in &self.0 {
            for (at, first) in found.iter().enumerate() {
                let Some((position, len)) = begins(first, *parts) else {
                    continue;
                };
                let content = (0..*parts).map(|number| {
                    let len = match number + 1 == *parts {
                        true => (4 + len).saturating_sub(usize::from(number) * CONTENT_MAX),
                        false => CONTENT_MAX,
                    };
                    let key = chunk::key(position, number);
                    // The next part mostly lies behind this one.
                    let next = at + usize::from(number);
                    let (before, from) = found.split_at(next.min(found.len()));
                    let mut values = from
                        .iter()
                        .chain(before)
                        .filter_map(|bytes| bytes.get(..VALUE_HEAD + len));
                    values.find_map(|value| chunk::open(&key, value).ok().map(|part| part.content))
                });
                let Some(content) = content.collect::<Option<Vec<_>>>() else {
                    continue;
                };
                let events = chunk::events(&content.concat()).unwrap_or_default();
                events.into_iter().filter(is_whole).for_each(&mut *each);
            }
        }
    }
}

/// The position and the length of the event that begins with this part, if one does.
fn begins(part: &[u8], parts: u16) -> Option<(u64, usize)> {
    let (len, event) = part.get(VALUE_HEAD..)?.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
    let fits = (4 + len).div_ceil(CONTENT_MAX) == usize::from(parts);
    let position = event.get(3..).filter(|_| fits && begins_event(event))?;
    Some((minicbor::Decoder::new(position).u64().ok()?, len))
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

    fn file_of(bytes: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        file
    }

    #[test]
    fn an_event_between_two_windows_is_found() {
        let events = sealed();
        let entries = chunk::pack(&events[..1], 1).unwrap();
        let mut bytes = vec![0; WINDOW - 100];
        bytes.extend_from_slice(&entries[0].value);
        let mut finds = Finds::after(0);
        finds.scan(file_of(&bytes).path()).unwrap();
        assert_eq!(finds.following(Head::EMPTY, None), events[..1]);
    }

    #[test]
    fn events_are_found_wherever_they_lie_and_however_large_they_are() {
        let events = sealed();
        let file = file_of(&scattered(&chunk::pack(&events, 5).unwrap()));
        let mut finds = Finds::after(0);
        finds.scan(file.path()).unwrap();
        assert_eq!(finds.following(Head::EMPTY, None), events);
        let mut finds = Finds::after(1);
        finds.scan(file.path()).unwrap();
        assert_eq!(finds.before, Some(events[0].header.head()));
        assert_eq!(finds.following(events[0].header.head(), None), events[1..]);
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
            finds.scan(file_of(&bytes).path()).unwrap();
            assert_eq!(finds.following(Head::EMPTY, None), events[..at]);
        }
    }
}
