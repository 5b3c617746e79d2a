//! What a sample is like, without drift and with it.
#![expect(clippy::cast_precision_loss, reason = "rows are counted in thousands")]

use forest::Table;
use model_file::ModelFile;

use super::*;
use crate::train::judge;

const MODEL: &str = include_str!("../../../models/churn.yaml");

fn csv(sample: &Sample) -> String {
    let mut bytes = Vec::new();
    sample.write(&mut bytes).expect("memory takes everything");
    String::from_utf8(bytes).expect("text")
}

fn plain(rows: u64, seed: u64) -> String {
    csv(&Sample::plain(Generator::Churn, rows, seed))
}

fn drifted(rows: u64, seed: u64, drift: &[&str]) -> Result<String, NoDrift> {
    let drift = drift.iter().map(|text| text.parse().expect("a drift")).collect();
    Sample::new(Generator::Churn, rows, seed, drift).map(|sample| csv(&sample))
}

/// The cells of a column.
fn column<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let place = text.lines().next().and_then(|header| header.split(',').position(|column| column == name));
    let place = place.expect("a column");
    text.lines().skip(1).map(|row| row.split(',').nth(place).expect("a cell")).collect()
}

fn share(cells: &[&str], word: &str) -> f64 {
    cells.iter().filter(|cell| **cell == word).count() as f64 / cells.len() as f64
}

fn mean_and_deviation(cells: &[&str]) -> (f64, f64) {
    let numbers: Vec<f64> = cells.iter().map(|cell| cell.parse().expect("a number")).collect();
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    (mean, (numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / count).sqrt())
}

/// Versions carry the sum of their data, and trainings ask for it: other bytes would train everything anew.
#[test]
fn the_same_seed_gives_the_same_bytes_everywhere() {
    let sum = |text: &str| registry::sha256(text.as_bytes());
    let (sample, drifting) = (plain(5000, 7), drifted(500, 7, &["tenure=-0.5", "contract=0.3"]).expect("known"));
    assert_eq!(sum(&sample), "7cdfa88d80c116387c288ccfb51a013a9e5a4b16858296a2296a564524adf3d7");
    assert_eq!(sum(&drifting), "2801fdb0f4cb805b7b263139f9c8ea79a8d6874307597bd3f19592e3d3a9d934");
    assert!(sample.starts_with(&plain(10, 7)) && sample != plain(5000, 8));
    assert_eq!(sample.lines().count(), 5001);
}

#[test]
fn customers_are_as_stated() {
    let sample = plain(40_000, 1);
    for feature in features(Generator::Churn) {
        let cells = column(&sample, feature.name());
        match feature {
            Feature::Number(number) => {
                let (_, found) = mean_and_deviation(&cells);
                assert!((found / number.deviation - 1.0).abs() < 0.02, "{}: {found}", number.name);
            }
            Feature::Category(category) => {
                let shares = category.values.iter().map(|word| share(&cells, word));
                assert!((shares.clone().sum::<f64>() - 1.0).abs() < 1e-9, "{}", category.name);
                assert!(shares.clone().all(|share| share > 0.1), "{}: {:?}", category.name, shares.collect::<Vec<_>>());
            }
        }
    }
    let leave = share(&column(&sample, "churned"), "yes");
    assert!((0.25..0.30).contains(&leave), "{leave}");
}

#[test]
fn the_model_file_knows_every_column_and_every_word() {
    let (file, _) = ModelFile::read("churn.yaml", MODEL.as_bytes()).expect("a model file");
    let stated: Vec<_> = file.features.value.iter().map(|feature| feature.name.value.as_str()).collect();
    assert_eq!(stated, features(Generator::Churn).iter().map(Feature::name).collect::<Vec<_>>());
    for (stated, known) in file.features.value.iter().zip(features(Generator::Churn)) {
        let values = stated.values.as_ref().map(|values| values.value.iter().map(String::as_str).collect::<Vec<_>>());
        let words = if let Feature::Category(category) = known { Some(category.values.to_vec()) } else { None };
        assert_eq!(values, words, "{}", known.name());
    }
}

