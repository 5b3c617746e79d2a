//! Explanations beside their definition: every coalition of features asked, one by one.

use std::sync::LazyLock;

use forest::{Columns, Ensemble, Explainer, Explanation, Leaf, Node, Predictor, Transform, Tree};
use model_file::ModelFile;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const FEATURES: usize = 5;

/// Features that no tree asks, with which there are too many for asking every coalition.
const MORE: usize = 6;

/// Those of models of two and of three classes.
static COLUMNS: LazyLock<[Columns; 2]> = LazyLock::new(|| [2, 3].map(|classes| stated(classes, 0)));

fn columns(classes: usize) -> &'static Columns {
    &COLUMNS[classes - 2]
}

/// A category of three columns among numbers, and one that is its place.
fn stated(classes: usize, more: usize) -> Columns {
    let classes: Vec<String> = (0..classes).map(|class| format!("{{value: '{class}', label: c{class}}}")).collect();
    let more: Vec<_> = (0..more).map(|place| format!(", {{name: f{place}, type: number, range: [0, 4]}}")).collect();
    let text = format!(
        "{{registry: {{model: m, experiment: m, run: m}}, data: {{file: m.csv, target: y}}, features: [{{name: a, type: number, \
         range: [0, 4]}}, {{name: b, type: category, values: [x, y, z]}}, {{name: c, type: integer, range: [0, 4]}}, {{name: d, type: \
         category, values: [x, y, z], encoding: ordinal}}, {{name: e, type: number, range: [0, 4]}}{}], classes: [{}], training: \
         {{n_estimators: 1, max_depth: 1, min_samples_split: 2, min_samples_leaf: 1, random_state: 1, test_size: 0.5, stratify: \
         true}}}}",
        more.concat(),
        classes.join(", ")
    );
    let (file, _) = ModelFile::read("m.yaml", text.as_bytes()).expect("it is right");
    Columns::of(&file)
}

/// A tree of splits on any column but those in `never`; leaves weigh up to `most`.
fn tree(random: &mut ChaCha8Rng, classes: &[usize], never: &[usize], most: f32) -> Tree {
    let mut nodes = vec![None];
    let mut place = 0;
    while place < nodes.len() {
        let splits = nodes.len() < 24 && (place == 0 || random.random_bool(0.7));
        nodes[place] = Some(if splits {
            let columns: Vec<usize> = (0..7).filter(|column| !never.contains(column)).collect();
            let column = columns[random.random_range(0..columns.len())];
            let threshold = if (1..4).contains(&column) { 0.5 } else { random.random_range(0.0..3.0) };
            nodes.extend([None, None]);
            Node::Split { column, threshold, left: nodes.len() - 2, right: nodes.len() - 1, cover: 0.0 }
        } else {
            let weights = classes.iter().map(|&class| (class, random.random_range(0.0..most))).collect();
            Node::Leaf(Leaf { weights, cover: 0.0 })
        });
        place += 1;
    }
    Tree { nodes: nodes.into_iter().flatten().collect() }
}

fn row(random: &mut ChaCha8Rng) -> Vec<f32> {
    let mut whole = |to: u8| f32::from(random.random_range(0..to));
    vec![whole(4), whole(3), whole(4), whole(3), whole(4)]
}

/// Every transform with as many scores as it comes with, trees that speak of one class and of all.
fn ensembles(never: &[usize]) -> Vec<Ensemble> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let kinds = [
        (Transform::None, vec![0, 1], 1),
        (Transform::None, vec![1, 0, 2], 3),
        (Transform::Logistic, vec![1, 0], 1),
        (Transform::Logistic, vec![0, 1, 2], 3),
        (Transform::Softmax, vec![0, 2, 1], 3),
        (Transform::Shares, vec![2, 0, 1], 3),
    ];
    let mut ensemble = |(transform, order, scores): (Transform, Vec<usize>, usize)| {
        let all: Vec<usize> = if scores == 1 { vec![1] } else { (0..scores).collect() };
        // Of probabilities that are their scores the sum may not pass 1.
        let most = if transform == Transform::None { 1.0 / 6.0 } else { 2.0 };
        let trees = (0..6).map(|place| match place % 2 {
            0 => tree(&mut random, &all, never, most),
            _ => tree(&mut random, &[all[place / 2 % all.len()]], never, most),
        });
        let trees = trees.collect();
        let base = if transform == Transform::Softmax { vec![0.5, -1.0, 0.25] } else { vec![] };
        Ensemble { columns: 7, order, scores, base, transform, trees }
    };
    kinds.into_iter().map(&mut ensemble).collect()
}

