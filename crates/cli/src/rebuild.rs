//! `rebuild`: every view from zero, compared with what it came to when the store was last closed.

use crate::digests::{self, Digests};
use crate::exit::Failure;
use crate::out::line;
use crate::progress::Shown;
use crate::{Data, Done, store};
use clap::Args;
use rapporteur_desk::replay;
use rapporteur_log::EventLog;
use serde_json::json;

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur rebuild --data data/mine";

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    store: Data,
    /// Give the digests as JSON; `same` is null where there is nothing to compare with.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: &Options) -> Done {
    let log = store::open(&options.store.data, &options.store.opening)?;
    let head = log.head()?;
    let rebuilt = {
        let mut shown = Shown::new("rebuilding", head.position);
        let views = replay::rebuild(&*log, head.position, &mut |p| shown.at(p.done, p.total))
            .map_err(|error| store::unreplayable(&error))?;
        Digests::of(&views, head)
    };
    let noted = digests::read(&options.store.data, head);
    let redacted = noted.as_ref().is_some_and(|noted| !noted.is_of_the_same(&rebuilt));
    let served = noted.filter(|noted| !redacted && noted.covers(rebuilt.views()));
    let differs = |view| served.as_ref().is_some_and(|served| served.differs(view));
    let same = served
        .as_ref()
        .map(|served| !rebuilt.views().iter().any(|view| served.differs(view)));
    if options.json {
        let views: Vec<_> = rebuilt
            .views()
            .iter()
            .map(|view| json!({ "name": view.name, "digest": view.digest }))
            .collect();
        let report = json!({ "position": head.position, "same": same, "views": views });
        line(format_args!("{}", serde_json::to_string_pretty(&report)?))?;
    } else {
        for view in rebuilt.views() {
            let mark = if differs(view) { "  DIFFERS" } else { "" };
            line(format_args!("{}  {}{mark}", view.digest, view.name))?;
        }
        let found = match same {
            Some(true) => "the same as served when the store was last closed",
            Some(false) => "not the same as served when the store was last closed",
            None if redacted => {
                "the log can be replayed; something was redacted since digests were noted, so nothing was compared"
            }
            None => "the log can be replayed; no digests were noted at this position, so nothing was compared",
        };
        let (events, views) = (head.position, rebuilt.views().len());
        line(format_args!("{events} events, {views} views: {found}"))?;
    }
    match same {
        Some(false) => Err(Failure::damaged("a rebuilt view differs from what was served")),
        _ => Ok(()),
    }
}
