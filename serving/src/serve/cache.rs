//! The last good version on disk: a pod that starts while the registry is away serves it.
//!
//! A version is a folder that appears by a rename; `current.json` names it with the sums of its files. What
//! was left half-written by a crash has no name, and is removed by the next that is kept.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use registry::{File, sha256};
use serde::{Deserialize, Serialize};

/// The folder of one model's versions.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
    /// Registry and model: what was kept of others is not served.
    origin: String,
}

/// A version that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its number.
    pub version: String,
    /// What sets it apart from others of that number.
    pub identity: String,
    /// Its files.
    pub files: Vec<File>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Current {
    origin: String,
    version: String,
    identity: String,
    folder: String,
    files: Vec<Sum>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Sum {
    path: String,
    sha256: String,
}

impl Cache {
    /// A cache in `folder`, for what comes from `origin`.
    pub fn new(folder: PathBuf, origin: String) -> Self {
        Self { folder, origin }
    }

    /// Keeps a version, and forgets the one before it.
    ///
    /// # Errors
    /// When the disk says no; what was kept before stays.
    pub fn keep(&self, kept: &Kept) -> io::Result<()> {
        let Kept { version, identity, files } = kept;
        fs::create_dir_all(&self.folder)?;
        let name = format!("{}-{}", plain(version), &sha256(version.as_bytes())[..8]);
        let (whole, part) = (self.folder.join(&name), self.folder.join(format!(".{name}.part")));
        remove(&part)?;
        let mut sums = Vec::new();
        for file in files {
            let path = part.join(&file.path);
            fs::create_dir_all(path.parent().unwrap_or(&part))?;
            fs::write(&path, &file.bytes)?;
            sums.push(Sum { path: file.path.clone(), sha256: sha256(&file.bytes) });
        }
        remove(&whole)?;
        fs::rename(&part, &whole)?;
        let (version, identity) = (version.clone(), identity.clone());
        let current = Current { origin: self.origin.clone(), version, identity, folder: name.clone(), files: sums };
        let part = self.folder.join(".current.json.part");
        fs::write(&part, serde_json::to_vec(&current)?)?;
        fs::rename(&part, self.folder.join("current.json"))?;
        for entry in fs::read_dir(&self.folder)?.flatten() {
            if entry.path().is_dir() && *entry.file_name() != *name {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }

    /// The version that was kept last; nothing where none was kept.
    ///
    /// # Errors
    /// When files are missing or changed.
    pub fn load(&self) -> io::Result<Option<Kept>> {
        let text = match fs::read(self.folder.join("current.json")) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        let current: Current = serde_json::from_slice(&text)?;
        if current.origin != self.origin {
            return Ok(None);
        }
        let file = |kept: &Sum| {
            let bytes = fs::read(self.folder.join(&current.folder).join(&kept.path))?;
            if sha256(&bytes) == kept.sha256 {
                return Ok(File { path: kept.path.clone(), bytes: bytes.into() });
            }
            Err(io::Error::new(ErrorKind::InvalidData, format!("{} is not what was kept", kept.path)))
        };
        let files = current.files.iter().map(file).collect::<io::Result<_>>()?;
        Ok(Some(Kept { version: current.version, identity: current.identity, files }))
    }
}

/// A name that is one folder's, whatever a registry calls its versions.
fn plain(version: &str) -> String {
    version.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(version: &str, text: &'static str) -> Kept {
        let files = vec![
            File { path: "MLmodel".into(), bytes: text.into() },
            File { path: "plots/roc.svg".into(), bytes: "<svg/>".into() },
        ];
        Kept { version: version.into(), identity: format!("run of {text}"), files }
    }

    #[test]
    fn the_last_version_comes_back_and_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().join("new"), "here".into());
        assert!(cache.load().expect("readable").is_none());
        cache.keep(&kept("1", "one")).expect("kept");
        cache.keep(&kept("a/b", "two")).expect("kept");
        assert_eq!(cache.load().expect("readable"), Some(kept("a/b", "two")));
        assert_eq!(fs::read_dir(folder.path().join("new")).expect("a folder").count(), 2);
        let other = Cache::new(folder.path().join("new"), "elsewhere".into());
        assert!(other.load().expect("readable").is_none());
    }

    #[test]
    fn what_was_changed_is_not_served() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned(), "here".into());
        cache.keep(&kept("1", "one")).expect("kept");
        let kept = fs::read_dir(folder.path()).expect("a folder").flatten().find(|entry| entry.path().is_dir());
        fs::write(kept.expect("a version").path().join("MLmodel"), "on").expect("written");
        assert!(cache.load().expect_err("changed").to_string().contains("MLmodel"));
    }
}
