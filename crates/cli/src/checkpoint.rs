//! `checkpoint`: signed notes of what the log held, and proofs from them.

use crate::ask::{Place, Remote, Where};
use crate::exit::Failure;
use crate::input;
use crate::out::{bytes, line};
use crate::progress::Shown;
use crate::{Done, store};
use clap::{Args, Subcommand};
use rapporteur_desk::restore::read;
use rapporteur_log::{EventLog, Stored};
use rapporteur_proof::{Checkpoint, EventProof, GrowthProof, Signer, Tree, Verifier};
use std::fs::{self, File};
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur checkpoint key desk.key --name desk.example.org/record > desk.verifier
  rapporteur checkpoint sign --key desk.key --data data/mine > mon.note
  rapporteur checkpoint check mon.note --verifier desk.verifier --data data/mine
  rapporteur checkpoint prove 1 --checkpoint mon.note --data data/mine > event-1.json
  rapporteur checkpoint check event-1.json --verifier desk.verifier
  rapporteur checkpoint sign --key desk.key --data data/mine > tue.note
  rapporteur checkpoint grown mon.note --checkpoint tue.note --data data/mine > grown.json
  rapporteur checkpoint check grown.json --verifier desk.verifier";

/// How many events are read at once.
const PAGE: usize = 1_000;

#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Make a private key to sign with, and say the verifier key that others check with.
    #[command(after_help = EXAMPLES)]
    Key {
        /// The file of the private key, which must not be there; only its owner may read it.
        file: PathBuf,
        /// Who keeps the log, without spaces, such as `desk.example.org/record`.
        #[arg(long)]
        name: String,
    },
    /// Sign what the log holds now: a checkpoint to give away, or to keep elsewhere.
    #[command(after_help = EXAMPLES)]
    Sign {
        /// The file of the private key.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        #[command(flatten)]
        at: Where,
    },
    /// Write a proof that an event is in the log of a checkpoint, event and all.
    #[command(after_help = EXAMPLES)]
    Prove {
        /// The event's position.
        position: u64,
        /// The file of the checkpoint.
        #[arg(long, value_name = "FILE")]
        checkpoint: PathBuf,
        #[command(flatten)]
        at: Where,
    },
    /// Write a proof that the log of a checkpoint goes on from that of an older one.
    #[command(after_help = EXAMPLES)]
    Grown {
        /// The file of the older checkpoint.
        older: PathBuf,
        /// The file of the newer checkpoint.
        #[arg(long, value_name = "FILE")]
        checkpoint: PathBuf,
        #[command(flatten)]
        at: Where,
    },
    /// Check a checkpoint against the log, or a proof against nothing but the verifier key.
    #[command(after_help = EXAMPLES)]
    Check {
        /// The file of the checkpoint or of the proof; `-` is standard input.
        file: PathBuf,
        /// The verifier key, or a file that holds it.
        #[arg(long, value_name = "KEY")]
        verifier: String,
        #[command(flatten)]
        at: Where,
    },
}

pub(crate) fn run(options: &Options) -> Done {
    match &options.task {
        Task::Key { file, name } => key(file, name),
        Task::Sign { key, at } => sign(key, at),
        Task::Prove {
            position,
            checkpoint,
            at,
        } => prove(*position, checkpoint, at),
        Task::Grown { older, checkpoint, at } => grown(older, checkpoint, at),
        Task::Check { file, verifier, at } => check(file, verifier, at),
    }
}

fn key(path: &Path, name: &str) -> Done {
    let mut random = [0; 32];
    getrandom::fill(&mut random)
        .map_err(|error| Failure::saying(format!("the machine gives no random bytes: {error}")))?;
    let signer = Signer::new(name, random).map_err(|error| Failure::usage(error.to_string()))?;
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        writeln!(file, "{}", signer.secret())?;
        file.sync_all()
    });
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::refused(format!(
            "{} is there already, and stays as it is; name another file",
            path.display()
        )),
        _ => Failure::saying(format!("cannot write {}: {error}", path.display())),
    })?;
    line(format_args!("{}", signer.verifier()))
}

fn sign(key: &Path, at: &Where) -> Done {
    let signer = Signer::parse(&text(key)?).map_err(|error| of_file(key, &error))?;
    let tree = grow(at, None, &mut |_| {})?;
    if tree.head().position == 0 {
        return Err(Failure::refused("nothing is recorded yet, so there is nothing to sign"));
    }
    bytes(Checkpoint::sign(&tree, &signer).as_bytes()).map(|_read| ())
}

fn prove(position: u64, file: &Path, at: &Where) -> Done {
    let note = text(file)?;
    let checkpoint = Checkpoint::read(&note).map_err(|error| of_file(file, &error))?;
    let mut found = None;
    let tree = grow(at, Some(checkpoint.head.position), &mut |event| {
        if event.header.position == position {
            found = Some(event.clone());
        }
    })?;
    agrees(&tree, &checkpoint, file)?;
    let Some(event) = found else {
        return Err(Failure::not_found(format!(
            "{} is of {} events, and position {position} is none of them",
            file.display(),
            checkpoint.head.position
        )));
    };
    let proof = EventProof::of(&event, &note, &tree)?;
    line(format_args!("{}", serde_json::to_string_pretty(&proof)?))
}

