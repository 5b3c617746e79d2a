//! One connection: opened, used until it fails, and thrown away then.

use std::time::Duration;

use tokio::{io, task::JoinSet, time::timeout};
use tokio_postgres::{Client, Config, NoTls, Socket, error::SqlState, tls::MakeTlsConnect, types::Type};

use super::{Address, Trouble};

/// For everything until the first insert.
const OPENING: Duration = Duration::from_secs(10);
/// For one insert. The server gives up before us, so that statements do not pile up there.
const INSERTING: Duration = Duration::from_secs(30);
const SESSION: &str = "SET statement_timeout = '25s'";
const TABLE: &str = include_str!("table.sql");
const INSERT: &str = include_str!("insert.sql");

pub(crate) struct Link {
    address: Address,
    open: Option<(Client, JoinSet<()>)>,
}

/// Rows that arrived, and rows that the server will never take.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Arrived {
    pub written: u64,
    pub refused: u64,
}

impl Link {
    pub fn new(address: Address) -> Self {
        Self { address, open: None }
    }

    pub fn is_open(&self) -> bool {
        self.open.as_ref().is_some_and(|(client, _)| !client.is_closed())
    }

    /// Connects, and makes the table if it is missing.
    pub async fn open(&mut self) -> Result<(), Trouble> {
        self.open = None;
        let opened = timeout(OPENING, async {
            let open = match &self.address.tls {
                Some(tls) => connect(&self.address.config, tls.clone()).await?,
                None => connect(&self.address.config, NoTls).await?,
            };
            open.0.batch_execute(SESSION).await?;
            // Only if it is missing: making it needs rights that a role need not have when it is there.
            let there = open.0.query_typed("SELECT to_regclass('prediction') IS NOT NULL", &[]).await?;
            if !there.iter().any(|row| row.try_get(0).unwrap_or(false)) {
                open.0.batch_execute(TABLE).await?;
            }
            // No rows: whether rows would be taken is known before there are any.
            execute(&open.0, &[]).await?;
            Ok::<_, tokio_postgres::Error>(open)
        });
        self.open = Some(opened.await.map_err(|_| Trouble::Silent)??);
        Ok(())
    }

    /// Inserts lines. A row that can never be inserted is found by halves and left out; any other trouble
    /// closes the connection, and it is unknown then which rows arrived.
    pub async fn insert(&mut self, text: &[u8]) -> Result<Arrived, Trouble> {
        let text = String::from_utf8_lossy(text);
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        let (client, _) = self.open.as_ref().ok_or(Trouble::Closed)?;
        let mut arrived = Arrived::default();
        let mut parts = vec![&lines[..]];
        while let Some(part) = parts.pop() {
            let trouble = match timeout(INSERTING, execute(client, part)).await {
                Ok(Ok(())) => {
                    arrived.written += part.len() as u64;
                    continue;
                }
                Ok(Err(error)) if is_of_the_row(&error) => {
                    let (first, second) = part.split_at(part.len() / 2);
                    if first.is_empty() {
                        arrived.refused += 1;
                    } else {
                        parts.extend([second, first]);
                    }
                    continue;
                }
                Ok(Err(error)) => Trouble::from(error),
                Err(_) => Trouble::Silent,
            };
            self.open = None;
            return Err(trouble);
        }
        Ok(arrived)
    }
}

/// Opens a connection, and drives it for as long as the set lives.
pub(crate) async fn connect<T>(config: &Config, tls: T) -> Result<(Client, JoinSet<()>), tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket, Stream: io::AsyncRead + io::AsyncWrite + Unpin + Send + 'static>,
{
    let (client, connection) = config.connect(tls).await?;
    let mut driver = JoinSet::new();
    // What ends it is seen by whoever waits for an answer.
    driver.spawn(async { drop(connection.await) });
    Ok((client, driver))
}

async fn execute(client: &Client, lines: &[&str]) -> Result<(), tokio_postgres::Error> {
    client.execute_typed(INSERT, &[(&lines, Type::TEXT_ARRAY)]).await.map(drop)
}

/// Whether the fault is in what a row says: its data, a constraint, or a limit on its size. Everything else
/// (a server that ends, a missing right, a full disk) may be mended while rows wait.
fn is_of_the_row(error: &tokio_postgres::Error) -> bool {
    let class = |code: &SqlState| ["22", "23", "54"].iter().any(|class| code.code().starts_with(class));
    error.code().is_some_and(class)
}
