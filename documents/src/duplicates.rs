//! Keys that a mapping has twice. YAML forbids them, but most readers quietly keep one of the two.

use std::{collections::BTreeMap, ops::Range};

use serde_saphyr::granit_parser::{Event, Parser, Span};

/// A collection that is open while the events go by.
enum Open {
    List,
    /// The keys so far, and whether the next node is one.
    Mapping(BTreeMap<String, Range<usize>>, bool),
}

/// Every key that stands twice in one mapping: its name, the place of the second and of the first.
///
/// A text that is no YAML ends the search; reading it says so.
pub(crate) fn duplicates(text: &str) -> Vec<(String, Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        match event {
            Event::MappingStart(..) => {
                node(&mut open, None);
                open.push(Open::Mapping(BTreeMap::new(), true));
            }
            Event::SequenceStart(..) => {
                node(&mut open, None);
                open.push(Open::List);
            }
            Event::MappingEnd | Event::SequenceEnd => drop(open.pop()),
            Event::Scalar(value, ..) => found.extend(node(&mut open, Some((value.as_ref(), range(&span))))),
            Event::Alias(..) => drop(node(&mut open, None)),
            _ => {}
        }
    }
    found
}

/// Takes the next node of the innermost collection; a scalar that is a key may be a duplicate.
fn node(open: &mut [Open], scalar: Option<(&str, Range<usize>)>) -> Option<(String, Range<usize>, Range<usize>)> {
    let Some(Open::Mapping(keys, is_key)) = open.last_mut() else { return None };
    *is_key = !*is_key;
    let (key, span) = scalar.filter(|_| !*is_key)?;
    let first = keys.insert(key.to_owned(), span.clone())?;
    Some((key.to_owned(), span, first))
}

fn range(span: &Span) -> Range<usize> {
    let byte = |marker: serde_saphyr::granit_parser::Marker| marker.byte_offset().unwrap_or(0);
    byte(span.start)..byte(span.end)
}
