//! `rebuild`: every view from zero.

use crate::exit::Failure;
use crate::progress::Shown;
use crate::{Data, Done, store};
use clap::Args;
use serde_json::json;

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    store: Data,
    /// Give the digests as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: &Options) -> Done {
    let desk = store::desk(store::open(&options.store.data)?)?;
    let rebuilt = {
        let mut shown = Shown::new("rebuilding", desk.views().position());
        desk.rebuild(&mut |p| shown.at(p.done, p.total))
            .map_err(|error| store::unreadable(&error))?
    };
    if options.json {
        let views = rebuilt
            .views
            .iter()
            .map(|(name, _, digest)| json!({ "name": name, "digest": digest.to_string() }));
        let report =
            json!({ "position": rebuilt.position, "same": rebuilt.same(), "views": views.collect::<Vec<_>>() });
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        for (name, live, digest) in &rebuilt.views {
            println!("{digest}  {name}{}", if live == digest { "" } else { "  DIFFERS" });
        }
        println!("{} events, {} views", rebuilt.position, rebuilt.views.len());
    }
    if rebuilt.same() {
        Ok(())
    } else {
        Err(Failure::damaged("a rebuilt view differs from the live one"))
    }
}
