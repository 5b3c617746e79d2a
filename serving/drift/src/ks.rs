//! Numbers: whether two samples are of one distribution, by the two-sample Kolmogorov-Smirnov test.

use crate::kolmogorov::survival;

/// Up to so many values in the larger sample the p-value is exact, as with `method="auto"` of `scipy.stats.ks_2samp`; beyond, it
/// is that of the one-sample test of `reference · window / (reference + window)` values.
pub const EXACT: u64 = 10_000;

/// Where `n d²` is beyond, p is below 1e-15 either way, and the exact way is long.
const CERTAIN: f64 = 18.0;

/// The p-value of the statistic `difference / (reference · window)` of two samples with so many values: the chance that two
/// samples of one distribution differ by as much. As `scipy.stats.ks_2samp`, two-sided, by its default method; ties make it
/// larger than it would have to be.
#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
pub fn ks_p_value(reference: u64, window: u64, difference: u64) -> f64 {
    if reference == 0 || window == 0 || difference == 0 {
        return 1.0;
    }
    let (m, n) = (reference.max(window), reference.min(window));
    let size = m as f64 * n as f64 / (m as f64 + n as f64);
    let statistic = difference as f64 / (m as f64 * n as f64);
    if m <= EXACT && size * statistic * statistic < CERTAIN {
        return outside(m, n, difference);
    }
    // To the even neighbour, as numpy rounds.
    survival(size.round_ties_even(), statistic)
}

/// The share of lattice paths from (0, 0) to (`m`, `n`) that leave the strip `|n x - m y| < difference` somewhere: exact, and every
/// value a mean of two others, so that small ones keep their digits (Viehmann 2021, <https://arxiv.org/abs/2102.08037>). `m >= n`.
#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
fn outside(m: u64, n: u64, difference: u64) -> f64 {
    let ends = |x: u64| {
        let low = (n * x).checked_sub(difference).map_or(0, |over| over / m + 1);
        (low.min(n), (n * x + difference).div_ceil(m).min(n + 1))
    };
    let shares: Vec<f64> = (0..=m + n).map(|steps| 1.0 / steps.max(1) as f64).collect();
    // By y, of one x at a time: whoever is outside the strip has left it.
    let mut left = vec![1.0; usize_of(n + 1)];
    left[..usize_of(ends(0).1)].fill(0.0);
    for x in 1..=m {
        let (low, high) = ends(x);
        if high <= low {
            return 1.0;
        }
        let mut below = if low == 0 { 0.0 } else { 1.0 };
        let steps = &shares[usize_of(x + low)..usize_of(x + high)];
        let mut y = low as f64;
        for (value, share) in left[usize_of(low)..usize_of(high)].iter_mut().zip(steps) {
            below = (*value * x as f64 + below * y) * share;
            *value = below;
            y += 1.0;
        }
    }
    left[usize_of(n)]
}

/// Counts that are no larger than [`EXACT`].
#[expect(clippy::cast_possible_truncation, reason = "at most ten thousand")]
fn usize_of(count: u64) -> usize {
    count as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_are_scipys() {
        // scipy.stats.ks_2samp of 1.17.1: exact; then by Durbin's matrix, Pelz and Good, Smirnov's sum.
        for (reference, window, difference, wanted) in [
            (5000, 200, 102_600, 0.032_605_135_704_182_27),
            (614, 154, 7948, 0.326_402_286_158_285_54),
            (200, 200, 5400, 0.052_139_087_188_847_716),
            (100, 20_000, 210_000, 0.205_247_790_221_882_94),
            (10_000, 100_000, 5_050_000, 0.973_668_283_308_881_4),
            (160, 30_000, 303_040, 0.529_701_386_584_463_3),
            (5000, 20_000, 3_010_000, 0.001_393_325_647_943_675),
            (100, 20_000, 610_000, 9.402_614_888_047_074e-9),
        ] {
            let p = ks_p_value(reference, window, difference);
            assert!((p / wanted - 1.0).abs() < 1e-9, "{reference} {window} {difference}: {p}, not {wanted}");
        }
    }

    #[test]
    fn the_ends_are_certain() {
        assert!((ks_p_value(5000, 200, 0) - 1.0).abs() < 1e-15 && (ks_p_value(0, 200, 0) - 1.0).abs() < 1e-15);
        for (reference, window) in [(5000, 200), (10_000, 9999), (10_000, 1_000_000), (1, 20_000)] {
            assert!(ks_p_value(reference, window, reference * window) < 1e-4, "{reference} {window}");
            assert!(ks_p_value(reference, window, 1) > 0.9, "{reference} {window}");
        }
    }
}
