//! p-values and distances are scipy's, to a billionth.

use std::process::Command;

use drift::{Comparison, Limits, Sample, Window, ks_p_value};
use serde::Deserialize;
use servers::{repository, run};

#[derive(Deserialize)]
struct Peer {
    combs: Vec<Comb>,
    numbers: Vec<Case<f32>>,
    words: Vec<Case<u64>>,
}

#[derive(Deserialize)]
struct Comb {
    sizes: [u64; 2],
    difference: u64,
    p: f64,
}

/// Two samples, or the counts of two samples, and what scipy tells of them.
#[derive(Deserialize)]
struct Case<T> {
    reference: Vec<T>,
    window: Vec<T>,
    statistic: f64,
    p: f64,
    psi: f64,
    jensen_shannon: f64,
}

#[test]
fn values_are_scipys() {
    let python = repository().join("target/tools/scipy/bin/python");
    let said = run(Command::new(python).arg(repository().join("tests/serving/cases/drift/values.py")));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    compare(&serde_json::from_slice(&said.stdout).unwrap());
}

fn compare(peer: &Peer) {
    assert!(peer.combs.len() > 300 && peer.numbers.len() > 20 && peer.words.len() > 60);
    for Comb { sizes, difference, p } in &peer.combs {
        let ours = ks_p_value(sizes[0], sizes[1], *difference);
        assert!((ours - p).abs() < 1e-9, "{sizes:?} {difference}: {ours}, not {p}");
        // Small ones too have the right size.
        assert!(*p < 1e-14 || (ours / p - 1.0).abs() < 1e-5, "{sizes:?} {difference}: {ours}, not {p}");
    }
    for case in &peer.numbers {
        same(case, Sample::Numbers(case.reference.clone()), |window| {
            for &value in &case.window {
                window.row();
                window.number(0, value);
            }
        });
    }
    for case in &peer.words {
        // A word that the reference does not have is one of the unseen; so are all of them.
        let words: Vec<String> = (0..case.reference.len()).map(|place| format!("w{place}")).collect();
        let reference = words.iter().cloned().zip(case.reference.iter().copied()).collect();
        same(case, Sample::Words(reference), |window| {
            for (word, &count) in words.iter().zip(&case.window) {
                for _ in 0..count {
                    window.row();
                    window.word(0, word);
                }
            }
        });
    }
}

fn same<T>(case: &Case<T>, reference: Sample, fill: impl FnOnce(&mut Window)) {
    let mut window = Window::new([("x".to_owned(), reference)]);
    fill(&mut window);
    let report = window.report(Limits::default());
    let Comparison { statistic, p_value, psi, jensen_shannon, .. } = report.features[0].comparison.unwrap();
    let sizes = (case.reference.len(), case.window.len());
    for (ours, theirs, what) in [
        (statistic, case.statistic, "statistic"),
        (p_value, case.p, "p-value"),
        (psi, case.psi, "index"),
        (jensen_shannon, case.jensen_shannon, "distance"),
    ] {
        assert!((ours - theirs).abs() < 1e-9 * theirs.abs().max(1.0), "{sizes:?} {what}: {ours}, not {theirs}");
    }
}
