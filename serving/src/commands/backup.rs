//! `serving backup`.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use backups::{Kept, Store, fetch, keep};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tracing::info;

use super::{
    Outcome, Trouble, block_on,
    logging::{self, LogLevel},
    print,
    serve::seconds,
    tell,
};
use crate::{
    backup::{Watch, router},
    serve::{Patience, Stop, listen},
};

/// Keeps dumps of databases in a folder or an object store: database-20261121T023000Z.dump, as pg_dump writes it, and a receipt.
#[derive(Debug, Args)]
pub struct Backup {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Keep(Keep),
    List(List),
    Fetch(Fetch),
    Watch(Watching),
}

/// Where backups are.
#[derive(Debug, Args)]
struct Place {
    /// A folder, or s3://bucket/prefix, gs://bucket/prefix with the variables of the cloud.
    #[arg(long, env = "BACKUP_STORE", value_name = "PLACE")]
    store: String,
}

impl Place {
    fn open(&self) -> Result<Store, Trouble> {
        Ok(self.store.parse::<Store>()?)
    }
}

/// Keeps every dump of a folder that SHA256SUMS names, reads it back, and removes the oldest.
#[derive(Debug, Args)]
struct Keep {
    /// The folder.
    #[arg(value_name = "DIR")]
    from: PathBuf,
    #[command(flatten)]
    place: Place,
    /// How many are kept of each database.
    #[arg(long = "keep", env = "BACKUP_KEEP", value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    most: u32,
}

/// Lists whole backups: name, and length in bytes.
#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    place: Place,
}

/// Copies a backup into a folder, if it is what was written.
#[derive(Debug, Args)]
struct Fetch {
    /// Its name, as `list` tells it.
    #[arg(env = "BACKUP_FILE", value_name = "FILE")]
    file: String,
    #[command(flatten)]
    place: Place,
    /// The folder.
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
}

/// Tells Prometheus how old the backups are: /metrics, /health, /ready.
#[derive(Debug, Args)]
struct Watching {
    #[command(flatten)]
    place: Place,
    /// Where to listen.
    #[arg(long, env = "LISTEN", value_name = "ADDRESS", default_value = "0.0.0.0:8000")]
    listen: SocketAddr,
    /// Seconds between two looks.
    #[arg(long, env = "POLL_SECONDS", value_name = "SECONDS", default_value_t = 60.0, value_parser = seconds)]
    poll_seconds: f64,
    /// The least severe lines that are logged: trace, debug, info, warn or error.
    #[arg(long, env = "LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    log_level: LogLevel,
}

impl Backup {
    pub fn run(&self) -> Outcome {
        // One future, since each costs a runtime's code.
        block_on(async {
            match &self.command {
                Command::Keep(command) => command.run().await,
                Command::List(command) => command.run().await,
                Command::Fetch(command) => command.run().await,
                Command::Watch(command) => command.run().await,
            }
        })
    }
}

impl Keep {
    async fn run(&self) -> Outcome {
        let store = self.place.open()?;
        let Kept { kept, removed } = keep(&self.from, &store, self.most as usize, Timestamp::now()).await?;
        for (name, bytes) in kept {
            tell(&format!("kept {name}, {bytes} bytes, in {}", store.shown()));
        }
        for name in removed {
            tell(&format!("removed {name}"));
        }
        Ok(())
    }
}

impl List {
    async fn run(&self) -> Outcome {
        let listing = self.place.open()?.list().await?;
        for backup in listing.backups {
            print(&format!("{}\t{}\n", backup.name, backup.bytes));
        }
        for name in listing.damaged {
            tell(&format!("{name} is not what its receipt says, and is no backup"));
        }
        Ok(())
    }
}

impl Fetch {
    async fn run(&self) -> Outcome {
        let store = self.place.open()?;
        let bytes = fetch(&self.file, &store, &self.into).await?;
        tell(&format!("fetched {}, {bytes} bytes, from {}", self.file, store.shown()));
        Ok(())
    }
}

impl Watching {
    async fn run(&self) -> Outcome {
        let store = self.place.open()?;
        logging::start(self.log_level, None, "backups")?;
        let listener = TcpListener::bind(self.listen).await.map_err(|error| {
            let hint = "choose another address with --listen";
            Trouble::Input(format!("cannot listen on {}: {error}\n\nhint: {hint}", self.listen))
        })?;
        info!(address = %self.listen, store = store.shown(), "watching");
        let watch = Arc::new(Watch::default());
        let every = Duration::from_secs_f64(self.poll_seconds.max(0.1));
        let (router, looking) = (router(&watch), watch.clone());
        // It ends with the process.
        let _looker = tokio::spawn(async move { looking.look(&store, every).await });
        let stop = Stop { drain: Duration::from_secs(1), grace: Duration::from_secs(5) };
        let patience = Patience { headers: Duration::from_secs(75), answers: Duration::from_secs(30), stop };
        listen(listener, router, &|| watch.drain(), patience).await.map_err(Trouble::input)
    }
}
