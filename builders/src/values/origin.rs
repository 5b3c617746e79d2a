//! The place that declared something, so that a check can point at it.

use std::panic::Location;

use documents::{Located, Path};

/// A line of Rust or a value in an environment file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A value, such as `models[0].exposure.nodePort`; who reads the file turns it into line and column.
    Value(Path),
    /// A line of Rust, as in a component.
    Code(&'static Location<'static>),
}

impl Origin {
    /// Where a value was written; the line that asks, for one that was written nowhere.
    #[track_caller]
    pub(crate) fn of<T>(value: &Located<T>) -> Self {
        if value.path == Path::default() { Self::Code(Location::caller()) } else { Self::Value(value.path.clone()) }
    }

    /// The line that called the function which calls this one.
    #[track_caller]
    pub(crate) fn caller() -> Self {
        Self::Code(Location::caller())
    }
}
