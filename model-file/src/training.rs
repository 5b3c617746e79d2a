//! How a model is trained.

use deserr::Deserr;
use documents::Located;
use schemars::JsonSchema;

/// A random forest's hyper-parameters, with scikit-learn's names and meaning.
#[derive(Debug, Clone, Deserr, JsonSchema)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Training {
    /// Number of trees.
    pub n_estimators: Located<u32>,
    /// Largest depth of a tree.
    pub max_depth: Located<u32>,
    /// Fewest samples of a node that may be split.
    pub min_samples_split: Located<u32>,
    /// Fewest samples of a leaf.
    pub min_samples_leaf: Located<u32>,
    /// Features tried at each split: `sqrt` (the default), `log2` or `all`.
    #[deserr(default)]
    #[schemars(default)]
    pub max_features: MaxFeatures,
    /// Seed of every random choice.
    pub random_state: u64,
    /// Share of the rows that is held back to judge the model, between 0 and 1.
    pub test_size: Located<f64>,
    /// Whether both parts get the same share of each class.
    pub stratify: bool,
}

/// How many features are tried at each split, as in scikit-learn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserr, JsonSchema)]
#[deserr(rename_all = lowercase)]
#[schemars(rename_all = "lowercase")]
pub enum MaxFeatures {
    /// The square root of their number.
    #[default]
    Sqrt,
    /// The binary logarithm of their number.
    Log2,
    /// All of them.
    All,
}

impl MaxFeatures {
    /// As the model file has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqrt => "sqrt",
            Self::Log2 => "log2",
            Self::All => "all",
        }
    }

    /// Of `columns` columns, at least one.
    pub fn of(self, columns: usize) -> usize {
        let floor = match self {
            Self::Sqrt => columns.isqrt(),
            Self::Log2 => columns.checked_ilog2().unwrap_or_default() as usize,
            Self::All => columns,
        };
        floor.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::MaxFeatures::{All, Log2, Sqrt};

    #[test]
    fn as_many_features_as_scikit_learn_tries() {
        let tried = |columns| [Sqrt, Log2, All].map(|rule| rule.of(columns));
        assert_eq!([tried(1), tried(8), tried(30)], [[1, 1, 1], [2, 3, 8], [5, 4, 30]]);
    }
}
