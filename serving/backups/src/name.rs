//! Names of dumps: database and moment, so that a file needs no company.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands for itself in the name of a file; `dump.sh` of the manifests escapes the rest in the same way.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-');

/// The end of every name.
const SUFFIX: &str = ".dump";

/// `mlflow-20261121T023000Z.dump`: the database, with `%20` and the like for what a file's name should not hold, and the moment
/// (UTC) when the dump began.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DumpName {
    /// The database, as the server calls it.
    pub database: String,
    /// When the dump began, in whole seconds.
    pub taken: Timestamp,
}

impl fmt::Display for DumpName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = self.taken.to_string().replace(['-', ':'], "");
        write!(out, "{}-{moment}{SUFFIX}", utf8_percent_encode(&self.database, ESCAPED))
    }
}

impl FromStr for DumpName {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (database, moment) = text.strip_suffix(SUFFIX).and_then(|rest| rest.rsplit_once('-')).ok_or(())?;
        let database = percent_decode_str(database).decode_utf8().map_err(drop)?.into_owned();
        let name = Self { database, taken: moment.parse().map_err(drop)? };
        // One name for one dump: what would be written otherwise is none of ours.
        let whole = name.taken.subsec_nanosecond() == 0;
        if whole && !name.database.is_empty() && name.to_string() == text { Ok(name) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for (file, database) in [
            ("mlflow-20261121T023000Z.dump", "mlflow"),
            ("my-db-20261121T023000Z.dump", "my-db"),
            ("odd%20name%2F%22%C3%A9%25%27-20261121T235959Z.dump", "odd name/\"é%'"),
            ("--20261121T023000Z.dump", "-"),
        ] {
            let name: DumpName = file.parse().unwrap_or_else(|()| panic!("{file}"));
            assert_eq!((name.database.as_str(), name.to_string().as_str()), (database, file));
        }
    }

    #[test]
    fn what_is_no_name_is_none() {
        for file in [
            "",
            "mlflow.dump",
            "-20261121T023000Z.dump",
            "mlflow-20261121T023000Z.dump.json",
            "mlflow-20261121T023000Z.dump#1",
            "mlflow-2026-11-21T02:30:00Z.dump",
            "mlflow-20261321T023000Z.dump",
            "mlflow-20261121T023000.5Z.dump",
            "odd name-20261121T023000Z.dump",
            "%6Dlflow-20261121T023000Z.dump",
            "a/b-20261121T023000Z.dump",
        ] {
            assert!(file.parse::<DumpName>().is_err(), "{file}");
        }
    }
}
