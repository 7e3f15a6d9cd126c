//! `serve`: the desk's store behind GraphQL and GraphiQL, until it is asked to stop.

use crate::exit::Failure;
use crate::out::line;
use crate::signals::Signals;
use crate::store::{self, OpenDesk};
use crate::{Data, Done};
use clap::Args;
use rapporteur_api::export::exports;
use rapporteur_api::http::{Limits, loopback_only, router, serve};
use rapporteur_api::permalinks::permalinks;
use std::net::{SocketAddr, TcpListener};

/// Where the desk's store is, unless said otherwise.
pub(crate) const STORE_DIR: &str = "data/desk";

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur serve
  rapporteur serve --data data/mine --listen 127.0.0.1:8500";

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    store: Data,
    #[command(flatten)]
    address: Address,
}

/// Where to listen.
#[derive(Args)]
pub(crate) struct Address {
    /// The address to listen on; port 0 takes a free one. Loopback only until there is authentication.
    #[arg(
        long,
        value_name = "127.0.0.1:PORT",
        env = "RAPPORTEUR_LISTEN",
        default_value = "127.0.0.1:8417"
    )]
    pub(crate) listen: SocketAddr,
}

pub(crate) fn run(options: &Options) -> Done {
    let listener = bind(&options.address)?;
    if let Some(why) = rapporteur_graphiql::WHY_NOT {
        tracing::warn!("GraphiQL is not in this build ({why}); everything else works");
    }
    let (data, opening) = (&options.store.data, &options.store.opening);
    let open = OpenDesk::on(data, store::open_or_create(data, opening)?, opening)?;
    listen(open, listener, &format!("serving {}", data.display()))
}

/// Takes the address, before anything is made or opened; refuses one that others can reach.
pub(crate) fn bind(address: &Address) -> Result<TcpListener, Failure> {
    loopback_only(address.listen).map_err(|e| Failure::usage(e.to_string()))?;
    let taken = TcpListener::bind(address.listen).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    taken.map_err(|error| {
        let hint = "choose another with --listen 127.0.0.1:PORT, or port 0 for a free one";
        Failure::saying(format!("cannot listen on {}: {error}; {hint}", address.listen))
    })
}

/// Serves the desk until it is asked to stop; says where on stdout. Asked again, it stops at once.
pub(crate) fn listen(open: OpenDesk, listener: TcpListener, what: &str) -> Done {
    let endpoint = rapporteur_api::schema::endpoint(open.desk.clone(), Limits::default())?;
    let routes = router(endpoint)
        .merge(exports(open.desk.clone()))
        .merge(permalinks(open.desk.clone()));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        let mut signals = Signals::listen()?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let at = listener.local_addr()?;
        line(format_args!("rapporteur: {what}"))?;
        line(format_args!(
            "GraphiQL: http://{at}/graphiql/   GraphQL: http://{at}/graphql   stop: Ctrl-C"
        ))?;
        let (ask, asked) = tokio::sync::oneshot::channel::<()>();
        let stop = async {
            let _gone = asked.await;
        };
        let twice = async {
            signals.next().await;
            let _ended = ask.send(());
            signals.next().await;
        };
        tokio::select! {
            ended = serve(listener, routes, stop) => Ok::<_, Failure>(ended?),
            () = twice => Err(Failure::interrupted("stopped at once, with requests still open")),
        }
    });
    // Work that is still under way ends with the process.
    runtime.shutdown_background();
    if ended.is_ok() {
        open.close();
    }
    ended
}
