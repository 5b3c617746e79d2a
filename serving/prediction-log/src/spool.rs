//! Rows on disk while PostgreSQL is away.
//!
//! The spool is a folder of segments, numbered in the order of their rows. Batches are added to the newest
//! segment until it is as long as a batch may be, so that a long outage with little traffic leaves few files;
//! the oldest segment is read as a batch and removed when its rows have arrived. Segments that an earlier
//! process left are read first. Nothing is synced: a pod's scratch goes with the node anyway, and a line that
//! a crash tore is refused by the database like any other broken row.

use std::{
    collections::VecDeque,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::{Error, append, queue::Batch};

struct Segment {
    number: u64,
    rows: u64,
    bytes: u64,
}

pub(crate) struct Spool {
    folder: PathBuf,
    limit: u64,
    segment_bytes: u64,
    segments: VecDeque<Segment>,
    /// The newest segment, if it may still grow.
    growing: Option<File>,
    next: u64,
    /// Held for as long as the process writes here.
    _lock: File,
}

impl Spool {
    /// Opens the folder for this process alone, and finds what an earlier one left.
    pub fn open(folder: PathBuf, limit: u64, segment_bytes: u64) -> Result<Self, Error> {
        fs::create_dir_all(&folder).map_err(Error::io("make the folder", &folder))?;
        let lock = append::open(&folder.join("lock")).map_err(Error::io("write", folder.join("lock")))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => Error::InUse(folder.clone()),
            TryLockError::Error(source) => Error::io("lock", &folder)(source),
        })?;
        let segments = leftovers(&folder).map_err(Error::io("read", &folder))?;
        let next = segments.back().map_or(0, |last| last.number + 1);
        Ok(Self { folder, limit, segment_bytes, segments, growing: None, next, _lock: lock })
    }

    /// A number for a batch that leaves the queue now and may have to be kept later.
    pub fn reserve(&mut self) -> u64 {
        // What comes after it must not join a segment before it.
        self.growing = None;
        self.next += 1;
        self.next - 1
    }

    /// Keeps a batch under the number that was reserved for it, before everything that left the queue later.
    pub fn keep(&mut self, number: u64, batch: &Batch) -> io::Result<()> {
        let place = self.segments.partition_point(|segment| segment.number < number);
        self.create(number, place, batch).map(drop)
    }

    /// Keeps a batch after all others.
    pub fn append(&mut self, batch: &Batch) -> io::Result<()> {
        let bytes = batch.text.len() as u64;
        let last = self.segments.back_mut().filter(|last| last.bytes + bytes <= self.segment_bytes);
        if let (Some(file), Some(_)) = (&mut self.growing, &last) {
            room(self.limit, self.segments.iter().map(|segment| segment.bytes).sum(), bytes)?;
            append::append(file, &batch.text)?;
            if let Some(last) = self.segments.back_mut() {
                last.rows += batch.rows;
                last.bytes += bytes;
            }
            return Ok(());
        }
        let number = self.reserve();
        self.growing = Some(self.create(number, self.segments.len(), batch)?);
        Ok(())
    }

    /// The oldest segment and its number; it stays until [`Self::remove`]. One that cannot be read any more is
    /// given up: the error comes with the rows that are lost.
    pub fn oldest(&mut self) -> Result<Option<(u64, Batch)>, (io::Error, u64)> {
        let Some(&Segment { number, rows, .. }) = self.segments.front() else { return Ok(None) };
        self.growing = None;
        match fs::read(self.path(number)) {
            Ok(text) => Ok(Some((number, Batch::of(text, rows)))),
            Err(error) => {
                self.remove(number);
                Err((error, rows))
            }
        }
    }

    /// Its rows have arrived. A file that cannot be removed is sent again by the next process, to no effect.
    pub fn remove(&mut self, number: u64) {
        let _ = fs::remove_file(self.path(number));
        self.segments.retain(|segment| segment.number != number);
    }

    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Rows and bytes.
    pub fn size(&self) -> (u64, u64) {
        self.segments.iter().fold((0, 0), |(rows, bytes), segment| (rows + segment.rows, bytes + segment.bytes))
    }

    fn create(&mut self, number: u64, place: usize, batch: &Batch) -> io::Result<File> {
        let bytes = batch.text.len() as u64;
        room(self.limit, self.size().1, bytes)?;
        let path = self.path(number);
        let mut file = append::open(&path)?;
        append::append(&mut file, &batch.text).inspect_err(|_| {
            let _ = fs::remove_file(&path);
        })?;
        self.segments.insert(place, Segment { number, rows: batch.rows, bytes });
        Ok(file)
    }

    fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number:020}.jsonl"))
    }
}

fn room(limit: u64, held: u64, more: u64) -> io::Result<()> {
    let full = || io::Error::new(io::ErrorKind::QuotaExceeded, "the spool holds as much as it may");
    if held + more > limit { Err(full()) } else { Ok(()) }
}

fn leftovers(folder: &Path) -> io::Result<VecDeque<Segment>> {
    let mut segments = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".jsonl"));
        let Some(number) = name.and_then(|name| name.parse().ok()) else { continue };
        let text = fs::read(&path)?;
        let rows = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count() as u64;
        segments.push(Segment { number, rows, bytes: text.len() as u64 });
    }
    segments.sort_unstable_by_key(|segment| segment.number);
    Ok(segments.into())
}

#[cfg(test)]
mod tests;
