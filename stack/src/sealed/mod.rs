//! Values that only a cluster's Sealed Secrets controller can read, and that can therefore be committed.
//!
//! Each is bound to its namespace and Secret (the controller's strict scope), so that nobody who may write one
//! namespace can have another's values decrypted into it.

#[cfg(feature = "seal")]
mod certificate;
mod ciphertext;
#[cfg(feature = "seal")]
mod due;
#[cfg(feature = "seal")]
mod encrypt;
mod file;
#[cfg(feature = "seal")]
mod written;

#[cfg(feature = "seal")]
pub(crate) use certificate::Certificate;
pub(crate) use ciphertext::Ciphertext;
#[cfg(feature = "seal")]
pub(crate) use due::{Due, due, seal};
pub(crate) use file::{Sealed, path};
#[cfg(feature = "seal")]
pub(crate) use written::{Tree, text};
