//! Files and directories as a running system sees them, and as the medium has them.

use fuser::Errno;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// The inode of the directory above all.
pub(super) const ROOT: u64 = 1;

/// What a name stands for.
#[derive(Debug)]
pub(super) enum Node {
    File(Content),
    Dir(Entries),
}

/// A file's bytes.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// What a reader sees.
    pub(super) live: Vec<u8>,
    /// What the medium has for sure.
    pub(super) kept: Vec<u8>,
    /// What was done to `live` and not to `kept`, in order, each with its number among all changes of the disk.
    pub(super) since: Vec<(u64, Change)>,
}

/// One change of a file.
#[derive(Debug)]
pub(super) enum Change {
    Bytes { at: usize, bytes: Vec<u8> },
    Size(usize),
}

impl Change {
    /// Does it to `content`.
    pub(super) fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Size(size) => content.resize(*size, 0),
            Self::Bytes { at, bytes } => {
                let end = at + bytes.len();
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[*at..end].copy_from_slice(bytes);
            }
        }
    }
}

/// A directory's names.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// What a reader sees.
    pub(super) live: BTreeMap<OsString, u64>,
    /// What the medium has for sure.
    pub(super) kept: BTreeMap<OsString, u64>,
    /// What was done to `live` and not to `kept`, as in [`Content::since`].
    pub(super) since: Vec<(u64, Naming)>,
}

/// One change of a directory.
#[derive(Debug, Clone)]
pub(super) enum Naming {
    Bind(OsString, u64),
    Free(OsString),
    /// Both at once, as journalling file systems do it.
    Rename(OsString, OsString),
}

impl Naming {
    /// Does it to `names`.
    pub(super) fn apply(&self, names: &mut BTreeMap<OsString, u64>) {
        match self {
            Self::Bind(name, inode) => {
                names.insert(name.clone(), *inode);
            }
            Self::Free(name) => {
                names.remove(name);
            }
            Self::Rename(from, to) => {
                if let Some(inode) = names.remove(from) {
                    names.insert(to.clone(), inode);
                }
            }
        }
    }
}

/// All inodes. They are never given again, and none goes as long as the disk is mounted.
#[derive(Debug)]
pub(super) struct Files {
    nodes: BTreeMap<u64, Node>,
    /// How many changes there were.
    pub(super) changes: u64,
}

impl Files {
    pub(super) fn new() -> Self {
        Self {
            nodes: BTreeMap::from([(ROOT, Node::Dir(Entries::default()))]),
            changes: 0,
        }
    }

    pub(super) fn node(&self, inode: u64) -> Result<&Node, Errno> {
        self.nodes.get(&inode).ok_or(Errno::ENOENT)
    }

    pub(super) fn file(&self, inode: u64) -> Result<&Content, Errno> {
        match self.node(inode)? {
            Node::File(content) => Ok(content),
            Node::Dir(_) => Err(Errno::EISDIR),
        }
    }

    pub(super) fn dir(&self, inode: u64) -> Result<&Entries, Errno> {
        match self.node(inode)? {
            Node::Dir(entries) => Ok(entries),
            Node::File(_) => Err(Errno::ENOTDIR),
        }
    }

    fn file_mut(&mut self, inode: u64) -> Result<&mut Content, Errno> {
        match self.nodes.get_mut(&inode) {
            Some(Node::File(content)) => Ok(content),
            Some(Node::Dir(_)) => Err(Errno::EISDIR),
            None => Err(Errno::ENOENT),
        }
    }

    fn dir_mut(&mut self, inode: u64) -> Result<&mut Entries, Errno> {
        match self.nodes.get_mut(&inode) {
            Some(Node::Dir(entries)) => Ok(entries),
            Some(Node::File(_)) => Err(Errno::ENOTDIR),
            None => Err(Errno::ENOENT),
        }
    }

    /// The inode that `name` stands for in `dir`.
    pub(super) fn find(&self, dir: u64, name: &OsStr) -> Result<u64, Errno> {
        self.dir(dir)?.live.get(name).copied().ok_or(Errno::ENOENT)
    }

    /// The bytes in all files that have a name, or are still open.
    pub(super) fn used(&self) -> u64 {
        let len = |node: &Node| match node {
            Node::File(content) => content.live.len() as u64,
            Node::Dir(_) => 0,
        };
        self.nodes.values().map(len).sum()
    }

    /// Makes `node` under `name` in `dir`.
    pub(super) fn make(&mut self, dir: u64, name: &OsStr, node: Node) -> Result<u64, Errno> {
        if self.dir(dir)?.live.contains_key(name) {
            return Err(Errno::EEXIST);
        }
        let inode = self.nodes.keys().next_back().map_or(ROOT, |last| last + 1);
        self.nodes.insert(inode, node);
        self.name(dir, Naming::Bind(name.to_owned(), inode))?;
        Ok(inode)
    }

    /// Takes `name` out of `dir`.
    pub(super) fn free(&mut self, dir: u64, name: &OsStr) -> Result<(), Errno> {
        let inode = self.find(dir, name)?;
        if let Node::Dir(entries) = self.node(inode)?
            && !entries.live.is_empty()
        {
            return Err(Errno::ENOTEMPTY);
        }
        self.name(dir, Naming::Free(name.to_owned()))
    }

    /// Gives what `from` stands for in `dir` the name `to`, over what had it.
    pub(super) fn rename(&mut self, dir: u64, from: &OsStr, to: &OsStr) -> Result<(), Errno> {
        self.find(dir, from)?;
        self.name(dir, Naming::Rename(from.to_owned(), to.to_owned()))
    }

    fn name(&mut self, dir: u64, naming: Naming) -> Result<(), Errno> {
        self.changes += 1;
        let number = self.changes;
        let entries = self.dir_mut(dir)?;
        naming.apply(&mut entries.live);
        entries.since.push((number, naming));
        Ok(())
    }

    /// Changes the file `inode`.
    pub(super) fn change(&mut self, inode: u64, change: Change) -> Result<(), Errno> {
        self.changes += 1;
        let number = self.changes;
        let content = self.file_mut(inode)?;
        change.apply(&mut content.live);
        content.since.push((number, change));
        Ok(())
    }

    /// Brings a file or directory to the medium.
    pub(super) fn sync(&mut self, inode: u64) -> Result<(), Errno> {
        match self.nodes.get_mut(&inode).ok_or(Errno::ENOENT)? {
            Node::File(content) => {
                for (_, change) in content.since.drain(..) {
                    change.apply(&mut content.kept);
                }
            }
            Node::Dir(entries) => {
                for (_, naming) in entries.since.drain(..) {
                    naming.apply(&mut entries.kept);
                }
            }
        }
        Ok(())
    }

    /// Forgets that a file's changes are not on the medium, as Linux does when writing them failed: readers go on seeing
    /// them, and the next sync succeeds.
    pub(super) fn give_up(&mut self, inode: u64) -> Result<(), Errno> {
        if let Node::File(content) = self.nodes.get_mut(&inode).ok_or(Errno::ENOENT)? {
            content.since.clear();
        }
        Ok(())
    }
}
