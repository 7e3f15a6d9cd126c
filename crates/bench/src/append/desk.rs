//! Our desk: commands are decided, hashed, stored, synced, folded into every view, and acknowledged.

use super::{Appends, Round};
use crate::Failed;
use crate::claims::load_facts;
use rapporteur_desk::Desk;
use rapporteur_desk::outcome::Outcome;
use rapporteur_domain::command::Command;
use rapporteur_log_sled::{Options, SledLog};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// A desk on a store of its own that has recorded the facts.
pub(crate) fn open(dir: &Path) -> Result<Desk, Failed> {
    let log = SledLog::open(dir, &Options::default())?;
    let desk = Desk::open(Arc::new(log), crate::clock(), &mut |_| {})?;
    load_facts(&desk)?;
    Ok(desk)
}

/// Each client records one command after the other. Ends early where the commands do.
pub(crate) fn round(
    runtime: &Runtime,
    dir: &Path,
    commands: &Arc<[Command]>,
    clients: usize,
    long: Duration,
) -> Result<Round, Failed> {
    let desk = open(dir)?;
    let (appends, next) = (Appends::default(), Arc::new(AtomicUsize::new(0)));
    let started = Instant::now();
    let tasks = (0..clients).map(|_| {
        let (desk, commands, next, appends) = (desk.clone(), Arc::clone(commands), Arc::clone(&next), appends.clone());
        runtime.spawn(async move {
            while started.elapsed() < long
                && let Some(command) = commands.get(next.fetch_add(1, Ordering::Relaxed))
            {
                let asked = Instant::now();
                match desk.record(vec![Ok(command.clone())], "bench").await? {
                    Outcome::Recorded(_) => appends.took(asked.elapsed()),
                    other => return Err::<(), Failed>(format!("{other:?}").into()),
                }
            }
            Ok(())
        })
    });
    let tasks: Vec<_> = tasks.collect();
    super::join(runtime, tasks)?;
    Ok(appends.round(started.elapsed()))
}