/// Means over seeds: one split's digits are luck.
#[test]
fn a_forest_learns_from_it_as_from_life() {
    let (file, _) = ModelFile::read("churn.yaml", MODEL.as_bytes()).expect("a model file");
    let scores = (1..=4).map(|seed| {
        let table = Table::read("sample", plain(5000, seed).as_bytes(), &file).expect("a table");
        judge(&file, &table, 0).expect("a forest").scores.by_name()
    });
    let scores: Vec<_> = scores.collect();
    let mean = |place: usize| scores.iter().map(|scores| scores[place].1).sum::<f64>() / scores.len() as f64;
    assert_eq!((scores[0][0].0, scores[0][4].0), ("accuracy", "auc_roc"));
    let (accuracy, auc) = (mean(0), mean(4));
    assert!((0.76..0.84).contains(&accuracy) && (0.80..0.86).contains(&auc), "{accuracy} {auc}");
}

#[test]
fn a_number_drifts_by_its_deviations_and_takes_along_what_follows_from_it() {
    let (before, after) = (plain(20_000, 3), drifted(20_000, 3, &["monthly_charges=1"]).expect("known"));
    for feature in features(Generator::Churn).iter().map(Feature::name) {
        let moves = ["monthly_charges", "total_charges"].contains(&feature);
        assert_eq!(column(&before, feature) != column(&after, feature), moves, "{feature}");
    }
    let mean = |text: &str| mean_and_deviation(&column(text, "monthly_charges"));
    let ((old, deviation), (new, _)) = (mean(&before), mean(&after));
    assert!(((new - old) / deviation - 1.0).abs() < 0.02, "{old} {new} {deviation}");
    let leave = |text: &str| share(&column(text, "churned"), "yes");
    assert!(leave(&after) > leave(&before) + 0.03, "dearer customers leave");
    // Nobody has been a customer for less than no time.
    let young = drifted(2000, 3, &["tenure=-1"]).expect("known");
    assert!(column(&young, "tenure").iter().all(|months| months.parse::<f64>().is_ok_and(|months| months >= 0.0)));
}

#[test]
fn a_category_drifts_by_a_share_of_all_rows() {
    let before = plain(20_000, 3);
    for (drift, word, sign) in [("contract=0.3", "two-year", 1), ("contract=-0.3", "month-to-month", -1)] {
        let after = drifted(20_000, 3, &[drift]).expect("known");
        let (old, new) = (share(&column(&before, "contract"), word), share(&column(&after, "contract"), word));
        assert!((new - (0.7 * old + 0.3)).abs() < 0.01, "{drift}: {old} {new}");
        let leave = |text: &str| share(&column(text, "churned"), "yes");
        assert_eq!(leave(&after) < leave(&before), sign > 0, "{drift}");
        assert_eq!(column(&before, "tenure"), column(&after, "tenure"));
    }
    assert!(column(&drifted(100, 3, &["senior=1"]).expect("known"), "senior").iter().all(|word| *word == "yes"));
}

#[test]
fn drift_that_cannot_be_is_told() {
    for (drift, words) in [
        (&["monthly_charge=1"][..], "did you mean `monthly_charges`?"),
        (&["colour=1"], "the features here are `tenure`, `monthly_charges`"),
        (&["churned=0.1"], "there is no feature \"churned\""),
        (&["tenure=1", "tenure=2"], "tenure drifts twice"),
        (&["contract=1.5"], "no share of the rows is 1.5"),
    ] {
        let error = drifted(1, 1, drift).expect_err(words).to_string();
        assert!(error.contains(words) && error.contains("\n\nhint: "), "{error}");
    }
    for text in ["tenure", "tenure=", "tenure=much", "tenure=NaN", "=inf"] {
        assert!(text.parse::<Drift>().is_err(), "{text}");
    }
}
