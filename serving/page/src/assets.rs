//! Styles and scripts, in the program. Their names hold a digest of what is in them, so a browser keeps them for ever.

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

/// `GET /assets/{name}`.
pub async fn asset(Path(name): Path<String>) -> Response {
    let found = all().into_iter().find(|asset| asset.path.strip_prefix("/assets/") == Some(&name));
    let Some(asset) = found else { return StatusCode::NOT_FOUND.into_response() };
    let for_ever = "public, max-age=31536000, immutable";
    ([(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, for_ever)], &*asset.text).into_response()
}
