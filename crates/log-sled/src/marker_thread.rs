//! The thread that writes the head marker while sled's file is being synced.

use crate::chunk::Entry;
use crate::fault::Fault;
use crate::marker::{Mark, Marker};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

enum Task {
    Write(Mark, Arc<Vec<Entry>>),
    Scrub(Mark),
}

/// Hands tasks to the thread, one at a time.
#[derive(Debug)]
pub(crate) struct MarkerThread {
    tasks: Option<SyncSender<Task>>,
    results: Receiver<Result<(), Fault>>,
    thread: Option<JoinHandle<()>>,
}

impl MarkerThread {
    pub(crate) fn start(mut marker: Marker, dir: &Path) -> Result<Self, Fault> {
        let (tasks, todo) = sync_channel(1);
        let (done, results) = sync_channel(1);
        let run = move || {
            for task in todo {
                let result = match task {
                    Task::Write(mark, redo) => marker.write(&mark, &redo),
                    Task::Scrub(mark) => marker.scrub(&mark),
                };
                if done.send(result).is_err() {
                    return;
                }
            }
        };
        let thread = Builder::new().name("head-marker".to_owned()).spawn(run);
        Ok(Self {
            tasks: Some(tasks),
            results,
            thread: Some(thread.map_err(Fault::io("starting the marker thread of", dir))?),
        })
    }

    /// Starts to write; [`MarkerThread::finish`] must follow.
    pub(crate) fn begin(&self, mark: Mark, redo: Arc<Vec<Entry>>) -> Result<(), Fault> {
        self.send(Task::Write(mark, redo))
    }

    /// Waits until what was begun is on the disk.
    pub(crate) fn finish(&self) -> Result<(), Fault> {
        self.results.recv().unwrap_or(Err(Fault::MarkerThread))
    }

    /// Writes without redo and waits.
    pub(crate) fn write(&self, mark: Mark) -> Result<(), Fault> {
        self.send(Task::Write(mark, Arc::default()))?;
        self.finish()
    }

    /// Writes both slots, zeros over all that they carried, and waits.
    pub(crate) fn scrub(&self, mark: Mark) -> Result<(), Fault> {
        self.send(Task::Scrub(mark))?;
        self.finish()
    }

    fn send(&self, task: Task) -> Result<(), Fault> {
        let tasks = self.tasks.as_ref().ok_or(Fault::MarkerThread)?;
        tasks.send(task).map_err(|_| Fault::MarkerThread)
    }
}

impl Drop for MarkerThread {
    fn drop(&mut self) {
        drop(self.tasks.take());
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}
