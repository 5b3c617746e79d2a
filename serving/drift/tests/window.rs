//! A window from its rows to its report: what is counted, what is left out, and when there is nothing to say.

use drift::{Bin, Feature, Kind, Limits, Report, Sample, Status, Test, Window};

/// Values that fill 0 to 1 evenly.
fn even(count: u16) -> Vec<f32> {
    (0..count).map(|place| f32::from(place) / f32::from(count)).collect()
}

fn words(counts: &[(&str, u64)]) -> Sample {
    Sample::Words(counts.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect())
}

fn numbers(reference: Vec<f32>, window: impl IntoIterator<Item = f32>) -> Report {
    let mut rows = Window::new([("x".to_owned(), Sample::Numbers(reference))]);
    for value in window {
        rows.row();
        rows.number(0, value);
    }
    rows.report(Limits::default())
}

fn categories(reference: &[(&str, u64)], window: &[(&str, u64)]) -> Report {
    let mut rows = Window::new([("x".to_owned(), words(reference))]);
    for (word, count) in window {
        for _ in 0..*count {
            rows.row();
            rows.word(0, word);
        }
    }
    rows.report(Limits::default())
}

fn only(report: &Report) -> &Feature {
    assert_eq!(report.features.len(), 1);
    assert_eq!(report.status, report.features[0].status);
    &report.features[0]
}

#[test]
fn the_same_is_no_drift_and_the_shifted_is() {
    let same = numbers(even(1000), even(300));
    assert_eq!(only(&same).status, Status::NoDrift);
    let shifted = numbers(even(1000), even(300).into_iter().map(|value| value + 0.3));
    let feature = only(&shifted);
    let comparison = feature.comparison.unwrap();
    assert_eq!((feature.status, comparison.test), (Status::Drift, Test::KolmogorovSmirnov));
    assert!((comparison.statistic - 0.3).abs() < 0.01 && comparison.p_value < 1e-15 && comparison.psi > 1.0);
}

#[test]
fn both_are_asked_for() {
    // Small and, by the size of the window, significant.
    let small = numbers(even(10_000), even(9000).into_iter().map(|value| value + 0.04));
    let comparison = only(&small).comparison.unwrap();
    assert!(comparison.p_value < 1e-6 && comparison.psi < 0.2 && small.status == Status::NoDrift);
    // Large, and by the size of the reference not significant.
    let few = numbers(even(9), even(200).into_iter().map(|value| value * 0.7));
    let comparison = only(&few).comparison.unwrap();
    assert!(comparison.p_value > 0.05 && comparison.psi > 0.2 && few.status == Status::NoDrift, "{comparison:?}");
}

#[test]
fn too_few_rows_say_nothing() {
    let few = numbers(even(1000), (0..199).map(|_| 5.0));
    assert_eq!((only(&few).status, only(&few).comparison), (Status::NotEnoughData, None));
    assert_eq!(numbers(even(1000), (0..200).map(|_| 5.0)).status, Status::Drift);
    assert_eq!(numbers(Vec::new(), even(1000)).status, Status::NotEnoughData, "a reference without values");
    assert_eq!(Window::new([]).report(Limits::default()).status, Status::NotEnoughData);
}

#[test]
fn what_is_missing_is_left_out_and_counted() {
    let mut window = Window::new([
        ("number".to_owned(), Sample::Numbers(even(1000))),
        ("word".to_owned(), words(&[("a", 500), ("b", 500)])),
        ("nothing".to_owned(), Sample::Numbers(even(1000))),
    ]);
    for (row, value) in even(400).into_iter().enumerate() {
        window.row();
        window.number(0, [value, f32::NAN, f32::INFINITY, f32::NEG_INFINITY][row % 4]);
        window.number(0, if row % 4 == 1 { 0.5 } else { f32::NAN });
        window.word(1, if row % 2 == 0 { "a" } else { "b" });
        // What is given twice counts once.
        window.word(1, "a");
        window.number(0, if row % 4 == 0 { 0.25 } else { f32::NAN });
        // A word is no number, a number no word, and a place beyond is nobody's.
        window.word(0, "a");
        window.number(1, 1.0);
        window.number(7, 1.0);
    }
    let report = window.report(Limits::default());
    let told: Vec<_> =
        report.features.iter().map(|feature| (feature.window, feature.missing, feature.status)).collect();
    assert_eq!((told[0].0, told[0].1, told[1]), (200, 200, (400, 0, Status::NoDrift)));
    assert_eq!(told[2], (0, 400, Status::NotEnoughData));
    assert!(report.features[2].comparison.is_none());
}

