//! A released image goes into an environment: one scalar of the file changes, and not a blank besides.
//!
//! Whoever writes YAML anew loses comments, quotes and layout, so the text is cut where the reader of environments says that
//! the value stands. What was written is read back before anybody sees it, so that no layout we did not think of makes
//! another environment of it.

use builders::{ImageRef, Invalid};
use deserr::Deserr;
use documents::{Diagnostic, Document, Located, Path, Place};

use crate::project::Source;

/// As much of an environment as matters here; what else is wrong with it does not keep a release from it.
#[derive(Deserr)]
struct File {
    #[deserr(default)]
    serving: Located<Option<Serving>>,
}

#[derive(Deserr)]
struct Serving {
    #[deserr(default)]
    image: Located<Option<String>>,
}

/// An image that stays what it is.
///
/// # Errors
/// When the text is no image, or names no digest: a tag is whatever somebody last pushed under it.
pub fn released(text: &str) -> Result<ImageRef, Invalid> {
    let hint = "give the name that the registry gave back: repository@sha256: and 64 hexadecimal digits";
    let image: ImageRef =
        text.parse().map_err(|_| Invalid::new(format!("{text:?} is not an image by digest"), hint))?;
    match image.digest() {
        Some(_) => Ok(image),
        None => Err(Invalid::new(format!("{text:?} names no digest"), hint)),
    }
}

/// The text of the environment `source` with `image` as its `serving.image`.
///
/// # Errors
/// When it is no YAML, or so written that the image has no place in it.
pub fn pinned(source: &Source, image: &ImageRef) -> Result<String, Vec<Diagnostic>> {
    let (file, document) = documents::read::<File>(&source.name, &source.bytes)?;
    let text = String::from_utf8_lossy(&source.bytes);
    let edit = Edit { raw: &text, read: document.text(), line_end: if text.contains("\r\n") { "\r\n" } else { "\n" } };
    let nothing = |path: &Path, key: &str| {
        let hint = format!("write a value behind {key}:, or remove the key");
        vec![document.diagnostic(path, format!("there is nothing behind `{key}`"), hint)]
    };
    let written = Path::default() != file.serving.path;
    let text = match &file.serving.value {
        None if written => return Err(nothing(&file.serving.path, "serving")),
        None => edit.top(start(&document, &Path::default()), image),
        Some(Serving { image: Located { value: Some(_), path } }) => edit.replaced(&document.place(path), image),
        Some(Serving { image: Located { value: None, path } }) if *path != Path::default() => {
            return Err(nothing(path, "image"));
        }
        Some(_) => edit.added(start(&document, &file.serving.path), image),
    };
    let read_back = documents::read::<File>(&source.name, text.as_bytes()).ok();
    let now = read_back.and_then(|(file, _)| file.serving.value?.image.value);
    if now.as_deref() == Some(image.as_str()) {
        return Ok(text);
    }
    let hint = format!("write it by hand, once: serving: and, indented below it, image: {image}");
    Err(vec![document.diagnostic(&file.serving.path, "the image cannot be placed in a file written like this", hint)])
}

fn start(document: &Document, path: &Path) -> usize {
    match document.place(path) {
        Place::Text { span, .. } => span.start,
        Place::Line { .. } | Place::File(_) => 0,
    }
}

/// A text, and the form of it in which places are counted: without a byte-order mark, lines ending in `\n` alone.
struct Edit<'t> {
    raw: &'t str,
    read: &'t str,
    line_end: &'static str,
}

impl Edit<'_> {
    /// In place of the scalar at `place`, in its quotes.
    fn replaced(&self, place: &Place, image: &ImageRef) -> String {
        let Place::Text { span, .. } = place else { return self.raw.to_owned() };
        // A block scalar ends behind its line.
        let old = self.read[span.clone()].trim_end();
        let quote = old.chars().next().filter(|first| "'\"".contains(*first)).map(String::from).unwrap_or_default();
        self.put(span.start, old.len(), &format!("{quote}{image}{quote}"))
    }

    /// As the first key of the mapping at `start`, in the style of the mapping.
    fn added(&self, start: usize, image: &ImageRef) -> String {
        if let Some(comma) = self.flow(start) {
            return self.put(start + 1, 0, &format!("image: {image}{comma}"));
        }
        let indent = " ".repeat(start - self.read[..start].rfind('\n').map_or(0, |at| at + 1));
        self.put(start, 0, &format!("image: {image}{}{indent}", self.line_end))
    }

    /// In a mapping of its own, at the end of the file whose root begins at `start`.
    fn top(&self, start: usize, image: &ImageRef) -> String {
        if let Some(comma) = self.flow(start) {
            return self.put(start + 1, 0, &format!("serving: {{image: {image}}}{comma}"));
        }
        let (end, last) = (self.line_end, if self.raw.ends_with('\n') { "" } else { self.line_end });
        format!("{}{last}{end}serving:{end}  image: {image}{end}", self.raw)
    }

    /// What stands between a new first entry and the next, where a mapping in braces begins at `start`.
    fn flow(&self, start: usize) -> Option<&'static str> {
        let inside = self.read[start..].strip_prefix('{')?;
        Some(if inside.trim_start().starts_with('}') { "" } else { ", " })
    }

    /// `text` in place of `length` bytes at `start`, both counted in the text as it was read. No scalar that is replaced
    /// holds a line end of two bytes, unless it is written over several lines.
    fn put(&self, start: usize, length: usize, text: &str) -> String {
        let (start, end) = (self.raw_place(start), self.raw_place(start + length));
        format!("{}{text}{}", &self.raw[..start], &self.raw[end..])
    }

    fn raw_place(&self, place: usize) -> usize {
        let mark = self.raw.len() - self.raw.trim_start_matches('\u{feff}').len();
        let ends = self.raw[mark..].match_indices("\r\n").enumerate();
        mark + place + ends.take_while(|(nth, (at, _))| at - nth < place).count()
    }
}
