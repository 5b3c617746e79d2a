//! Opening stores, and saying what they said.

use std::sync::Arc;

use object_store::{
    ClientConfigKey, Error as StoreError, ObjectStore, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    gcp::{GoogleCloudStorageBuilder, GoogleConfigKey},
    local::LocalFileSystem,
    path::Path,
};

use crate::{Error, Location, error::chain, http};

/// A folder or a prefix in an object store, for what is kept beside registries: opened with the same variables, and as careful
/// in what it says of errors.
#[derive(Clone, Debug)]
pub struct Store {
    /// What is asked.
    pub objects: Arc<dyn ObjectStore>,
    /// What all paths begin with.
    pub root: Path,
    shown: Arc<str>,
    remote: bool,
}

impl Store {
    /// Opens it; no request is made.
    ///
    /// # Errors
    /// When the folder is not there, a variable of the object store is wrong, or the location is that of a server.
    pub fn open(location: &Location) -> Result<Self, Error> {
        let remote = !matches!(location, Location::Folder(_));
        Ok(Self { objects: open(location)?, root: root(location), shown: location.to_string().into(), remote })
    }

    /// Where it is, for people: without credentials.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// What the store said when it was to do `call`, as far as that may be shown.
    pub fn error(&self, call: &str, said: &StoreError) -> Error {
        error(&self.shown, call, said, self.remote)
    }
}

/// Opens the store that a registry is in.
pub(crate) fn open(location: &Location) -> Result<Arc<dyn ObjectStore>, Error> {
    http::provider();
    let wrong = |problem: String, hint: &str| Error::Location {
        problem: format!("{location} cannot be opened: {problem}"),
        hint: hint.to_owned(),
    };
    let variables = "check the variables of the object store (AWS_*, GOOGLE_*), and that there is a CA bundle";
    let folder = "check its owner and mode, or mount a volume there";
    match location {
        Location::Folder(path) => {
            let store = LocalFileSystem::new_with_prefix(path).map_err(|error| wrong(chain(&error), folder))?;
            Ok(Arc::new(store.with_fsync(true)))
        }
        Location::S3 { bucket, .. } => {
            let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(retry());
            for (key, value) in OPTIONS {
                builder = builder.with_config(AmazonS3ConfigKey::Client(key), value);
            }
            // In the order in which the builder asks.
            let endpoint = [AmazonS3ConfigKey::S3Endpoint, AmazonS3ConfigKey::Endpoint];
            let endpoint = endpoint.iter().find_map(|key| builder.get_config_value(key));
            let plain = endpoint.is_some_and(|url| url.starts_with("http://"));
            let builder = builder.with_allow_http(plain);
            let built = builder.clone().build().or_else(|error| {
                // Without a CA bundle no client can be built, and plain HTTP needs none.
                let none = AmazonS3ConfigKey::Client(ClientConfigKey::NoSystemCertificates);
                if plain { builder.with_config(none, "true").build() } else { Err(error) }
            });
            let store = built.map_err(|error| wrong(chain(&error), variables))?;
            Ok(Arc::new(store))
        }
        Location::Gcs { bucket, .. } => {
            let mut builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(bucket).with_retry(retry());
            for (key, value) in OPTIONS {
                builder = builder.with_config(GoogleConfigKey::Client(key), value);
            }
            let store = builder.build().map_err(|error| wrong(chain(&error), variables))?;
            Ok(Arc::new(store))
        }
        Location::Mlflow(_) => Err(wrong("it is a server".to_owned(), "this is a mistake in the program")),
    }
}

/// Where in its store a registry begins.
pub(crate) fn root(location: &Location) -> Path {
    match location {
        Location::S3 { prefix, .. } | Location::Gcs { prefix, .. } => Path::from(prefix.as_str()),
        Location::Folder(_) | Location::Mlflow(_) => Path::default(),
    }
}

/// A large model may take its time, a store that says nothing may not; the time of one upload counts as silence.
const OPTIONS: [(ClientConfigKey, &str); 3] = [
    (ClientConfigKey::ConnectTimeout, "5 seconds"),
    (ClientConfigKey::ReadTimeout, "60 seconds"),
    (ClientConfigKey::Timeout, "1 hour"),
];

/// Callers try again by themselves: a poll that waits three minutes is no poll.
fn retry() -> RetryConfig {
    RetryConfig { max_retries: 2, retry_timeout: std::time::Duration::from_secs(10), ..RetryConfig::default() }
}

/// A bucket that is not there looks like an object that is not there, but is a mistake.
pub(crate) fn no_bucket(error: &StoreError) -> bool {
    let text = error.to_string();
    text.contains("NoSuchBucket") || text.contains("bucket does not exist")
}

pub(crate) fn error(registry: &str, call: &str, error: &StoreError, remote: bool) -> Error {
    let unknown = remote && matches!(error, StoreError::Generic { .. });
    let (problem, hint, transient) = match error {
        StoreError::NotFound { .. } if no_bucket(error) => {
            ("there is no such bucket", "make the bucket, or correct its name", false)
        }
        StoreError::PermissionDenied { .. } => {
            ("permission denied", "let these credentials read and write below the prefix", false)
        }
        StoreError::Unauthenticated { .. } => {
            ("no valid credentials", "set the variables of the object store (AWS_*, GOOGLE_*)", false)
        }
        _ => ("", "see what the store says", unknown),
    };
    let said = said(error);
    let problem = if problem.is_empty() { said } else { format!("{problem} ({said})") };
    Error::Refused {
        registry: registry.to_owned(),
        call: call.to_owned(),
        code: String::new(),
        problem,
        hint: hint.to_owned(),
        transient,
    }
}

/// An error's text up to the body of the answer, which quotes access keys and signatures; of that only the code.
fn said(error: &StoreError) -> String {
    let text = chain(error);
    let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>")).map(|(code, _)| code);
    let head = text.split(['<', '{', '\n']).next().unwrap_or_default().trim_end_matches([' ', ':']);
    let head: String = head.chars().take(300).collect();
    code.map_or(head.clone(), |code| format!("{head}: {code}"))
}
