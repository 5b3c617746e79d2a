//! A registry without a server: a folder, or a prefix in an object store.
//!
//! ```text
//! <model>/versions/3.json           the manifest: the version exists from the moment this exists
//! <model>/aliases/champion.json     a copy of the manifest that the alias stands on
//! <model>/files/<id>/model/…        the version's folder; the id is new for each registration
//! <model>/files/<id>/run/…          plots and the like
//! <model>/files/<id>/attached/…     what was found out later, such as a report; it may be replaced
//! ```
//!
//! The forces: trainings run at once, crash half-way, and readers come at any time, and a store knows no transactions but one
//! object at a time. So the files go first, to a folder that nobody else writes; then the manifest is put with "only if
//! there is none" under the next number, and whoever loses tries the one after. A crashed training leaves a folder that no
//! manifest names: it costs room, and nothing else. Who only reads writes nothing, not even the folder: pods mount it read-only,
//! and may start before there is one. A folder's file system has to know hard links, as all do but those of SMB. An alias holds the whole manifest, so that following it is one request.
//!
//! A manifest is JSON: `model`, `version`, `experiment`, `run_name`, `started_ms` and `registered_ms` (milliseconds since
//! 1970), `params`, `metrics`, `tags`, `folder` (`files/<id>`), and `model_files` and `run_files`, each with `path`, `size` in
//! bytes and `sha256` in hexadecimal digits. Names of models and files are percent-escaped where a path could not hold them.

mod manifest;
mod store;

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use object_store::{Error as StoreError, ObjectStore, ObjectStoreExt, PutMode, path::Path};

pub(crate) use manifest::{Manifest, escaped};
pub use store::Store;

use crate::{Error, File, Location, Submission, Version};

/// How many manifests are read at once.
const AT_ONCE: usize = 8;

#[derive(Clone)]
pub(crate) struct Directory {
    /// Of a folder from the moment it is there.
    store: Arc<OnceLock<Arc<dyn ObjectStore>>>,
    location: Location,
    root: Path,
    shown: Arc<str>,
    /// Where it is on this machine.
    folder: Option<PathBuf>,
}

impl Directory {
    pub(crate) fn open(location: &Location) -> Result<Self, Error> {
        let folder = if let Location::Folder(path) = location { Some(path.clone()) } else { None };
        let shown = location.to_string().into();
        let root = store::root(location);
        let directory = Self { store: Arc::default(), location: location.clone(), root, shown, folder };
        match directory.store().err() {
            // A folder that is not there yet.
            None | Some(Error::Unreachable { .. }) => Ok(directory),
            Some(error) => Err(error),
        }
    }

    /// Makes the folder.
    pub(crate) fn make(&self) -> Result<(), Error> {
        let Some(folder) = &self.folder else { return Ok(()) };
        fs::create_dir_all(folder).map_err(|error| Error::Location {
            problem: format!("{} cannot be made: {error}", self.shown),
            hint: "check its owner and mode, or mount a volume there".to_owned(),
        })
    }

