//! Checksums.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::File;

/// SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// One checksum over files in whatever order: that of what `sha256sum` prints for them, sorted by path.
pub(crate) fn all(files: &[File]) -> String {
    let mut files: Vec<&File> = files.iter().collect();
    files.sort_unstable_by_key(|file| &file.path);
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(format!("{}  {}\n", sha256(&file.bytes), file.path));
    }
    hexadecimal(&hasher.finalize())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
