//! What is known of a dump that was written whole.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The end of a receipt's name, behind that of its dump.
pub(crate) const SUFFIX: &str = ".json";

/// No receipt is longer, in bytes: what is, is none.
pub(crate) const LARGEST: u64 = 4096;

/// A dump's length in bytes, and its SHA-256 in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Receipt {
    pub bytes: u64,
    pub sha256: String,
}

/// Makes a receipt of bytes as they go by.
#[derive(Default)]
pub(crate) struct Sum {
    bytes: u64,
    sha256: Sha256,
}

impl Sum {
    pub fn add(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.sha256.update(bytes);
    }

    pub fn receipt(self) -> Receipt {
        let sha256 = self.sha256.finalize().iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        Receipt { bytes: self.bytes, sha256 }
    }
}
