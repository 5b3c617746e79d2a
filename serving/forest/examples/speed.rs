//! Does one thing again and again, and nothing else, for somebody who measures the process (`just bench-serving`).
//!
//! `speed one|thousand|explain|fit TIMES MODEL_FILE CSV`, where *one* predicts a row, *thousand* a thousand rows in one
//! call, *explain* explains a row beside the background sample, and *fit* fits the forest of the model file to all rows.

use std::{env, error::Error, fs, hint::black_box};

use forest::{Columns, Ensemble, Explainer, Predictor, Reference, Table, fit};
use model_file::ModelFile;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [what, times, model, csv] = arguments.as_slice() else {
        return Err("usage: speed one|thousand|explain|fit TIMES MODEL_FILE CSV".into());
    };
    let times: usize = times.parse()?;
    let (file, _) = ModelFile::read(model, &fs::read(model)?).map_err(|mistakes| format!("{mistakes:?}"))?;
    let table = Table::read(csv, fs::File::open(csv)?, &file)?;
    let columns = Columns::of(&file);
    let all: Vec<usize> = (0..table.len()).collect();
    let fitted = || fit(&table, &all, &columns, &file.training);
    let ensemble = fitted()?.ensemble;
    println!("{} trees, {} nodes", ensemble.trees.len(), nodes(&ensemble));

    let predictor = Predictor::new(&ensemble, &columns);
    let row = |place: usize| table.row(place % table.len());
    match what.as_str() {
        "one" => {
            let mut out = Vec::new();
            for place in 0..times {
                out.clear();
                predictor.predict(black_box(row(place)), &mut out);
                black_box(&out);
            }
        }
        "thousand" => {
            let rows: Vec<f32> = (0..1000).flat_map(row).copied().collect();
            for _ in 0..times {
                black_box(predictor.predict_all(black_box(&rows), columns.len()));
            }
        }
        "explain" => {
            let background = Reference::of(&table, &file).background;
            let explainer = Explainer::new(&ensemble, &columns, file.features.value.len(), &background);
            let explainer = explainer.ok_or("the data set has no rows")?;
            for place in 0..times {
                black_box(explainer.explain(black_box(row(place))));
            }
        }
        "fit" => {
            for _ in 0..times {
                black_box(fitted()?);
            }
        }
        _ => return Err(format!("{what} is none of one, thousand, explain, fit").into()),
    }
    Ok(())
}

fn nodes(ensemble: &Ensemble) -> usize {
    ensemble.trees.iter().map(|tree| tree.nodes.len()).sum()
}