fn grown(older_file: &Path, file: &Path, at: &Where) -> Done {
    let (older_note, note) = (text(older_file)?, text(file)?);
    let older = Checkpoint::read(&older_note).map_err(|error| of_file(older_file, &error))?;
    let newer = Checkpoint::read(&note).map_err(|error| of_file(file, &error))?;
    if older.head.position > newer.head.position {
        return Err(Failure::usage(format!(
            "{} is of {} events, and {} of {}; name the older one first",
            older_file.display(),
            older.head.position,
            file.display(),
            newer.head.position
        )));
    }
    let (mut before, mut at_older) = (Tree::default(), None);
    let tree = grow(at, Some(newer.head.position), &mut |event| {
        if before.head().position < older.head.position {
            before.push(event.header.hash);
        }
        at_older = Some(before.root());
    })?;
    agrees(&tree, &newer, file)?;
    if at_older != Some(older.root) {
        return Err(rewritten(older_file, &older));
    }
    let proof = GrowthProof::of(&older_note, &note, &older, &tree);
    line(format_args!("{}", serde_json::to_string_pretty(&proof)?))
}

fn check(file: &Path, verifier: &str, at: &Where) -> Done {
    let key = match Path::new(verifier).is_file() {
        true => text(Path::new(verifier))?,
        false => verifier.to_owned(),
    };
    let verifier = Verifier::parse(&key).map_err(|error| Failure::usage(error.to_string()))?;
    let given = text(file)?;
    let refused = |error: &dyn std::error::Error| Failure::refused(format!("{}: {error}", file.display()));
    if let Ok(proof) = serde_json::from_str::<EventProof>(&given) {
        let (event, checkpoint) = proof.check(&verifier).map_err(|error| refused(&error))?;
        let header = &event.header;
        return line(format_args!(
            "holds: the event at position {} ({} of {}, recorded {}) is among the {} that {} signed",
            header.position,
            header.kind,
            header.dossier.slug,
            header.recorded_at.to_rfc3339(),
            checkpoint.head.position,
            checkpoint.origin
        ));
    }
    if let Ok(proof) = serde_json::from_str::<GrowthProof>(&given) {
        let (older, newer) = proof.check(&verifier).map_err(|error| refused(&error))?;
        return line(format_args!(
            "holds: the first {} of the {} events that {} signed are those that it had signed before",
            older.head.position, newer.head.position, newer.origin
        ));
    }
    let checkpoint = Checkpoint::open(&given, &verifier).map_err(|error| refused(&error))?;
    let tree = grow(at, Some(checkpoint.head.position), &mut |_| {})?;
    agrees(&tree, &checkpoint, file)?;
    line(format_args!(
        "holds: the first {} events are those that {} signed",
        checkpoint.head.position, checkpoint.origin
    ))
}

/// Fails where the log is not the one that a checkpoint is of.
fn agrees(tree: &Tree, checkpoint: &Checkpoint, file: &Path) -> Done {
    match tree.head().position == checkpoint.head.position && tree.root() == checkpoint.root {
        true => Ok(()),
        false => Err(rewritten(file, checkpoint)),
    }
}

fn rewritten(file: &Path, checkpoint: &Checkpoint) -> Failure {
    Failure::damaged(format!(
        "the log is not the one that {} is of: its first {} events are others than {} signed, or it ends before",
        file.display(),
        checkpoint.head.position,
        checkpoint.origin
    ))
}

/// The tree over the log, up to a position that it may not reach; `each` sees every event.
fn grow(at: &Where, until: Option<u64>, each: &mut dyn FnMut(&Stored)) -> Result<Tree, Failure> {
    let mut tree = Tree::default();
    let mut shown = Shown::new("reading", until.unwrap_or_default());
    let wanted = until.unwrap_or(u64::MAX);
    let mut take = |event: &Stored| {
        if tree.head().position < wanted {
            tree.push(event.header.hash);
            each(event);
            shown.at(event.header.position, until.unwrap_or_default());
        }
    };
    match at.place() {
        Place::Server(url) => {
            let body = Remote::at(&url)?.body("export.ndjson")?;
            let copied = read(BufReader::new(body), None, &mut |_, stored| {
                stored.iter().for_each(&mut take);
                Ok(())
            });
            copied?;
        }
        Place::Store(dir) => {
            let log = store::open_to_read(&dir, at.opening())?;
            let mut after = 0;
            loop {
                let page = log.read(after, PAGE)?;
                let Some(last) = page.last().filter(|_| after < wanted) else {
                    break;
                };
                after = last.header.position;
                page.iter().for_each(&mut take);
            }
        }
    }
    Ok(tree)
}

fn text(path: &Path) -> Result<String, Failure> {
    if path == Path::new("-") {
        let mut text = String::new();
        input::open(path)?.read_to_string(&mut text)?;
        return Ok(text);
    }
    fs::read_to_string(path).map_err(|error| {
        let text = format!("cannot read {}: {error}", path.display());
        match error.kind() {
            std::io::ErrorKind::NotFound => Failure::not_found(text),
            _ => Failure::saying(text),
        }
    })
}

fn of_file(path: &Path, error: &dyn std::error::Error) -> Failure {
    Failure::refused(format!("{}: {error}", path.display()))
}
