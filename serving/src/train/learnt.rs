//! Which rows a version has learnt from, as fingerprints beside it.
//!
//! Data grow and keep most of their rows. Whoever is judged on rows that it was taught knows the answers by heart, so a champion
//! and the version that wants its place are compared on rows that neither has learnt from.

use sha2::{Digest, Sha256};

/// Fingerprints of rows, sorted: the first four bytes of the SHA-256 of their values. Of a hundred thousand rows, two of another
/// hundred thousand are taken for known by chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learnt(Vec<u32>);

impl Learnt {
    /// Of these rows, each its features as they are trained on; their class is no part of it.
    pub fn of<'r>(rows: impl Iterator<Item = &'r [f32]>) -> Self {
        let mut all: Vec<u32> = rows.map(fingerprint).collect();
        all.sort_unstable();
        all.dedup();
        Self(all)
    }

    /// As they lie in a version: each in four bytes, the least first.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|print| print.to_le_bytes()).collect()
    }

    /// Reads them; what is cut off at the end is not read.
    pub fn read(bytes: &[u8]) -> Self {
        let (prints, _) = bytes.as_chunks();
        let mut all: Vec<u32> = prints.iter().copied().map(u32::from_le_bytes).collect();
        // Somebody may have put them there by hand.
        all.sort_unstable();
        Self(all)
    }

    /// Whether a row is among them.
    pub fn knows(&self, row: &[f32]) -> bool {
        self.0.binary_search(&fingerprint(row)).is_ok()
    }
}

fn fingerprint(row: &[f32]) -> u32 {
    let mut sum = Sha256::new();
    for value in row {
        // The two noughts are one.
        sum.update((value + 0.0).to_le_bytes());
    }
    let sum = sum.finalize();
    u32::from_le_bytes([sum[0], sum[1], sum[2], sum[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_known_again_after_they_were_written_down() {
        let rows: [[f32; 2]; 3] = [[1.5, 2.0], [0.0, f32::MAX], [1.5, 2.0]];
        let learnt = Learnt::of(rows.iter().map(<[f32; 2]>::as_slice));
        assert_eq!(learnt.bytes().len(), 8);
        let read = Learnt::read(&learnt.bytes());
        assert_eq!(read, learnt);
        assert!(rows.iter().all(|row| read.knows(row)) && read.knows(&[-0.0, f32::MAX]));
        assert!(!read.knows(&[2.0, 1.5]) && !read.knows(&[1.5]));
        assert_eq!(Learnt::read(&learnt.bytes()[..7]).0.len(), 1);
    }
}
