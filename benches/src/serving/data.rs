//! Rows as those of the Pima Indians Diabetes Database: as many, of the same features, for a forest of as many nodes.
//!
//! They are drawn here, since what is measured must not hang on a download; with the same seed on every machine.

use std::fmt::Write;

use anyhow::Result;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// As many as the data set has.
pub const ROWS: usize = 768;

const NAMES: [&str; 8] =
    ["Pregnancies", "Glucose", "BloodPressure", "SkinThickness", "Insulin", "BMI", "DiabetesPedigreeFunction", "Age"];

/// The rows as a CSV file with `Outcome`, and as bodies of requests, one a line.
pub struct Data {
    /// For a training.
    pub csv: String,
    /// For predictions.
    pub bodies: String,
}

impl Data {
    /// Draws them.
    pub fn draw() -> Result<Self> {
        let mut random = ChaCha8Rng::seed_from_u64(42);
        let (mut csv, mut bodies) = (format!("{},Outcome\n", NAMES.join(",")), String::new());
        for _ in 0..ROWS {
            let (values, outcome) = row(&mut random);
            writeln!(csv, "{},{outcome}", values.join(","))?;
            let fields = NAMES.iter().zip(&values).map(|(name, value)| format!("\"{name}\": {value}"));
            writeln!(bodies, "{{{}}}", fields.collect::<Vec<_>>().join(", "))?;
        }
        Ok(Self { csv, bodies })
    }
}

fn row(random: &mut impl Rng) -> ([String; 8], u8) {
    let normal = |random: &mut dyn Rng| (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
    let falling = |random: &mut dyn Rng| -random.random_range(1e-9..1.0_f64).ln();
    let around = |random: &mut dyn Rng, mean: f64, spread: f64, low: f64, high: f64| {
        (mean + spread * normal(random)).clamp(low, high)
    };
    let pregnancies = (4.0 * falling(random)).min(17.0).floor();
    let glucose = around(random, 121.0, 31.0, 44.0, 199.0).round();
    let pressure = around(random, 70.0, 14.0, 24.0, 122.0).round();
    // Often not measured, and then 0.
    let skin = if random.random_bool(0.3) { 0.0 } else { around(random, 29.0, 10.0, 7.0, 99.0).round() };
    let insulin = if random.random_bool(0.5) { 0.0 } else { (14.0 + 140.0 * falling(random)).min(846.0).round() };
    let bmi = around(random, 32.0, 7.5, 18.0, 67.0);
    let pedigree = (0.08 + 0.39 * falling(random)).min(2.4);
    let age = (21.0 + 12.0 * falling(random)).min(81.0).floor();
    let score = 0.11 * (glucose - 121.0)
        + 0.29 * (bmi - 32.0)
        + 0.38 * (pregnancies - 3.8)
        + 2.9 * (pedigree - 0.47)
        + 0.05 * (age - 33.0)
        - 2.5;
    let outcome = u8::from(random.random_bool(1.0 / (1.0 + (-score).exp())));
    let whole = [pregnancies, glucose, pressure, skin, insulin].map(|value| value.to_string());
    let [pregnancies, glucose, pressure, skin, insulin] = whole;
    let (bmi, pedigree) = (format!("{bmi:.1}"), format!("{pedigree:.3}"));
    ([pregnancies, glucose, pressure, skin, insulin, bmi, pedigree, age.to_string()], outcome)
}
