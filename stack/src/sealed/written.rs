//! The file as `mlstack seal` writes it.

use std::collections::BTreeMap;

use builders::{KeyName, Name, to_yaml};
use serde_json::json;

use super::Ciphertext;

/// Ciphertexts by namespace, Secret and key, to be written.
pub(crate) type Tree<'n> = BTreeMap<&'n Name, BTreeMap<&'n Name, BTreeMap<&'n KeyName, Ciphertext>>>;

/// The text of a file of these ciphertexts.
pub(crate) fn text(environment: &str, tree: &Tree<'_>) -> String {
    format!(
        "# Written by `mlstack seal {environment}`: values that the cluster's Sealed Secrets controller alone can read,\n\
         # each bound to its namespace and Secret. To be committed.\n{}",
        to_yaml(&json!(tree))
    )
}
