//! Compiled files on disk: written whole or not at all, untouched where nothing changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use builders::Compiled;

use crate::project::{Failure, Project};

/// Files to be, by their path in the project.
#[derive(Debug, Default)]
pub struct Output {
    files: BTreeMap<String, String>,
    /// Folders in which a file of ours that is not to be is stale.
    folders: BTreeSet<String>,
}

/// What differs between the files to be and those there are.
#[derive(Debug, Default)]
pub struct Changes<'o> {
    /// To be written: path, what there is now (nothing for a new file), what is to be.
    pub written: Vec<(&'o str, String, &'o str)>,
    /// To be removed: path and what there is now.
    pub removed: Vec<(String, String)>,
}

const WRITE_HINT: &str = "check the permissions of the folder and the room on the disk";

impl Output {
    /// Adds a file at `path`.
    pub fn file(&mut self, path: String, text: String) {
        self.files.insert(path, text);
    }

    /// Adds the manifests of an environment, which are then all that is in its folder.
    pub fn manifests(&mut self, environment: &str, compiled: Compiled) {
        let folder = format!("out/{environment}");
        self.files.extend(compiled.files.into_iter().map(|(name, text)| (format!("{folder}/{name}"), text)));
        self.folders.insert(folder);
    }

    /// Says that nothing of ours is to be in `folder` but what was added.
    pub fn only(&mut self, folder: String) {
        self.folders.insert(folder);
    }

    /// How many files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are no files at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Compares with what is on disk.
    ///
    /// # Errors
    /// When a file or folder is there but cannot be read.
    pub fn changes(&self, project: &Project) -> Result<Changes<'_>, Failure> {
        let mut changes = Changes::default();
        for (path, text) in &self.files {
            let now = read(&project.path(path))?.unwrap_or_default();
            if now != *text {
                changes.written.push((path, now, text));
            }
        }
        for folder in &self.folders {
            for path in files_in(project, folder)? {
                if self.files.contains_key(&path) {
                    continue;
                }
                let now = read(&project.path(&path))?.unwrap_or_default();
                // What somebody put there by hand is not ours to remove.
                if Compiled::is_ours(&now) {
                    changes.removed.push((path, now));
                }
            }
        }
        Ok(changes)
    }
}

impl Changes<'_> {
    /// Whether everything is as it is to be.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }

    /// Brings the disk up to date. Every new text is on disk before the first old one is replaced.
    ///
    /// # Errors
    /// When something cannot be written; what was there is whole then.
    pub fn apply(&self, project: &Project) -> Result<(), Failure> {
        let mut staged = Vec::new();
        let folders: BTreeSet<&str> =
            self.written.iter().filter_map(|(path, ..)| Some(path.rsplit_once('/')?.0)).collect();
        for folder in folders {
            let folder = project.path(folder);
            fs::create_dir_all(&folder).map_err(Failure::io("make", &folder, WRITE_HINT))?;
        }
        let outcome = self.written.iter().try_for_each(|(path, _, text)| stage(project, path, text, &mut staged));
        if let Err(failure) = outcome {
            for (temporary, _) in &staged {
                // The failure itself is what is told.
                let _ = fs::remove_file(temporary);
            }
            return Err(failure);
        }
        for (temporary, path) in &staged {
            fs::rename(temporary, path).map_err(Failure::io("write", path, WRITE_HINT))?;
        }
        for (path, _) in &self.removed {
            let path = project.path(path);
            fs::remove_file(&path).map_err(Failure::io("remove", &path, WRITE_HINT))?;
            // The folder of an environment that is gone; one that still holds something stays.
            let _ = path.parent().map(fs::remove_dir);
        }
        Ok(())
    }

    /// The differences as a unified diff.
    pub fn diff(&self) -> String {
        let old = |path: &str, text: &str| if text.is_empty() { "/dev/null".to_owned() } else { format!("a/{path}") };
        let show = |path: &str, now: &str, next: &str| {
            let after = if next.is_empty() { "/dev/null".to_owned() } else { format!("b/{path}") };
            similar::TextDiff::from_lines(now, next).unified_diff().header(&old(path, now), &after).to_string()
        };
        let written = self.written.iter().map(|(path, now, next)| show(path, now, next));
        let removed = self.removed.iter().map(|(path, now)| show(path, now, ""));
        written.chain(removed).collect()
    }
}

/// Writes beside the target, so that the rename stays within one file system.
fn stage(project: &Project, path: &str, text: &str, staged: &mut Vec<(PathBuf, PathBuf)>) -> Result<(), Failure> {
    let target = project.path(path);
    let temporary = target.with_extension("new");
    staged.push((temporary.clone(), target));
    fs::write(&temporary, text).map_err(Failure::io("write", &temporary, WRITE_HINT))
}

fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read(path) {
        // A file that is no text is not as it is to be, whatever it says.
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io("read", path, "check the file's permissions")(error)),
    }
}

fn files_in(project: &Project, folder: &str) -> Result<Vec<String>, Failure> {
    let path = project.path(folder);
    let entries = match fs::read_dir(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(Failure::io("read", &path, "check the folder's permissions"))?,
    };
    let files = entries.filter_map(Result::ok).filter(|entry| entry.path().is_file());
    let names = files.filter_map(|entry| entry.file_name().into_string().ok());
    let mut files: Vec<String> = names.map(|name| format!("{folder}/{name}")).collect();
    files.sort();
    Ok(files)
}