#[test]
fn one_feature_that_cannot_be_judged_is_not_no_drift() {
    let mut window = Window::new([
        ("there".to_owned(), Sample::Numbers(even(1000))),
        ("missing".to_owned(), Sample::Numbers(even(1000))),
    ]);
    let rows = |window: &mut Window, shift: f32| {
        for value in even(300) {
            window.row();
            window.number(0, value + shift);
        }
    };
    rows(&mut window, 0.0);
    assert_eq!(window.report(Limits::default()).status, Status::NotEnoughData);
    rows(&mut window, 9.0);
    assert_eq!(window.report(Limits::default()).status, Status::Drift);
}

#[test]
fn constants_are_compared_on_both_sides() {
    let same = numbers(vec![3.0; 1000], vec![3.0; 300]);
    let comparison = only(&same).comparison.unwrap();
    assert!((comparison.p_value - 1.0).abs() < 1e-15 && comparison.psi.abs() < 1e-15, "{comparison:?}");
    assert_eq!(comparison.statistic.to_bits() | comparison.jensen_shannon.to_bits(), 0);
    for other in [2.0, 4.0] {
        assert_eq!(numbers(vec![3.0; 1000], vec![other; 300]).status, Status::Drift, "{other}");
    }
    assert_eq!(numbers(vec![0.0; 1000], vec![-0.0; 300]).status, Status::NoDrift, "zeros of both signs are one value");
}

#[test]
fn ties_are_no_difference() {
    let flags = |ones: usize, all: usize| (0..all).map(move |place| if place < ones { 1.0 } else { 0.0 });
    assert_eq!(numbers(flags(300, 1000).collect(), flags(90, 300)).status, Status::NoDrift);
    let more = numbers(flags(300, 1000).collect(), flags(180, 300));
    assert_eq!(more.status, Status::Drift);
    assert!((only(&more).comparison.unwrap().statistic - 0.3).abs() < 1e-12);
}

#[test]
fn words_that_the_reference_does_not_have_are_a_category() {
    let same = categories(&[("a", 500), ("b", 500)], &[("a", 150), ("b", 150)]);
    assert_eq!((only(&same).status, only(&same).unseen, only(&same).kind), (Status::NoDrift, 0, Kind::Category));
    let new = categories(&[("a", 500), ("b", 500)], &[("a", 120), ("b", 120), ("c", 30), ("d", 30)]);
    let feature = only(&new);
    assert_eq!((feature.status, feature.unseen), (Status::Drift, 60));
    assert_eq!(feature.bins.last(), Some(&Bin { value: None, from: None, to: None, reference: 0, window: 60 }));
    // One row is no drift, although no chi-square distribution fits it.
    assert_eq!(categories(&[("a", 9000)], &[("a", 299), ("b", 1)]).status, Status::NoDrift);
    assert_eq!(categories(&[("a", 9000)], &[("a", 300)]).status, Status::NoDrift, "a constant");
    assert_eq!(categories(&[("a", 9990), ("b", 10)], &[("b", 200)]).status, Status::Drift);
    assert_eq!(categories(&[], &[("a", 300)]).status, Status::NotEnoughData);
}

#[test]
fn p_values_are_corrected_over_all_features() {
    let features = (0..4).map(|place| (format!("x{place}"), Sample::Numbers(even(1000))));
    let mut window = Window::new(features);
    for (row, value) in even(300).into_iter().enumerate() {
        window.row();
        for place in 0..3 {
            window.number(place, value);
        }
        // A little off: p is about 0.005.
        window.number(3, if row % 9 == 0 { 0.99 } else { value });
    }
    let report = window.report(Limits { psi: 0.0, ..Limits::default() });
    let off = report.features[3].comparison.unwrap();
    assert!((0.0025..0.01).contains(&off.p_value), "{off:?}");
    assert!((off.corrected_p_value - 4.0 * off.p_value).abs() < 1e-15);
    assert_eq!(report.status, Status::NoDrift);
}

#[test]
fn every_value_is_in_one_bin() {
    let report = numbers(even(1000), even(300).into_iter().map(|value| value * 2.0 - 0.5));
    let bins = &only(&report).bins;
    assert_eq!(bins.len(), 22);
    let sums = bins.iter().fold((0, 0), |sums, bin| (sums.0 + bin.reference, sums.1 + bin.window));
    assert_eq!(sums, (1000, 300));
    assert!(bins[0].reference == 0 && bins[0].window > 70 && bins[21].reference == 0 && bins[21].window > 70);
    assert!(bins.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].to.is_some()));
    assert!(bins[1..21].iter().all(|bin| bin.reference == 50), "{bins:?}");
}

#[test]
fn a_report_is_read_as_it_was_written() {
    let report = categories(&[("a", 500), ("b", 500)], &[("a", 120), ("c", 180)]);
    let text = serde_json::to_string(&report).unwrap();
    assert!(text.starts_with(r#"{"status":"drift","limits":{"level":0.01,"psi":0.2,"rows":200},"rows":300,"features":[{"name":"x","kind":"category""#), "{text}");
    let back: Report = serde_json::from_str(&text).unwrap();
    assert_eq!(back.features[0].bins, report.features[0].bins);
}
