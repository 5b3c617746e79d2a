//! Where backups are, and which there are.

use std::{collections::BTreeSet, str::FromStr};

use jiff::Timestamp;
use object_store::{Error as StoreError, ObjectMeta, ObjectStoreExt, path::Path};
use registry::Location;

use crate::{
    DumpName, Error,
    receipt::{LARGEST, Receipt, SUFFIX},
};

/// A folder, or a prefix in an object store.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) inner: registry::Store,
    pub(crate) folder: Option<std::path::PathBuf>,
}

/// A backup that is whole: its receipt is there, and its dump is as long as that says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Of what, and when it was taken.
    pub name: DumpName,
    /// Its length.
    pub bytes: u64,
    pub(crate) sha256: String,
}

/// What is in a store.
#[derive(Debug, Default)]
pub struct Listing {
    /// What can be restored, by database, the oldest first.
    pub backups: Vec<Backup>,
    /// Names of dumps that have a receipt and are not what it says.
    pub damaged: Vec<String>,
    /// Dumps without a receipt and receipts without a dump: of a run that is under way, or ended half-way.
    pub(crate) halves: Vec<(Path, Timestamp)>,
}

impl FromStr for Store {
    type Err = Error;

    /// Opens `/folder`, `file:///folder`, `s3://bucket/prefix` or `gs://bucket/prefix`. No request is made; a folder has to be
    /// there.
    fn from_str(text: &str) -> Result<Self, Error> {
        let location = text.parse().map_err(|_| Error::Place)?;
        let folder = match &location {
            Location::Folder(path) => Some(path.clone()),
            Location::Mlflow(_) => return Err(Error::Place),
            _ => None,
        };
        Ok(Self { inner: registry::Store::open(&location)?, folder })
    }
}

impl Store {
    /// Where it is, for people.
    pub fn shown(&self) -> &str {
        self.inner.shown()
    }

    /// Looks at what is there.
    ///
    /// # Errors
    /// When the store does not answer as it should.
    pub async fn list(&self) -> Result<Listing, Error> {
        let root = Some(&self.inner.root).filter(|root| !root.as_ref().is_empty());
        let listed = self.inner.objects.list_with_delimiter(root).await;
        let objects = listed.map_err(|error| self.error("list backups", &error))?.objects;
        let there: BTreeSet<&str> = objects.iter().filter_map(|object| object.location.filename()).collect();

        let (mut listing, mut whole) = (Listing::default(), Vec::new());
        for object in &objects {
            let Some(file) = object.location.filename() else { continue };
            let dump = file.strip_suffix(SUFFIX).unwrap_or(file);
            // What somebody else put there is none of ours.
            let Ok(name) = dump.parse::<DumpName>() else { continue };
            let partner = if dump == file { format!("{file}{SUFFIX}") } else { dump.to_owned() };
            if !there.contains(partner.as_str()) {
                listing.halves.push((object.location.clone(), modified(object)));
            } else if dump == file {
                whole.push((name, object.size));
            }
        }
        for (name, size) in whole {
            match self.receipt(&name).await?.filter(|receipt| receipt.bytes == size) {
                Some(Receipt { bytes, sha256 }) => listing.backups.push(Backup { name, bytes, sha256 }),
                None => listing.damaged.push(name.to_string()),
            }
        }
        listing.backups.sort_by(|one, other| one.name.cmp(&other.name));
        listing.damaged.sort();
        listing.halves.sort();
        Ok(listing)
    }

    /// A receipt; none where it cannot be read as one, or has just been removed.
    async fn receipt(&self, name: &DumpName) -> Result<Option<Receipt>, Error> {
        let file = format!("{name}{SUFFIX}");
        let failed = |error: StoreError| self.error(&format!("read {file}"), &error);
        match self.inner.objects.get(&self.path(&file)).await {
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
            Ok(found) if found.meta.size > LARGEST => Ok(None),
            Ok(found) => Ok(serde_json::from_slice(&found.bytes().await.map_err(failed)?).ok()),
        }
    }

    pub(crate) async fn remove(&self, path: &Path) -> Result<(), Error> {
        match self.inner.objects.delete(path).await {
            Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.error(&format!("remove {path}"), &error)),
        }
    }

    pub(crate) fn path(&self, file: &str) -> Path {
        let root = self.inner.root.as_ref();
        let slash = if root.is_empty() { "" } else { "/" };
        // Names are escaped already, and `Path::from` would escape them again.
        Path::parse(format!("{root}{slash}{file}")).unwrap_or_default()
    }

    pub(crate) fn error(&self, call: &str, error: &StoreError) -> Error {
        self.inner.error(call, error).into()
    }
}

fn modified(object: &ObjectMeta) -> Timestamp {
    Timestamp::from_millisecond(object.last_modified.timestamp_millis()).unwrap_or(Timestamp::MAX)
}
