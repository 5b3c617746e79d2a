//! Drift of the customers that `serving sample churn` makes: how often an alarm is false, and what is found.

use drift::{Limits, Report, Sample, Status, Window};
use model_file::{Generator, ModelFile};
use serving::{
    drift::csv,
    model::Features,
    sample::{Drift, Sample as Customers},
};

/// Undrifted windows that are tried.
const CALM: u64 = 2000;

fn features() -> Features {
    let text = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/churn.yaml")).expect("the model file");
    Features::of(&ModelFile::read("churn.yaml", &text).expect("it is right").0)
}

/// Columns of customers as text, `[features][rows]`.
fn columns(rows: u64, seed: u64, drift: &[Drift]) -> Vec<Vec<String>> {
    let mut text = Vec::new();
    Customers::new(Generator::Churn, rows, seed, drift.to_vec()).expect("a drift").write(&mut text).expect("memory");
    let text = String::from_utf8(text).expect("text");
    let mut columns = vec![Vec::new(); features().count()];
    for line in text.lines().skip(1) {
        columns.iter_mut().zip(line.split(',')).for_each(|(column, cell)| column.push(cell.to_owned()));
    }
    columns
}

/// What a model would have been trained on.
fn reference() -> Vec<(String, Sample)> {
    let sample = |(feature, column): (&serving::model::Feature, Vec<String>)| {
        let sample = if feature.is_category() {
            let mut counts = std::collections::BTreeMap::<String, u64>::new();
            for word in column {
                *counts.entry(word).or_default() += 1;
            }
            Sample::Words(counts.into_iter().collect())
        } else {
            Sample::Numbers(column.iter().map(|cell| cell.parse().expect("a number")).collect())
        };
        (feature.name.clone(), sample)
    };
    features().all().zip(columns(5000, 7, &[])).map(sample).collect()
}

fn report(reference: &[(String, Sample)], columns: &[Vec<String>], rows: std::ops::Range<usize>) -> Report {
    let mut window = Window::new(reference.iter().cloned());
    for row in rows {
        window.row();
        for (place, column) in columns.iter().enumerate() {
            match &reference[place].1 {
                Sample::Numbers(_) => window.number(place, column[row].parse().expect("a number")),
                Sample::Words(_) => window.word(place, &column[row]),
            }
        }
    }
    window.report(Limits::default())
}

/// The chance of so many successes or more among `CALM` tries of probability `p`.
fn binomial(successes: u64, p: f64) -> f64 {
    let mut term = (1.0 - p).powf(f64::from(u32::try_from(CALM).expect("small")));
    let mut below = 0.0;
    for k in 0..successes {
        below += term;
        let (k, n) = (f64::from(u32::try_from(k).expect("small")), f64::from(u32::try_from(CALM).expect("small")));
        term *= (n - k) / (k + 1.0) * p / (1.0 - p);
    }
    1.0 - below
}

#[test]
fn false_alarms_are_as_rare_as_the_level_says() {
    assert!(binomial(20, 0.01) > 0.4 && binomial(36, 0.01) < 0.001);
    let (reference, rows) = (reference(), 200);
    let columns = columns(CALM * rows, 11, &[]);
    let (mut alarms, mut significant) = (0, 0);
    for place in 0..CALM {
        let begin = usize::try_from(place * rows).expect("small");
        let report = report(&reference, &columns, begin..begin + 200);
        alarms += u64::from(report.status == Status::Drift);
        let p_values = report.features.iter().map(|feature| feature.comparison.expect("rows").corrected_p_value);
        significant += u64::from(p_values.fold(1.0, f64::min) < report.limits.level);
    }
    println!("{alarms} alarms, {significant} with a corrected p-value under the level, of {CALM} windows");
    assert!(binomial(alarms, 0.01) > 0.001, "{alarms} alarms");
    // Without the help of the index too.
    assert!(binomial(significant, 0.01) > 0.001, "{significant} windows");
}

#[test]
fn shifts_are_found_and_named() {
    let reference = reference();
    for feature in ["tenure", "monthly_charges", "total_charges", "support_calls"] {
        for (shift, rows, wanted) in [(1.0, 200, 99), (-1.0, 200, 99), (0.5, 500, 90)] {
            let drift = [Drift { feature: feature.to_owned(), shift }];
            let columns = columns(100 * rows, 13, &drift);
            let rows = usize::try_from(rows).expect("small");
            let found = (0..100).filter(|window| {
                let report = report(&reference, &columns, window * rows..(window + 1) * rows);
                let found = report.features.iter().find(|told| told.name == feature).expect("the feature");
                found.status == Status::Drift && report.status == Status::Drift
            });
            let found = found.count();
            println!("{feature} {shift:+}: {found} of 100 windows of {rows}");
            assert!(found >= wanted, "{feature} {shift}: {found} of 100 windows of {rows}");
        }
    }
}

#[test]
fn a_file_with_gaps_is_read_with_patience() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("window.csv");
    let rows = (0..300).map(|row| match row % 3 {
        0 => "senior-citizen,12,yes,x\n",
        1 => "month-to-month,,no,1\n",
        _ => "one-year,many,,\n",
    });
    let text = format!("\u{feff}contract,tenure,senior,unknown\n{}one,cell\n", rows.collect::<String>());
    std::fs::write(&file, text).expect("a file");
    let (features, mut window) = (features(), Window::new(reference()));
    assert_eq!(csv(&file, &features, &mut window).expect("rows"), (1, Some(302)));
    let report = window.report(Limits::default());
    let told = |name: &str| {
        let feature = report.features.iter().find(|feature| feature.name == name).expect("the feature");
        (feature.window, feature.missing, feature.unseen, feature.status)
    };
    assert_eq!(told("contract"), (300, 0, 100, Status::Drift));
    assert_eq!(told("tenure"), (100, 200, 0, Status::NotEnoughData));
    assert_eq!(told("senior"), (200, 100, 0, Status::Drift));
    assert_eq!(told("monthly_charges"), (0, 300, 0, Status::NotEnoughData));
    for (text, wanted) in [("", "no column of the model's"), ("a,b\n1,2\n", "names features: "), ("tenure\n", "")] {
        std::fs::write(&file, text).expect("a file");
        match csv(&file, &features, &mut window) {
            Ok(read) => assert!(wanted.is_empty() && read == (0, None)),
            Err(error) => assert!(!wanted.is_empty() && error.to_string().contains(wanted), "{error}"),
        }
    }
    assert!(
        csv(&folder.path().join("none"), &features, &mut window)
            .is_err_and(|error| error.to_string().contains("hint: "))
    );
}
