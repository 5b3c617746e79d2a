//! What a training says to whoever started it.

use std::fmt::Write;

use forest::Scores;
use model_file::ModelFile;

use super::Judged;

/// Scores, folds and confusion, as text.
pub fn report(file: &ModelFile, judged: &Judged) -> String {
    let (fitted, held_back) = judged.rows;
    let mut text = format!(
        "{}: {} features, {} classes; {fitted} rows to train on, {held_back} held back\n\n",
        file.registry.model.value,
        file.features.value.len(),
        file.classes.value.len()
    );
    // Writing to a string cannot fail.
    for (place, (name, score)) in judged.scores.by_name().into_iter().enumerate() {
        let _ = write!(text, "{name:<10}  {score:.4}");
        if let Some((mean, sd)) = across(&judged.folds, place) {
            let _ = write!(text, "   {mean:.4} ± {sd:.4} over {} folds", judged.folds.len());
        }
        text.push('\n');
    }
    text.push_str("\nconfusion: true classes down, called classes across\n");
    let values: Vec<&str> = file.classes.value.iter().map(|class| class.value.value.as_str()).collect();
    let wide = values.iter().map(|value| value.chars().count()).max().unwrap_or(0).max(6);
    let _ = writeln!(
        text,
        "{:wide$}  {}",
        "",
        values.iter().map(|value| format!("{value:>wide$}")).collect::<Vec<_>>().join("  ")
    );
    for (value, row) in values.iter().zip(&judged.scores.confusion) {
        let row: Vec<String> = row.iter().map(|count| format!("{count:>wide$}")).collect();
        let _ = writeln!(text, "{value:<wide$}  {}", row.join("  "));
    }
    text
}

/// Mean and standard deviation of a score over the folds; of the sample, as a data scientist reports it.
pub fn across(folds: &[Scores], score: usize) -> Option<(f64, f64)> {
    if folds.len() < 2 {
        return None;
    }
    let values: Vec<f64> = folds.iter().map(|fold| fold.by_name()[score].1).collect();
    #[expect(clippy::cast_precision_loss, reason = "a handful of folds")]
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((mean, (squares / (count - 1.0)).sqrt()))
}