fn rows(seed: u64, count: usize) -> Vec<Vec<f32>> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    (0..count).map(|_| row(&mut random)).collect()
}

fn explain(ensemble: &Ensemble, background: &[Vec<f32>], row: &[f32]) -> Explanation {
    Explainer::new(ensemble, columns(ensemble.order.len()), FEATURES, background).expect("a background").explain(row)
}

fn predict(ensemble: &Ensemble, row: &[f32]) -> Vec<f64> {
    let mut out = Vec::new();
    Predictor::new(ensemble, columns(ensemble.order.len())).predict(row, &mut out);
    out
}

fn scores(ensemble: &Ensemble, columns: &Columns, row: &[f32]) -> Vec<f64> {
    let row: Vec<f32> = columns.encode(row).collect();
    let mut sums = if ensemble.base.is_empty() { vec![0.0; ensemble.scores] } else { ensemble.base.clone() };
    for tree in &ensemble.trees {
        let Node::Leaf(leaf) = &tree.nodes[tree.leaf(&row)] else { panic!("no leaf") };
        for &(class, weight) in &leaf.weights {
            sums[if ensemble.scores == 1 { 0 } else { class }] += f64::from(weight);
        }
    }
    sums
}

/// Shapley's formula over all coalitions of what `value` says of rows: `[features × values]`.
fn shapley(value: impl Fn(&[f32]) -> Vec<f64>, background: &[f32], row: &[f32]) -> Vec<Vec<f64>> {
    let factorial = |n: u32| (1..=n).map(f64::from).product::<f64>();
    let of_coalition = |coalition: usize| {
        let mixed: Vec<f32> =
            (0..FEATURES).map(|f| if coalition >> f & 1 == 1 { row[f] } else { background[f] }).collect();
        value(&mixed)
    };
    let values: Vec<Vec<f64>> = (0..1 << FEATURES).map(of_coalition).collect();
    let of = |feature: usize| {
        let mut sums = vec![0.0; values[0].len()];
        for coalition in (0_usize..1 << FEATURES).filter(|coalition| coalition >> feature & 1 == 0) {
            let size = coalition.count_ones();
            let share = factorial(size) * factorial(4 - size) / factorial(5);
            for (place, sum) in sums.iter_mut().enumerate() {
                *sum += share * (values[coalition | 1 << feature][place] - values[coalition][place]);
            }
        }
        sums
    };
    (0..FEATURES).map(of).collect()
}

/// The probabilities of some scores, by an ensemble whose one leaf says them.
fn probabilities(ensemble: &Ensemble, scores: &[f64]) -> Vec<f64> {
    let leaf = Tree { nodes: vec![Node::Leaf(Leaf::default())] };
    predict(&Ensemble { base: scores.to_vec(), trees: vec![leaf], ..ensemble.clone() }, &[0.0; FEATURES])
}

/// How far each probability gets on the line between two rows' scores while only one score moves, in many small steps.
fn slope(ensemble: &Ensemble, from: &[f64], to: &[f64], score: usize) -> Vec<f64> {
    let (steps, small) = (400, 1e-5);
    let mut sums = vec![0.0; ensemble.order.len()];
    for step in 0..steps {
        let at = (f64::from(step) + 0.5) / f64::from(steps);
        let mut there: Vec<f64> = from.iter().zip(to).map(|(from, to)| from + at * (to - from)).collect();
        there[score] += small;
        let more = probabilities(ensemble, &there);
        there[score] -= 2.0 * small;
        let less = probabilities(ensemble, &there);
        for ((sum, more), less) in sums.iter_mut().zip(more).zip(less) {
            *sum += (more - less) / (2.0 * small) / f64::from(steps);
        }
    }
    sums
}

