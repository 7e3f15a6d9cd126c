//! What a power cut leaves.

use super::files::{Change, Content, Entries, Files, Node, ROOT};
use crate::rng::Rng;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::{fs, io};

/// What a disk writes whole or not at all, in bytes.
const SECTOR: usize = 512;

/// The files and directories on a medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Image {
    /// A file's bytes.
    File(Vec<u8>),
    /// What the names in a directory stand for.
    Dir(BTreeMap<OsString, Image>),
}

impl Image {
    /// A medium without any file.
    #[must_use]
    pub const fn empty() -> Self {
        Self::Dir(BTreeMap::new())
    }

    /// Writes all of it below `path`, for people to look at.
    ///
    /// # Errors
    /// What the system says.
    pub fn write_to(&self, path: &Path) -> io::Result<()> {
        match self {
            Self::File(bytes) => fs::write(path, bytes),
            Self::Dir(names) => {
                fs::create_dir_all(path)?;
                names
                    .iter()
                    .try_for_each(|(name, image)| image.write_to(&path.join(name)))
            }
        }
    }
}

/// How much of what was not synced is there after a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// Nothing of it.
    All,
    /// All of it, as after a kill.
    None,
    /// What was done up to some change, on the whole disk.
    Tail,
    /// All of it in some files and directories, nothing in others.
    SomeFiles,
    /// In each file some sectors, each as of some moment, and some size; in each directory what was done up to some change.
    Torn,
}

impl Loss {
    /// Any of them.
    pub(super) fn any(rng: &mut Rng) -> Self {
        let all = [Self::All, Self::None, Self::Tail, Self::SomeFiles, Self::Torn];
        all[usize::try_from(rng.below(all.len() as u64)).unwrap_or_default()]
    }
}

/// What of one file or directory is there.
enum Fate {
    UpTo(u64),
    Torn,
}

/// What is on the medium after a cut.
pub(super) fn image(files: &Files, loss: Loss, rng: &mut Rng) -> Image {
    let tail = rng.below(files.changes + 1);
    image_of(files, ROOT, &mut |rng| fate(loss, tail, rng), rng)
}

fn fate(loss: Loss, tail: u64, rng: &mut Rng) -> Fate {
    match loss {
        Loss::All => Fate::UpTo(0),
        Loss::None => Fate::UpTo(u64::MAX),
        Loss::Tail => Fate::UpTo(tail),
        Loss::SomeFiles if rng.below(2) == 0 => Fate::UpTo(0),
        Loss::SomeFiles => Fate::UpTo(u64::MAX),
        Loss::Torn => Fate::Torn,
    }
}

fn image_of(files: &Files, inode: u64, fate: &mut dyn FnMut(&mut Rng) -> Fate, rng: &mut Rng) -> Image {
    match files.node(inode) {
        Ok(Node::File(content)) => Image::File(match fate(rng) {
            Fate::UpTo(last) => up_to(content, last),
            Fate::Torn => torn(content, rng),
        }),
        Ok(Node::Dir(entries)) => {
            let names = names(entries, &fate(rng), rng);
            let image = |(name, inode)| (name, image_of(files, inode, fate, rng));
            Image::Dir(names.into_iter().map(image).collect())
        }
        Err(_) => Image::empty(),
    }
}

fn names(entries: &Entries, fate: &Fate, rng: &mut Rng) -> BTreeMap<OsString, u64> {
    let last = match fate {
        Fate::UpTo(last) => *last,
        Fate::Torn => {
            let kept = rng.below(entries.since.len() as u64 + 1);
            let before = usize::try_from(kept).unwrap_or_default().checked_sub(1);
            before.map_or(0, |index| entries.since[index].0)
        }
    };
    let mut names = entries.kept.clone();
    for (_, naming) in entries.since.iter().filter(|(number, _)| *number <= last) {
        naming.apply(&mut names);
    }
    names
}

fn up_to(content: &Content, last: u64) -> Vec<u8> {
    let mut bytes = content.kept.clone();
    for (_, change) in content.since.iter().filter(|(number, _)| *number <= last) {
        change.apply(&mut bytes);
    }
    bytes
}

/// Each sector as of some moment since the last sync, the size as of another.
fn torn(content: &Content, rng: &mut Rng) -> Vec<u8> {
    let mut sizes = vec![content.kept.len()];
    let mut writes: BTreeMap<usize, Vec<(usize, &[u8])>> = BTreeMap::new();
    for (_, change) in &content.since {
        let size = sizes.last().copied().unwrap_or_default();
        match change {
            Change::Size(size) => sizes.push(*size),
            Change::Bytes { at, bytes } => {
                sizes.push(size.max(at + bytes.len()));
                for (start, part) in sectors(*at, bytes) {
                    writes.entry(start / SECTOR).or_default().push((start, part));
                }
            }
        }
    }
    let size = sizes[usize::try_from(rng.below(sizes.len() as u64)).unwrap_or_default()];
    let longest = sizes.iter().copied().max().unwrap_or_default();
    let mut found = content.kept.clone();
    found.resize(longest, 0);
    for of_sector in writes.values() {
        let there = usize::try_from(rng.below(of_sector.len() as u64 + 1)).unwrap_or_default();
        for (start, part) in &of_sector[..there] {
            found[*start..start + part.len()].copy_from_slice(part);
        }
    }
    found.truncate(size);
    found
}

/// `bytes`, which begin at `at`, cut where sectors end: each part with its place.
fn sectors(at: usize, bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let start = at + done;
        let len = (SECTOR - start % SECTOR).min(bytes.len() - done);
        let part = bytes.get(done..done + len).filter(|part| !part.is_empty())?;
        done += len;
        Some((start, part))
    })
}
