//! From bytes to a typed value.

use std::{ops::Range, rc::Rc};

use deserr::Deserr;
use serde_saphyr::{MessageFormatter, UserMessageFormatter, options};

use crate::{
    Diagnostic, Node, Path, Place, Problems, duplicates::duplicates, node::range, path::Step, problems::Problem,
};

/// A file that was read, for checks that point back into it.
#[derive(Debug, Clone)]
pub struct Document {
    name: Rc<str>,
    text: Rc<str>,
    root: Option<Node>,
}

/// Reads the file `name` with the content `bytes`.
///
/// # Errors
/// Every mistake that can be told apart: no UTF-8 and no YAML end the reading, duplicate and unknown
/// keys, missing keys and wrong values are collected.
pub fn read<T: Deserr<Problems>>(name: &str, bytes: &[u8]) -> Result<(T, Document), Vec<Diagnostic>> {
    let text = std::str::from_utf8(bytes).map_err(|error| vec![not_utf8(name, bytes, error.valid_up_to())])?;
    let mut document = Document { name: name.into(), text: text.into(), root: None };
    let options = options! {
        with_snippet: false,
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::LastWins,
    };
    let root: Node =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| vec![document.no_yaml(&error)])?;
    document.root = Some(root.clone());
    let mut diagnostics = document.twice();
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

    /// A mistake in the value at `path`.
    pub fn diagnostic(&self, path: &Path, message: impl Into<String>, hint: impl Into<String>) -> Diagnostic {
        Diagnostic { message: message.into(), places: vec![self.place(path)], hint: Some(hint.into()) }
    }

    fn spot(&self, span: Range<usize>) -> Place {
        Place::Text { file: Rc::clone(&self.name), text: Rc::clone(&self.text), span }
    }

    fn twice(&self) -> Vec<Diagnostic> {
        let diagnostic = |(key, second, first)| Diagnostic {
            message: format!("duplicate key `{key}`"),
            places: vec![self.spot(second), self.spot(first)],
            hint: Some("keep one of the two".into()),
        };
        duplicates(&self.text).into_iter().map(diagnostic).collect()
    }

    fn no_yaml(&self, error: &serde_saphyr::Error) -> Diagnostic {
        let message = UserMessageFormatter.format_message(error.without_snippet()).trim_end_matches('.').to_owned();
        let span = error.location().map_or(0..0, range);
        let hint = "check the indentation, the colons and the quotes around this place".to_owned();
        Diagnostic { message: format!("not valid YAML: {message}"), places: vec![self.spot(span)], hint: Some(hint) }
    }

    fn problem(&self, problem: &Problem) -> Diagnostic {
        let Problem { path, key, message, hint } = problem;
        let span = self.root.as_ref().and_then(|root| match key {
            Some(key) => root.key_at(path, key),
            // A mapping is best shown by the key it stands behind.
            None if root.at(path).is_collection() => match path.0.split_last() {
                Some((Step::Key(last), above)) => root.key_at(&Path(above.to_vec()), last),
                _ => None,
            },
            None => None,
        });
        let place = span.map_or_else(|| self.place(path), |span| self.spot(span));
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
