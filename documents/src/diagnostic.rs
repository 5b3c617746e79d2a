//! Mistakes as people see them.

use std::{borrow::Cow, fmt::Write, ops::Range, rc::Rc};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// Something is wrong: what, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong: lower-case, no final period.
    pub message: String,
    /// Where: the first is the culprit, the others what it clashes with.
    pub places: Vec<Place>,
    /// What to do.
    pub hint: Option<String>,
}

/// A place that a diagnostic points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a text we have.
    Text {
        /// The file's name as people know it.
        file: Rc<str>,
        /// Its text.
        text: Rc<str>,
        /// Bytes from the beginning.
        span: Range<usize>,
    },
    /// In a file of which only the position is known.
    Line {
        /// The file's name as people know it.
        file: Rc<str>,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A file as a whole.
    File(Rc<str>),
}

/// Whether the terminal takes colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// With colours.
    Coloured,
}

impl Diagnostic {
    /// A mistake in a file as a whole.
    pub fn of_file(file: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), places: vec![Place::File(file.into())], hint: Some(hint.into()) }
    }

    /// The same with its places as positions alone, for a file of which no line may be shown.
    #[must_use]
    pub fn without_text(self) -> Self {
        Self { places: self.places.into_iter().map(Place::without_text).collect(), ..self }
    }
}

impl Place {
    fn without_text(self) -> Self {
        let Self::Text { file, text, span } = self else { return self };
        let before = text.get(..span.start).unwrap_or(&text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self::Line { file, line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}

/// All diagnostics as text, each with its snippets, then a blank line and the hint.
pub fn render(diagnostics: &[Diagnostic], style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let mut text = String::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        let group =
            diagnostic.places.iter().enumerate().fold(
                Group::with_title(Level::ERROR.primary_title(diagnostic.message.as_str())),
                |group, (nth, place)| draw(group, place, nth == 0),
            );
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", renderer.render(&[group]));
        if let Some(hint) = &diagnostic.hint {
            let _ = writeln!(text, "\nhint: {hint}");
        }
    }
    text
}

fn draw<'d>(group: Group<'d>, place: &'d Place, culprit: bool) -> Group<'d> {
    match place {
        Place::Text { file, text, span } => {
            let kind = if culprit { AnnotationKind::Primary } else { AnnotationKind::Context };
            let mark = kind.span(first_line(text, span));
            let mark = if culprit { mark } else { mark.label("and here") };
            group.element(Snippet::source(masked(text)).path(file.as_ref()).annotation(mark))
        }
        Place::Line { file, line, column } => {
            group.element(Origin::path(file.as_ref()).line(*line).char_column(*column))
        }
        Place::File(file) => group.element(Origin::path(file.as_ref())),
    }
}

/// `text` with a star for each byte of a login in a URL: what is wrong may stand beside a password, and errors end in logs.
fn masked(text: &str) -> Cow<'_, str> {
    let mut shown = Cow::Borrowed(text);
    for (at, scheme) in text.match_indices("://") {
        let start = at + scheme.len();
        let authority =
            text[start..].split(|c: char| c.is_whitespace() || "/\"'".contains(c)).next().unwrap_or_default();
        if let Some((login, _)) = authority.rsplit_once('@') {
            shown.to_mut().replace_range(start..start + login.len(), &"*".repeat(login.len()));
        }
    }
    shown
}

/// The part of `span` in its first line: a value of many lines is shown by its beginning.
fn first_line(text: &str, span: &Range<usize>) -> Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (floor(span.start), floor(span.end.max(span.start)));
    let length = text[start..end].find('\n').unwrap_or(end - start);
    start..start + text[start..start + length].trim_end().len()
}
