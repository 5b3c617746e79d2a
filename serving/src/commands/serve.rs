//! `serving serve`.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;
use prediction_log::{Destination, PredictionLog, Settings, Writer};
use tokio::net::TcpListener;
use tracing::info;

use super::{
    Outcome, Trouble, block_on,
    logging::{self, LogLevel},
    options::{Model, secret},
};
use crate::serve::{Cache, Follow, Keys, Limits, Parts, Patience, Service, Stop, follow, listen, router};

/// Serves the version under an alias, and follows the alias.
///
/// Keys come by variables, or by files that variables name: `API_KEY` or `API_KEY_FILE` (several, separated by commas or lines)
/// for predictions, `MONITORING_TOKEN` or `MONITORING_TOKEN_FILE` for /metrics, /drift, /versions and /traffic. Predictions are
/// kept where DATABASE_URL (with PGUSER and PGPASSWORD) or --prediction-log says, and nowhere without either.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    model: Model,
    /// Where to listen.
    #[arg(long, env = "LISTEN", value_name = "ADDRESS", default_value = "0.0.0.0:8000")]
    listen: SocketAddr,
    /// Where the last good version is kept, for a start while the registry is away.
    #[arg(long, env = "CACHE_DIR", value_name = "DIR", default_value = "/tmp/mlstack/models")]
    cache: PathBuf,
    /// Seconds between two looks at the alias.
    #[arg(long, env = "POLL_SECONDS", value_name = "SECONDS", default_value_t = 15.0, value_parser = seconds)]
    poll_seconds: f64,
    /// Bytes that a version may have.
    #[arg(long, env = "MAX_MODEL_BYTES", value_name = "BYTES", default_value_t = 1 << 30)]
    max_model_bytes: u64,
    /// Bytes that a request may have.
    #[arg(long, env = "MAX_BODY_BYTES", value_name = "BYTES", default_value_t = 16 << 20)]
    max_body_bytes: usize,
    /// Rows that a request may have.
    #[arg(long, env = "MAX_ROWS", value_name = "ROWS", default_value_t = 10_000)]
    max_rows: usize,
    /// Predictions that are answered at the same time; more get 503 with Retry-After.
    #[arg(long, env = "MAX_CONCURRENCY", value_name = "REQUESTS", default_value_t = 256)]
    max_concurrency: usize,
    /// Seconds that a request may take to arrive.
    #[arg(long, env = "TIMEOUT_SECONDS", value_name = "SECONDS", default_value_t = 30.0, value_parser = seconds)]
    timeout_seconds: f64,
    /// Seconds that a connection may wait for its next request, headers and all; longer than proxies keep theirs (60), which
    /// would otherwise send a request into a connection that is being closed.
    #[arg(long, env = "KEEP_ALIVE_SECONDS", value_name = "SECONDS", default_value_t = 75.0, value_parser = seconds)]
    keep_alive_seconds: f64,
    /// Seconds that requests are still taken after SIGTERM, while endpoints forget this process.
    #[arg(long, env = "DRAIN_SECONDS", value_name = "SECONDS", default_value_t = 5.0, value_parser = seconds)]
    drain_seconds: f64,
    /// A folder for predictions as JSON lines.
    #[arg(long, env = "PREDICTION_LOG", value_name = "DIR")]
    prediction_log: Option<PathBuf>,
    /// The database for predictions: postgresql://host:5432/database, without credentials.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    database_url: Option<String>,
    /// Where predictions wait while the database is away.
    #[arg(long, env = "SPOOL_DIR", value_name = "DIR", default_value = "/tmp/mlstack/spool")]
    spool: PathBuf,
    /// Bytes of predictions that may wait there.
    #[arg(long, env = "SPOOL_BYTES", value_name = "BYTES", default_value_t = 64 << 20)]
    spool_bytes: u64,
    /// Sends a trace of each request there by OTLP over HTTP, such as http://collector:4318.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL")]
    otlp: Option<String>,
    /// The least severe lines that are logged: trace, debug, info, warn or error.
    #[arg(long, env = "LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    log_level: LogLevel,
}

