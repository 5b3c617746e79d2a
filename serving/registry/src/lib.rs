//! Versions of models and their aliases, in MLflow or in a directory.
//!
//! A team moves an alias and every server follows: so the alias is asked for every few seconds by every pod, and that is one
//! small request. Trainings run at once and crash half-way: so a version exists only when all of it is there, and never
//! changes afterwards. Registries go away for a while: so each error says whether to try again ([`Error::is_transient`]).
//!
//! - `http://`, `https://`: an MLflow tracking server, 2.17 to 3.17, by its REST interface (`mlflow`).
//! - a folder, `file://`, `s3://bucket/prefix`, `gs://bucket/prefix`: no server at all (`directory` has the layout).
//!
//! Nothing here knows what a model is: files go in, the same files come out.

mod digest;
mod directory;
mod error;
mod http;
mod location;
mod mlflow;
mod names;
mod number;
mod version;

use std::{collections::BTreeMap, fmt};

use bytes::Bytes;
use directory::Directory;
pub use directory::Store;
use mlflow::Mlflow;

pub use digest::sha256;
pub use error::Error;
pub use http::{client, provider as tls};
pub use location::{Credentials, Location};
pub(crate) use version::Origin;
pub use version::{File, Submission, Version};

/// A registry of models. Cloning it is cheap, and the clones share connections.
#[derive(Clone)]
pub struct Registry(Kind);

#[derive(Clone)]
enum Kind {
    Mlflow(Mlflow),
    Directory(Directory),
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Registry({})", self.shown())
    }
}

impl Registry {
    /// Opens a registry. No request is made and nothing is written, so a server that is away or a folder that is not there is no
    /// error yet.
    ///
    /// Object stores read their own variables (`AWS_*`, `GOOGLE_*`), workload identities among them; `credentials` are
    /// MLflow's.
    ///
    /// # Errors
    /// When there is no CA bundle for `https`, the folder cannot be entered, or a variable of the object store is wrong.
    pub fn open(location: &Location, credentials: &Credentials) -> Result<Self, Error> {
        Ok(Self(match location {
            Location::Mlflow(url) => Kind::Mlflow(Mlflow::open(url, credentials)?),
            place => Kind::Directory(Directory::open(place)?),
        }))
    }

