//! Making a backup, and adding to it.

use crate::error::BackupError;
use crate::list::{List, NAME, PARTS, PartFile, sync_dir};
use rapporteur_desk::export::{began_line, end_line, line, without_payload};
use rapporteur_desk::restore::{Part, RestoreError, read_part};
use rapporteur_domain::event::Event;
use rapporteur_log::{Head, Payload, Recorded};
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// The most events of a part.
const PART_EVENTS: u64 = 100_000;
/// A last part with fewer events than this is written anew together with what comes next, so that many small backups do not
/// become as many files.
const SMALL_PART: u64 = 10_000;
/// How often a backup goes on to a later head, to take in what tells of a redaction.
const EXTENSIONS_MAX: usize = 3;
/// How much zstd works: 3 is its own choice.
const LEVEL: i32 = 3;

/// What is backed up.
pub trait Source {
    /// Where it ends now.
    ///
    /// # Errors
    /// It cannot tell.
    fn head(&mut self) -> Result<Head, BackupError>;

    /// The part of its export after one position up to another.
    ///
    /// # Errors
    /// It cannot be read.
    fn part(&mut self, after: u64, until: u64) -> Result<Box<dyn Read + '_>, BackupError>;
}

/// What a backup came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// The list of its parts now.
    pub list: List,
    /// How many events are new in it.
    pub events: u64,
    /// How many parts were written.
    pub written: usize,
    /// The positions whose payloads were taken out of it.
    pub redacted: BTreeSet<u64>,
}

/// Adds to the backup in `dir` all that `source` holds now; makes it if the directory is empty or not there. `progress` is told
/// the last position now and then. Until the end the backup is as it was before; what was not finished is removed by the next.
///
/// # Errors
/// See [`BackupError`].
pub fn add(dir: &Path, source: &mut dyn Source, progress: &mut dyn FnMut(u64)) -> Result<Added, BackupError> {
    let head = source.head()?;
    if head.position == 0 {
        return Err(BackupError::Source(
            "nothing is recorded yet, so there is nothing to back up".to_owned(),
        ));
    }
    let (_lock, before) = prepare(dir)?;
    let added = add_to(dir, &before, head, source, progress);
    if added.is_err()
        && let Ok(Some(listed)) = List::read(dir)
    {
        // The error is what is told.
        let _best_effort = remove_strangers(dir, &listed);
    }
    added
}

fn add_to(
    dir: &Path,
    before: &List,
    mut head: Head,
    source: &mut dyn Source,
    progress: &mut dyn FnMut(u64),
) -> Result<Added, BackupError> {
    let parts_dir = dir.join(PARTS);
    let held = before.head(dir)?;
    let other = |store| BackupError::Other { held, store };
    if head.position < held.position || (head.position == held.position && head.hash != held.hash) {
        return Err(other(head));
    }
    before.look(dir)?;
    remove_strangers(dir, before)?;
    let mut list = before.clone();
    if let Some(last) = list.parts.last()
        && head.position > held.position
        && last.last - last.first + 1 < SMALL_PART
    {
        list.parts.pop();
    }
    let mut told = Told {
        held,
        ..Told::default()
    };
    let (mut written, mut extensions) = (0, 0);
    loop {
        let after = list.parts.last().map_or(0, |part| part.last);
        if after < head.position {
            let until = head.position.min(after + PART_EVENTS);
            let part = write(&parts_dir, source, after, until, &mut told, progress)?;
            list.parts.push(part);
            written += 1;
            continue;
        }
        // What was redacted meanwhile is gone from the source, and what tells of it came after its head: it belongs here too.
        let known = before.parts.iter().flat_map(|part| &part.redacted);
        let known: BTreeSet<u64> = known.chain(&told.redacted).copied().collect();
        let is_told = |part: &PartFile| part.redacted.is_subset(&known);
        if list.parts.iter().all(is_told) || extensions == EXTENSIONS_MAX {
            break;
        }
        head = source.head()?;
        extensions += 1;
    }
    if let Some(store) = told.at_held.filter(|store| *store != held) {
        return Err(other(store));
    }
    let mut redacted = BTreeSet::new();
    for part in &mut list.parts {
        let gone = told.redacted.range(part.first..=part.last).copied();
        let gone: BTreeSet<u64> = gone.filter(|position| !part.redacted.contains(position)).collect();
        if !gone.is_empty() {
            let (after, until) = (part.first - 1, part.last);
            *part = write(&parts_dir, source, after, until, &mut told, progress)?;
            written += 1;
            redacted.extend(gone);
        }
    }
    list.position = head.position;
    list.hash = list.parts.last().map_or(list.hash, |part| part.hash.clone());
    if list != *before {
        sync_dir(&parts_dir)?;
        list.write(dir)?;
        remove_strangers(dir, &list)?;
    }
    Ok(Added {
        events: head.position - held.position,
        written,
        redacted,
        list,
    })
}

