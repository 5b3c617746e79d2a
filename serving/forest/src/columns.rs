//! From a row of features to the columns that trees compare.

use model_file::{Encoding, FeatureType, ModelFile};

/// A column of the trees' input.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// The feature itself; of a category, its place in `values`.
    Value(usize),
    /// 1 where the category `feature` has its value `code`, else 0.
    Is {
        /// The feature's place.
        feature: usize,
        /// The value's place.
        code: usize,
    },
}

impl Column {
    /// The place of the feature that it is made of.
    pub fn feature(&self) -> usize {
        let (Self::Value(feature) | Self::Is { feature, .. }) = self;
        *feature
    }
}

/// All columns, in the order of the trees' input.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns(pub(crate) Vec<Column>);

impl Columns {
    /// The columns of a model, as its file states them.
    pub fn of(file: &ModelFile) -> Self {
        let columns = file.features.value.iter().enumerate().flat_map(|(feature, stated)| {
            let onehot = stated.kind == FeatureType::Category
                && stated.encoding.as_ref().map_or(Encoding::default(), |encoding| encoding.value) == Encoding::OneHot;
            let values = stated.values.as_ref().map_or(0, |values| values.value.len());
            let codes = if onehot { 0..values } else { 0..1 };
            codes.map(move |code| if onehot { Column::Is { feature, code } } else { Column::Value(feature) })
        });
        Self(columns.collect())
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &Column> {
        self.0.iter()
    }

    /// Whether a row is its own columns, so that nothing need be copied.
    pub fn are_features(&self) -> bool {
        self.0.iter().enumerate().all(|(place, column)| *column == Column::Value(place))
    }

    /// What each feature got of what its columns got: `[columns]` → `[features]`.
    pub fn by_feature(&self, by_column: &[f64], features: usize) -> Vec<f64> {
        let mut sums = vec![0.0; features];
        for (column, value) in self.0.iter().zip(by_column) {
            sums[column.feature()] += value;
        }
        sums
    }

    /// The value of each column for a row, `[features]` → `[columns]`.
    pub fn encode<'c>(&'c self, row: &'c [f32]) -> impl Iterator<Item = f32> + 'c {
        self.0.iter().map(|column| match *column {
            Column::Value(feature) => row[feature],
            #[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "codes are small whole numbers")]
            Column::Is { feature, code } => f32::from(u8::from(row[feature] == code as f32)),
        })
    }
}
