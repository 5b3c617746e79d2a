//! Values that only a cluster's Sealed Secrets controller can read, and that can therefore be committed.
//!
//! Each is bound to its namespace and Secret (the controller's strict scope), so that nobody who may write one
//! namespace can have another's values decrypted into it.

mod certificate;
mod ciphertext;
mod due;
mod file;

pub(crate) use certificate::Certificate;
pub(crate) use ciphertext::Ciphertext;
pub(crate) use due::{Due, due, seal};
pub(crate) use file::{Sealed, Tree, path, text};
