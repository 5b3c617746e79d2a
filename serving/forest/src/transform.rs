//! From scores to probabilities, and how fast they change.

/// From scores to probabilities; ONNX's `post_transform`, and `Normalizer` with the L1 norm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transform {
    /// Scores are probabilities.
    None,
    /// The logistic function of a score is its probability.
    Logistic,
    /// Exponentials of the scores, as shares of their sum.
    Softmax,
    /// The scores, as shares of their sum.
    Shares,
}

impl Transform {
    /// Scores at the end of `out`, from `start` on, become probabilities; one score speaks for the second of two classes.
    pub(crate) fn apply(self, start: usize, out: &mut Vec<f64>) {
        let scores = &mut out[start..];
        match self {
            Self::None if scores.len() > 1 => {}
            Self::None => second(scores[0].clamp(0.0, 1.0), start, out),
            Self::Logistic if scores.len() > 1 => {
                for score in scores {
                    *score = logistic(*score);
                }
            }
            Self::Logistic => second(logistic(scores[0]), start, out),
            Self::Softmax => {
                let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                for score in scores.iter_mut() {
                    *score = (*score - largest).exp();
                }
                shares(scores);
            }
            Self::Shares => shares(scores),
        }
    }

    /// How fast the probability of `class` changes with `score`, at `scores` and the `probabilities` that they make.
    pub(crate) fn slope(self, scores: &[f64], probabilities: &[f64], class: usize, score: usize) -> f64 {
        // The first of two classes has what the one score leaves.
        let same = match scores.len() {
            1 => [-1.0, 1.0][class],
            _ => f64::from(u8::from(class == score)),
        };
        let probability = probabilities[class];
        match self {
            Self::None => same,
            Self::Logistic => same * probability * (1.0 - probability),
            Self::Softmax => probability * (same - probabilities[score]),
            Self::Shares => {
                let sum: f64 = scores.iter().sum();
                if sum > 0.0 { (same - probability) / sum } else { 0.0 }
            }
        }
    }
}

fn second(probability: f64, start: usize, out: &mut Vec<f64>) {
    out[start] = 1.0 - probability;
    out.push(probability);
}

fn logistic(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

fn shares(scores: &mut [f64]) {
    let sum: f64 = scores.iter().sum();
    #[expect(clippy::cast_precision_loss, reason = "a handful of classes")]
    let same = 1.0 / scores.len() as f64;
    for score in scores {
        // No forest knows the row: then nothing speaks for one class more than for another.
        *score = if sum > 0.0 { *score / sum } else { same };
    }
}