/// A number of seconds that a clock can count.
pub(super) fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "write a number of seconds".to_owned())?;
    if (0.0..=86_400.0).contains(&seconds) { Ok(seconds) } else { Err("write 0 to 86400 seconds".to_owned()) }
}

impl Serve {
    pub fn run(&self) -> Outcome {
        let file = self.model.read()?;
        let registry = self.model.registry()?;
        let model = file.registry.model.value.clone();
        let api_keys = Keys::read("API_KEY", secret("API_KEY")?.as_ref()).map_err(Trouble::Input)?;
        let monitoring =
            Keys::read("MONITORING_TOKEN", secret("MONITORING_TOKEN")?.as_ref()).map_err(Trouble::Input)?;
        let limits = Limits {
            body: self.max_body_bytes,
            rows: self.max_rows,
            at_once: self.max_concurrency,
            timeout: Duration::from_secs_f64(self.timeout_seconds),
        };
        let otlp = self.otlp.as_deref().filter(|address| !address.is_empty());
        let traces = logging::start(self.log_level, otlp, &model)?;
        block_on(async {
            let (log, writer) = self.log()?.unzip();
            let parts =
                Parts { file, model: model.clone(), api_keys, monitoring, limits, log, traced: traces.is_some() };
            let service = Service::new(parts).map_err(Trouble::input)?;
            let listener = TcpListener::bind(self.listen).await.map_err(|error| {
                Trouble::Input(format!(
                    "cannot listen on {}: {error}\n\nhint: choose another address with --listen",
                    self.listen
                ))
            })?;
            let cache = Cache::new(self.cache.clone(), format!("{} {model}", registry.shown()));
            let (registry_shown, alias) = (registry.shown(), self.model.model_alias.clone());
            info!(address = %self.listen, model, alias, registry = registry_shown, "serving");
            let following = Follow {
                registry,
                alias,
                every: Duration::from_secs_f64(self.poll_seconds.max(0.1)),
                largest: self.max_model_bytes,
                cache,
            };
            // It ends with the process.
            let _follower = tokio::spawn(follow(service.clone(), following));
            // Within the 45 seconds of the manifests, the kubelet's own pause and the last rows of the log included.
            let grace = limits.timeout.min(Duration::from_secs(25));
            let stop = Stop { drain: Duration::from_secs_f64(self.drain_seconds), grace };
            let headers = Duration::from_secs_f64(self.keep_alive_seconds);
            let patience = Patience { headers, answers: limits.timeout, stop };
            listen(listener, router(&service), &|| service.drain(), patience).await.map_err(Trouble::input)?;
            if let Some(writer) = writer {
                writer.close(Duration::from_secs(5)).await;
            }
            if let Some(traces) = traces {
                // It waits for its own thread; what cannot be sent any more is lost, and nobody waits for it.
                let _ = tokio::task::spawn_blocking(move || traces.shutdown()).await;
            }
            Ok(())
        })
    }

    fn log(&self) -> Result<Option<(PredictionLog, Writer)>, Trouble> {
        let url = self.database_url.as_ref().filter(|url| !url.is_empty());
        let destination = match (url, &self.prediction_log) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => {
                let error = "predictions cannot be kept in a database and in a folder";
                return Err(Trouble::Input(format!("{error}\n\nhint: leave out DATABASE_URL or --prediction-log")));
            }
            (Some(url), None) => Destination::Postgres {
                url: url.clone(),
                user: std::env::var("PGUSER").ok(),
                password: secret("PGPASSWORD")?,
                spool: self.spool.clone(),
                spool_limit: self.spool_bytes,
            },
            (None, Some(folder)) => Destination::JsonLines {
                folder: folder.clone(),
                // The pod's name in a cluster.
                stem: std::env::var("HOSTNAME")
                    .ok()
                    .filter(|name| !name.is_empty())
                    .unwrap_or_else(|| "predictions".into()),
                rotate_at: 64 << 20,
            },
        };
        prediction_log::start(destination, &Settings::default()).map(Some).map_err(Trouble::input)
    }
}
