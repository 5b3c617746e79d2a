//! How far two distributions over the same bins are apart.

/// The least share of a bin in [`population_stability_index`]: the logarithm of an empty one has no end. One row in ten thousand,
/// as other tools have it; of a larger share nothing is changed.
pub const EMPTY: f64 = 1e-4;

/// The population stability index of two counts per bin, `[bins]` each: the sum of `(w - r) ln(w / r)` over the shares. Under 0.1
/// is called none, from 0.25 on large. Zero where either side is empty.
pub fn population_stability_index(reference: &[u64], window: &[u64]) -> f64 {
    let term = |(reference, window): (f64, f64)| {
        if reference == 0.0 && window == 0.0 {
            return 0.0;
        }
        let (reference, window) = (reference.max(EMPTY), window.max(EMPTY));
        (window - reference) * (window / reference).ln()
    };
    shares(reference).zip(shares(window)).map(term).sum()
}

/// The Jensen-Shannon distance of two counts per bin, `[bins]` each, base 2: 0 where they are alike, 1 where they have nothing in
/// common. As `scipy.spatial.distance.jensenshannon`.
pub fn jensen_shannon(reference: &[u64], window: &[u64]) -> f64 {
    let part = |share: f64, middle: f64| if share > 0.0 { share * (share / middle).log2() } else { 0.0 };
    let term = |(reference, window): (f64, f64)| {
        let middle = f64::midpoint(reference, window);
        part(reference, middle) + part(window, middle)
    };
    let divergence: f64 = shares(reference).zip(shares(window)).map(term).sum();
    // Rounding may leave it below zero where the two are alike.
    (divergence / 2.0).max(0.0).sqrt()
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
fn shares(counts: &[u64]) -> impl Iterator<Item = f64> {
    let all = counts.iter().sum::<u64>().max(1) as f64;
    counts.iter().map(move |&count| count as f64 / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_textbook() {
        // 0.1 ln 1.25 - 0.1 ln 0.8333…
        let psi = population_stability_index(&[40, 60], &[50, 50]);
        assert!((psi - (0.1 * 1.25_f64.ln() + 0.1 * 1.2_f64.ln())).abs() < 1e-12, "{psi}");
        let empty = population_stability_index(&[10, 10], &[20, 0]);
        assert!((empty - (0.5 * 2_f64.ln() + (0.5 - EMPTY) * (0.5 / EMPTY).ln())).abs() < 1e-12, "{empty}");
        assert!((jensen_shannon(&[1, 0], &[0, 7]) - 1.0).abs() < 1e-12);
        assert!(jensen_shannon(&[3, 5, 7], &[6, 10, 14]) < 1e-7);
        // scipy.spatial.distance.jensenshannon([1, 2, 3], [3, 2, 1], base=2)
        assert!((jensen_shannon(&[1, 2, 3], &[3, 2, 1]) - 0.354_703_515_198_132_04).abs() < 1e-12);
    }

    #[test]
    fn bins_that_nobody_is_in_say_nothing() {
        assert!(population_stability_index(&[5, 0, 5], &[5, 0, 5]).abs() < 1e-15);
        assert!(population_stability_index(&[], &[]).abs() < 1e-15);
    }
}
