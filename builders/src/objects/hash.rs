//! Fingerprints: another content is another name, or rolls the pods that read it.

use sha2::{Digest, Sha256};

/// The first 32 bits of the SHA-256 of `text`: enough to tell the versions of one thing apart.
pub(super) fn hash(text: &str) -> u32 {
    Sha256::digest(text.as_bytes()).iter().take(4).fold(0, |bits, byte| bits << 8 | u32::from(*byte))
}
