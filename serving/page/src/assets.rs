//! Styles and scripts, in the program. Their names hold a digest of what is in them, so a browser keeps them for ever.
//!
//! While one version of the page takes the place of another, a pod is asked for files of the other's pages: it gives its own, which
//! nobody keeps.

use std::{borrow::Cow, sync::LazyLock};

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

/// A file: its address, its type, its text.
pub struct Asset {
    /// The address, with the digest.
    pub path: String,
    file: &'static str,
    kind: &'static str,
    text: Cow<'static, str>,
}

macro_rules! assets {
    ($($name:ident: $file:literal, $kind:literal $(, imports $import:ident)?;)*) => {
        $(#[doc = concat!("`", $file, "`.")]
        pub static $name: LazyLock<Asset> =
            LazyLock::new(|| Asset::new($file, $kind, include_str!(concat!("../assets/", $file)), &[$(&$import)?]));)*

        fn all() -> [&'static Asset; [$($file),*].len()] {
            [$(LazyLock::force(&$name)),*]
        }
    };
}

assets! {
    STYLE: "page.css", "text/css; charset=utf-8";
    PAGE: "page.js", "text/javascript; charset=utf-8";
    PIECES: "pieces.js", "text/javascript; charset=utf-8";
    BATCH: "batch.js", "text/javascript; charset=utf-8", imports PIECES;
    PREDICT: "predict.js", "text/javascript; charset=utf-8";
    HISTORY: "history.js", "text/javascript; charset=utf-8";
    WATCH: "watch.js", "text/javascript; charset=utf-8";
}

impl Asset {
    fn new(file: &'static str, kind: &'static str, text: &'static str, imports: &[&Self]) -> Self {
        // Scripts import each other by the names that they have in the folder.
        let named = |text: Cow<'static, str>, other: &&Self| {
            Cow::Owned(text.replace(&format!("\"./{}\"", other.file), &format!("\"{}\"", other.path)))
        };
        let text = imports.iter().fold(Cow::Borrowed(text), named);
        let digest = Sha256::digest(&*text);
        let digest = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
        let (stem, end) = file.rsplit_once('.').unwrap_or((file, ""));
        Self { path: format!("/assets/{stem}-{digest:08x}.{end}"), file, kind, text }
    }
}

/// A name without its digest.
fn parts(name: &str) -> Option<(&str, &str)> {
    let (stem, rest) = name.rsplit_once('-')?;
    Some((stem, rest.split_once('.')?.1))
}

/// `GET /assets/{name}`.
pub async fn asset(Path(name): Path<String>) -> Response {
    let path = format!("/assets/{name}");
    let found = all().into_iter().find(|asset| parts(&asset.path) == parts(&path));
    let Some(asset) = found else { return StatusCode::NOT_FOUND.into_response() };
    let kept = if asset.path == path { "public, max-age=31536000, immutable" } else { "no-cache" };
    ([(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, kept)], &*asset.text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_of_another_version_is_answered_with_this_ones_and_not_kept() {
        let get = async |name: &str| {
            let answer = asset(Path(name.to_owned())).await;
            let header = |name| answer.headers().get(&name).and_then(|value| value.to_str().ok()).unwrap_or_default();
            (
                answer.status().as_u16(),
                header(header::CONTENT_TYPE).to_owned(),
                header(header::CACHE_CONTROL).to_owned(),
            )
        };
        let own = STYLE.path.trim_start_matches("/assets/");
        let kept = "public, max-age=31536000, immutable";
        assert_eq!(get(own).await, (200, STYLE.kind.into(), kept.into()));
        assert_eq!(get("page-00000000.css").await, (200, STYLE.kind.into(), "no-cache".into()));
        assert_eq!(get("page-00000000.js").await, (200, PAGE.kind.into(), "no-cache".into()));
        for name in ["page.css", "page-00000000", "page-00000000.txt", "other-00000000.css"] {
            assert_eq!(get(name).await.0, 404, "{name}");
        }
    }
}
