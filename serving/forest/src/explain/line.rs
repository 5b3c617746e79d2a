//! From contributions to scores to contributions to probabilities.
//!
//! Along the straight line from the background row's scores to the row's, each score changes at a steady rate, and each probability
//! by how fast it changes with the scores there. The mean of that over the line is one number for each class and score, by which a
//! contribution to the score is one to the probability of the class: together they are all of the difference of the two
//! probabilities. With one score it is the quotient of the two differences, as in the `shap` package
//! (`model_output="probability"`); where scores are probabilities it is 1.

use crate::Transform;

/// The Gauss-Legendre rule of 16 points on -1 to 1, its positive half: points and weights (DLMF, table 3.5.4).
const RULE: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_6),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_54),
    (0.617_876_244_402_643_7, 0.149_595_988_816_576_73),
    (0.755_404_408_355_003, 0.124_628_971_255_533_87),
    (0.865_631_202_387_831_7, 0.095_158_511_682_492_78),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_89),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_095),
];

/// Differences of probabilities that are no rounding.
const SEEN: f64 = 1e-12;

/// A line between two rows' scores.
#[derive(Debug)]
pub struct Line {
    /// The probabilities where it starts, `[classes]`.
    pub start: Vec<f64>,
    /// How fast each probability changes with each score on the whole, `[classes × scores]`.
    pub slopes: Vec<f64>,
}

/// The line from `from` to `to`, each `[scores]`.
pub fn between(transform: Transform, from: &[f64], to: &[f64]) -> Line {
    let scores = from.len();
    let probabilities = |scores: &[f64]| {
        let mut out = scores.to_vec();
        transform.apply(0, &mut out);
        out
    };
    let (start, end) = (probabilities(from), probabilities(to));
    let way: Vec<f64> = from.iter().zip(to).map(|(from, to)| to - from).collect();
    let mut slopes = vec![0.0; start.len() * scores];
    for (point, weight) in RULE.iter().flat_map(|&(point, weight)| [(-point, weight), (point, weight)]) {
        let there: Vec<f64> = from.iter().zip(&way).map(|(from, way)| from + f64::midpoint(1.0, point) * way).collect();
        let probabilities = probabilities(&there);
        for (place, slope) in slopes.iter_mut().enumerate() {
            *slope += weight / 2.0 * transform.slope(&there, &probabilities, place / scores, place % scores);
        }
    }
    // What the rule leaves over, and what jumps: a score beyond 1, or a row that no forest knows. The least change that makes the
    // sum right; with one score the result is the quotient, whatever the rule said.
    let length: f64 = way.iter().map(|way| way * way).sum();
    for (class, slopes) in slopes.chunks_exact_mut(scores).enumerate() {
        let told: f64 = slopes.iter().zip(&way).map(|(slope, way)| slope * way).sum();
        let left_over = end[class] - start[class] - told;
        if left_over.abs() > SEEN {
            slopes.iter_mut().zip(&way).for_each(|(slope, way)| *slope += left_over * way / length);
        }
    }
    Line { start, slopes }
}
