//! Fetches a data set: a file, a download with progress, a limit and a checksum, or rows that are made here.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use model_file::{Generator, ModelFile, Source};

use crate::sample::Sample;

/// A data set in memory.
#[derive(Debug)]
pub struct Data {
    /// Where it was.
    pub from: Place,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
}

/// Where a data set is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// By http or https.
    Url(String),
    /// A file.
    File(PathBuf),
    /// Nowhere: rows by a seed.
    Sample {
        /// What kind of rows.
        generator: Generator,
        /// How many.
        rows: u64,
        /// Which ones.
        seed: u64,
    },
}

impl std::fmt::Display for Place {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Url(url) => out.write_str(&shown(url)),
            Self::File(path) => path.display().fmt(out),
            // What makes the same file.
            Self::Sample { generator, rows, seed } => {
                write!(out, "serving sample {} --rows {rows} --seed {seed}", generator.as_str())
            }
        }
    }
}

/// An address without what it may hold of secrets: user and password, and the query, where object stores sign.
fn shown(url: &str) -> String {
    let Ok(mut url) = reqwest::Url::parse(url) else { return "an address that is no URL".to_owned() };
    // Addresses by http have both.
    let _ = (url.set_username(""), url.set_password(None));
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// A data set that could not be had.
#[derive(Debug, thiserror::Error)]
pub enum NoData {
    /// The server is away, or says so.
    #[error("cannot download {place}: {reason}\n\nhint: check the address and the network, and try again")]
    Away {
        /// Where.
        place: String,
        /// Why.
        reason: String,
    },
    /// What will not change by itself.
    #[error("cannot download {place}: {reason}\n\nhint: check data.url of the model file, or the address under --data")]
    Refused {
        /// Where.
        place: String,
        /// Why.
        reason: String,
    },
    /// A page where a file was to be: that of a sign-in, or the one that shows the file to people.
    #[error("{place} is a web page, not a CSV file\n\nhint: give the address of the file itself, often called raw")]
    Page {
        /// Where.
        place: String,
    },
    /// An address that is none; it is not shown, since it may hold a password.
    #[error("the address of the data is no URL: {reason}\n\nhint: write https://host/path/data.csv")]
    Address {
        /// Why.
        reason: String,
    },
    /// The file is not there, or not to be read.
    #[error("cannot read {place}: {reason}\n\nhint: check data of the model file, or name another file with --data")]
    File {
        /// Where.
        place: String,
        /// Why.
        reason: String,
    },
    /// Too much.
    #[error("{place} has more than {limit} bytes\n\nhint: allow more with --max-data-bytes")]
    TooLarge {
        /// Where.
        place: String,
        /// How many are allowed.
        limit: u64,
    },
    /// Other data than the model file states.
    #[error(
        "{place} is not the data set of the model file: its SHA-256 is {found}\n\nhint: if the new data are the right ones, \
         write this under data.sha256"
    )]
    Changed {
        /// Where.
        place: String,
        /// Its sum.
        found: String,
    },
}

impl Place {
    /// Where the model file says, or where `given` does.
    pub fn of(file: &ModelFile, model_file: &Path, given: Option<&str>) -> Self {
        let by_name = |name: &str| {
            let remote = name.starts_with("http://") || name.starts_with("https://");
            if remote { Self::Url(name.to_owned()) } else { Self::File(name.into()) }
        };
        given.map_or_else(
            || match file.data.source() {
                Source::Url(url) => Self::Url(url.to_owned()),
                Source::File(name) => Self::File(model_file.parent().unwrap_or(Path::new("")).join(name)),
                Source::Sample(sample) => {
                    let model_file::Sample { generator, rows, seed } = sample;
                    Self::Sample { generator: *generator, rows: rows.value, seed: *seed }
                }
            },
            by_name,
        )
    }
}

/// Fetches it, at most `limit` bytes, and compares its sum with `expected`.
///
/// # Errors
/// When it cannot be had, is too large or another.
pub async fn fetch(from: Place, limit: u64, expected: Option<&str>) -> Result<Data, NoData> {
    let bytes = match &from {
        Place::Url(url) => download(url, limit).await?,
        Place::File(path) => read(path, limit)?,
        Place::Sample { generator, rows, seed } => make(*generator, *rows, *seed),
    };
    if bytes.trim_ascii_start().starts_with(b"<") {
        return Err(NoData::Page { place: from.to_string() });
    }
    let sha256 = registry::sha256(&bytes);
    if expected.is_some_and(|expected| expected != sha256) {
        return Err(NoData::Changed { place: from.to_string(), found: sha256 });
    }
    Ok(Data { from, bytes, sha256 })
}

/// The bytes that `serving sample` writes.
fn make(generator: Generator, rows: u64, seed: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    Sample::plain(generator, rows, seed).write(&mut bytes).expect("memory takes everything");
    bytes
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, NoData> {
    let place = path.display().to_string();
    let mut bytes = Vec::new();
    let done = File::open(path).and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes));
    match done {
        Err(error) => Err(NoData::File { place, reason: error.to_string() }),
        Ok(read) if read as u64 > limit => Err(NoData::TooLarge { place, limit }),
        Ok(_) => Ok(bytes),
    }
}

async fn download(url: &str, limit: u64) -> Result<Vec<u8>, NoData> {
    registry::tls();
    let place = shown(url);
    let refused = |reason: String| NoData::Refused { place: place.clone(), reason };
    let url = reqwest::Url::parse(url).map_err(|error| NoData::Address { reason: error.to_string() })?;
    let away = |error: reqwest::Error| {
        let (lasting, error) = (error.is_redirect(), error.without_url());
        // The innermost reason is the one that helps: "connection refused", not "error sending request".
        let mut reason: &dyn std::error::Error = &error;
        while let Some(source) = reason.source() {
            reason = source;
        }
        if lasting {
            return refused(reason.to_string());
        }
        NoData::Away { place: place.clone(), reason: reason.to_string() }
    };
    let client =
        reqwest::Client::builder().connect_timeout(Duration::from_secs(10)).read_timeout(Duration::from_secs(30));
    let client = client.redirect(reqwest::redirect::Policy::limited(5));
    // Without a CA bundle no client can be built; plain http needs none.
    let client = if url.scheme() == "http" { client.tls_certs_only([]) } else { client };
    let mut answer = client.build().map_err(away)?.get(url).send().await.map_err(away)?;
    let status = answer.status();
    if status.is_server_error() {
        return Err(NoData::Away { place, reason: status.to_string() });
    }
    if !status.is_success() {
        return Err(refused(format!("the server says {status}")));
    }
    let bar = bar(answer.content_length());
    let mut bytes = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(away)? {
        if (bytes.len() + part.len()) as u64 > limit {
            return Err(NoData::TooLarge { place, limit });
        }
        bytes.extend_from_slice(&part);
        bar.set_position(bytes.len() as u64);
    }
    bar.finish_and_clear();
    Ok(bytes)
}

/// Shown on terminals alone.
fn bar(length: Option<u64>) -> ProgressBar {
    let style = ProgressStyle::with_template("downloading {bytes}/{total_bytes} {wide_bar} {bytes_per_sec}");
    let bar = length.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

impl NoData {
    /// Whether it may come back.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Away { .. })
    }
}
