//! The log as JSON lines: what needs no server. One file per process, one write per batch.
//!
//! Whoever reads takes `<stem>.1.jsonl` and then `<stem>.jsonl`, and passes over a line that is no JSON: a
//! machine that lost its power leaves one.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering::Relaxed},
};

use crate::{
    Error, append,
    counts::Counters,
    queue::{Batch, Queue},
    told::Told,
};

pub(crate) struct JsonLines {
    file: File,
    path: PathBuf,
    before: PathBuf,
    rotate_at: u64,
}

impl JsonLines {
    /// Opens the file, and ends a half line that a crash may have left.
    pub fn open(folder: &Path, stem: &str, rotate_at: u64) -> Result<Self, Error> {
        let plain = !stem.is_empty() && !stem.starts_with('.') && !stem.contains(['/', '\\', '\0']);
        if !plain {
            return Err(Error::Stem(stem.to_owned()));
        }
        fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))?;
        let (path, before) = (folder.join(format!("{stem}.jsonl")), folder.join(format!("{stem}.1.jsonl")));
        let file = append::open(&path).map_err(Error::io("write", &path))?;
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(Error::InUse(path));
        }
        let mut lines = Self { file, path, before, rotate_at };
        lines.end_half_line().map_err(Error::io("write", &lines.path))?;
        Ok(lines)
    }

    /// Writes until the queue is finished.
    pub async fn run(mut self, queue: Arc<Queue>, counts: Arc<Counters>) {
        let mut told = Told::default();
        counts.connected.store(true, Relaxed);
        while !queue.is_finished() {
            queue.ripe().await;
            let Some(batch) = queue.pop() else { continue };
            let result = self.write(&batch);
            counts.connected.store(result.is_ok(), Relaxed);
            match result {
                Ok(()) => {
                    counts.written.fetch_add(batch.rows, Relaxed);
                    told.right("the prediction log is written again");
                }
                Err(error) => {
                    counts.disk.fetch_add(batch.rows, Relaxed);
                    told.wrong("the prediction log cannot be written, rows are dropped", error.to_string());
                }
            }
        }
    }

    fn write(&mut self, batch: &Batch) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        if length > 0 && length + batch.text.len() as u64 > self.rotate_at {
            match fs::rename(&self.path, &self.before) {
                // Renamed the last time, when no new one could be made.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                renamed => renamed?,
            }
            self.file = append::open(&self.path)?;
            // Nobody else can have opened what has just been made, unless he wants to share.
            let _ = self.file.try_lock();
        }
        append::append(&mut self.file, &batch.text)
    }

    fn end_half_line(&mut self) -> io::Result<()> {
        let mut last = [b'\n'];
        let mut file = File::open(&self.path)?;
        if file.seek(SeekFrom::End(-1)).is_ok() {
            file.read_exact(&mut last)?;
        }
        if last == *b"\n" { Ok(()) } else { append::append(&mut self.file, b"\n") }
    }
}

#[cfg(test)]
mod tests;
