//! `serve`: the desk's store behind GraphQL and GraphiQL, until interrupted.

use crate::exit::Failure;
use crate::{Data, Done, store};
use clap::Args;
use rapporteur_api::http::{Limits, loopback_only, router, serve};
use rapporteur_desk::Desk;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Where the desk's store is, unless said otherwise.
pub(crate) const STORE_DIR: &str = "data/desk";

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
    refuse_others(&options.address)?;
    if let Some(why) = rapporteur_graphiql::WHY_NOT {
        tracing::warn!("GraphiQL is not in this build ({why}); everything else works");
    }
    let desk = store::desk(store::open_or_create(&options.store.data)?)?;
    listen(
        desk,
        &options.address,
        &format!("serving {}", options.store.data.display()),
    )
}

/// Refuses an address that others can reach.
pub(crate) fn refuse_others(address: &Address) -> Done {
    loopback_only(address.listen).map_err(|e| Failure::usage(e.to_string()))
}

/// Serves the desk until interrupted; says where on stdout once it listens.
pub(crate) fn listen(desk: Desk, address: &Address, what: &str) -> Done {
    let endpoint = rapporteur_api::schema::endpoint(desk, Limits::default())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address.listen).await.map_err(|error| {
            let hint = "choose another with --listen 127.0.0.1:PORT, or port 0 for a free one";
            Failure::saying(format!("cannot listen on {}: {error}; {hint}", address.listen))
        })?;
        let at = listener.local_addr()?;
        println!("rapporteur: {what}");
        println!("GraphiQL: http://{at}/graphiql/   GraphQL: http://{at}/graphql   stop: Ctrl-C");
        serve(listener, router(endpoint), interrupted()).await?;
        Ok(())
    })
}

/// Ends when the process is asked to stop.
async fn interrupted() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
