//! What one component gives another: ports, endpoints, secret keys, configuration, volumes.
//!
//! A handle comes only from its owner and has no public constructor, so a reference to something
//! that nobody declared cannot be written down.

mod config;
mod endpoint;
mod exporter;
mod port;
mod secret;
mod volume;

pub(crate) use config::Content;
pub use config::{Config, ConfigFiles, ConfigKey};
pub(crate) use endpoint::Target;
pub use endpoint::{Endpoint, TakesUrlOf, Variable};
pub use exporter::Exporter;
pub(crate) use exporter::pods_of;
pub use port::{Handler, Http, Port, Protocol, Sql, exec, http, sql};
pub use secret::{DeclaredKey, OperatorSecret, Secret, SecretFile, SecretKey, SecretType, Source};
pub(crate) use volume::{Mount, MountSource, VolumeId};
pub use volume::{Mountable, Scratch, SharedMount, SharedVolume, Volume};
