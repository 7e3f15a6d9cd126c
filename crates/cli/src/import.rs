//! `import`: a file of commands into a store.

use crate::exit::Failure;
use crate::input::{self, Input};
use crate::out::line;
use crate::progress::Shown;
use crate::signals::Stop;
use crate::store::{self, OpenDesk};
use crate::{Data, Done};
use clap::Args;
use rapporteur_desk::Desk;
use rapporteur_desk::desk::chain;
use rapporteur_desk::import::{Report, import};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur import first.ndjson --data data/mine --dry-run
  rapporteur import - --data data/mine < first.ndjson";

#[derive(Args)]
pub(crate) struct Options {
    /// The file, one command a line: {"registerTopic": {…}}; `-` reads standard input.
    file: PathBuf,
    #[command(flatten)]
    store: Data,
    /// Check every line and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Give the report as JSON.
    #[arg(long)]
    json: bool,
    /// Who records, as the log will say.
    #[arg(long, value_name = "NAME", default_value = "import")]
    recorder: String,
}

pub(crate) fn run(options: &Options) -> Done {
    let input = input::open(&options.file)?;
    let (data, opening) = (&options.store.data, &options.store.opening);
    if options.dry_run {
        let desk = store::rehearsal(data, opening)?;
        return record(options, &desk, input);
    }
    let open = OpenDesk::on(data, store::open_or_create(data, opening)?, opening)?;
    let done = record(options, &open.desk, input);
    if open.desk.unwritable().is_none() {
        open.close();
    }
    done
}

const IMPORTING: &str = "importing lines";

/// How many bytes the input has; 0 where that is not known beforehand.
fn size(file: &Path) -> u64 {
    let data = std::fs::metadata(file).ok().filter(std::fs::Metadata::is_file);
    data.map_or(0, |data| data.len())
}

/// Records what it can of the input, and reports.
fn record(options: &Options, desk: &Desk, input: Box<dyn Read + Send>) -> Done {
    let stop = Stop::listen()?;
    let input = Input::new(input, stop.clone())?;
    let imported = {
        let (read, bytes) = (input.counter(), size(&options.file));
        let mut shown = match bytes {
            0 => Shown::new(IMPORTING, 0),
            bytes => Shown::of_bytes(IMPORTING, bytes),
        };
        import(desk, input, &options.recorder, &mut |line| match bytes {
            0 => shown.at(line, 0),
            bytes => shown.at_byte(line, read.load(Ordering::Relaxed), bytes),
        })
    };
    let (report, stopped) = match imported {
        Ok(report) => (report, None),
        Err(stopped) => (stopped.report, Some(stopped.why)),
    };
    if options.json {
        line(format_args!("{}", serde_json::to_string_pretty(&report)?))?;
    } else {
        print(&report, options.dry_run)?;
    }
    match (stopped, report.refused) {
        (Some(_), _) if stop.is_asked() => Err(Failure::interrupted(
            "interrupted; what was recorded stays, run it again to go on",
        )),
        (Some(why), _) => Err(Failure::saying(chain(&why))),
        (None, 0) => Ok(()),
        (None, 1) => Err(Failure::refused("1 line was refused")),
        (None, n) => Err(Failure::refused(format!("{n} lines were refused"))),
    }
}

fn print(report: &Report, dry_run: bool) -> Done {
    for refused in &report.lines {
        for refusal in &refused.refusals {
            line(format_args!("line {}: {refusal} [{}]", refused.line, refusal.rule))?;
        }
    }
    let untold = report.refused - report.lines.len() as u64;
    if untold > 0 {
        line(format_args!("… and {untold} more refused lines"))?;
    }
    let verb = if dry_run { "would be recorded" } else { "recorded" };
    line(format_args!(
        "{} {verb}, {} already there, {} refused",
        report.recorded, report.already_there, report.refused
    ))
}
