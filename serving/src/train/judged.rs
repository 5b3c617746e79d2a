//! Fits and judges: one split, and folds where they are asked for.

use forest::{Calibration, Columns, Curve, Ensemble, Predictor, Reference, Scores, Table, Unfit};
use model_file::ModelFile;

use super::Learnt;

/// A fitted model and how good it is.
#[derive(Debug)]
pub struct Judged {
    /// The trees, with their covers.
    pub ensemble: Ensemble,
    /// What makes their columns.
    pub columns: Columns,
    /// What each feature brought, summing to 1.
    pub importances: Vec<f64>,
    /// Scores on the rows held back.
    pub scores: Scores,
    /// Scores of each fold; empty where none were asked for.
    pub folds: Vec<Scores>,
    /// Rows trained on and held back.
    pub rows: (usize, usize),
    /// The rows held back, for judging others by the same.
    pub held_back: HeldBack,
    /// Samples of the training rows.
    pub reference: Reference,
    /// Which rows it was trained on.
    pub learnt: Learnt,
}

/// Rows to judge with.
#[derive(Debug)]
pub struct HeldBack {
    /// `[rows × features]`.
    pub rows: Vec<f32>,
    /// The true class of each.
    pub truth: Vec<usize>,
    classes: usize,
    positive: usize,
    features: usize,
}

impl HeldBack {
    /// The rows `chosen` of a table.
    pub fn of(table: &Table, chosen: &[usize], file: &ModelFile) -> Self {
        Self {
            rows: chosen.iter().flat_map(|&row| table.row(row)).copied().collect(),
            truth: chosen.iter().map(|&row| table.class(row)).collect(),
            classes: table.classes(),
            positive: positive(file),
            features: file.features.value.len(),
        }
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.truth.len()
    }

    /// Those of them that nobody in `all` has learnt from.
    pub fn unknown_to(&self, all: &[&Learnt]) -> Self {
        let rows = self.rows.chunks(self.features).zip(&self.truth);
        let new = rows.filter(|(row, _)| !all.iter().any(|learnt| learnt.knows(row)));
        let (rows, truth): (Vec<_>, Vec<_>) = new.unzip();
        Self { rows: rows.concat(), truth: truth.into_iter().copied().collect(), ..*self }
    }

    /// How good a model is on them.
    pub fn judge(&self, predictor: &Predictor) -> Scores {
        Scores::of(&self.truth, &self.probabilities(predictor), self.classes, self.positive)
    }

    /// ROC and calibration curves of each class that scores speak of.
    pub fn curves(&self, predictor: &Predictor) -> Vec<(usize, Curve, Vec<Calibration>)> {
        let probabilities = self.probabilities(predictor);
        let classes = if self.classes == 2 { self.positive..self.positive + 1 } else { 0..self.classes };
        let curves = |class| {
            let roc = forest::roc_curve(&self.truth, &probabilities, self.classes, class);
            (class, roc, forest::calibration(&self.truth, &probabilities, self.classes, class))
        };
        classes.map(curves).collect()
    }

    fn probabilities(&self, predictor: &Predictor) -> Vec<f64> {
        predictor.predict_all(&self.rows, self.features)
    }
}

/// The class that scores of two classes speak of; the second where the model file names none.
pub fn positive(file: &ModelFile) -> usize {
    file.classes.value.iter().position(|class| class.positive).unwrap_or(1)
}

/// Fits a model to a part of the rows, and judges it with the others; `folds` times more for cross-validation.
///
/// # Errors
/// When no forest can be fitted.
pub fn judge(file: &ModelFile, table: &Table, folds: usize) -> Result<Judged, Unfit> {
    let (columns, training) = (Columns::of(file), &file.training);
    let seed = training.random_state;
    let mut across = Vec::new();
    for fold in if folds > 1 { forest::folds(table.labels(), folds, seed) } else { Vec::new() } {
        let fitted = forest::fit(table, &fold.train, &columns, training)?;
        across.push(HeldBack::of(table, &fold.test, file).judge(&Predictor::new(&fitted.ensemble, &columns)));
    }
    let split = forest::split(table.labels(), training.test_size.value, training.stratify, seed);
    let forest::Fitted { mut ensemble, importances } = forest::fit(table, &split.train, &columns, training)?;
    let train = table.only(&split.train);
    forest::cover(&mut ensemble, &columns, &train);
    let held_back = HeldBack::of(table, &split.test, file);
    let scores = held_back.judge(&Predictor::new(&ensemble, &columns));
    Ok(Judged {
        importances: columns.by_feature(&importances, file.features.value.len()),
        scores,
        folds: across,
        rows: (split.train.len(), split.test.len()),
        held_back,
        reference: Reference::of(&train, file),
        learnt: Learnt::of(train.rows()),
        ensemble,
        columns,
    })
}