fn near(ensemble: &Ensemble, told: &[f64], wanted: &[f64], by: f64) {
    let worst = told.iter().zip(wanted).map(|(told, wanted)| (told - wanted).abs()).fold(0.0, f64::max);
    assert!(worst < by, "{:?} {worst}\n{told:?}\n{wanted:?}", ensemble.transform);
    assert!(told.iter().any(|moved| moved.abs() > 1e-4), "{told:?}");
}

#[test]
fn contributions_of_few_features_are_the_shapley_values_of_the_probabilities() {
    // With one score they are told as the shap package tells them.
    for ensemble in ensembles(&[]).into_iter().filter(|ensemble| ensemble.scores > 1) {
        let background = rows(1, 3);
        for row in rows(2, 6) {
            let mut wanted = vec![0.0; FEATURES * 3];
            for other in &background {
                let moved = shapley(|row| predict(&ensemble, row), other, &row);
                wanted.iter_mut().zip(moved.iter().flatten()).for_each(|(sum, moved)| *sum += moved / 3.0);
            }
            near(&ensemble, &explain(&ensemble, &background, &row).contributions, &wanted, 1e-12);
        }
    }
}

#[test]
fn contributions_of_many_features_are_carried_over_from_the_scores() {
    let with_more = |row: &[f32]| [row, &[1.0; MORE]].concat();
    for ensemble in ensembles(&[]) {
        let classes = ensemble.order.len();
        let (columns, background) = (columns(classes), rows(1, 3));
        let wide = Ensemble { columns: 7 + MORE, ..ensemble.clone() };
        let wide_background: Vec<_> = background.iter().map(|row| with_more(row)).collect();
        let explainer = Explainer::new(&wide, &stated(classes, MORE), FEATURES + MORE, &wide_background).unwrap();
        for row in rows(2, 6) {
            let mut wanted = vec![0.0; (FEATURES + MORE) * classes];
            for other in &background {
                let from = scores(&ensemble, columns, other);
                let to = scores(&ensemble, columns, &row);
                let slopes: Vec<_> = (0..ensemble.scores).map(|score| slope(&ensemble, &from, &to, score)).collect();
                let moved = shapley(|row| scores(&ensemble, columns, row), other, &row);
                for (feature, moved) in moved.into_iter().enumerate() {
                    for class in 0..classes {
                        let parts = moved.iter().zip(&slopes).map(|(moved, slopes)| moved * slopes[class]);
                        wanted[feature * classes + class] += parts.sum::<f64>() / 3.0;
                    }
                }
            }
            near(&ensemble, &explainer.explain(&with_more(&row)).contributions, &wanted, 1e-6);
        }
    }
}

#[test]
fn base_and_contributions_are_the_probability() {
    for ensemble in ensembles(&[]) {
        let background = rows(3, 20);
        for row in rows(4, 50) {
            let (told, classes) = (explain(&ensemble, &background, &row), ensemble.order.len());
            for (class, probability) in predict(&ensemble, &row).into_iter().enumerate() {
                let sum: f64 = told.contributions.iter().skip(class).step_by(classes).sum();
                let told = told.base[class] + sum;
                assert!((told - probability).abs() < 1e-12, "{:?}: {told}, not {probability}", ensemble.transform);
            }
            let mean: f64 = background.iter().map(|row| predict(&ensemble, row)[0]).sum::<f64>() / 20.0;
            assert!((told.base[0] - mean).abs() < 1e-12);
        }
    }
}

#[test]
fn a_feature_that_no_tree_asks_moves_nothing() {
    // The columns of b, and c.
    for ensemble in ensembles(&[1, 2, 3, 4]) {
        let classes = ensemble.order.len();
        for row in rows(5, 20) {
            let told = explain(&ensemble, &rows(6, 10), &row);
            let zero = |moved: &f64| moved.to_bits() == 0;
            assert!(told.contributions[classes..3 * classes].iter().all(zero), "{told:?}");
            assert!(told.contributions.iter().any(|moved| !zero(moved)), "{told:?}");
        }
    }
}

/// The first and the last feature must both be large.
fn both(transform: Transform) -> Ensemble {
    let split = |column, right| Node::Split { column, threshold: 1.5, left: right - 1, right, cover: 0.0 };
    let leaf = |weight| Node::Leaf(Leaf { weights: vec![(1, weight)], cover: 0.0 });
    let trees = vec![Tree { nodes: vec![split(0, 2), leaf(0.0), split(6, 4), leaf(0.0), leaf(0.75)] }];
    Ensemble { columns: 7, order: vec![0, 1], scores: 1, base: vec![], transform, trees }
}

