//! Values that people write in YAML, each checked once, at the door.
//!
//! A value that exists is valid, so nothing behind the door can fail on it. Every type states its
//! rule, an example and its JSON-schema pattern in one place, and its error says what to do.

mod bounded;
pub mod choice;
mod cidr;
mod class;
mod exposure;
mod host;
mod image;
mod instant;
mod labels;
mod name;
mod origin;
mod quantity;
mod replicas;
mod resources;
mod schedule;
mod secrets_from;
mod storage;
mod store;
mod text;
mod url;

pub use bounded::{AtMost, Between, Seconds};
pub use cidr::Cidr;
pub use class::ClassName;
pub use documents::Located;
pub use exposure::{AtHost, AtNodePort, Exposure, NodePort};
pub use host::Host;
pub use image::ImageRef;
pub use instant::Instant;
pub use labels::{Annotations, Labels};
pub use name::{KeyName, Name};
pub use origin::Origin;
pub use quantity::Quantity;
pub use replicas::{Autoscaling, Percent, Rate, Replicas};
pub use resources::{ComputeResources, Resources};
pub use schedule::Schedule;
pub use secrets_from::{SecretsFrom, Store, StoreKind};
pub use storage::Storage;
pub use store::{Interval, StorePath};
pub use text::{Invalid, refuse};
pub use url::Url;
