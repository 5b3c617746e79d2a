//! Files that are cut or damaged: refused, or a model as good as any, but never the end of the process.

use forest::{Columns, Predictor, Table, export, fit, import};
use model_file::ModelFile;

/// Iris with two small trees, as ONNX.
fn small() -> (ModelFile, Vec<u8>) {
    let models = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models");
    let text = std::fs::read_to_string(format!("{models}/iris.yaml")).expect("the model file is there");
    let text = text.replace("n_estimators: 100", "n_estimators: 2").replace("max_depth: 10", "max_depth: 2");
    let (file, _) = ModelFile::read("iris.yaml", text.as_bytes()).expect("it is right");
    let data = std::fs::File::open(format!("{models}/data/iris.csv")).expect("the data are there");
    let table = Table::read("iris.csv", data, &file).expect("they are right");
    let columns = Columns::of(&file);
    let all: Vec<usize> = (0..table.len()).collect();
    let fitted = fit(&table, &all, &columns, &file.training).expect("it fits");
    let onnx = export(&fitted.ensemble, &columns, &file);
    (file, onnx)
}

/// Whether it is served.
fn is_served(onnx: &[u8], file: &ModelFile) -> bool {
    let Ok(foreign) = import(onnx, file) else { return false };
    let predictor = Predictor::new(&foreign.ensemble, &foreign.columns);
    let answers = predictor.predict_all(&[5.1, 3.5, 1.4, 0.2].repeat(13), 4);
    answers.len() == 13 * 3
}

#[test]
fn a_part_of_a_file_is_refused() {
    let (file, onnx) = small();
    assert!(is_served(&onnx, &file));
    let served: Vec<usize> = (0..onnx.len()).filter(|length| is_served(&onnx[..*length], &file)).collect();
    // The operator sets stand last, and a cut before them leaves the whole graph.
    assert!(served.iter().all(|length| *length > onnx.len() - 40), "{served:?} of {}", onnx.len());
}

#[test]
fn no_byte_ends_the_process() {
    let (file, onnx) = small();
    let mut served = 0;
    for place in 0..onnx.len() {
        for value in [0, 1, 0x7f, 0x80, 0xff, onnx[place] ^ 1, onnx[place] ^ 0x80, onnx[place].wrapping_add(8)] {
            let mut damaged = onnx.clone();
            damaged[place] = value;
            served += usize::from(is_served(&damaged, &file));
        }
    }
    assert!(served > 0 && served < onnx.len() * 8, "{served}");
}
