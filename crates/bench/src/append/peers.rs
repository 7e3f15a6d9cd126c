//! Peers: fjall and redb behind the same group commit, PostgreSQL and UmaDB as the servers that they are.

use super::group::Group;
use super::{Appends, Round};
use crate::Failed;
use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};
use redb::{Durability, TableDefinition};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio_postgres::NoTls;
use tokio_postgres::types::Json;
use umadb_client::UmaDbClient;
use umadb_dcb::{DcbEvent, DcbEventStoreAsync};

/// fjall: a batch for each group, its journal synced.
pub(crate) struct Fjall {
    database: Database,
    events: Keyspace,
    position: u64,
}

impl Fjall {
    pub(crate) fn create(dir: &Path) -> Result<Self, Failed> {
        let database = Database::builder(dir).open()?;
        let events = database.keyspace("events", KeyspaceCreateOptions::default)?;
        Ok(Self {
            database,
            events,
            position: 0,
        })
    }
}

impl Group for Fjall {
    fn commit(&mut self, events: &[Arc<[u8]>]) -> Result<(), Failed> {
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncData));
        for event in events {
            self.position += 1;
            batch.insert(&self.events, self.position.to_be_bytes(), &event[..]);
        }
        Ok(batch.commit()?)
    }
}

/// redb: a transaction for each group, at the durability that is its default.
pub(crate) struct Redb {
    database: redb::Database,
    position: u64,
}

const EVENTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("events");

impl Redb {
    pub(crate) fn create(dir: &Path) -> Result<Self, Failed> {
        let database = redb::Database::create(dir.join("redb"))?;
        Ok(Self { database, position: 0 })
    }
}

impl Group for Redb {
    fn commit(&mut self, events: &[Arc<[u8]>]) -> Result<(), Failed> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_durability(Durability::Immediate)?;
        {
            let mut table = transaction.open_table(EVENTS)?;
            for event in events {
                self.position += 1;
                table.insert(self.position, &event[..])?;
            }
        }
        Ok(transaction.commit()?)
    }
}

/// Each client inserts over a connection of its own, by a prepared statement, into a table with what an event store needs.
pub(crate) fn postgres(
    runtime: &Runtime,
    url: &str,
    events: &Arc<[serde_json::Value]>,
    clients: usize,
    long: Duration,
) -> Result<Round, Failed> {
    const TABLE: &str = "DROP TABLE IF EXISTS events;
        CREATE TABLE events (
            position bigserial PRIMARY KEY,
            stream text NOT NULL,
            version integer NOT NULL,
            id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
            kind text NOT NULL,
            recorded_at timestamptz NOT NULL DEFAULT now(),
            payload jsonb NOT NULL,
            UNIQUE (stream, version))";
    const INSERT: &str = "INSERT INTO events (stream, version, kind, payload) VALUES ($1, 1, 'claim.made', $2)";
    let connected = runtime.block_on(async {
        let mut connected = Vec::new();
        for client in 0..clients {
            let (session, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(connection);
            if client == 0 {
                session.batch_execute(TABLE).await?;
            }
            let insert = session.prepare(INSERT).await?;
            connected.push((session, insert));
        }
        Ok::<_, Failed>(connected)
    })?;
    let (appends, next) = (Appends::default(), Arc::new(AtomicUsize::new(0)));
    let started = Instant::now();
    let tasks = connected.into_iter().map(|(session, insert)| {
        let (events, next, appends) = (Arc::clone(events), Arc::clone(&next), appends.clone());
        runtime.spawn(async move {
            while started.elapsed() < long {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let event = &events[number % events.len()];
                let asked = Instant::now();
                let stream = format!("claim/{number}");
                session.execute(&insert, &[&stream, &Json(event)]).await?;
                appends.took(asked.elapsed());
            }
            Ok::<_, Failed>(())
        })
    });
    let tasks: Vec<_> = tasks.collect();
    super::join(runtime, tasks)?;
    Ok(appends.round(started.elapsed()))
}

/// Each client appends over a connection of its own, one event with one tag.
pub(crate) fn umadb(
    runtime: &Runtime,
    url: &str,
    events: &Arc<[Arc<[u8]>]>,
    clients: usize,
    long: Duration,
) -> Result<Round, Failed> {
    let connected = runtime.block_on(async {
        let mut connected = Vec::new();
        for _ in 0..clients {
            connected.push(UmaDbClient::new(url.to_owned()).connect_async().await?);
        }
        Ok::<_, Failed>(connected)
    })?;
    let (appends, next) = (Appends::default(), Arc::new(AtomicUsize::new(0)));
    let started = Instant::now();
    let tasks = connected.into_iter().map(|client| {
        let (events, next, appends) = (Arc::clone(events), Arc::clone(&next), appends.clone());
        runtime.spawn(async move {
            while started.elapsed() < long {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let event = &events[number % events.len()];
                let asked = Instant::now();
                let event = DcbEvent::new()
                    .event_type("claim.made")
                    .tags([format!("claim/{number}")])
                    .data(event.to_vec());
                client.append(vec![event], None, None).await?;
                appends.took(asked.elapsed());
            }
            Ok::<_, Failed>(())
        })
    });
    let tasks: Vec<_> = tasks.collect();
    super::join(runtime, tasks)?;
    Ok(appends.round(started.elapsed()))
}