    /// Makes the folder of a registry in a folder, where it is missing: whoever writes does. Other registries need nothing.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(&self) -> Result<(), Error> {
        match &self.0 {
            Kind::Mlflow(_) => Ok(()),
            Kind::Directory(directory) => directory.make(),
        }
    }

    /// The version that an alias stands on; none when there is no such model or no such alias. One small request.
    ///
    /// # Errors
    /// When the names are none, or the registry does not answer as it should.
    pub async fn aliased(&self, model: &str, alias: &str) -> Result<Option<Version>, Error> {
        names::model(model)?;
        names::alias(alias)?;
        match &self.0 {
            Kind::Mlflow(server) => server.aliased(model, alias).await,
            Kind::Directory(directory) => directory.aliased(model, alias).await,
        }
    }

    /// Every version of a model, newest first; none when there is no such model.
    ///
    /// # Errors
    /// When the name is none, or the registry does not answer as it should.
    pub async fn versions(&self, model: &str) -> Result<Vec<Version>, Error> {
        names::model(model)?;
        let mut versions = match &self.0 {
            Kind::Mlflow(server) => server.versions(model).await?,
            Kind::Directory(directory) => directory.versions(model).await?,
        };
        versions.sort_by_cached_key(|version| std::cmp::Reverse(version.number.parse::<u64>().unwrap_or(0)));
        Ok(versions)
    }

    /// The newest versions of a model, at most `count` (1 to 1,000), newest first; none when there is no such model.
    ///
    /// # Errors
    /// When the name is none, or the registry does not answer as it should.
    pub async fn newest(&self, model: &str, count: usize) -> Result<Vec<Version>, Error> {
        names::model(model)?;
        let mut versions = match &self.0 {
            Kind::Mlflow(server) => server.newest(model, count).await?,
            Kind::Directory(directory) => directory.newest(model, count).await?,
        };
        versions.sort_by_cached_key(|version| std::cmp::Reverse(version.number.parse::<u64>().unwrap_or(0)));
        Ok(versions)
    }

    /// The metrics of the run behind a version; none when no run is behind it.
    ///
    /// # Errors
    /// When the run was removed, or the registry does not answer as it should.
    pub async fn metrics(&self, version: &Version) -> Result<BTreeMap<String, f64>, Error> {
        match (&self.0, &version.origin) {
            (Kind::Mlflow(server), Origin::Run(Some(run))) => server.metrics(run).await,
            (_, Origin::Manifest(manifest)) => Ok(manifest.metrics()),
            (_, Origin::Run(_)) => Ok(BTreeMap::new()),
        }
    }

    /// All files of a version, by path, and verified: what differs from what was registered is refused.
    ///
    /// MLflow keeps no checksums, so versions that were registered by [`Self::register`] carry one over all files in the
    /// tag `files.sha256`; of others the lengths are compared.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when they have more than `limit` bytes together, [`Error::Damaged`] when they are not what was
    /// registered.
    pub async fn files(&self, version: &Version, limit: u64) -> Result<Vec<File>, Error> {
        let mut files = match (&self.0, &version.origin) {
            (Kind::Mlflow(server), _) => server.files(version, limit).await?,
            (Kind::Directory(directory), Origin::Manifest(manifest)) => directory.files(manifest, limit).await?,
            (Kind::Directory(_), Origin::Run(_)) => return Err(Error::no_version(&version.model, &version.number)),
        };
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// Registers a version; it is complete when this returns, and nobody sees it before. No alias moves.
    ///
    /// A run in MLflow whose registration fails is marked as failed. One whose future is dropped half-way stays as it is.
    ///
    /// # Errors
    /// When a name is none, or the registry refuses or does not answer. Then no version exists, but for one case: MLflow
    /// went away after it had made the version and before it said so.
    pub async fn register(&self, submission: Submission) -> Result<Version, Error> {
        names::submission(&submission)?;
        match &self.0 {
            Kind::Mlflow(server) => server.register(submission).await,
            Kind::Directory(directory) => directory.register(submission).await,
        }
    }

    /// Puts a file beside a version: what is found out about it later, such as a report. It is no part of the version, and
    /// takes the place of the one before it under that path.
    ///
    /// # Errors
    /// When the path is none, no run of MLflow is behind the version, or the registry refuses or does not answer.
    pub async fn attach(&self, version: &Version, file: File) -> Result<(), Error> {
        names::file(&file.path)?;
        match (&self.0, &version.origin) {
            (Kind::Mlflow(server), Origin::Run(Some(run))) => server.attach(run, file).await,
            (Kind::Directory(directory), Origin::Manifest(manifest)) => directory.attach(manifest, file).await,
            _ => Err(Error::no_version(&version.model, &version.number)),
        }
    }

    /// A file that was put beside a version; none when there is none, or when no run of MLflow is behind the version.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when it has more than `limit` bytes; when the path is none, or the registry does not answer as it
    /// should.
    pub async fn attachment(&self, version: &Version, path: &str, limit: u64) -> Result<Option<Bytes>, Error> {
        names::file(path)?;
        let found = match (&self.0, &version.origin) {
            (Kind::Mlflow(server), Origin::Run(Some(run))) => server.attachment(run, path, limit).await?,
            (Kind::Directory(directory), Origin::Manifest(manifest)) => {
                directory.attachment(manifest, path, limit).await?
            }
            _ => None,
        };
        match found {
            Some(bytes) if bytes.len() as u64 > limit => Err(Error::TooLarge {
                model: version.model.clone(),
                number: version.number.clone(),
                bytes: bytes.len() as u64,
                limit,
            }),
            found => Ok(found),
        }
    }

    /// Moves an alias to a version, or makes it.
    ///
    /// # Errors
    /// [`Error::NoVersion`], when the alias is none, or the registry refuses or does not answer.
    pub async fn set_alias(&self, model: &str, alias: &str, number: &str) -> Result<(), Error> {
        names::model(model)?;
        names::alias(alias)?;
        if number.parse::<u64>().is_err() {
            return Err(Error::no_version(model, number));
        }
        match &self.0 {
            Kind::Mlflow(server) => server.set_alias(model, alias, number).await,
            Kind::Directory(directory) => directory.set_alias(model, alias, number).await,
        }
    }

    /// Where it is, for logs: without credentials.
    pub fn shown(&self) -> String {
        match &self.0 {
            Kind::Mlflow(server) => server.shown().to_owned(),
            Kind::Directory(directory) => directory.shown().to_owned(),
        }
    }
}
