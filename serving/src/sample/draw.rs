//! Random values of a row.

use std::fmt;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Drift;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Feature {
    /// A number.
    Number(Number),
    /// One of a few words.
    Category(Category),
}

/// A numeric column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// Its name.
    pub name: &'static str,
    /// Its standard deviation without drift: the unit of a shift.
    pub deviation: f64,
    /// No value is below.
    pub lowest: f64,
    /// Digits behind the point.
    pub decimals: usize,
}

/// A column of words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Category {
    /// Its name.
    pub name: &'static str,
    /// Its words; drift moves towards the last, or by a negative shift towards the first.
    pub values: &'static [&'static str],
}

impl Feature {
    /// Its name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Number(number) => number.name,
            Self::Category(category) => category.name,
        }
    }
}

/// A row: values in the order of the features, and the class.
pub(super) struct Drawn {
    pub values: Vec<Value>,
    pub class: &'static str,
}

/// A cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    Number(f64, usize),
    Word(&'static str),
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number, decimals) => write!(out, "{number:.decimals$}"),
            Self::Word(word) => out.write_str(word),
        }
    }
}

/// Draws values, and lets them drift.
pub(super) struct Draw<'d> {
    random: ChaCha8Rng,
    drift: &'d [Drift],
}

impl<'d> Draw<'d> {
    pub fn new(seed: u64, drift: &'d [Drift]) -> Self {
        Self { random: ChaCha8Rng::seed_from_u64(seed), drift }
    }

    /// From 0 to below 1.
    pub fn uniform(&mut self) -> f64 {
        self.random.random()
    }

    /// Nearly normal, mean 0 and deviation 1: twelve uniform numbers need no function that rounds differently elsewhere.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// Whether something of this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// `true` with the probability that the logistic function tells of `score`.
    pub fn logistic(&mut self, score: f64) -> bool {
        self.happens(1.0 / (1.0 + libm::exp(-score)))
    }

    /// A number drifted by its deviations, no lower than it can be, and rounded.
    pub fn number(&self, number: &Number, value: f64) -> f64 {
        let shift = self.shift(number.name) * number.deviation;
        let places = [1.0, 10.0, 100.0][number.decimals.min(2)];
        ((value + shift).max(number.lowest) * places).round() / places
    }

    /// A place in the category's words, by their shares of 1; where it drifts, so many of all rows are moved to its end.
    pub fn category(&mut self, category: &Category, shares: &[f64]) -> usize {
        let (drawn, moved) = (self.uniform(), self.uniform());
        let shift = self.shift(category.name);
        let last = category.values.len() - 1;
        if moved < shift.abs() {
            return if shift > 0.0 { last } else { 0 };
        }
        let mut sum = 0.0;
        shares.iter().position(|share| (sum += share, drawn < sum).1).unwrap_or(last)
    }

    fn shift(&self, name: &str) -> f64 {
        self.drift.iter().find(|drift| drift.feature == name).map_or(0.0, |drift| drift.shift)
    }
}
