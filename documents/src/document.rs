//! From bytes to a typed value.

use std::{ops::Range, rc::Rc};

use deserr::Deserr;

use crate::{
    Diagnostic, Path, Place, Problems,
    node::Node,
    parse::{Fault, parse},
    path::Step,
    problems::Problem,
};

/// A file that was read, for checks that point back into it.
#[derive(Debug, Clone)]
pub struct Document {
    name: Rc<str>,
    text: Rc<str>,
    root: Option<Node>,
}

/// Some editors put it in front of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads the file `name` with the content `bytes`.
///
/// # Errors
/// Every mistake that can be told apart: no UTF-8 and no YAML end the reading, duplicate and unknown
/// keys, missing keys and wrong values are collected.
pub fn read<T: Deserr<Problems>>(name: &str, bytes: &[u8]) -> Result<(T, Document), Vec<Diagnostic>> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| vec![not_utf8(name, bytes, error.valid_up_to())])?;
    // A checkout may have other line ends; what is made from the file must not.
    let text = &text.replace("\r\n", "\n");
    let mut document = Document { name: name.into(), text: text.as_str().into(), root: None };
    let (root, faults) = parse(text).map_err(|fault| vec![document.fault(fault)])?;
    document.root = Some(root.clone());
    let mut diagnostics: Vec<Diagnostic> = faults.into_iter().map(|fault| document.fault(fault)).collect();
    match deserr::deserialize::<T, _, Problems>(root) {
        Ok(value) if diagnostics.is_empty() => return Ok((value, document)),
        Ok(_) => {}
        Err(problems) => diagnostics.extend(problems.0.iter().map(|problem| document.problem(problem))),
    }
    Err(diagnostics)
}

impl Document {
    /// The file's text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of the value at `path`.
    pub fn place(&self, path: &Path) -> Place {
        self.spot(self.root.as_ref().map_or(0..0, |root| root.at(path).span.clone()))
    }

    /// The place of the key behind which the value at `path` stands, or of the value where it has none.
    pub fn key_place(&self, path: &Path) -> Place {
        let span = match (path.0.split_last(), &self.root) {
            (Some((Step::Key(last), above)), Some(root)) => root.key_at(&Path(above.to_vec()), last),
            _ => None,
        };
        span.map_or_else(|| self.place(path), |span| self.spot(span))
    }

    /// A mistake in the value at `path`.
    pub fn diagnostic(&self, path: &Path, message: impl Into<String>, hint: impl Into<String>) -> Diagnostic {
        Diagnostic { message: message.into(), places: vec![self.place(path)], hint: Some(hint.into()) }
    }

    fn spot(&self, span: Range<usize>) -> Place {
        Place::Text { file: Rc::clone(&self.name), text: Rc::clone(&self.text), span }
    }

    fn fault(&self, fault: Fault) -> Diagnostic {
        let Fault { message, span, first, hint } = fault;
        let places = std::iter::once(span).chain(first).map(|span| self.spot(span)).collect();
        Diagnostic { message, places, hint: Some(hint.to_owned()) }
    }

    fn problem(&self, problem: &Problem) -> Diagnostic {
        let Problem { path, key, message, hint } = problem;
        let place = match (&self.root, key) {
            (Some(root), Some(key)) => root.key_at(path, key).map_or_else(|| self.place(path), |span| self.spot(span)),
            // A mapping is best shown by the key it stands behind.
            (Some(root), None) if root.at(path).is_collection() => self.key_place(path),
            _ => self.place(path),
        };
        Diagnostic { message: message.clone(), places: vec![place], hint: hint.clone() }
    }
}

/// Shows the text with the bytes that are none replaced, and points at the first.
fn not_utf8(name: &str, bytes: &[u8], valid: usize) -> Diagnostic {
    let text: Rc<str> = String::from_utf8_lossy(bytes).into();
    let place = Place::Text { file: name.into(), text, span: valid..valid + '\u{fffd}'.len_utf8() };
    let hint = Some("save the file as UTF-8".to_owned());
    Diagnostic { message: "the file is not UTF-8".into(), places: vec![place], hint }
}
