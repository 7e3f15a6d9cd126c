//! `import`: a file of commands into a store.

use crate::exit::Failure;
use crate::progress::Shown;
use crate::{Data, Done, store};
use clap::Args;
use rapporteur_desk::import::{Report, import};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

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
    let input: Box<dyn BufRead> = if options.file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(&options.file)
            .map_err(|e| Failure::saying(format!("cannot read {}: {e}", options.file.display())))?;
        Box::new(BufReader::new(file))
    };
    let desk = if options.dry_run {
        store::rehearsal(&options.store.data)?
    } else {
        store::desk(store::open_or_create(&options.store.data)?)?
    };
    let report = {
        let mut shown = Shown::new("importing lines", 0);
        import(&desk, input, &options.recorder, &mut |line| shown.at(line, 0))?
    };
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report, options.dry_run);
    }
    match report.refused {
        0 => Ok(()),
        n => Err(Failure::refused(format!(
            "{n} {} refused",
            if n == 1 { "line was" } else { "lines were" }
        ))),
    }
}

fn print(report: &Report, dry_run: bool) {
    for line in &report.lines {
        for refusal in &line.refusals {
            println!("line {}: {refusal} [{}]", line.line, refusal.rule);
        }
    }
    let untold = report.refused - report.lines.len() as u64;
    if untold > 0 {
        println!("… and {untold} more refused lines");
    }
    let verb = if dry_run { "would be recorded" } else { "recorded" };
    println!(
        "{} {verb}, {} already there, {} refused",
        report.recorded, report.already_there, report.refused
    );
}
