//! The words of drift: `serving drift`.

/// Compares what a model was asked with what it was trained on. It ends with 0 without drift or with too few rows to tell, 1 with
/// drift, 2 for bad input, 3 when the registry or the prediction log is away.
pub const DRIFT: &str = "drift";
/// The exit code of [`DRIFT`] when there is some.
pub const DRIFTED: u8 = 1;
/// Keeps the report of [`DRIFT`] beside the version, where the API finds it.
pub const PUBLISH: &str = "--publish";
/// How far back [`DRIFT`] looks: `24h`, `7d`.
pub const DRIFT_LAST: &str = "DRIFT_LAST";
/// The chance of a false alarm that is taken.
pub const DRIFT_LEVEL: &str = "DRIFT_LEVEL";
/// The population stability index from which on a difference is large.
pub const DRIFT_PSI: &str = "DRIFT_PSI";
/// The fewest rows that say anything.
pub const DRIFT_MIN_ROWS: &str = "DRIFT_MIN_ROWS";