/// What the lines said.
#[derive(Default)]
struct Told {
    held: Head,
    /// What the source has where the backup ended.
    at_held: Option<Head>,
    /// What it says was redacted.
    redacted: BTreeSet<u64>,
}

/// Writes one part.
fn write(
    parts_dir: &Path,
    source: &mut dyn Source,
    after: u64,
    until: u64,
    told: &mut Told,
    progress: &mut dyn FnMut(u64),
) -> Result<PartFile, BackupError> {
    let failed = |what| BackupError::io(what, parts_dir);
    let file = NamedTempFile::with_prefix_in(".part-", parts_dir).map_err(failed("writing to"))?;
    let mut packed = zstd::Encoder::new(file, LEVEL).map_err(failed("writing to"))?;
    packed.include_checksum(true).map_err(failed("writing to"))?;
    let mut redacted = BTreeSet::new();
    let mut began = false;
    let lines = BufReader::new(source.part(after, until)?);
    let part = read_part(lines, &mut |_, stored| {
        // What opens and closes the part is written here.
        let Some(mut stored) = stored else { return Ok(()) };
        let position = stored.header.position;
        if told.redacted.contains(&position) {
            // The source may still have it: its record comes before the payload goes.
            stored = without_payload(&stored);
        }
        if stored.payload == Payload::Redacted {
            redacted.insert(position);
        }
        let follows = Head {
            position: position - 1,
            hash: stored.header.prev_hash,
        };
        let opening = (!std::mem::replace(&mut began, true)).then(|| began_line(&follows));
        for line in opening.into_iter().chain([line(&stored)]) {
            let line = line.map_err(|error| RestoreError::Write(io::Error::other(error)))?;
            writeln!(packed, "{line}").map_err(RestoreError::Write)?;
        }
        if position == told.held.position {
            told.at_held = Some(stored.header.head());
        }
        // The line was verified: it can be decoded.
        if let Ok(recorded) = Recorded::decode(&stored)
            && let Some(Event::RecordRedacted(of)) = &recorded.event
        {
            told.redacted.insert(of.position);
        }
        progress(position);
        Ok(())
    });
    let part = part.map_err(|error| match error {
        RestoreError::Write(error) => failed("writing to")(error),
        error => BackupError::Line(error),
    })?;
    if part.after.position == told.held.position {
        told.at_held = Some(part.after);
    }
    check_ends(&part, after, until)?;
    writeln!(packed, "{}", end_line(part.head, redacted.len() as u64)?).map_err(failed("writing to"))?;
    let mut file = packed.finish().map_err(failed("writing to"))?;
    file.as_file().sync_all().map_err(failed("syncing"))?;
    let (bytes, blake3) = measure(file.as_file_mut()).map_err(failed("reading"))?;
    let first = after + 1;
    let name = format!("{first:012}-{until:012}-{}.ndjson.zst", &blake3[..16]);
    let path = parts_dir.join(&name);
    file.persist(&path)
        .map_err(|error| BackupError::io("replacing", &path)(error.error))?;
    Ok(PartFile {
        file: name,
        first,
        last: until,
        hash: part.head.hash.to_string(),
        bytes,
        blake3,
        redacted,
    })
}

