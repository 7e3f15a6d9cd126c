//! Group commit in front of a store: one thread takes what waits, writes it at once, and answers.

use super::{Appends, Round};
use crate::Failed;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// The most events that one commit takes, as the desk's sequencer does.
const GROUP_MAX: usize = 4_096;

/// A store that writes many events at once, and returns when a power cut would not undo it.
pub(crate) trait Group: Send {
    /// Writes these.
    fn commit(&mut self, events: &[Arc<[u8]>]) -> Result<(), Failed>;
}

/// Clients who each append one event after the other, through group commit.
pub(crate) fn round<G: Group + 'static>(
    runtime: &Runtime,
    mut store: G,
    events: &Arc<[Arc<[u8]>]>,
    clients: usize,
    long: Duration,
) -> Result<Round, Failed> {
    let (queue, waiting) = sync_channel::<(Arc<[u8]>, oneshot::Sender<()>)>(8_192);
    let writer = thread::spawn(move || -> Result<(), Failed> {
        while let Ok(first) = waiting.recv() {
            let (mut group, mut answers) = (vec![first.0], vec![first.1]);
            while group.len() < GROUP_MAX
                && let Ok((event, answer)) = waiting.try_recv()
            {
                group.push(event);
                answers.push(answer);
            }
            store.commit(&group)?;
            for answer in answers {
                let _gone = answer.send(());
            }
        }
        Ok(())
    });
    let appends = Appends::default();
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let tasks = (0..clients).map(|_| {
        let (queue, events, next, appends) = (queue.clone(), Arc::clone(events), Arc::clone(&next), appends.clone());
        runtime.spawn(async move {
            while started.elapsed() < long {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let asked = Instant::now();
                let (answer, told) = oneshot::channel();
                queue.send((Arc::clone(&events[number % events.len()]), answer))?;
                told.await?;
                appends.took(asked.elapsed());
            }
            Ok::<_, Failed>(())
        })
    });
    let tasks: Vec<_> = tasks.collect();
    drop(queue);
    super::join(runtime, tasks)?;
    let seen = appends.round(started.elapsed());
    writer.join().map_err(|_| "the writer panicked")??;
    Ok(seen)
}
