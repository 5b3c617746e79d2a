//! Words: whether two samples have them in the same proportions.

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The fewest rows that a column of the table is expected to have in the smaller sample, to stand by itself: Cochran's least.
const EXPECTED: f64 = 1.0;

/// Statistic and p-value of the chi-square test of the table that two counts per category make, `[categories]` each. As
/// `scipy.stats.chi2_contingency`: with Yates' correction where two categories are left. Categories that nobody is in are left out;
/// with fewer than two there is nothing to tell: 0 and 1.
#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
pub fn chi_square(reference: &[u64], window: &[u64]) -> (f64, f64) {
    let columns: Vec<[f64; 2]> = reference
        .iter()
        .zip(window)
        .filter(|(reference, window)| *reference + *window > 0)
        .map(|(&reference, &window)| [reference as f64, window as f64])
        .collect();
    let rows = [0, 1].map(|row| columns.iter().map(|column| column[row]).sum::<f64>());
    let freedom = columns.len().saturating_sub(1);
    let Some(distribution) = ChiSquared::new(freedom as f64).ok().filter(|_| rows.iter().all(|&row| row > 0.0)) else {
        return (0.0, 1.0);
    };
    let statistic = columns.iter().flat_map(|column| {
        let share = (column[0] + column[1]) / (rows[0] + rows[1]);
        [0, 1].map(|row| {
            let expected = rows[row] * share;
            let difference = (column[row] - expected).abs();
            let difference = if freedom == 1 { difference - difference.min(0.5) } else { difference };
            difference * difference / expected
        })
    });
    let statistic = statistic.sum();
    (statistic, distribution.sf(statistic))
}

/// The same counts with rare categories put together at the end: those that are expected in less than one row of the smaller
/// sample, for which the chi-square distribution is none. What is not rare is never put together with them: it would hide what
/// they tell.
#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
pub fn pool(reference: &[u64], window: &[u64]) -> (Vec<u64>, Vec<u64>) {
    let (all, smaller) = {
        let (reference, window) = (reference.iter().sum::<u64>(), window.iter().sum::<u64>());
        (reference + window, reference.min(window))
    };
    let (mut pooled, mut rare) = ((Vec::new(), Vec::new()), (0, 0));
    for (&reference, &window) in reference.iter().zip(window) {
        if ((reference + window) as f64) * (smaller as f64) < EXPECTED * all as f64 {
            rare = (rare.0 + reference, rare.1 + window);
        } else {
            pooled.0.push(reference);
            pooled.1.push(window);
        }
    }
    pooled.0.push(rare.0);
    pooled.1.push(rare.1);
    pooled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near((statistic, p): (f64, f64), wanted: (f64, f64)) {
        assert!((statistic - wanted.0).abs() < 1e-9 && (p - wanted.1).abs() < 1e-12, "{statistic} {p} {wanted:?}");
    }

    #[test]
    fn values_are_scipys() {
        // scipy.stats.chi2_contingency of 1.17.1
        near(chi_square(&[100, 200, 300], &[20, 30, 50]), (0.845_410_628_019_323_8, 0.655_271_704_053_807_9));
        near(chi_square(&[1500, 3500], &[80, 120]), (8.624_930_414_714_315, 0.003_315_931_067_968_315_3));
    }

    #[test]
    fn nothing_to_tell_is_no_difference() {
        near(chi_square(&[10, 0], &[20, 0]), (0.0, 1.0));
        near(chi_square(&[10, 5], &[0, 0]), (0.0, 1.0));
        near(chi_square(&[], &[]), (0.0, 1.0));
    }

    #[test]
    fn rare_categories_stand_together_and_hide_nothing() {
        let (reference, window) = pool(&[5000, 4980, 10, 10], &[100, 100, 0, 0]);
        assert_eq!((reference, window), (vec![5000, 4980, 20], vec![100, 100, 0]));
        let (reference, window) = pool(&[9990, 10], &[160, 40]);
        assert!(chi_square(&reference, &window).1 < 1e-100);
    }
}