    fn store(&self) -> Result<&Arc<dyn ObjectStore>, Error> {
        if let Some(store) = self.store.get() {
            return Ok(store);
        }
        self.there()?;
        let opened = store::open(&self.location)?;
        Ok(self.store.get_or_init(|| opened))
    }

    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }

    pub(crate) async fn aliased(&self, model: &str, alias: &str) -> Result<Option<Version>, Error> {
        let manifest = self.manifest(&self.path(model, &format!("aliases/{alias}.json"))).await?;
        Ok(manifest.map(Version::from))
    }

    pub(crate) async fn versions(&self, model: &str) -> Result<Vec<Version>, Error> {
        self.newest(model, usize::MAX).await
    }

    pub(crate) async fn newest(&self, model: &str, count: usize) -> Result<Vec<Version>, Error> {
        let mut numbers = self.numbers(model).await?;
        numbers.sort_unstable_by_key(|&number| std::cmp::Reverse(number));
        numbers.truncate(count);
        let read = stream::iter(numbers).map(|number| async move { self.version(model, number).await });
        let found: Vec<Option<Manifest>> = read.buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(found.into_iter().flatten().map(Version::from).collect())
    }

    pub(crate) async fn files(&self, manifest: &Manifest, limit: u64) -> Result<Vec<File>, Error> {
        let (model, number) = (&manifest.model, &manifest.version);
        let bytes = manifest.model_files.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.size));
        if bytes > limit {
            return Err(Error::TooLarge { model: model.clone(), number: number.clone(), bytes, limit });
        }
        let mut files = Vec::new();
        for entry in &manifest.model_files {
            crate::names::file(&entry.path)?;
            let path = self.path(model, &format!("{}/model/{}", manifest.folder, Path::from(entry.path.as_str())));
            let missing = || Error::damaged(model, number, format!("{:?} is missing", entry.path));
            let bytes = self.get(&path, entry.size).await?.ok_or_else(missing)?;
            entry.verify(&bytes).map_err(|problem| Error::damaged(model, number, problem))?;
            files.push(File { path: entry.path.clone(), bytes });
        }
        Ok(files)
    }

    pub(crate) async fn attach(&self, manifest: &Manifest, file: File) -> Result<(), Error> {
        let path = self.attached(manifest, &file.path);
        let put = self.store()?.put(&path, file.bytes.into()).await;
        put.map(drop).map_err(|error| self.error(&format!("write {:?}", file.path), &error))
    }

    pub(crate) async fn attachment(&self, manifest: &Manifest, path: &str, limit: u64) -> Result<Option<Bytes>, Error> {
        self.get(&self.attached(manifest, path), limit).await
    }

    fn attached(&self, manifest: &Manifest, path: &str) -> Path {
        self.path(&manifest.model, &format!("{}/attached/{}", manifest.folder, Path::from(path)))
    }

    pub(crate) async fn register(&self, submission: Submission) -> Result<Version, Error> {
        let mut manifest = Manifest::new(&submission);
        for (folder, files) in [("model", &submission.model_files), ("run", &submission.run_files)] {
            for file in files {
                let name = Path::from(file.path.as_str());
                let path = self.path(&submission.model, &format!("{}/{folder}/{name}", manifest.folder));
                let put = self.store()?.put(&path, file.bytes.clone().into()).await;
                put.map_err(|error| self.error(&format!("write {:?}", file.path), &error))?;
            }
        }
        let mut number = self.numbers(&submission.model).await?.into_iter().max().unwrap_or(0);
        loop {
            number += 1;
            manifest.version = number.to_string();
            let path = self.path(&submission.model, &format!("versions/{number}.json"));
            match self.store()?.put_opts(&path, manifest.bytes().into(), PutMode::Create.into()).await {
                Ok(_) => return Ok(manifest.into()),
                // Somebody was faster; or it was this very request, repeated since its answer was lost.
                Err(StoreError::AlreadyExists { .. }) => {
                    if self.manifest(&path).await?.is_some_and(|there| there.folder == manifest.folder) {
                        return Ok(manifest.into());
                    }
                }
                Err(error) => return Err(self.error("write a manifest", &error)),
            }
        }
    }

    pub(crate) async fn set_alias(&self, model: &str, alias: &str, number: &str) -> Result<(), Error> {
        let none = || Error::no_version(model, number);
        let manifest = self.version(model, number.parse().map_err(|_| none())?).await?.ok_or_else(none)?;
        let path = self.path(model, &format!("aliases/{alias}.json"));
        let put = self.store()?.put(&path, manifest.bytes().into()).await;
        put.map(drop).map_err(|error| self.error("write an alias", &error))
    }

    async fn version(&self, model: &str, number: u64) -> Result<Option<Manifest>, Error> {
        self.manifest(&self.path(model, &format!("versions/{number}.json"))).await
    }

    async fn manifest(&self, path: &Path) -> Result<Option<Manifest>, Error> {
        let bytes = self.get(path, manifest::LARGEST).await?;
        let read = bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose();
        read.map_err(|error| Error::Refused {
            registry: self.shown.to_string(),
            call: format!("read {path}"),
            code: String::new(),
            problem: format!("no manifest of a version: {error}"),
            hint: "restore the file, or remove it; mlstack writes each one whole".to_owned(),
            transient: false,
        })
    }

    /// The numbers of all versions. What else lies there, such as a half-written manifest, is none.
    async fn numbers(&self, model: &str) -> Result<Vec<u64>, Error> {
        let listed = self.store()?.list_with_delimiter(Some(&self.path(model, "versions"))).await;
        let listed = listed.map_err(|error| self.error("list versions", &error))?;
        self.there()?;
        let names = listed.objects.iter().filter_map(|object| object.location.filename()?.strip_suffix(".json"));
        Ok(names.filter_map(|name| name.parse().ok()).collect())
    }

    /// An object's bytes, if there is one; of a longer one than expected only a little more than that.
    async fn get(&self, path: &Path, expected: u64) -> Result<Option<Bytes>, Error> {
        let failed = |error: StoreError| self.error(&format!("read {path}"), &error);
        match self.store()?.get(path).await {
            Err(error @ StoreError::NotFound { .. }) if !store::no_bucket(&error) => self.there().map(|()| None),
            Err(error) => Err(failed(error)),
            Ok(found) => {
                let range = 0..found.meta.size.min(expected.saturating_add(1));
                if range.end == found.meta.size {
                    return found.bytes().await.map(Some).map_err(failed);
                }
                self.store()?.get_range(path, range).await.map(Some).map_err(failed)
            }
        }
    }

    /// A folder that is not there is not an empty one: the volume is not mounted, or somebody mends it.
    fn there(&self) -> Result<(), Error> {
        if self.folder.as_ref().is_none_or(|folder| folder.is_dir()) {
            return Ok(());
        }
        Err(Error::Unreachable { registry: self.shown.to_string(), problem: "the folder is not there".to_owned() })
    }

    fn path(&self, model: &str, rest: &str) -> Path {
        // Each part is escaped already, and `Path::from` would escape it again.
        let root = self.root.as_ref();
        let slash = if root.is_empty() { "" } else { "/" };
        Path::parse(format!("{root}{slash}{}/{rest}", escaped(model))).unwrap_or_default()
    }

    fn error(&self, call: &str, error: &StoreError) -> Error {
        store::error(&self.shown, call, error, self.folder.is_none())
    }
}

#[cfg(test)]
mod tests;
