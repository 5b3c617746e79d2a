//! A version's files, through the server.

use bytes::Bytes;

use super::{
    Mlflow,
    wire::{Listing, OneRun, Place},
};
use crate::{Error, File, Version, digest, names};

/// The tag that carries one checksum over a version's files.
pub(crate) const DIGEST: &str = "files.sha256";

/// The folder of a run for what lies beside its version.
const ATTACHED: &str = "attached";

impl Mlflow {
    pub(crate) async fn files(&self, version: &Version, limit: u64) -> Result<Vec<File>, Error> {
        let asked = [("name", version.model.as_str()), ("version", version.number.as_str())];
        let place: Place = self.0.get("model-versions/get-download-uri", &asked).await?;
        let root = self.proxied(&place.artifact_uri)?;
        let damaged = |problem: String| Error::damaged(&version.model, &version.number, problem);
        let large =
            |bytes| Error::TooLarge { model: version.model.clone(), number: version.number.clone(), bytes, limit };

        let listed = self.walk(&root).await?;
        let mut sum = listed.iter().fold(0_u64, |sum, (_, size)| sum.saturating_add(size.unwrap_or(0)));
        if sum > limit {
            return Err(large(sum));
        }
        sum = 0;
        let mut files = Vec::new();
        for (path, size) in listed {
            let bytes = self.0.download(&format!("{root}/{path}"), limit - sum).await?;
            let length = bytes.len() as u64;
            sum += length;
            if sum > limit {
                return Err(large(sum));
            }
            if size.is_some_and(|size| size != length) {
                return Err(damaged(format!("{path:?} has {length} bytes, and {} were listed", size.unwrap_or(0))));
            }
            files.push(File { path, bytes });
        }
        match version.tags.get(DIGEST) {
            _ if files.is_empty() => Err(damaged("it has no files".to_owned())),
            Some(wanted) if *wanted != digest::all(&files) => {
                Err(damaged(format!("its files do not have the SHA-256 of its tag {DIGEST:?}")))
            }
            _ => Ok(files),
        }
    }

    /// Puts a file into a run's folder, beside that of its version.
    pub(crate) async fn attach(&self, run: &str, file: File) -> Result<(), Error> {
        let root = self.folder(run).await?;
        self.0.upload(&format!("{root}/{ATTACHED}/{}", file.path), file.bytes).await
    }

    /// A file of a run's folder; none when it is not listed: asked for at once, 2.17 would call it an error of its own.
    pub(crate) async fn attachment(&self, run: &str, path: &str, limit: u64) -> Result<Option<Bytes>, Error> {
        let path = format!("{}/{ATTACHED}/{path}", self.folder(run).await?);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let listing: Listing = self.0.list(folder).await?;
        if !listing.files.iter().any(|one| !one.is_dir && one.path == name) {
            return Ok(None);
        }
        self.0.download(&path, limit).await.map(Some)
    }

    async fn folder(&self, run: &str) -> Result<String, Error> {
        let answer: OneRun = self.0.get("runs/get", &[("run_id", run)]).await?;
        self.proxied(&answer.run.info.artifact_uri)
    }

    /// Every file below a folder: its path from there, and its length in bytes if the server knows it.
    async fn walk(&self, root: &str) -> Result<Vec<(String, Option<u64>)>, Error> {
        let (mut files, mut folders) = (Vec::new(), vec![String::new()]);
        while let Some(folder) = folders.pop() {
            let listing: Listing = self.0.list(format!("{root}/{folder}").trim_end_matches('/')).await?;
            for one in listing.files {
                let path = format!("{folder}{}", one.path);
                names::file(&path)?;
                if one.is_dir {
                    folders.push(path + "/");
                } else {
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    files.push((path, one.file_size.map(|size| size.0 as u64)));
                }
            }
        }
        Ok(files)
    }

    /// The path of an artifact on the server's own proxy.
    pub(crate) fn proxied(&self, uri: &str) -> Result<String, Error> {
        let path = uri.strip_prefix("mlflow-artifacts:/").map(|rest| match rest.strip_prefix('/') {
            // With a host in it, which is this server by another name.
            Some(named) => named.split_once('/').map_or("", |(_, path)| path),
            None => rest,
        });
        path.map(|path| path.trim_matches('/').to_owned()).ok_or_else(|| {
            let problem = "it keeps artifacts where only itself can reach them";
            let hint = "start the server with --artifacts-destination … --serve-artifacts and without \
                        --default-artifact-root, and use a new experiment: an old one keeps its place";
            self.0.refused("offer its artifacts", problem, hint)
        })
    }
}
