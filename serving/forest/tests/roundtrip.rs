//! From rows to a forest, to ONNX, and back.

use std::time::Instant;

use forest::{Columns, Predictor, Scores, Table, cover, export, fit, import, split};
use model_file::ModelFile;

fn iris() -> (ModelFile, Table) {
    let models = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models");
    let text = std::fs::read(format!("{models}/iris.yaml")).expect("the model file is there");
    let (file, _) = ModelFile::read("iris.yaml", &text).expect("it is right");
    let data = std::fs::File::open(format!("{models}/data/iris.csv")).expect("the data are there");
    let table = Table::read("iris.csv", data, &file).expect("they are right");
    (file, table)
}

#[test]
fn a_forest_comes_back_from_onnx_as_it_went() {
    let (file, table) = iris();
    let columns = Columns::of(&file);
    let parts = split(table.labels(), 0.2, true, 42);
    let start = Instant::now();
    let mut fitted = fit(&table, &parts.train, &columns, &file.training).expect("it fits");
    println!("fit {:?}", start.elapsed());
    cover(&mut fitted.ensemble, &columns, &table);
    let bytes = export(&fitted.ensemble, &columns, &file);
    let back = import(&bytes, &file).expect("it is ours");
    assert_eq!((&back.columns, &back.ensemble.order), (&columns, &fitted.ensemble.order));
    assert_eq!(export(&back.ensemble, &columns, &file), bytes);
    let predictor = Predictor::new(&back.ensemble, &back.columns);
    let test: Vec<f32> = parts.test.iter().flat_map(|&row| table.row(row).to_vec()).collect();
    let probabilities = predictor.predict_all(&test, 4);
    let truth: Vec<usize> = parts.test.iter().map(|&row| table.class(row)).collect();
    let scores = Scores::of(&truth, &probabilities, 3, 0);
    println!("{scores:?} {:?} nodes {} bytes {}", fitted.importances, back.ensemble.nodes(), bytes.len());
    assert!(scores.accuracy > 0.85 && scores.auc_roc > 0.95, "{scores:?}");
    // One row at a time says the same as many at once, and as a walk by hand.
    for (row, expected) in test.chunks_exact(4).zip(probabilities.chunks_exact(3)) {
        let mut one = Vec::new();
        predictor.predict(row, &mut one);
        assert!(one.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{one:?} {expected:?}");
        assert!((one.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

/// Words of both encodings beside numbers, and whole numbers alone: other inputs of the graph, the same columns behind them.
#[test]
fn every_kind_of_feature_comes_back() {
    let visits = "{name: visits, type: integer, range: [0, 9]}";
    let words = "{name: colour, type: category, values: [red, blue]}, {name: usage, type: number, range: [0, 9]}, \
                 {name: plan, type: category, values: [basic, pro], encoding: ordinal}";
    let rows =
        "visits,colour,usage,plan,bought\n1,red,0.5,basic,01\n2,blue,1,pro,01\n7,red,2,pro,02\n8,blue,3,basic,02\n";
    for features in [visits.to_owned(), format!("{visits}, {words}"), words.to_owned()] {
        let text = format!(
            "{{registry: {{model: m, experiment: m, run: m}}, data: {{file: m.csv, target: bought}}, features: [{features}], \
             classes: [{{value: '01', label: no}}, {{value: '02', label: yes}}], training: {{n_estimators: 5, max_depth: 3, \
             min_samples_split: 2, min_samples_leaf: 1, random_state: 1, test_size: 0.5, stratify: true}}}}"
        );
        let (file, _) = ModelFile::read("m.yaml", text.as_bytes()).expect("it is right");
        let table = Table::read("m.csv", rows.as_bytes(), &file).expect("they are right");
        let columns = Columns::of(&file);
        let fitted = fit(&table, &[0, 1, 2, 3], &columns, &file.training).expect("it fits");
        let back = import(&export(&fitted.ensemble, &columns, &file), &file).expect("it is ours");
        assert_eq!((back.columns, back.ensemble), (columns, fitted.ensemble), "{features}");
    }
}
