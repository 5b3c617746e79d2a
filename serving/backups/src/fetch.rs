//! Out of the store, as it went in.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

use futures::StreamExt;
use object_store::ObjectStoreExt;

use crate::{Backup, Error, Listing, Store, receipt::Sum};

/// How many backups are named to somebody who asked for another one.
const NAMED: usize = 5;

/// Copies the backup `name` into a folder, under its name, and gives back its length in bytes.
///
/// # Errors
/// When there is no such backup, or it is not what was written. Then there is no file of that name.
pub async fn fetch(name: &str, store: &Store, into: &Path) -> Result<u64, Error> {
    let Listing { backups, damaged, .. } = store.list().await?;
    let wrong = |problem: String| Error::Damaged {
        name: name.to_owned(),
        store: store.shown().to_owned(),
        problem,
        hint: "take another backup; this one cannot be trusted",
    };
    let Some(backup) = backups.iter().find(|backup| backup.name.to_string() == name) else {
        if damaged.iter().any(|damaged| damaged == name) {
            return Err(wrong("it is not as long as its receipt says, or the receipt is none".to_owned()));
        }
        let store = store.shown().to_owned();
        return Err(Error::Unknown { name: name.to_owned(), store, hint: newest(&backups) });
    };
    let failed = |error| store.error(&format!("read {name}"), &error);
    let path = into.join(format!("{name}.part"));
    let unwritable = |error| Error::file("write", &path, error);
    let mut chunks = store.inner.objects.get(&store.path(name)).await.map_err(failed)?.into_stream();
    let mut file = File::create(&path).map_err(unwritable)?;
    let mut sum = Sum::default();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(failed)?;
        sum.add(&chunk);
        file.write_all(&chunk).map_err(unwritable)?;
    }
    let found = sum.receipt();
    if found.sha256 != backup.sha256 {
        return Err(wrong(format!("its SHA-256 is {}, and its receipt says {}", found.sha256, backup.sha256)));
    }
    fs::rename(&path, into.join(name)).map_err(unwritable)?;
    Ok(found.bytes)
}

/// The newest backups, in words.
fn newest(backups: &[Backup]) -> String {
    if backups.is_empty() {
        return "there is no backup at all; check where backups are kept".to_owned();
    }
    let mut names: Vec<_> = backups.iter().map(|backup| &backup.name).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.taken));
    let names: Vec<_> = names.iter().take(NAMED).map(ToString::to_string).collect();
    format!("the newest are {}", names.join(", "))
}
