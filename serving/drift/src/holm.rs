//! Many tests, one report.

/// Holm's correction: the chance that any of them is under the level by accident is the level itself, whatever depends on what.
/// Gives back corrected p-values in the order of `p_values`.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut rising: Vec<usize> = (0..p_values.len()).collect();
    rising.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let (mut corrected, mut highest) = (vec![0.0; p_values.len()], 0.0_f64);
    for (place, &test) in rising.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a handful of features")]
        let left = (p_values.len() - place) as f64;
        highest = highest.max((p_values[test] * left).min(1.0));
        corrected[test] = highest;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::holm;

    #[test]
    fn corrected_values_are_those_of_statsmodels() {
        // multipletests([0.01, 0.04, 0.03, 0.005], method="holm")[1]
        let corrected = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (corrected, wanted) in corrected.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((corrected - wanted).abs() < 1e-15, "{corrected} {wanted}");
        }
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }
}
