//! The contract of the serving image: subcommands, ports, paths and variables that the program and the
//! manifests agree on. Everything that runs this image takes its words from here.
//!
//! On both ports `/health` is green while the process lives and `/ready` while it can do its work; an API
//! has `/startup`, green once a first model was loaded.

mod backup;
mod condition;
mod drift;
mod values;

pub use backup::{BACKUP_FETCH, BACKUP_FILE, BACKUP_KEEP, BACKUP_STORE, BACKUP_WATCH, BACKUPS_DIR};
use builders::{Http, Name, Port, Sql, Variable, http, name};
pub use condition::Condition;
pub use drift::{DRIFT, DRIFT_LAST, DRIFT_LEVEL, DRIFT_MIN_ROWS, DRIFT_PSI, DRIFTED, PUBLISH};
use model_file::Sample;
pub use values::{LogLevel, Values};

/// Serves a model on [`api_port`].
pub const SERVE: &str = "serve";
/// Trains a model and registers it. It waits for a registry that has not started yet, and does nothing
/// where the registry has a version of the same specification and data.
pub const TRAIN: &str = "train";
/// Holds the conditions, by commas, on which a training moves the alias; it always does without them.
pub const PROMOTE_IF: &str = "PROMOTE_IF";
/// The exit code of every command for what another try would not mend.
pub const BAD_INPUT: u8 = 2;
/// Serves the web page on [`page_port`].
pub const UI: &str = "ui";

/// Where MLflow is.
pub const MLFLOW_TRACKING_URI: Variable<Http> = Variable::http("MLFLOW_TRACKING_URI");
/// Where predictions are logged; nothing is logged without it.
pub const DATABASE_URL: Variable<Sql> = Variable::sql("DATABASE_URL");

/// Names a registry that is a directory, on a volume or in an object store.
pub const REGISTRY: &str = "REGISTRY";
/// Its place in the container, where it is on a volume.
pub const REGISTRY_DIR: &str = "/var/lib/mlstack/registry";
/// Names the directory in which each pod keeps a file of its predictions.
pub const PREDICTION_LOG: &str = "PREDICTION_LOG";
/// Its place in the container.
pub const PREDICTIONS_DIR: &str = "/var/log/mlstack";
/// Names the directory in which an API keeps the version it serves, for its next start.
pub const CACHE_DIR: &str = "CACHE_DIR";
/// Its place in the container, which goes with the pod.
pub const CACHE_PATH: &str = "/tmp/models";
/// Holds the keys of which callers send one as `X-API-Key`.
pub const API_KEY: &str = "API_KEY";
/// Holds the token that `/metrics`, `/drift`, `/versions` and `/traffic` ask for.
pub const MONITORING_TOKEN: &str = "MONITORING_TOKEN";
/// Where metrics are.
pub const METRICS: &str = "/metrics";
/// The counter of answered requests.
pub const REQUESTS: &str = "http_requests_total";
/// The paths of predictions among those that it counts, as a regular expression.
pub const PREDICTIONS: &str = "/predict|/explain|/v2/.+/infer";
/// The bounds within which the program counts answers, in microseconds.
pub const LATENCY_BOUNDS: [u32; 12] =
    [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 500_000, 2_500_000, 10_000_000];

/// The directory of the model file, and the variable that names the file.
pub const MODEL_DIR: &str = "/etc/mlstack";
/// Names the model file.
pub const MODEL_FILE: &str = "MODEL_FILE";
/// Its place in the container.
pub const MODEL_PATH: &str = "/etc/mlstack/model.yaml";
/// The directory of a bundled data set, and the variable that names its file.
pub const DATA_DIR: &str = "/etc/mlstack-data";
/// Names a data set, instead of the one that the model file names.
pub const DATA: &str = "DATA";
/// Its place in the container.
pub const DATA_PATH: &str = "/etc/mlstack-data/data.csv";
/// Makes a data set.
pub const SAMPLE: &str = "sample";
/// The directory of a data set that was made.
pub const SAMPLE_DIR: &str = "/var/lib/mlstack/data";
/// Its place in the container.
pub const SAMPLE_PATH: &str = "/var/lib/mlstack/data/data.csv";
/// The alias that an API follows and a training moves.
pub const CHAMPION: &str = "champion";

/// The arguments that make a data set at [`SAMPLE_PATH`].
pub fn sample(sample: &Sample) -> [String; 8] {
    let (rows, seed) = (sample.rows.value.to_string(), sample.seed.to_string());
    [SAMPLE, sample.generator.as_str(), "--rows", &rows, "--seed", &seed, "--output", SAMPLE_PATH].map(str::to_owned)
}

/// Where the page finds the API of `model`: `API_URL_DIABETES`.
pub fn api_url(model: &Name) -> Variable<Http> {
    Variable::http_for("API_URL_", model)
}

/// Where the page finds the key of the API of `model`: `API_KEY_DIABETES`.
pub fn api_key(model: &Name) -> String {
    format!("API_KEY_{}", model.to_variable())
}

/// Where the page finds the token that the API of `model` asks of who watches it: `MONITORING_TOKEN_DIABETES`.
pub fn monitoring_token(model: &Name) -> String {
    format!("MONITORING_TOKEN_{}", model.to_variable())
}

/// The port of an API.
pub const fn api_port() -> Port<Http> {
    http(name!("http"), 8000)
}

/// The port of the web page.
pub const fn page_port() -> Port<Http> {
    http(name!("http"), 8501)
}
