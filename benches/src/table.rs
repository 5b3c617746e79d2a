//! The one table: a row for each figure that has a target or a peer.

use std::fmt::{self, Display, Formatter};

use crate::cost::Cost;

/// One figure.
#[derive(Debug, Default)]
pub struct Row {
    work: String,
    runs: usize,
    cost: Option<Cost>,
    measured: f64,
    unit: &'static str,
    target: Option<Target>,
}

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
enum Target {
    Most(f64),
    Least(f64),
}

impl Row {
    /// What was done, and how often.
    pub fn new(work: &str, runs: usize) -> Self {
        Self { work: work.to_owned(), runs, ..Self::default() }
    }

    /// What the whole process cost.
    pub fn cost(self, cost: Cost) -> Self {
        Self { cost: Some(cost), ..self }
    }

    /// The figure itself.
    pub fn measured(self, measured: f64, unit: &'static str) -> Self {
        Self { measured, unit, ..self }
    }

    /// The most that the figure should be, in its unit.
    pub fn target(self, target: f64) -> Self {
        Self { target: Some(Target::Most(target)), ..self }
    }

    /// The least that the figure should be, in its unit.
    pub fn at_least(self, target: f64) -> Self {
        Self { target: Some(Target::Least(target)), ..self }
    }

    fn cells(&self) -> [String; 7] {
        let cost = |figure: fn(&Cost) -> f64| self.cost.as_ref().map(figure).map(digits).unwrap_or_default();
        let (target, verdict) = match self.target {
            None => (String::new(), None),
            Some(Target::Most(most)) => (most.to_string(), Some(self.measured <= most)),
            Some(Target::Least(least)) => (format!("at least {least}"), Some(self.measured >= least)),
        };
        [
            self.work.clone(),
            self.runs.to_string(),
            cost(|cost| cost.cpu),
            cost(|cost| cost.peak / 1024.0),
            format!("{} {}", digits(self.measured), self.unit),
            target,
            verdict.map_or("", |reached| if reached { "reached" } else { "missed" }).to_owned(),
        ]
    }
}

/// The rows in the order in which they were measured.
#[derive(Debug, Default)]
pub struct Table(Vec<Row>);

impl Table {
    /// Adds a row below the others.
    pub fn push(&mut self, row: Row) {
        self.0.push(row);
    }
}

impl Display for Table {
    fn fmt(&self, formatter: &mut Formatter) -> fmt::Result {
        let head = ["work", "runs", "CPU s", "peak MiB", "measured", "target", ""].map(str::to_owned);
        let lines: Vec<[String; 7]> = [head].into_iter().chain(self.0.iter().map(Row::cells)).collect();
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default();
        let widths: [usize; 7] = std::array::from_fn(width);
        for line in &lines {
            let cells = line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
            writeln!(formatter, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

/// Three significant digits; whole numbers keep all of theirs.
fn digits(value: f64) -> String {
    let mut decimals = 0;
    let mut scaled = value;
    while scaled > 0.0 && scaled < 99.95 && decimals < 9 {
        scaled *= 10.0;
        decimals += 1;
    }
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits() {
        let figures = [0.0, 0.001_966_4, 0.712_3, 9.5, 42.0, 99.96, 1234.6];
        assert_eq!(figures.map(digits), ["0", "0.00197", "0.712", "9.50", "42.0", "100", "1235"]);
    }

    #[test]
    fn a_target_is_reached_or_missed() {
        let row = |measured| Row::new("work", 1).measured(measured, "s").target(0.5);
        assert_eq!(row(0.5).cells()[6], "reached");
        assert_eq!(row(0.51).cells()[6], "missed");
        let row = |measured| Row::new("work", 1).measured(measured, "times").at_least(15.0);
        assert_eq!(row(15.0).cells()[6], "reached");
        assert_eq!(row(14.9).cells()[6], "missed");
    }
}
