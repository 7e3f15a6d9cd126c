//! What the kernel asks of the disk.

use super::files::{Content, Entries, Node, ROOT};
use super::{BLOCK, Operation, State, lock};
use fuser::{
    BsdFileFlags, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo, LockOwner,
    OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData, ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyOpen,
    ReplyStatfs, ReplyWrite, Request, TimeOrNow, WriteFlags,
};
use std::ffi::OsStr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Nothing changes but through the kernel: it may remember for ever.
const TTL: Duration = Duration::from_secs(3600);
/// How many bytes the disk says that it has, if it has no bound.
const SIZE: u64 = 1 << 40;

/// The disk as the kernel sees it.
pub(super) struct Mounted(pub(super) Arc<Mutex<State>>);

impl Mounted {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }
}

fn attr(state: &State, inode: u64) -> Result<FileAttr, Errno> {
    let (kind, size) = match state.files.node(inode)? {
        Node::File(content) => (FileType::RegularFile, content.live.len() as u64),
        Node::Dir(_) => (FileType::Directory, 0),
    };
    Ok(FileAttr {
        ino: INodeNo(inode),
        size,
        blocks: size.div_ceil(512),
        atime: UNIX_EPOCH,
        mtime: UNIX_EPOCH,
        ctime: UNIX_EPOCH,
        crtime: UNIX_EPOCH,
        kind,
        perm: 0o755,
        nlink: 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        blksize: u32::try_from(BLOCK).unwrap_or_default(),
        flags: 0,
    })
}

fn empty(result: Result<(), Errno>, reply: ReplyEmpty) {
    match result {
        Ok(()) => reply.ok(),
        Err(errno) => reply.error(errno),
    }
}

fn entry(result: Result<FileAttr, Errno>, reply: ReplyEntry) {
    match result {
        Ok(attr) => reply.entry(&TTL, &attr, Generation(0)),
        Err(errno) => reply.error(errno),
    }
}

impl Filesystem for Mounted {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let state = self.state();
        let found = state.files.find(parent.0, name);
        entry(found.and_then(|inode| attr(&state, inode)), reply);
    }

    fn getattr(&self, _: &Request, inode: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match attr(&self.state(), inode.0) {
            Ok(attr) => reply.attr(&TTL, &attr),
            Err(errno) => reply.error(errno),
        }
    }

    fn setattr(
        &self,
        _: &Request,
        inode: INodeNo,
        _: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        size: Option<u64>,
        _: Option<TimeOrNow>,
        _: Option<TimeOrNow>,
        _: Option<SystemTime>,
        _: Option<FileHandle>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let mut state = self.state();
        let resized = size.map_or(Ok(()), |size| state.resize(inode.0, size));
        match resized.and_then(|()| attr(&state, inode.0)) {
            Ok(attr) => reply.attr(&TTL, &attr),
            Err(errno) => reply.error(errno),
        }
    }

    fn mkdir(&self, _: &Request, parent: INodeNo, name: &OsStr, _: u32, _: u32, reply: ReplyEntry) {
        let mut state = self.state();
        let made = state.make(parent.0, name, Node::Dir(Entries::default()));
        entry(made.and_then(|inode| attr(&state, inode)), reply);
    }

    fn create(&self, _: &Request, parent: INodeNo, name: &OsStr, _: u32, _: u32, _: i32, reply: ReplyCreate) {
        let mut state = self.state();
        let made = state.make(parent.0, name, Node::File(Content::default()));
        match made.and_then(|inode| attr(&state, inode)) {
            Ok(attr) => {
                let handle = FileHandle(state.open(attr.ino.0));
                reply.created(&TTL, &attr, Generation(0), handle, FopenFlags::FOPEN_DIRECT_IO);
            }
            Err(errno) => reply.error(errno),
        }
    }

    fn unlink(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        empty(self.state().free(parent.0, name), reply);
    }

    fn rmdir(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        empty(self.state().free(parent.0, name), reply);
    }

    fn rename(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        new_parent: INodeNo,
        new_name: &OsStr,
        _: RenameFlags,
        reply: ReplyEmpty,
    ) {
        let result = match parent == new_parent {
            true => self.state().rename(parent.0, name, new_name),
            false => Err(Errno::EXDEV),
        };
        empty(result, reply);
    }

    fn open(&self, _: &Request, inode: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        let handle = FileHandle(self.state().open(inode.0));
        // No page of a file stays in the kernel: each read and write comes here.
        reply.opened(handle, FopenFlags::FOPEN_DIRECT_IO);
    }

    fn release(
        &self,
        _: &Request,
        _: INodeNo,
        handle: FileHandle,
        _: OpenFlags,
        _: Option<LockOwner>,
        _: bool,
        reply: ReplyEmpty,
    ) {
        self.state().close(handle.0);
        reply.ok();
    }

    fn read(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let mut state = self.state();
        if state.fails(Operation::Read, inode.0) {
            return reply.error(Errno::EIO);
        }
        match state.files.file(inode.0) {
            Ok(content) => {
                let len = content.live.len();
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(len);
                let end = start
                    .saturating_add(usize::try_from(size).unwrap_or(usize::MAX))
                    .min(len);
                reply.data(&content.live[start..end]);
            }
            Err(errno) => reply.error(errno),
        }
    }

    fn write(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match self.state().write(inode.0, offset, data) {
            Ok(written) => reply.written(u32::try_from(written).unwrap_or_default()),
            Err(errno) => reply.error(errno),
        }
    }

    fn fsync(&self, _: &Request, inode: INodeNo, handle: FileHandle, _: bool, reply: ReplyEmpty) {
        empty(self.state().sync_file(inode.0, handle.0), reply);
    }

    fn fsyncdir(&self, _: &Request, inode: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        empty(self.state().sync(inode.0), reply);
    }

    fn readdir(&self, _: &Request, inode: INodeNo, _: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        let state = self.state();
        let entries = match state.files.dir(inode.0) {
            Ok(entries) => entries,
            Err(errno) => return reply.error(errno),
        };
        let dots = [(OsStr::new("."), inode.0), (OsStr::new(".."), ROOT)];
        let names = entries.live.iter().map(|(name, inode)| (name.as_os_str(), *inode));
        let skipped = usize::try_from(offset).unwrap_or(usize::MAX);
        for (index, (name, inode)) in dots.into_iter().chain(names).enumerate().skip(skipped) {
            let kind = match state.files.node(inode) {
                Ok(Node::File(_)) => FileType::RegularFile,
                _ => FileType::Directory,
            };
            if reply.add(INodeNo(inode), index as u64 + 1, kind, name) {
                break;
            }
        }
        reply.ok();
    }

    fn statfs(&self, _: &Request, _: INodeNo, reply: ReplyStatfs) {
        let state = self.state();
        let room = state.room.min(SIZE);
        let free = room.saturating_sub(state.files.used()) / BLOCK;
        let block = u32::try_from(BLOCK).unwrap_or_default();
        reply.statfs(room / BLOCK, free, free, 1 << 20, 1 << 20, block, 255, block);
    }
}
