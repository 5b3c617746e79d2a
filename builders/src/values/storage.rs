//! Sizes of volumes.

use std::{fmt, str::FromStr};

use super::{Invalid, Quantity};
use crate::text_value;

/// The size of a volume: whole bytes, more than none, at most 1 Ei, so that sums fit the API server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Storage(Quantity);

impl Storage {
    /// `count` Gi (gibibytes, 1024³ bytes).
    pub const fn gibibytes(count: u32) -> Self {
        Self(Quantity::gibibytes(count))
    }

    /// In whole Mi (mebibytes, 1024² bytes), rounded down.
    pub fn mebibytes(self) -> u64 {
        u64::try_from(self.0.whole() >> 20).unwrap_or(u64::MAX)
    }

    /// In bytes.
    pub const fn bytes(self) -> Quantity {
        self.0
    }
}

impl FromStr for Storage {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let size: Quantity = text.parse()?;
        let most = Quantity::gibibytes(1 << 30);
        if size.is_zero() || !size.is_whole() || size > most {
            let what = format!("{text:?} is not the size of a volume");
            return Err(Invalid::new(what, "write whole bytes with a unit, such as 500Mi or 5Gi"));
        }
        Ok(Self(size))
    }
}

impl fmt::Display for Storage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

text_value!(Storage, schema: "Storage", about: "The size of a volume", example: "5Gi", pattern: r"^\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[kMGTPE]|[eE][+]?[0-9]+)?$", numbers: number);
