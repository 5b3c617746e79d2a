//! Into the store: written, read back, receipted; then the oldest go.

use std::{
    fs::{self, File},
    io::Read,
    path::Path,
    time::SystemTime,
};

use futures::StreamExt;
use jiff::{SignedDuration, Timestamp};
use object_store::{MultipartUpload, ObjectStoreExt, PutPayload};

use crate::{
    DumpName, Error, Store,
    receipt::{Receipt, SUFFIX, Sum},
};

/// The file beside dumps that says that they are all there, as `sha256sum` prints it.
pub const SUMS: &str = "SHA256SUMS";

/// Bytes that go to a store at once. S3 wants at least 5 MiB, and no more than 10,000 parts of one object.
const PART: u64 = 8 << 20;

/// Nobody writes for longer than a Job may run; what is older and has no receipt never gets one.
const ABANDONED: SignedDuration = SignedDuration::from_hours(24);

/// What a run did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// New backups, with their lengths in bytes.
    pub kept: Vec<(String, u64)>,
    /// Names of files that were removed.
    pub removed: Vec<String>,
}

/// Keeps the dumps of the folder `from` in `store`, and of each of their databases the newest `most`.
///
/// Nothing is removed before every dump is kept, and nothing of a database that has no dump here.
///
/// # Errors
/// When the folder holds no whole set of dumps, or the store does not hold what was written.
pub async fn keep(from: &Path, store: &Store, most: usize, now: Timestamp) -> Result<Kept, Error> {
    let mut done = Kept::default();
    let mut databases = Vec::new();
    for (name, sha256) in sums(from)? {
        let receipt = one(&from.join(name.to_string()), store, &name, &sha256).await?;
        done.kept.push((name.to_string(), receipt.bytes));
        databases.push(name.database);
    }
    let listing = store.list().await?;
    let of_run = listing.backups.iter().filter(|backup| databases.contains(&backup.name.database));
    for group in of_run.collect::<Vec<_>>().chunk_by(|one, other| one.name.database == other.name.database) {
        for old in &group[..group.len().saturating_sub(most.max(1))] {
            let file = old.name.to_string();
            // The receipt first: from then on it is no backup, whatever happens.
            store.remove(&store.path(&format!("{file}{SUFFIX}"))).await?;
            store.remove(&store.path(&file)).await?;
            done.removed.push(file);
        }
    }
    for (path, modified) in &listing.halves {
        if now.duration_since(*modified) > ABANDONED {
            store.remove(path).await?;
            done.removed.extend(path.filename().map(str::to_owned));
        }
    }
    if let Some(folder) = &store.folder {
        done.removed.extend(unfinished(folder, now)?);
    }
    Ok(done)
}

/// The dumps of a folder and their sums, by name.
fn sums(from: &Path) -> Result<Vec<(DumpName, String)>, Error> {
    let wrong = |problem: String| Error::Dumps { folder: from.display().to_string(), problem };
    let text = fs::read_to_string(from.join(SUMS)).map_err(|error| wrong(format!("{SUMS} cannot be read: {error}")))?;
    let line = |line: &str| {
        let (sum, name) = line.split_once("  ")?;
        Some((name.parse().ok()?, sum.to_owned()))
    };
    let read = text.lines().map(|text| line(text).ok_or_else(|| wrong(format!("{SUMS} has the line {text:?}"))));
    let mut sums: Vec<(DumpName, String)> = read.collect::<Result<_, _>>()?;
    if sums.is_empty() {
        return Err(wrong(format!("{SUMS} is empty")));
    }
    sums.sort();
    Ok(sums)
}

async fn one(from: &Path, store: &Store, name: &DumpName, sha256: &str) -> Result<Receipt, Error> {
    let path = store.path(&name.to_string());
    let failed = |error| store.error(&format!("write {name}"), &error);
    let mut upload = store.inner.objects.put_multipart(&path).await.map_err(failed)?;
    let sent = send(from, upload.as_mut(), store, name).await;
    let receipt = match sent {
        Ok(receipt) if receipt.sha256 == sha256 => receipt,
        other => {
            // Parts of an upload that nobody ends are paid for; that it failed is told, not that this did too.
            let _ = upload.abort().await;
            let receipt = other?;
            let problem = format!("{name} has the SHA-256 {}, and {SUMS} says {sha256}", receipt.sha256);
            let folder = from.parent().unwrap_or(from).display().to_string();
            return Err(Error::Dumps { folder, problem });
        }
    };
    upload.complete().await.map_err(failed)?;
    let back = read_back(store, name).await?;
    if back != receipt {
        store.remove(&path).await?;
        let problem = format!("{} bytes with the SHA-256 {} came back", back.bytes, back.sha256);
        let (name, store) = (name.to_string(), store.shown().to_owned());
        return Err(Error::Damaged { name, store, problem, hint: "check the disk behind it, and back up again" });
    }
    let text = serde_json::to_vec(&receipt).unwrap_or_default();
    let receipted = store.inner.objects.put(&store.path(&format!("{name}{SUFFIX}")), text.into()).await;
    receipted.map_err(|error| store.error(&format!("write the receipt of {name}"), &error))?;
    Ok(receipt)
}

async fn send(from: &Path, upload: &mut dyn MultipartUpload, store: &Store, name: &DumpName) -> Result<Receipt, Error> {
    let unreadable = |error| Error::file("read", from, error);
    // Nothing else is to be done meanwhile.
    let mut file = File::open(from).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let part = PART.max(length.div_ceil(9_000));
    let mut sum = Sum::default();
    loop {
        let mut bytes = Vec::new();
        let read = (&mut file).take(part).read_to_end(&mut bytes).map_err(unreadable)?;
        if read == 0 && length > 0 {
            return Ok(sum.receipt());
        }
        sum.add(&bytes);
        let sent = upload.put_part(PutPayload::from(bytes)).await;
        sent.map_err(|error| store.error(&format!("write {name}"), &error))?;
        if read == 0 {
            return Ok(sum.receipt());
        }
    }
}

async fn read_back(store: &Store, name: &DumpName) -> Result<Receipt, Error> {
    let failed = |error| store.error(&format!("read {name} back"), &error);
    let mut chunks = store.inner.objects.get(&store.path(&name.to_string())).await.map_err(failed)?.into_stream();
    let mut sum = Sum::default();
    while let Some(chunk) = chunks.next().await {
        sum.add(&chunk.map_err(failed)?);
    }
    Ok(sum.receipt())
}

/// Removes what a run left in a folder that was killed while it wrote: `x.dump#1`, which the store never lists.
fn unfinished(folder: &Path, now: Timestamp) -> Result<Vec<String>, Error> {
    let unreadable = |error| Error::file("read", folder, error);
    let before = SystemTime::from(now - ABANDONED);
    let mut removed = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some((file, _)) = name.split_once('#') else { continue };
        let ours = file.strip_suffix(SUFFIX).unwrap_or(file).parse::<DumpName>().is_ok();
        let modified = entry.metadata().and_then(|metadata| metadata.modified()).map_err(unreadable)?;
        if ours && modified < before {
            fs::remove_file(entry.path()).map_err(|error| Error::file("remove", &entry.path(), error))?;
            removed.push(name);
        }
    }
    removed.sort();
    Ok(removed)
}

#[cfg(test)]
mod tests;
