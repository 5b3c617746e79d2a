//! The YAML writer.
//!
//! kubectl reads YAML 1.1, in which `on`, `y`, `1_000` and `0x1f` are booleans and numbers, so strings
//! like these must be quoted. serde-saphyr does; a test reads every string of a corpus of nasty ones
//! back with kubectl's own reader. Literal blocks are used only where they are safe.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Value};
use serde_saphyr::{LitStr, SerializerOptions, ser_options, to_fmt_writer_with_options};

/// One document, without a separator, ending in a line break.
pub fn to_yaml(value: &Value) -> String {
    let mut text = String::new();
    write_yaml(&mut text, value);
    text
}

/// Appends one document to `text`.
pub(crate) fn write_yaml(text: &mut String, value: &Value) {
    to_fmt_writer_with_options(&mut *text, &Ordered(value), options())
        .unwrap_or_else(|error| unreachable!("a tree of JSON values can be written as YAML: {error}"));
    if !text.ends_with('\n') {
        text.push('\n');
    }
}

fn options() -> SerializerOptions {
    // Blocks are chosen below, by a rule that kubectl's reader agrees with.
    ser_options! { prefer_block_scalars: false }
}

/// Writes maps in an order of our own: the dependencies decide how `serde_json` orders them.
struct Ordered<'v>(&'v Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) if fits_block(text) => LitStr(text).serialize(out),
            Value::Array(items) => {
                let mut list = out.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Ordered(item))?;
                }
                list.end()
            }
            Value::Object(entries) => {
                let mut map = out.serialize_map(Some(entries.len()))?;
                for (key, value) in sorted(entries) {
                    map.serialize_entry(key, &Ordered(value))?;
                }
                map.end()
            }
            scalar => scalar.serialize(out),
        }
    }
}

/// What an object is comes first, then its name and namespace, then the rest by the alphabet.
fn sorted(entries: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let rank = |key: &str| {
        ["apiVersion", "kind", "metadata", "name", "namespace"].iter().position(|first| *first == key).unwrap_or(5)
    };
    let mut sorted: Vec<_> = entries.iter().filter(|(_, value)| !value.is_null()).collect();
    sorted.sort_unstable_by_key(|(key, _)| (rank(key), key.as_str()));
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
