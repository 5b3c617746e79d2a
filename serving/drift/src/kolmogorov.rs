//! The distribution of the one-sample Kolmogorov-Smirnov statistic, two-sided: which formula is right where, after Simard and L'Ecuyer
//! (2011, <https://doi.org/10.18637/jss.v039.i11>), as `scipy.stats.kstwo` has it.
//!
//! statrs has the limit for many values only, which is a digit or two off for a few hundred.

use std::f64::consts::PI;

use statrs::function::gamma::ln_gamma;

/// The chance that the statistic of `n` values is `d` or more; `n` is whole and positive.
pub(crate) fn survival(n: f64, d: f64) -> f64 {
    let (t, nd2) = (n * d, n * d * d);
    let p = if d >= 1.0 || nd2 >= 370.0 {
        0.0
    } else if t <= 0.5 {
        1.0
    } else if t <= 1.0 {
        1.0 - (ln_gamma(n + 1.0) - n * n.ln() + n * (2.0 * t - 1.0).ln()).exp()
    } else if t >= n - 1.0 {
        2.0 * (1.0 - d).powf(n)
    } else if d >= 0.5 || nd2 >= if n <= 140.0 { 4.0 } else { 2.2 } {
        // Both sides cannot be far off at once, or hardly ever.
        2.0 * one_sided(n, d)
    } else if n <= 140.0 || n <= 100_000.0 && n * d.powf(1.5) <= 1.4 {
        1.0 - durbin(n, d)
    } else {
        1.0 - pelz_good(n, d)
    };
    p.clamp(0.0, 1.0)
}

/// The chance that the one-sided statistic is `d` or more: Smirnov's sum.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of terms, at most n")]
fn one_sided(n: f64, d: f64) -> f64 {
    let all = ln_gamma(n + 1.0);
    let term = |v: u64| {
        #[expect(clippy::cast_precision_loss, reason = "at most n")]
        let v = v as f64;
        let (below, above) = (d + v / n, 1.0 - d - v / n);
        if above <= 0.0 {
            return 0.0;
        }
        let paths = all - ln_gamma(v + 1.0) - ln_gamma(n - v + 1.0);
        d * (paths + (v - 1.0) * below.ln() + (n - v) * above.ln()).exp()
    };
    (0..=(n * (1.0 - d)).floor() as u64).map(term).sum()
}

/// The chance that the statistic is below `d`: the middle of the `n`-th power of a matrix, after Marsaglia, Tsang and Wang (2003,
/// <https://doi.org/10.18637/jss.v008.i18>). The matrix has `2 n d` rows.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "at most 140"
)]
fn durbin(n: f64, d: f64) -> f64 {
    const SCALE: i32 = 128;
    let half = (n * d).ceil();
    let (middle, over) = (half as usize - 1, half - n * d);
    let size = 2 * half as usize - 1;
    let factorials: Vec<f64> = (0..=size).map(|k| ln_gamma(k as f64 + 1.0).exp()).collect();
    let mut edge: Vec<f64> = (1..=size).map(|k| (1.0 - over.powi(k as i32)) / factorials[k]).collect();
    let corner = (2.0 * over - 1.0).max(0.0).powi(size as i32) - 2.0 * over.powi(size as i32);
    edge[size - 1] = (1.0 + corner) / factorials[size];
    let mut matrix = vec![0.0; size * size];
    for row in 0..size {
        for column in 1..=(row + 1).min(size - 1) {
            matrix[row * size + column] = 1.0 / factorials[row + 1 - column];
        }
        matrix[row * size] = edge[row];
    }
    for column in 0..size {
        matrix[(size - 1) * size + column] = edge[size - 1 - column];
    }
    let mut power: Vec<f64> = (0..size * size).map(|place| f64::from(u8::from(place % (size + 1) == 0))).collect();
    let (mut left, mut scale, mut matrix_scale) = (n as u64, 0, 0);
    while left > 0 {
        if left % 2 == 1 {
            power = product(&power, &matrix, size);
            scale += matrix_scale;
        }
        matrix = product(&matrix, &matrix, size);
        matrix_scale *= 2;
        if matrix[middle * size + middle] > 2_f64.powi(SCALE) {
            for value in &mut matrix {
                *value /= 2_f64.powi(SCALE);
            }
            matrix_scale += SCALE;
        }
        left /= 2;
    }
    let below = power[middle * size + middle].ln() + f64::from(scale) * std::f64::consts::LN_2;
    (below + ln_gamma(n + 1.0) - n * n.ln()).exp()
}

fn product(a: &[f64], b: &[f64], size: usize) -> Vec<f64> {
    let mut product = vec![0.0; size * size];
    for (row, out) in a.chunks_exact(size).zip(product.chunks_exact_mut(size)) {
        for (&factor, other) in row.iter().zip(b.chunks_exact(size)).filter(|(factor, _)| **factor != 0.0) {
            for (sum, value) in out.iter_mut().zip(other) {
                *sum += factor * value;
            }
        }
    }
    product
}

/// The chance that the statistic is below `d`, for many values: Pelz and Good (1976), four terms by powers of `1/√n`, each a sum
/// that converges fast for small `z`.
fn pelz_good(n: f64, d: f64) -> f64 {
    let z = n.sqrt() * d;
    let [z2, z3, z4, z6] = [2, 3, 4, 6].map(|power| z.powi(power));
    let (pi2, pi4, pi6) = (PI.powi(2), PI.powi(4), PI.powi(6));
    let (outer, inner) = (-pi2 / (8.0 * z2), -pi2 / (2.0 * z2));
    let mut sums = [0.0; 4];
    for k in 1..=40_u8 {
        let k = f64::from(k);
        let odd = (2.0 * k - 1.0).powi(2);
        let weight = (outer * odd).exp();
        sums[0] += weight;
        sums[1] += weight * (pi2 / 4.0 * odd - z2);
        sums[2] += weight
            * (6.0 * z6
                + 2.0 * z4
                + (2.0 * z4 - 5.0 * z2) * pi2 / 4.0 * odd
                + pi4 * (1.0 - 2.0 * z2) / 16.0 * odd * odd);
        sums[3] += weight
            * (-30.0 * z6 - 90.0 * z.powi(8)
                + pi2 * (135.0 * z4 - 96.0 * z6) / 4.0 * odd
                + pi4 * (212.0 * z4 - 60.0 * z2) / 16.0 * odd * odd
                + pi6 * (5.0 - 30.0 * z2) / 64.0 * odd.powi(3));
    }
    let root = (2.0 * PI).sqrt();
    for (sum, divisor) in sums.iter_mut().zip([z, 6.0 * z4, 72.0 * z.powi(7), 6480.0 * z.powi(10)]) {
        *sum *= root / divisor;
    }
    for k in 1..=40_u8 {
        let k2 = f64::from(k).powi(2);
        let weight = k2 * (inner * k2).exp();
        sums[2] -= weight * pi2 * root / (36.0 * z3);
        sums[3] += weight * (3.0 * z2 - pi2 * k2) * pi2 * root / (216.0 * z6);
    }
    sums[0] + sums[1] / n.sqrt() + sums[2] / n + sums[3] / n.powf(1.5)
}
