//! Serves the tests' schema for the harness in `tests/harness`: `cargo run -p rapporteur-api --example testbed -- 127.0.0.1:4111`.

use std::error::Error;

use rapporteur_api::http::{Limits, router, serve};
use tokio::net::TcpListener;

#[path = "../tests/http/testbed.rs"]
mod testbed;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:4111".to_owned());
    let listener = TcpListener::bind(&address).await?;
    println!("http://{}/graphql", listener.local_addr()?);
    let stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    serve(listener, router(testbed::endpoint(Limits::default())?), stop).await?;
    Ok(())
}
