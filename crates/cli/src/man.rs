//! `man` and `completions`: made from the command line's own definition.

use crate::Done;
use crate::exit::Failure;
use crate::out::{bytes, line};
use clap::{Args, Command};
use clap_complete::Shell;
use std::fs;
use std::path::PathBuf;

pub(crate) const MAN_EXAMPLES: &str = "Examples:
  rapporteur man
  rapporteur man log tail
  rapporteur man --out man";

pub(crate) const COMPLETIONS_EXAMPLES: &str = "Examples:
  rapporteur completions bash
  rapporteur completions fish";

/// What `man` takes.
#[derive(Args)]
pub(crate) struct Man {
    /// Print the page of this command, `log tail` for one inside another; left out: of the program.
    #[arg(conflicts_with = "out")]
    command: Vec<String>,
    /// Write a page for every command into this directory.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// What `completions` takes.
#[derive(Args)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

pub(crate) fn completions(options: &Completions, mut command: Command) -> Done {
    let mut script = Vec::new();
    let name = command.get_name().to_owned();
    clap_complete::generate(options.shell, &mut command, name, &mut script);
    bytes(&script).map(|_read| ())
}

pub(crate) fn man(options: &Man, command: Command) -> Done {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    if let Some(dir) = &options.out {
        fs::create_dir_all(dir)?;
        clap_mangen::generate_to(command, dir)?;
        return line(format_args!("wrote the pages to {}", dir.display()));
    }
    let mut found = &command;
    for name in &options.command {
        found = found.find_subcommand(name).ok_or_else(|| {
            let known: Vec<&str> = found.get_subcommands().map(Command::get_name).collect();
            Failure::usage(format!("there is no command `{name}`; there are: {}", known.join(", ")))
        })?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(found.clone()).render(&mut page)?;
    bytes(&page).map(|_read| ())
}
