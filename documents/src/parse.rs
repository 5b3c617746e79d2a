//! From the parser's events to a tree.
//!
//! serde would lose the places of keys, hide duplicate keys and stop at the first mistake; the events
//! keep all of it.

use std::{collections::HashMap, ops::Range};

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};

use crate::node::{Entries, Entry, Node, Tree};

/// What is wrong with the text itself: a message, the place, and a second place it clashes with.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) span: Range<usize>,
    pub(crate) first: Option<Range<usize>>,
    pub(crate) hint: &'static str,
}

/// Nodes that aliases may copy: enough for any file a person writes, too few to fill the memory.
const MAX_COPIES: usize = 100_000;

/// Reads one document. Faults that leave a tree behind (duplicate keys) come beside it.
pub(crate) fn parse(text: &str) -> Result<(Node, Vec<Fault>), Fault> {
    let mut tree = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Fault {
            message: format!("not valid YAML: {}", error.info()),
            span: at(error.marker().byte_offset()),
            first: None,
            hint: "check the indentation, the colons and the quotes around this place",
        })?;
        tree.take(event, &span)?;
    }
    // A file of nothing but comments has no node at all.
    Ok((tree.root.unwrap_or(Node { span: 0..0, tree: Tree::Null }), tree.faults))
}

fn at(byte: Option<usize>) -> Range<usize> {
    byte.unwrap_or(0)..byte.unwrap_or(0) + 1
}

/// A collection that is not closed yet.
struct Open {
    span: Range<usize>,
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    /// The entries so far, and the key whose value comes next.
    Mapping(Vec<Entry>, Option<(String, Range<usize>)>),
}

#[derive(Default)]
struct Builder {
    root: Option<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, usize)>,
    copies: usize,
    faults: Vec<Fault>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), Fault> {
        let span = span.byte_range().unwrap_or(0..0);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tree = scalar(&text, style, tag.as_deref()).ok_or_else(|| tagged(span.clone()))?;
                self.node(Node { span, tree }, anchor, Some(&text))
            }
            Event::SequenceStart(_, anchor, tag) => self.start(span, anchor, tag.is_some(), Content::List(Vec::new())),
            Event::MappingStart(_, anchor, tag) => {
                self.start(span, anchor, tag.is_some(), Content::Mapping(Vec::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span.end),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::DocumentStart(..) if self.root.is_some() => Err(Fault {
                message: "a second document begins here".into(),
                span,
                first: None,
                hint: "write one document per file, without ---",
            }),
            _ => Ok(()),
        }
    }

    fn start(&mut self, span: Range<usize>, anchor: usize, tag: bool, content: Content) -> Result<(), Fault> {
        if tag {
            return Err(tagged(span));
        }
        self.open.push(Open { span, anchor, content });
        Ok(())
    }

    fn end(&mut self, end: usize) -> Result<(), Fault> {
        let Some(Open { span, anchor, content }) = self.open.pop() else { return Ok(()) };
        let tree = match content {
            Content::List(items) => Tree::List(items),
            Content::Mapping(entries, _) => Tree::Entries(Entries(entries)),
        };
        self.node(Node { span: span.start..end.max(span.end), tree }, anchor, None)
    }

    /// A copy of the node behind an anchor, told at the place of the alias.
    fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<(), Fault> {
        let fault = |message: &str, span| Fault {
            message: message.into(),
            span,
            first: None,
            hint: "write the value out where it is needed",
        };
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return Err(fault("this alias stands inside its own anchor", span));
        };
        self.copies += size;
        if self.copies > MAX_COPIES {
            return Err(fault("the aliases of this file copy too much", span));
        }
        let node = Node { span, ..node.clone() };
        self.node(node, 0, None)
    }

    /// Puts a node where it belongs: as a key, a value, an item, or the root.
    fn node(&mut self, node: Node, anchor: usize, text: Option<&str>) -> Result<(), Fault> {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size(&node)));
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Mapping(entries, key)) => match (key.take(), text) {
                (Some((name, span)), _) => entries.push(Entry { key: name, span, value: node }),
                (None, Some(text)) => {
                    // The last one stays, as most readers have it; the fault is told anyway.
                    if let Some(first) = entries.iter().position(|entry| entry.key == text) {
                        self.faults.push(Fault {
                            message: format!("duplicate key `{text}`"),
                            span: node.span.clone(),
                            first: Some(entries.remove(first).span),
                            hint: "keep one of the two",
                        });
                    }
                    *key = Some((text.to_owned(), node.span));
                }
                (None, None) => {
                    let message = "a key must be text".into();
                    return Err(Fault { message, span: node.span, first: None, hint: "write key: value" });
                }
            },
        }
        Ok(())
    }
}

