//! The YAML writer.
//!
//! kubectl reads YAML 1.1, in which `on`, `y`, `1_000` and `0x1f` are booleans and numbers, so strings
//! like these must be quoted. serde-saphyr knows when and how, and writes every scalar and every key;
//! each distinct one is asked for once, since manifests say the same few words over and over. The
//! layout around them (block style, two blanks) is ours. A test reads every string of a corpus of nasty
//! ones back with kubectl's own reader.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};
use serde_saphyr::{SerializerOptions, ser_options, to_string_with_options};

/// One document, without a separator, ending in a line break.
pub fn to_yaml(value: &Value) -> String {
    let mut writer = Writer::default();
    writer.document(value);
    writer.finish()
}

/// Writes documents one behind the other and remembers how scalars are written.
#[derive(Default)]
pub(crate) struct Writer {
    text: String,
    scalars: FxHashMap<String, String>,
}

impl Writer {
    /// Appends a line as it is.
    pub(crate) fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Appends one document.
    pub(crate) fn document(&mut self, value: &Value) {
        match value {
            Value::Object(map) if !map.is_empty() => self.map(map, 0),
            Value::Array(items) if !items.is_empty() => self.list(items, 0),
            scalar => self.inline(scalar, 0),
        }
    }

    /// The text so far, at its exact size; the room and what was learned about scalars stay for the next.
    pub(crate) fn finish(&mut self) -> String {
        let text = self.text.as_str().to_owned();
        self.text.clear();
        text
    }

    fn map(&mut self, map: &Map<String, Value>, indent: usize) {
        for (index, (_, key, value)) in sorted(map).into_iter().enumerate() {
            // The first entry of a list's item stands behind its dash.
            if index > 0 || !self.text.ends_with("- ") {
                self.indent(indent);
            }
            self.scalar(key);
            self.text.push(':');
            match value {
                Value::Object(map) if !map.is_empty() => {
                    self.text.push('\n');
                    self.map(map, indent + 2);
                }
                Value::Array(items) if !items.is_empty() => {
                    self.text.push('\n');
                    self.list(items, indent);
                }
                other => {
                    self.text.push(' ');
                    self.inline(other, indent + 2);
                }
            }
        }
    }

    fn list(&mut self, items: &[Value], indent: usize) {
        for item in items {
            self.indent(indent);
            self.text.push_str("- ");
            match item {
                Value::Object(map) if !map.is_empty() => self.map(map, indent + 2),
                // A list in a list, which no manifest has, reads best in one line: JSON is YAML.
                other => self.inline(other, indent + 2),
            }
        }
    }

    /// What stands behind a key or a dash, with the end of its line.
    fn inline(&mut self, value: &Value, indent: usize) {
        match value {
            Value::String(text) if fits_block(text) => self.block(text, indent),
            Value::String(text) => {
                self.scalar(text);
                self.text.push('\n');
            }
            other => {
                self.text.push_str(&other.to_string());
                self.text.push('\n');
            }
        }
    }

    /// A literal block: the text as it is, indented.
    fn block(&mut self, text: &str, indent: usize) {
        self.line(if text.ends_with('\n') { "|" } else { "|-" });
        for line in text.lines() {
            if !line.is_empty() {
                self.indent(indent);
            }
            self.line(line);
        }
    }

    fn scalar(&mut self, text: &str) {
        if let Some(written) = self.scalars.get(text) {
            return self.text.push_str(written);
        }
        let written = quoted(text);
        self.text.push_str(&written);
        self.scalars.insert(text.to_owned(), written);
    }

    fn indent(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }
}

/// `text` as one line of YAML, in quotes where any reader could take it for something else.
fn quoted(text: &str) -> String {
    let written = to_string_with_options(&text, options())
        .unwrap_or_else(|error| unreachable!("every text can be written as YAML: {error}"));
    written.trim_end_matches('\n').to_owned()
}

fn options() -> SerializerOptions {
    // Blocks are chosen by `fits_block`, a rule that kubectl's reader agrees with.
    ser_options! { prefer_block_scalars: false }
}

/// What an object is comes first, then its name and namespace, then the rest by the alphabet: the
/// dependencies decide how `serde_json` orders them.
fn sorted(map: &Map<String, Value>) -> Vec<(usize, &str, &Value)> {
    const FIRST: [&str; 5] = ["apiVersion", "kind", "metadata", "name", "namespace"];
    let rank = |key: &str| FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len());
    let entries = map.iter().filter(|(_, value)| !value.is_null());
    let mut sorted: Vec<_> = entries.map(|(key, value)| (rank(key), key.as_str(), value)).collect();
    sorted.sort_unstable_by_key(|(rank, key, _)| (*rank, *key));
    sorted
}

/// Whether `text` survives as a literal block: several lines, none that begins with a tab or ends in a
/// blank, no blank at the very front, nothing but plain printable characters.
fn fits_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n')
        && !body.ends_with('\n')
        && !body.starts_with([' ', '\n'])
        && body.split('\n').all(|line| !line.starts_with('\t') && !line.ends_with([' ', '\t']))
        && body.chars().all(|c| c == '\n' || c == '\t' || !(c.is_control() || is_separator(c)))
}

/// Line breaks of YAML 1.1 beyond ASCII, and the byte-order mark.
const fn is_separator(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}
