//! How good a model is, by scikit-learn's names: accuracy, precision, recall, F1, the area under the ROC curve.

use serde::Serialize;
use smartcore::metrics;

/// Scores of a model on rows it was not trained on.
///
/// For two classes precision, recall, F1 and AUC are those of the positive class; for more they are the
/// plain means over the classes, each against the rest (scikit-learn's `average="macro"`, `multi_class="ovr"`).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// Share of rows whose likeliest class is right.
    pub accuracy: f64,
    /// Share of true ones among those called so; 0 where none is called so.
    pub precision: f64,
    /// Share of those called so among the true ones.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1_score: f64,
    /// Area under the ROC curve.
    pub auc_roc: f64,
    /// Rows by true class (first index) and likeliest class (second).
    #[serde(skip)]
    pub confusion: Vec<Vec<usize>>,
}

impl Scores {
    /// What the scores are called where they are logged.
    pub const NAMES: [&str; 5] = ["accuracy", "precision", "recall", "f1_score", "auc_roc"];

    /// Judges `probabilities` (`[rows × classes]`) against the true classes; `positive` is the class that
    /// scores of two classes speak of.
    pub fn of(truth: &[usize], probabilities: &[f64], classes: usize, positive: usize) -> Self {
        let called: Vec<usize> = probabilities.chunks_exact(classes).map(likeliest).collect();
        let mut confusion = vec![vec![0; classes]; classes];
        for (&truth, &called) in truth.iter().zip(&called) {
            confusion[truth][called] += 1;
        }
        let speak_of: Vec<usize> = if classes == 2 { vec![positive] } else { (0..classes).collect() };
        let mean = |score: &dyn Fn(usize) -> f64| {
            #[expect(clippy::cast_precision_loss, reason = "a handful of classes")]
            let count = speak_of.len() as f64;
            speak_of.iter().map(|&class| score(class)).sum::<f64>() / count
        };
        let is = |labels: &[usize], class: usize| -> Vec<f64> {
            labels.iter().map(|&label| f64::from(u8::from(label == class))).collect()
        };
        let column =
            |class: usize| -> Vec<f64> { probabilities.iter().skip(class).step_by(classes).copied().collect() };
        let sane = |score: f64| if score.is_finite() { score } else { 0.0 };
        Self {
            accuracy: metrics::accuracy(&truth.to_vec(), &called),
            precision: mean(&|class| sane(metrics::precision(&is(truth, class), &is(&called, class)))),
            recall: mean(&|class| sane(metrics::recall(&is(truth, class), &is(&called, class)))),
            f1_score: mean(&|class| sane(metrics::f1(&is(truth, class), &is(&called, class), 1.0))),
            auc_roc: mean(&|class| metrics::roc_auc_score(&is(truth, class), &column(class))),
            confusion,
        }
    }

    /// The scores by name, as they are logged.
    pub fn by_name(&self) -> [(&'static str, f64); 5] {
        let scores = [self.accuracy, self.precision, self.recall, self.f1_score, self.auc_roc];
        std::array::from_fn(|place| (Self::NAMES[place], scores[place]))
    }
}

/// The class with the largest probability; of equal ones the first, as in scikit-learn.
pub fn likeliest(probabilities: &[f64]) -> usize {
    let mut best = 0;
    for (class, probability) in probabilities.iter().enumerate() {
        if *probability > probabilities[best] {
            best = class;
        }
    }
    best
}

/// Points of a curve, by rising `x`.
pub type Curve = Vec<(f64, f64)>;

/// The ROC curve of `class` against the rest: false positive rate and true positive rate, each from 0 to 1.
pub fn roc_curve(truth: &[usize], probabilities: &[f64], classes: usize, class: usize) -> Curve {
    let mut rows: Vec<(f64, bool)> = truth
        .iter()
        .zip(probabilities.chunks_exact(classes))
        .map(|(&label, probabilities)| (probabilities[class], label == class))
        .collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let positives = rows.iter().filter(|(_, is)| *is).count();
    let (mut found, mut false_alarms) = (0, 0);
    let mut curve = vec![(0.0, 0.0)];
    for (place, &(probability, is)) in rows.iter().enumerate() {
        (found, false_alarms) = if is { (found + 1, false_alarms) } else { (found, false_alarms + 1) };
        // Rows of the same probability are one point: no threshold tells them apart.
        if rows.get(place + 1).is_none_or(|next| next.0 < probability) {
            curve.push((share(false_alarms, rows.len() - positives), share(found, positives)));
        }
    }
    curve
}

/// One bin of a calibration curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Mean predicted probability.
    pub predicted: f64,
    /// Share of rows that are of the class.
    pub observed: f64,
    /// Rows in the bin.
    pub rows: usize,
}

