//! Which feature drifts, and how far: `monthly_charges=1`.

use std::str::FromStr;

use documents::instead;

use super::Feature;

/// A feature that drifts.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// Its name.
    pub feature: String,
    /// Of a number: so many of its standard deviations. Of a category: the share of all rows, from -1 to 1, that is moved to its
    /// last word, or to its first where it is negative.
    pub shift: f64,
}

/// A drift that cannot be.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NoDrift {
    /// No such feature.
    #[error("--drift: there is no feature {feature:?}\n\nhint: {hint}")]
    Unknown {
        /// What was named.
        feature: String,
        /// The near name, or all.
        hint: String,
    },
    /// One feature, two drifts.
    #[error("--drift: {feature} drifts twice\n\nhint: say how far altogether, once")]
    Twice {
        /// Which.
        feature: String,
    },
    /// More than all rows.
    #[error(
        "--drift: no share of the rows is {shift}, and {feature} is a category\n\nhint: write a number from -1 to 1"
    )]
    TooFar {
        /// Which.
        feature: String,
        /// How far.
        shift: String,
    },
}

impl FromStr for Drift {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('=').and_then(|(feature, shift)| {
            let shift: f64 = shift.trim().parse().ok()?;
            shift.is_finite().then(|| Self { feature: feature.trim().to_owned(), shift })
        });
        parts.ok_or_else(|| format!("{text:?} is no drift; write one such as monthly_charges=1 or contract=-0.3"))
    }
}

pub(super) fn check(drift: &[Drift], features: &[Feature]) -> Result<(), NoDrift> {
    for (place, Drift { feature: name, shift }) in drift.iter().enumerate() {
        let feature = name.clone();
        let Some(known) = features.iter().find(|known| known.name() == name) else {
            let names: Vec<&str> = features.iter().map(Feature::name).collect();
            return Err(NoDrift::Unknown { feature, hint: instead(name, &names, "features") });
        };
        if drift[..place].iter().any(|before| before.feature == *name) {
            return Err(NoDrift::Twice { feature });
        }
        if matches!(known, Feature::Category(_)) && shift.abs() > 1.0 {
            return Err(NoDrift::TooFar { feature, shift: shift.to_string() });
        }
    }
    Ok(())
}
