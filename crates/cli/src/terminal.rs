//! The terminal: commands that ask or record through GraphQL, on a store or on a running server, and help to use them.

use crate::read::{
    changes, corrections, history, meeting, party, plan, round, rounds, search, timeline, upcoming, why,
};
use crate::{Done, log_tail, man, record};
use clap::{Command, Subcommand};

#[derive(Subcommand)]
pub(crate) enum Task {
    /// Show dated facts in the order of the world.
    #[command(after_help = timeline::EXAMPLES)]
    Timeline(timeline::Options),
    /// Show what is expected in the next days, or give it as a calendar file.
    #[command(after_help = upcoming::EXAMPLES)]
    Upcoming(upcoming::Options),
    /// Show every sanctions round with the stage it stands at.
    #[command(after_help = rounds::EXAMPLES)]
    Rounds(rounds::Options),
    /// Show a sanctions round: stages, expectations, counts, measures, acts.
    #[command(after_help = round::EXAMPLES)]
    Round(round::Options),
    /// Show a meeting: planning, who was there and who was not, agenda, outcomes.
    #[command(after_help = meeting::EXAMPLES)]
    Meeting(meeting::Options),
    /// Show a party: its names, offices, positions, and its last entries on the timeline.
    #[command(after_help = party::EXAMPLES)]
    Party(party::Options),
    /// Show a plan: versions, points, what is missing.
    #[command(after_help = plan::EXAMPLES)]
    Plan(plan::Options),
    /// Find names, titles, original words, summaries and sources, in any script and spelling.
    #[command(after_help = search::EXAMPLES)]
    Search(search::Options),
    /// Show why a value is shown: the events and citations behind it, with grade and attribution, and a permalink.
    #[command(after_help = why::EXAMPLES)]
    Why(why::Options),
    /// Show every value that is shown of a dossier, and which event decides it.
    #[command(after_help = why::VALUES_EXAMPLES)]
    Values(why::OfDossier),
    /// Show what changed between two moments of knowledge, by dossier.
    #[command(after_help = changes::EXAMPLES)]
    Changes(changes::Options),
    /// Show who recorded what of a dossier when, and what that changed.
    #[command(after_help = history::EXAMPLES)]
    History(why::OfDossier),
    /// Show which of the desk's own records were corrected, taken back or taken out, and why.
    #[command(after_help = corrections::EXAMPLES)]
    Corrections(corrections::Options),
    /// Look at the log, event by event.
    #[command(after_help = log_tail::EXAMPLES)]
    Log(log_tail::Options),
    /// Record one command.
    #[command(after_help = record::EXAMPLES)]
    Record(record::Options),
    /// Print a script that completes commands and flags in a shell.
    #[command(after_help = man::COMPLETIONS_EXAMPLES)]
    Completions(man::Completions),
    /// Print a manual page, or write all of them to a directory.
    #[command(after_help = man::MAN_EXAMPLES)]
    Man(man::Man),
}

/// Does a task; `command` is the whole command line's definition.
pub(crate) fn run(task: &Task, command: fn() -> Command) -> Done {
    match task {
        Task::Timeline(options) => timeline::run(options),
        Task::Upcoming(options) => upcoming::run(options),
        Task::Rounds(options) => rounds::run(options),
        Task::Round(options) => round::run(options),
        Task::Meeting(options) => meeting::run(options),
        Task::Party(options) => party::run(options),
        Task::Plan(options) => plan::run(options),
        Task::Search(options) => search::run(options),
        Task::Why(options) => why::run(options),
        Task::Values(options) => why::values(options),
        Task::Changes(options) => changes::run(options),
        Task::History(options) => history::run(options),
        Task::Corrections(options) => corrections::run(options),
        Task::Log(options) => log_tail::run(options),
        Task::Record(options) => record::run(options),
        Task::Completions(options) => man::completions(options, command()),
        Task::Man(options) => man::man(options, command()),
    }
}