/// The calibration curve of `class` in ten bins of equal width, empty ones left out: scikit-learn's
/// `calibration_curve(n_bins=10, strategy="uniform")`.
pub fn calibration(truth: &[usize], probabilities: &[f64], classes: usize, class: usize) -> Vec<Calibration> {
    let mut bins = [(0.0, 0, 0); 10];
    for (&label, probabilities) in truth.iter().zip(probabilities.chunks_exact(classes)) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10")]
        let bin = &mut bins[((probabilities[class] * 10.0) as usize).min(9)];
        *bin = (bin.0 + probabilities[class], bin.1 + usize::from(label == class), bin.2 + 1);
    }
    let filled = bins.into_iter().filter(|bin| bin.2 > 0);
    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    let curve =
        filled.map(|(sum, is, rows)| Calibration { predicted: sum / rows as f64, observed: share(is, rows), rows });
    curve.collect()
}

fn share(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    let share = part as f64 / whole.max(1) as f64;
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_of_two_classes_speak_of_the_positive_one() {
        let truth = [0, 0, 0, 1, 1];
        let probabilities: Vec<f64> = [0.1, 0.6, 0.2, 0.9, 0.4].iter().flat_map(|p| [1.0 - p, *p]).collect();
        let scores = Scores::of(&truth, &probabilities, 2, 1);
        assert_eq!(scores.confusion, [[2, 1], [1, 1]]);
        // By hand: precision 1/2, recall 1/2; of 6 pairs 5 are in order.
        let expected = [0.6, 0.5, 0.5, 0.5, 5.0 / 6.0];
        for ((name, score), expected) in scores.by_name().into_iter().zip(expected) {
            assert!((score - expected).abs() < 1e-12, "{name}: {score}");
        }
        let all = Scores::of(&truth, &probabilities, 2, 0);
        assert!((all.recall - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn nobody_called_positive_is_no_nan() {
        let probabilities = [0.9, 0.1].repeat(4);
        let scores = Scores::of(&[0, 0, 1, 1], &probabilities, 2, 1);
        assert_eq!((scores.precision, scores.recall, scores.f1_score, scores.auc_roc), (0.0, 0.0, 0.0, 0.5));
    }

    #[test]
    fn the_area_under_the_curve_is_the_score() {
        let truth: Vec<usize> = (0..200).map(|row| usize::from(row % 3 == 0)).collect();
        let probabilities: Vec<f64> =
            (0..200).flat_map(|row| [1.0 - f64::from(row * 7 % 50) / 50.0, f64::from(row * 7 % 50) / 50.0]).collect();
        let curve = roc_curve(&truth, &probabilities, 2, 1);
        let area: f64 = curve.windows(2).map(|pair| (pair[1].0 - pair[0].0) * (pair[1].1 + pair[0].1) / 2.0).sum();
        assert!((area - Scores::of(&truth, &probabilities, 2, 1).auc_roc).abs() < 1e-12, "{area}");
        assert_eq!((curve[0], curve[curve.len() - 1]), ((0.0, 0.0), (1.0, 1.0)));
        let bins = calibration(&truth, &probabilities, 2, 1);
        assert_eq!(bins.iter().map(|bin| bin.rows).sum::<usize>(), 200);
    }
}