/// In whichever order they are asked.
#[test]
fn features_that_do_the_same_move_the_same() {
    for transform in [Transform::None, Transform::Logistic] {
        let ensemble = both(transform);
        let told = explain(&ensemble, &[vec![0.0; FEATURES]], &[3.0, 0.0, 0.0, 0.0, 3.0]);
        let half = (predict(&ensemble, &[3.0; FEATURES])[1] - told.base[1]) / 2.0;
        assert!(half > 0.05 && (told.contributions[1] - half).abs() < 1e-15, "{told:?}");
        assert!((told.contributions[1] - told.contributions[9]).abs() < 1e-15, "{told:?}");
    }
}

/// One feature raises the score as much as the other lowers it: there is no quotient of the differences.
#[test]
fn rows_of_the_same_score_are_explained_too() {
    for (transform, slope) in [(Transform::None, 1.0), (Transform::Logistic, 0.25)] {
        let ensemble = both(transform);
        let told = explain(&ensemble, &[vec![0.0, 0.0, 0.0, 0.0, 3.0]], &[3.0, 0.0, 0.0, 0.0, 0.0]);
        let moved = 0.375 * slope;
        for (place, wanted) in [(0, -moved), (1, moved), (8, moved), (9, -moved)] {
            assert!((told.contributions[place] - wanted).abs() < 1e-12, "{place} {wanted} {told:?}");
        }
    }
}

#[test]
fn scores_that_no_probability_follows_are_additive_too() {
    let tree = |weights: Vec<(usize, f32)>| {
        let leaf = |weights| Node::Leaf(Leaf { weights, cover: 0.0 });
        let root = Node::Split { column: 0, threshold: 1.5, left: 1, right: 2, cover: 0.0 };
        Tree { nodes: vec![root, leaf(vec![]), leaf(weights)] }
    };
    // Beyond 1, and rows that no forest knows.
    for (transform, scores, weights) in
        [(Transform::None, 1, vec![(1, 1.5)]), (Transform::Shares, 3, vec![(0, 0.25), (2, 0.5)])]
    {
        let order = (0..scores.max(2)).collect();
        let ensemble = Ensemble { columns: 7, order, scores, base: vec![], transform, trees: vec![tree(weights)] };
        let (low, high) = ([0.0; FEATURES], [3.0; FEATURES]);
        for (row, other) in [(low, high), (high, low), (low, low)] {
            let told = explain(&ensemble, &[other.to_vec()], &row);
            for (class, probability) in predict(&ensemble, &row).into_iter().enumerate() {
                assert!((told.base[class] + told.contributions[class] - probability).abs() < 1e-12, "{told:?}");
            }
        }
    }
}

#[test]
fn without_a_background_nothing_is_explained() {
    let ensemble = &ensembles(&[])[0];
    for background in [vec![], vec![vec![1.0]]] {
        assert!(Explainer::new(ensemble, columns(2), FEATURES, &background).is_none());
    }
}

/// However deep a foreign tree is, the process lives.
#[test]
fn a_deep_tree_is_walked() {
    let depth = 200_000;
    let mut nodes = Vec::new();
    for level in 0..depth {
        let threshold = if level % 2 == 0 { 0.5 } else { 2.5 };
        nodes.push(Node::Split { column: 0, threshold, left: 2 * level + 1, right: 2 * level + 2, cover: 0.0 });
        let leaf = Node::Leaf(Leaf { weights: vec![(1, 0.1)], cover: 0.0 });
        nodes.push(leaf);
    }
    nodes.push(Node::Leaf(Leaf { weights: vec![(1, 0.6)], cover: 0.0 }));
    let trees = vec![Tree { nodes }];
    let ensemble =
        Ensemble { columns: 7, order: vec![0, 1], scores: 1, base: vec![], transform: Transform::None, trees };
    let told = explain(&ensemble, &[vec![0.0; FEATURES]], &[3.0; FEATURES]);
    assert!((told.contributions[1] - 0.5).abs() < 1e-6, "{told:?}");
}
