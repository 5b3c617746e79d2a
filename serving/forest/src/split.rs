//! Which rows train and which judge, by a seed.

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

/// Places of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The rows to train on, rising.
    pub train: Vec<usize>,
    /// The rows to judge with, rising.
    pub test: Vec<usize>,
}

/// Holds back `test_size` of the rows, rounded up as scikit-learn's `train_test_split` does; with
/// `stratify`, the same share of every class.
pub fn split(classes: &[usize], test_size: f64, stratify: bool, seed: u64) -> Split {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share")]
    let wanted = (test_size * classes.len() as f64).ceil() as usize;
    let mut test = Vec::with_capacity(wanted);
    if stratify {
        // Row after row of the shuffled classes, spread evenly: every class gets its share to within one.
        let spread = spread(classes, seed);
        let every = |place: usize| place * wanted / classes.len() != (place + 1) * wanted / classes.len();
        test.extend(spread.into_iter().enumerate().filter_map(|(place, row)| every(place).then_some(row)));
    } else {
        let mut rows: Vec<usize> = (0..classes.len()).collect();
        rows.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        test.extend(&rows[..wanted.min(rows.len())]);
    }
    complement(classes.len(), test)
}

/// `k` splits whose test rows together are all rows, each with its share of every class: scikit-learn's
/// `StratifiedKFold`.
pub fn folds(classes: &[usize], k: usize, seed: u64) -> Vec<Split> {
    let spread = spread(classes, seed);
    let fold = |fold| complement(classes.len(), spread.iter().skip(fold).step_by(k).copied().collect());
    (0..k).map(fold).collect()
}

/// All rows, class by class, each class shuffled.
fn spread(classes: &[usize], seed: u64) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..classes.len()).collect();
    rows.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    rows.sort_by_key(|&row| classes[row]);
    rows
}

fn complement(rows: usize, mut test: Vec<usize>) -> Split {
    test.sort_unstable();
    let train = (0..rows).filter(|row| test.binary_search(row).is_err()).collect();
    Split { train, test }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(classes: &[usize], rows: &[usize], class: usize) -> usize {
        rows.iter().filter(|&&row| classes[row] == class).count()
    }

    #[test]
    fn each_class_gets_its_share_and_each_row_one_side() {
        let classes: Vec<usize> = (0..768).map(|row| usize::from(row % 768 < 268)).collect();
        let Split { train, test } = split(&classes, 0.2, true, 42);
        assert_eq!((train.len(), test.len()), (614, 154));
        assert!((53..=54).contains(&count(&classes, &test, 1)), "{}", count(&classes, &test, 1));
        let mut all = [train, test].concat();
        all.sort_unstable();
        assert_eq!(all, (0..768).collect::<Vec<_>>());
        assert_ne!(split(&classes, 0.2, true, 1), split(&classes, 0.2, true, 2));
        assert_eq!(split(&classes, 0.2, false, 1).test.len(), 154);
    }

    #[test]
    fn folds_judge_every_row_once() {
        let classes: Vec<usize> = (0..150).map(|row| row / 50).collect();
        let folds = folds(&classes, 5, 7);
        let mut judged: Vec<usize> = folds.iter().flat_map(|fold| fold.test.clone()).collect();
        judged.sort_unstable();
        assert_eq!(judged, (0..150).collect::<Vec<_>>());
        assert!(folds.iter().all(|fold| (0..3).all(|class| count(&classes, &fold.test, class) == 10)));
    }
}
