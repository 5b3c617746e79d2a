//! The folders of a project, and what is read from them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use builders::Name;
use documents::Diagnostic;

/// A project's root: the folder that holds `environments/` and `models/`.
#[derive(Debug, Clone)]
pub struct Project {
    root: PathBuf,
}

/// A file that was read.
#[derive(Debug, Clone)]
pub struct Source {
    /// As people know it: relative to the root, with forward slashes.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A file that could not be had, to be told at the place that asked for it.
#[derive(Debug, Clone)]
pub struct Missing {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// Where environments and models come from: a [`Project`], or texts in a test.
pub trait Sources {
    /// The file of an environment.
    ///
    /// # Errors
    /// When there is none; the hint lists those there are.
    fn environment(&self, name: &str) -> Result<Source, Vec<Diagnostic>>;

    /// The file of a model.
    ///
    /// # Errors
    /// When there is none; the hint lists those there are.
    fn model(&self, name: &str) -> Result<Source, Missing>;

    /// The file of the ciphertexts of an environment, if there is one.
    ///
    /// # Errors
    /// When it is there but cannot be read.
    fn sealed(&self, environment: &str) -> Result<Option<Source>, Missing>;

    /// The bytes of a data set, by its path beside the model files.
    ///
    /// # Errors
    /// When it cannot be read.
    fn data(&self, path: &str) -> Result<Vec<u8>, Missing>;
}

/// Something other than a mistake in a file went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No project here.
    #[error("no folder environments/ in {} or above it\n\nhint: run mlstack inside a project, or name one with --project", .0.display())]
    NoProject(PathBuf),
    /// Nothing to compile; an empty `out/` is surely not what was meant.
    #[error("there is no environment in {}\n\nhint: write environments/local.yaml", .0.display())]
    NoEnvironments(PathBuf),
    /// A file that would be passed over in silence.
    #[error("{} is not read\n\nhint: name it in lower-case letters, digits and `-`, ending in .yaml", .0.display())]
    Misnamed(PathBuf),
    /// The file system said no.
    #[error("cannot {action} {}: {source}\n\nhint: {hint}", .path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
        /// What to do.
        hint: &'static str,
    },
}

impl Failure {
    /// For `map_err`: what was tried, on what, and what to do about it.
    pub(crate) fn io(action: &'static str, path: &Path, hint: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source, hint }
    }
}

impl Project {
    /// The project at `root`.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The project that `inside` lies in.
    ///
    /// # Errors
    /// When no folder above has `environments/`.
    pub fn find(inside: &Path) -> Result<Self, Failure> {
        let holds = |folder: &&Path| folder.join("environments").is_dir();
        let root = inside.ancestors().find(holds).ok_or_else(|| Failure::NoProject(inside.to_owned()))?;
        Ok(Self::at(root))
    }

    /// A path inside the project.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The names of all environments, sorted.
    ///
    /// # Errors
    /// When the folder cannot be read, or holds no environment or one that is misnamed.
    pub fn environments(&self) -> Result<Vec<String>, Failure> {
        let names = self.names("environments")?;
        if names.is_empty() { Err(Failure::NoEnvironments(self.path("environments"))) } else { Ok(names) }
    }

    /// The folders in `above`, by their path in the project; none if there is no `above`.
    pub fn folders(&self, above: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(above)).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| entry.path().is_dir());
        folders.filter_map(|entry| Some(format!("{above}/{}", entry.file_name().to_str()?))).collect()
    }

    /// The names of the YAML files of a folder, without their ending.
    fn names(&self, folder: &str) -> Result<Vec<String>, Failure> {
        let path = self.path(folder);
        let fail = || Failure::io("read", &path, "check that the folder exists and can be read");
        let mut names = Vec::new();
        for entry in fs::read_dir(&path).map_err(fail())? {
            let file = entry.map_err(fail())?.path();
            let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            match ending {
                "yaml" if stem.parse::<Name>().is_ok() => names.push(stem.to_owned()),
                "yaml" | "yml" => return Err(Failure::Misnamed(file)),
                _ => {}
            }
        }
        names.sort();
        Ok(names)
    }

    fn source(&self, folder: &str, what: &str, name: &str) -> Result<Source, Missing> {
        let relative = format!("{folder}/{name}.yaml");
        // A name with a slash would leave the folder, one with a line break the header of the manifests.
        let plain = name.parse::<Name>().is_ok();
        match plain.then(|| fs::read(self.path(&relative))) {
            Some(Ok(bytes)) => Ok(Source { name: relative, bytes }),
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(Missing {
                message: format!("cannot read {relative}: {error}"),
                hint: "check that the file can be read".into(),
            }),
            _ => {
                let names = self.names(folder).unwrap_or_default();
                let near = names.iter().find(|known| strsim::damerau_levenshtein(known, name) <= 2);
                let hint = match near {
                    Some(near) => format!("did you mean {near}?"),
                    None if names.is_empty() => format!("there is no {what} in {folder}/ yet"),
                    None => format!("there are {}", names.join(", ")),
                };
                Err(Missing {
                    message: format!("there is no {what} {name}"),
                    hint: format!("{hint}; it would be {relative}"),
                })
            }
        }
    }
}

impl Sources for Project {
    fn environment(&self, name: &str) -> Result<Source, Vec<Diagnostic>> {
        self.source("environments", "environment", name)
            .map_err(|Missing { message, hint }| vec![Diagnostic { message, places: Vec::new(), hint: Some(hint) }])
    }

    fn model(&self, name: &str) -> Result<Source, Missing> {
        self.source("models", "model", name)
    }

    fn sealed(&self, environment: &str) -> Result<Option<Source>, Missing> {
        let name = crate::sealed::path(environment);
        match fs::read(self.path(&name)) {
            Ok(bytes) => Ok(Some(Source { name, bytes })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Missing {
                message: format!("cannot read {name}: {error}"),
                hint: "check that the file can be read".into(),
            }),
        }
    }

    fn data(&self, path: &str) -> Result<Vec<u8>, Missing> {
        fs::read(self.path("models").join(path)).map_err(|error| Missing {
            message: format!("cannot read models/{path}: {error}"),
            hint: "put the file there, or write url: for one that is elsewhere".into(),
        })
    }
}
