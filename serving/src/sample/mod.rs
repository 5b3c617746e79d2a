//! Data sets that nobody has to fetch: rows that look like life, from a seed.
//!
//! The forces: a training in a cluster, a test and a notebook have to see the same bytes, so everything that is random comes from
//! `ChaCha8` by the seed, values are rounded before they are written, and the one function that C libraries round in ways of their
//! own (`exp`) is libm's in Rust. Drift is asked for by feature: each row takes as many random numbers with it as without, so a
//! drifted sample has the same customers, but for what drifts and what follows from it.

mod churn;
mod draw;
mod drift;

use std::io::{self, Write};

pub use draw::Feature;
use draw::{Draw, Drawn};
pub use drift::{Drift, NoDrift};
use model_file::Generator;

/// Rows to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    generator: Generator,
    rows: u64,
    seed: u64,
    drift: Vec<Drift>,
}

/// The features of a generator, in the order of its columns; the target stands behind them.
pub fn features(generator: Generator) -> &'static [Feature] {
    match generator {
        Generator::Churn => &churn::FEATURES,
    }
}

impl Sample {
    /// `rows` rows of `generator`, always the same by the same seed and drift.
    ///
    /// # Errors
    /// When a drift is of no feature, of one twice, or further than the feature can go.
    pub fn new(generator: Generator, rows: u64, seed: u64, drift: Vec<Drift>) -> Result<Self, NoDrift> {
        drift::check(&drift, features(generator))?;
        Ok(Self { generator, rows, seed, drift })
    }

    /// Rows as the generator has them, without drift.
    pub fn plain(generator: Generator, rows: u64, seed: u64) -> Self {
        Self { generator, rows, seed, drift: Vec::new() }
    }

    /// Writes them as CSV with a header line: words and numbers that need no quotes, lines that end with `\n`.
    ///
    /// # Errors
    /// When `out` says no.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let (row, target) = match self.generator {
            Generator::Churn => (churn::row as fn(&mut Draw<'_>) -> Drawn, churn::TARGET),
        };
        for feature in features(self.generator) {
            write!(out, "{},", feature.name())?;
        }
        writeln!(out, "{target}")?;
        let mut draw = Draw::new(self.seed, &self.drift);
        for _ in 0..self.rows {
            let Drawn { values, class } = row(&mut draw);
            for value in values {
                write!(out, "{value},")?;
            }
            writeln!(out, "{class}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
