//! Directories that outlive a container, and those that do not.

use std::borrow::Cow;

use super::{ConfigFiles, SecretFile};
use crate::values::{Name, Quantity};

/// A claim with one writer: whoever mounts it has one replica and is stopped before it is replaced.
#[derive(Debug, Clone)]
pub struct Volume {
    pub(crate) id: VolumeId,
    pub(crate) name: Name,
}

/// A claim that several pods mount: some write, some only read. It is `ReadWriteMany` unless the cluster has one node.
#[derive(Debug, Clone)]
pub struct SharedVolume {
    pub(crate) id: VolumeId,
    pub(crate) name: Name,
}

/// A shared volume as one workload mounts it.
#[derive(Debug, Clone)]
pub struct SharedMount {
    pub(crate) volume: SharedVolume,
    pub(crate) writes: bool,
}

impl SharedVolume {
    /// To be mounted by pods that write; what each writes must not get in the way of the others.
    pub fn writer(&self) -> SharedMount {
        SharedMount { volume: self.clone(), writes: true }
    }

    /// To be mounted by pods that only read.
    pub fn reader(&self) -> SharedMount {
        SharedMount { volume: self.clone(), writes: false }
    }
}

/// Index of a claim in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VolumeId(pub(crate) usize);

/// An empty directory that lives as long as the pod, for what a read-only root file system has no room for.
#[derive(Debug, Clone)]
pub struct Scratch {
    pub(crate) size: Quantity,
    pub(crate) memory: bool,
}

impl Scratch {
    /// On the node's disk, at most `size`.
    pub const fn disk(size: Quantity) -> Self {
        Self { size, memory: false }
    }

    /// In memory, counted against the container's limit, at most `size`.
    pub const fn memory(size: Quantity) -> Self {
        Self { size, memory: true }
    }
}

/// A directory in the container and what is behind it.
#[derive(Debug, Clone)]
pub(crate) struct Mount {
    pub(crate) path: Cow<'static, str>,
    pub(crate) source: MountSource,
}

impl Mount {
    /// The name of its volume in the pod: `/var/run/postgresql` becomes `var-run-postgresql`.
    pub(crate) fn volume(&self) -> String {
        let dash = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        self.path.chars().map(dash).collect::<String>().trim_matches('-').chars().take(Name::MAX).collect()
    }
}

impl MountSource {
    /// The claim, if there is one.
    pub(crate) const fn claim(&self) -> Option<VolumeId> {
        match self {
            Self::Claim(volume) => Some(volume.id),
            Self::Shared(mount) => Some(mount.volume.id),
            Self::Config(_) | Self::Scratch(_) | Self::Secret(_) => None,
        }
    }
}

/// What is behind a mount.
#[derive(Debug, Clone)]
pub(crate) enum MountSource {
    Claim(Volume),
    Shared(SharedMount),
    Config(ConfigFiles),
    Scratch(Scratch),
    Secret(SecretFile),
}

/// Something that can be mounted: a volume, the files of a configuration, a scratch directory, the file of a
/// Secret's key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a volume that anybody made",
    label = "nothing can be mounted from this",
    note = "make it first and mount what you get: `let data = app.volume(name!(\"data\"), &values.size);`, then `.mount(&data, \"/data\")`",
    note = "files of a ConfigMap are mounted with `config.files()`, an empty directory with `Scratch::disk(size)`"
)]
pub trait Mountable: sealed::Sealed {}

impl Mountable for Volume {}
impl Mountable for SharedMount {}
impl Mountable for ConfigFiles {}
impl Mountable for Scratch {}
impl Mountable for SecretFile {}

pub(crate) mod sealed {
    use super::{ConfigFiles, MountSource, Scratch, SecretFile, SharedMount, Volume};

    /// How a mountable thing is kept; private, so that only handles of this crate can be mounted.
    pub trait Sealed {
        #[doc(hidden)]
        fn source(&self) -> SourceOf;
    }

    /// Hides the private type from the public trait.
    #[doc(hidden)]
    pub struct SourceOf(pub(crate) MountSource);

    impl Sealed for Volume {
        fn source(&self) -> SourceOf {
            SourceOf(MountSource::Claim(self.clone()))
        }
    }

    impl Sealed for SharedMount {
        fn source(&self) -> SourceOf {
            SourceOf(MountSource::Shared(self.clone()))
        }
    }

    impl Sealed for ConfigFiles {
        fn source(&self) -> SourceOf {
            SourceOf(MountSource::Config(self.clone()))
        }
    }

    impl Sealed for Scratch {
        fn source(&self) -> SourceOf {
            SourceOf(MountSource::Scratch(self.clone()))
        }
    }

    impl Sealed for SecretFile {
        fn source(&self) -> SourceOf {
            SourceOf(MountSource::Secret(self.clone()))
        }
    }
}