fn tagged(span: Range<usize>) -> Fault {
    let message = "tags have no meaning here".into();
    Fault { message, span, first: None, hint: "remove the word that begins with !" }
}

/// Number of nodes, itself included.
fn size(node: &Node) -> usize {
    1 + match &node.tree {
        Tree::List(items) => items.iter().map(size).sum(),
        Tree::Entries(Entries(entries)) => entries.iter().map(|entry| size(&entry.value)).sum(),
        _ => 0,
    }
}

/// What a scalar means by the core schema (YAML 1.2.2, section 10.3.2); nothing for a tag other than
/// `!!str`.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Option<Tree> {
    match tag {
        Some(tag) if tag.to_string().ends_with("str") => return Some(Tree::Text(text.to_owned())),
        Some(_) => return None,
        None => {}
    }
    if style != ScalarStyle::Plain {
        return Some(Tree::Text(text.to_owned()));
    }
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Tree::Null,
        "true" | "True" | "TRUE" => Tree::Bool(true),
        "false" | "False" | "FALSE" => Tree::Bool(false),
        _ => number(text).unwrap_or_else(|| Tree::Text(text.to_owned())),
    })
}

fn number(text: &str) -> Option<Tree> {
    let radix =
        |prefix: &str, radix| text.strip_prefix(prefix).and_then(|digits| u64::from_str_radix(digits, radix).ok());
    if let Some(number) = radix("0x", 16).or_else(|| radix("0o", 8)) {
        return Some(Tree::Integer(number));
    }
    // Rust would also take `inf`, `nan` and `1_0`-like words; the core schema has digits alone.
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    if !digits || !text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) {
        return None;
    }
    let integer = text.parse().map(Tree::Integer).or_else(|_| text.parse().map(Tree::Negative));
    integer.ok().or_else(|| text.parse().ok().filter(|float: &f64| float.is_finite()).map(Tree::Float))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Tree {
        parse(text).expect("YAML").0.tree
    }

    #[test]
    fn scalars_mean_what_the_core_schema_says() {
        for (text, want) in [
            ("", "Null"),
            ("~", "Null"),
            ("true", "Bool(true)"),
            ("yes", "Text(\"yes\")"),
            ("12", "Integer(12)"),
            ("-12", "Negative(-12)"),
            ("0x1f", "Integer(31)"),
            ("0o17", "Integer(15)"),
            ("1.5", "Float(1.5)"),
            ("1e3", "Float(1000.0)"),
            ("inf", "Text(\"inf\")"),
            ("3.17.2", "Text(\"3.17.2\")"),
            ("'12'", "Text(\"12\")"),
            ("1_000", "Text(\"1_000\")"),
            ("!!str 12", "Text(\"12\")"),
            ("-", "List([Node { span: 1..1, tree: Null }])"),
        ] {
            assert_eq!(format!("{:?}", of(text)), want, "{text:?}");
        }
    }

    #[test]
    fn aliases_copy_and_cannot_explode() {
        let (node, _) = parse("a: &x {k: 1}\nb: *x\n").expect("YAML");
        assert!(format!("{:?}", node.tree).matches("Integer(1)").count() == 2);
        let bomb: Vec<_> = (0..30).map(|n| format!("a{}: &a{} [*a{n}, *a{n}]\n", n + 1, n + 1)).collect();
        let bomb = bomb.concat();
        let fault = parse(&format!("a0: &a0 x\n{bomb}")).expect_err("too much");
        assert!(fault.message.contains("copy too much"), "{}", fault.message);
    }

    #[test]
    fn duplicates_are_told_at_every_depth() {
        let (_, faults) = parse("a: 1\nb: {c: 1, c: 2}\na: 2\n").expect("YAML");
        assert_eq!(
            faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>(),
            ["duplicate key `c`", "duplicate key `a`"]
        );
    }
}
