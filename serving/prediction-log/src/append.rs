//! Lines at the end of a file, all or none of them.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// Opens a file to append to, and makes it if it is missing. What was predicted for whom is not for everybody;
/// the group is the pod's (`fsGroup`).
pub(crate) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o640).open(path)
}

/// Appends. A disk that fills up takes a part of what it is given: that part is taken back, so that no half
/// line stands before the next whole one.
pub(crate) fn append(file: &mut File, text: &[u8]) -> io::Result<()> {
    let before = file.metadata()?.len();
    file.write_all(text).inspect_err(|_| {
        let _ = file.set_len(before);
    })
}
