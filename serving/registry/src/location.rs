//! Where a registry is, and who asks.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use secrecy::SecretString;
use url::Url;

use crate::Error;

/// Where a registry is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// An MLflow tracking server: the address of its page, below a prefix or not.
    Mlflow(Url),
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket of S3, or of a store that speaks its language, and a prefix in it, empty or not.
    S3 {
        /// The bucket.
        bucket: String,
        /// The prefix, without slashes around it.
        prefix: String,
    },
    /// A bucket of Google Cloud Storage.
    Gcs {
        /// The bucket.
        bucket: String,
        /// The prefix, without slashes around it.
        prefix: String,
    },
}

/// Who asks an MLflow server. A token goes before name and password.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// The name for basic authentication (`MLFLOW_TRACKING_USERNAME`).
    pub username: Option<String>,
    /// Its password (`MLFLOW_TRACKING_PASSWORD`).
    pub password: Option<SecretString>,
    /// A bearer token (`MLFLOW_TRACKING_TOKEN`).
    pub token: Option<SecretString>,
}

impl FromStr for Location {
    type Err = Error;

    /// Reads `http://…`, `https://…`, `s3://bucket/prefix`, `gs://bucket/prefix`, `file:///folder` or a folder.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = |problem: &str| Error::Location {
            problem: format!("a registry's location {problem}"),
            hint: "write http://host:5000 for MLflow, or ./folder, file:///folder, s3://bucket/prefix or \
                   gs://bucket/prefix for a directory"
                .to_owned(),
        };
        let Some((scheme, _)) = text.split_once("://") else {
            // `mlflow:5000` is a server whose scheme was forgotten, not a folder.
            let plain = text.starts_with(['.', '/']) || !text.contains(':');
            let folder = plain && !text.trim().is_empty();
            return folder.then(|| Self::Folder(text.into())).ok_or_else(|| wrong("has no scheme and is no folder"));
        };
        // The text itself is never shown: it may hold a password.
        let url = Url::parse(text).map_err(|error| wrong(&format!("is no URL: {error}")))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::Location {
                problem: "a registry's location holds a user or a password, which would end in logs".to_owned(),
                hint: "for MLflow set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, for object stores the \
                       variables of their own"
                    .to_owned(),
            });
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("holds a `?` or a `#`"));
        }
        let bucket = || {
            url.host_str().filter(|host| !host.is_empty()).map(str::to_owned).ok_or_else(|| wrong("names no bucket"))
        };
        // As written, not as a URL would escape it.
        let prefix = || text.splitn(4, '/').nth(3).unwrap_or_default().trim_matches('/').to_owned();
        match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => Ok(Self::Mlflow(url)),
            "file" => url.to_file_path().map(Self::Folder).map_err(|()| wrong("is no path of this machine")),
            "s3" => Ok(Self::S3 { bucket: bucket()?, prefix: prefix() }),
            "gs" => Ok(Self::Gcs { bucket: bucket()?, prefix: prefix() }),
            _ => Err(wrong("has a scheme that is not known")),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slash = |prefix: &str| if prefix.is_empty() { "" } else { "/" };
        match self {
            Self::Mlflow(url) => f.write_str(url.as_str().trim_end_matches('/')),
            Self::Folder(path) => Path::display(path).fmt(f),
            Self::S3 { bucket, prefix } => write!(f, "s3://{bucket}{}{prefix}", slash(prefix)),
            Self::Gcs { bucket, prefix } => write!(f, "gs://{bucket}{}{prefix}", slash(prefix)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_read_and_shown() {
        for (text, shown) in [
            ("http://mlflow:5000/", "http://mlflow:5000"),
            ("https://tools.example/mlflow", "https://tools.example/mlflow"),
            ("./registry", "./registry"),
            ("/var/a:b", "/var/a:b"),
            ("file:///var/models", "/var/models"),
            ("s3://bucket", "s3://bucket"),
            ("s3://bucket/a b/c/", "s3://bucket/a b/c"),
            ("gs://my_bucket/a", "gs://my_bucket/a"),
        ] {
            let location: Location = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(location.to_string(), shown);
        }
    }

    #[test]
    fn what_is_no_location_is_refused_without_its_text() {
        for text in [
            "",
            " ",
            "mlflow:5000",
            "ftp://secret@host",
            "http://me:secret@host",
            "s3:///x",
            "http://",
            "s3://b?secret",
            "file://host/secret",
        ] {
            let error = text.parse::<Location>().expect_err(text).to_string();
            assert!(!error.contains("secret") && error.contains("hint: "), "{error}");
        }
    }
}
