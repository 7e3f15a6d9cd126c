//! The thread that writes to sled while the head marker is being written. Whoever waits for it waits only so long: after an
//! error of the disk sled 0.34.7 may wait for ever for a buffer that nobody will write.

use crate::chunk::{Entry, Key};
use crate::fault::Fault;
use crate::store::Store;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

struct Task {
    insert: Arc<Vec<Entry>>,
    remove: Vec<Key>,
}

/// Hands tasks to the thread, one at a time.
#[derive(Debug)]
pub(crate) struct StoreThread {
    store: Arc<Store>,
    tasks: Option<SyncSender<Task>>,
    results: Receiver<Result<(), Fault>>,
    thread: Option<JoinHandle<()>>,
    write_max: Duration,
}

impl StoreThread {
    pub(crate) fn start(store: Arc<Store>, write_max: Duration, dir: &Path) -> Result<Self, Fault> {
        let (tasks, todo) = sync_channel::<Task>(1);
        let (done, results) = sync_channel(1);
        let to_write = Arc::clone(&store);
        let run = move || {
            for task in todo {
                let result = to_write.apply(&task.insert, &task.remove);
                if done.send(result).is_err() {
                    return;
                }
            }
        };
        let thread = Builder::new().name("store-writer".to_owned()).spawn(run);
        Ok(Self {
            store,
            tasks: Some(tasks),
            results,
            thread: Some(thread.map_err(Fault::io("starting the writing thread of", dir))?),
            write_max,
        })
    }

    /// Starts to write `insert` and to delete `remove` as one; [`StoreThread::finish`] must follow.
    pub(crate) fn begin(&self, insert: Arc<Vec<Entry>>, remove: Vec<Key>) -> Result<(), Fault> {
        let tasks = self.tasks.as_ref().ok_or(Fault::WriterGone)?;
        tasks.send(Task { insert, remove }).map_err(|_| Fault::WriterGone)
    }

    /// Waits until what was begun is on the disk. Once that took too long, nothing is read from sled or written to it any
    /// more.
    pub(crate) fn finish(&self) -> Result<(), Fault> {
        match self.results.recv_timeout(self.write_max) {
            Ok(result) => result,
            Err(RecvTimeoutError::Disconnected) => Err(Fault::WriterGone),
            Err(RecvTimeoutError::Timeout) => Err(self.store.give_up(self.write_max)),
        }
    }

    /// Writes and waits.
    pub(crate) fn apply(&self, insert: Vec<Entry>, remove: Vec<Key>) -> Result<(), Fault> {
        self.begin(Arc::new(insert), remove)?;
        self.finish()
    }
}

impl Drop for StoreThread {
    /// Lets the thread end; one that sled keeps is left to itself, and with it sled's lock, until the process ends.
    fn drop(&mut self) {
        drop(self.tasks.take());
        if let Some(thread) = self.thread.take()
            && !self.store.is_given_up()
        {
            let _ended = thread.join();
        }
    }
}
