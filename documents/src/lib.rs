//! YAML files as typed values, and every mistake in them with line, column and a drawn snippet.
//!
//! serde stops at the first mistake and forgets where values stood. So a file is read into a tree that
//! knows its places (`Node`), and types are read from the tree with deserr, which goes on after a
//! mistake and collects them all.
//!
//! Architecture invariant: nothing here knows what the files are about, and nothing opens a file.

mod diagnostic;
mod document;
mod mapping;
mod node;
mod parse;
mod path;
mod problems;

pub use diagnostic::{Diagnostic, Place, Style, render};
pub use document::{Document, read};
pub use mapping::Mapping;
pub use path::{Located, Path};
pub use problems::{Problems, instead};
