//! Acknowledged appends per second, with and without the head marker, at 1 and 64 callers who share group commits.
//! Prints one row per way of writing. `cargo run --release -p rapporteur-log-sled --example acks [directory] [seconds] [way]`
#![expect(clippy::unwrap_used, reason = "a measurement stops at the first surprise")]

use rapporteur_log::chain::{check, seal};
use rapporteur_log::{Draft, EventLog, Head};
use rapporteur_log_sled::{Options, SledLog};
use rapporteur_testkit::drafts::draft_of;
use rapporteur_testkit::rng::Rng;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// The most events that one append takes from the queue.
const GROUP_MAX: usize = 256;
/// The bytes of one payload, as a real event has.
const PAYLOAD: usize = 600;

/// Writes the events of one group, durably.
type WriteGroup = Box<dyn FnMut(Vec<Draft>) + Send>;

/// Prepares to write in a directory.
type Way = fn(&Path) -> WriteGroup;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dir = args
        .first()
        .map_or_else(std::env::temp_dir, PathBuf::from)
        .join("acks-measurement");
    let seconds = args.get(1).and_then(|n| n.parse().ok()).unwrap_or(4);
    println!(
        "{:44} {:>10} {:>10}",
        "acknowledged appends per second", "1 caller", "64 callers"
    );
    let ways: [(&str, Way); 4] = [
        ("file alone, one fdatasync per group", file_alone),
        ("sled and fdatasync, no marker", |dir| bare(dir, false)),
        ("sled and fdatasync, then marker", |dir| bare(dir, true)),
        ("SledLog: marker beside sled", sled_log),
    ];
    let wanted = args.get(2).map_or("", String::as_str);
    for (name, way) in ways.into_iter().filter(|(name, _)| name.contains(wanted)) {
        let rates = [1, 64].map(|callers| {
            let _absent = fs::remove_dir_all(&dir);
            fs::create_dir_all(&dir).unwrap();
            measure(way(&dir), callers, Duration::from_secs(seconds))
        });
        println!("{name:44} {:>10} {:>10}", rates[0], rates[1]);
    }
    fs::remove_dir_all(&dir).unwrap();
}

/// Events acknowledged per second.
fn measure(mut write: WriteGroup, callers: usize, during: Duration) -> u64 {
    let (queue, todo) = sync_channel::<(Draft, Sender<()>)>(callers);
    let (stop, acks) = (AtomicBool::new(false), AtomicU64::new(0));
    let started = Instant::now();
    thread::scope(|scope| {
        scope.spawn(move || {
            while let Ok(first) = todo.recv() {
                let group: Vec<_> = std::iter::once(first)
                    .chain(todo.try_iter().take(GROUP_MAX - 1))
                    .collect();
                let (drafts, waiting): (Vec<_>, Vec<_>) = group.into_iter().unzip();
                write(drafts);
                waiting.iter().for_each(|caller| caller.send(()).unwrap());
            }
        });
        for caller in 0..callers {
            let (queue, stop, acks) = (queue.clone(), &stop, &acks);
            scope.spawn(move || {
                let draft = draft_of(PAYLOAD, &mut Rng::new(caller as u64));
                let (told, done) = channel();
                while !stop.load(Ordering::Relaxed) {
                    queue.send((draft.clone(), told.clone())).unwrap();
                    done.recv().unwrap();
                    acks.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        drop(queue);
        thread::sleep(during);
        stop.store(true, Ordering::Relaxed);
    });
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap();
    acks.load(Ordering::Relaxed) * 1_000_000 / micros
}

fn sled_log(dir: &Path) -> WriteGroup {
    let log = SledLog::open(&dir.join("store"), &Options::default()).unwrap();
    Box::new(move |drafts| {
        let head = log.head().unwrap();
        log.append(&head, &seal(&head, None, drafts).unwrap()).unwrap();
    })
}

/// The same chunks of 6 KB in one batch, flushed and synced, with nothing beside.
fn bare(dir: &Path, mark: bool) -> WriteGroup {
    let db = sled::Config::new()
        .path(dir.join("sled"))
        .cache_capacity(64 << 20)
        .flush_every_ms(Some(500))
        .open()
        .unwrap();
    let file = File::options().write(true).open(dir.join("sled/db")).unwrap();
    let mut marker = File::create(dir.join("head")).unwrap();
    marker.write_all(&[0; 8192]).unwrap();
    marker.sync_all().unwrap();
    let (mut head, mut group) = (Head::EMPTY, 0_u64);
    Box::new(move |drafts| {
        let events = seal(&head, None, drafts).unwrap();
        check(&head, &events).unwrap();
        let bytes: Vec<u8> = events.iter().flat_map(|event| event.encode().unwrap()).collect();
        let mut batch = sled::Batch::default();
        for (part, chunk) in (0_u16..).zip(bytes.chunks(6 * 1024)) {
            let key = [&events[0].header.position.to_be_bytes()[..], &part.to_be_bytes()].concat();
            batch.insert(key, chunk);
        }
        db.apply_batch(batch).unwrap();
        db.flush().unwrap();
        file.sync_data().unwrap();
        head = events.last().unwrap().header.head();
        if mark {
            group += 1;
            marker.seek(SeekFrom::Start(group % 2 * 4096)).unwrap();
            marker
                .write_all(&[head.hash.as_bytes(), &head.position.to_be_bytes()[..]].concat())
                .unwrap();
            marker.sync_data().unwrap();
        }
    })
}

/// What the disk allows: appended to a file and synced.
fn file_alone(dir: &Path) -> WriteGroup {
    let mut file = File::create(dir.join("file")).unwrap();
    let mut head = Head::EMPTY;
    Box::new(move |drafts| {
        let events = seal(&head, None, drafts).unwrap();
        check(&head, &events).unwrap();
        let bytes: Vec<u8> = events.iter().flat_map(|event| event.encode().unwrap()).collect();
        file.write_all(&bytes).unwrap();
        file.sync_data().unwrap();
        head = events.last().unwrap().header.head();
    })
}