fn check_ends(part: &Part, after: u64, until: u64) -> Result<(), BackupError> {
    let (from, to) = (part.after.position, part.head.position);
    match (from, to) == (after, until) {
        true => Ok(()),
        false => Err(BackupError::Source(format!(
            "the events after position {after} up to {until} were asked for, and those after {from} up to {to} were given"
        ))),
    }
}

/// The length of a file and its BLAKE3.
pub(crate) fn measure(file: &mut File) -> io::Result<(u64, String)> {
    io::Seek::rewind(file)?;
    let mut hasher = blake3::Hasher::new();
    let bytes = io::copy(file, &mut hasher)?;
    Ok((bytes, hasher.finalize().to_string()))
}

/// Makes the directories, takes the lock of those who write there, and reads the list. The list of a new backup is written at
/// once, empty: whatever parts it does not name then are its own.
fn prepare(dir: &Path) -> Result<(File, List), BackupError> {
    if dir.is_dir() && !dir.join(NAME).exists() {
        let foreign = |name: String| BackupError::Foreign {
            dir: dir.to_owned(),
            name,
        };
        for name in names(dir)? {
            if ![PARTS, "lock", "lost+found"].contains(&&*name) && !name.starts_with(".backup-") {
                return Err(foreign(name));
            }
        }
        let parts_dir = dir.join(PARTS);
        if parts_dir.is_dir()
            && let Some(name) = names(&parts_dir)?.into_iter().next()
        {
            return Err(foreign(format!("{PARTS}/{name}")));
        }
    }
    let parts_dir = dir.join(PARTS);
    fs::create_dir_all(&parts_dir).map_err(BackupError::io("creating", &parts_dir))?;
    let path = dir.join("lock");
    let lock = File::options().write(true).create(true).truncate(false).open(&path);
    let lock = lock.map_err(BackupError::io("opening", &path))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(BackupError::InUse(dir.to_owned())),
        Err(TryLockError::Error(error)) => return Err(BackupError::io("locking", &path)(error)),
    }
    let list = match List::read(dir)? {
        Some(list) => list,
        None => {
            let list = List::empty();
            list.write(dir)?;
            list
        }
    };
    Ok((lock, list))
}

/// The names in a directory.
fn names(dir: &Path) -> Result<Vec<String>, BackupError> {
    let entries = fs::read_dir(dir).map_err(BackupError::io("reading", dir))?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names
        .collect::<io::Result<_>>()
        .map_err(BackupError::io("reading", dir))
}

/// Removes what an interrupted backup left, and parts that are listed no more.
fn remove_strangers(dir: &Path, list: &List) -> Result<(), BackupError> {
    let parts_dir = dir.join(PARTS);
    let listed: BTreeSet<&str> = list.parts.iter().map(|part| part.file.as_str()).collect();
    for name in names(&parts_dir)? {
        if (is_part(&name) || name.starts_with(".part-")) && !listed.contains(&*name) {
            let path = parts_dir.join(&name);
            fs::remove_file(&path).map_err(BackupError::io("removing", &path))?;
        }
    }
    for name in names(dir)?.iter().filter(|name| name.starts_with(".backup-")) {
        let path = dir.join(name);
        fs::remove_file(&path).map_err(BackupError::io("removing", &path))?;
    }
    sync_dir(&parts_dir)?;
    sync_dir(dir)
}

/// Whether a file has a name as parts have.
fn is_part(name: &str) -> bool {
    let Some(parts) = name.strip_suffix(".ndjson.zst") else {
        return false;
    };
    let lengths: Vec<usize> = parts.split('-').map(str::len).collect();
    lengths == [12, 12, 16] && parts.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}
