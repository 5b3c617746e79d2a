//! What goes into the registry: everything that a data scientist expects to find there.

use std::{collections::BTreeMap, time::SystemTime};

use bytes::Bytes;
use forest::{Predictor, Reference, export};
use model_file::ModelFile;
use registry::{File, Submission};
use serde_json::{Value, json};

use super::{Data, Judged, plots::plots, report::across, specification};
use crate::model::{Features, MLMODEL, MODEL, REFERENCE, SPECIFICATION, TRAINED_ON, mlmodel};

/// The tag that holds the hash of the specification.
pub const SPEC_HASH: &str = "mlstack.spec_hash";
/// The tag that holds the SHA-256 of the data.
pub const DATA_SHA256: &str = "mlstack.data_sha256";
/// The tag that holds the commit that the image was built from.
const REVISION: &str = "mlstack.image_revision";

/// The submission of a trained model; `text` is the model file as people wrote it.
///
/// # Errors
/// When a picture cannot be drawn, which is a mistake in this program.
pub fn trained(
    file: &ModelFile,
    text: &[u8],
    data: &Data,
    judged: &Judged,
    started: SystemTime,
) -> Result<Submission, String> {
    let features = &file.features.value;
    let importances: serde_json::Map<String, Value> = features
        .iter()
        .zip(&judged.importances)
        .map(|(feature, share)| (feature.name.value.clone(), json!(share)))
        .collect();
    let predictor = Predictor::new(&judged.ensemble, &judged.columns);
    let svg = plots(file, &judged.held_back.curves(&predictor), &judged.importances)?;
    let own = |path: &str, bytes: Bytes| File { path: path.to_owned(), bytes };
    let pictures = svg.into_iter().map(|(path, svg)| own(path, svg.into()));
    let run_files = pictures.chain([own("feature_importances.json", pretty(&importances.into()))]).collect();

    let mut model_files = files(file, export(&judged.ensemble, &judged.columns, file).into(), false, started);
    model_files.push(own(SPECIFICATION, Bytes::copy_from_slice(text)));
    let reference = Reference {
        model: Some(file.registry.model.value.clone()),
        data_sha256: Some(data.sha256.clone()),
        ..judged.reference.clone()
    };
    model_files.push(own(REFERENCE, json!(reference).to_string().into()));
    model_files.push(own(TRAINED_ON, judged.learnt.bytes().into()));

    let mut params: BTreeMap<String, String> =
        specification::parameters(file).into_iter().map(|(name, value)| (name, plain(&value))).collect();
    let (fitted, held_back) = judged.rows;
    params.extend([
        ("data".to_owned(), data.from.to_string()),
        ("rows_train".to_owned(), fitted.to_string()),
        ("rows_test".to_owned(), held_back.to_string()),
        ("algorithm".to_owned(), "random_forest".to_owned()),
    ]);
    let mut submission = submission(file, started);
    submission
        .tags
        .extend([(SPEC_HASH.to_owned(), specification::hash(file)), (DATA_SHA256.to_owned(), data.sha256.clone())]);
    Ok(Submission { params, metrics: metrics(judged), model_files, run_files, ..submission })
}

/// The submission of a model that was trained elsewhere.
pub fn foreign(file: &ModelFile, onnx: Bytes, metrics: BTreeMap<String, f64>, started: SystemTime) -> Submission {
    Submission { metrics, model_files: files(file, onnx, true, started), ..submission(file, started) }
}

fn submission(file: &ModelFile, started: SystemTime) -> Submission {
    let tags = [
        (REVISION, std::env::var("IMAGE_REVISION").unwrap_or_else(|_| "unknown".to_owned())),
        ("mlflow.source.name", "serving".to_owned()),
        ("mlflow.source.type", "JOB".to_owned()),
    ];
    Submission {
        model: file.registry.model.value.clone(),
        experiment: file.registry.experiment.value.clone(),
        run_name: file.registry.run.value.clone(),
        params: BTreeMap::new(),
        metrics: BTreeMap::new(),
        tags: tags.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        model_files: Vec::new(),
        run_files: Vec::new(),
        started,
    }
}

/// The folder that MLflow's clients load: the ONNX file, and what they want to know about it.
fn files(file: &ModelFile, onnx: Bytes, foreign: bool, started: SystemTime) -> Vec<File> {
    let created = jiff::Timestamp::try_from(started).unwrap_or_default().strftime("%Y-%m-%d %H:%M:%S.%6f").to_string();
    let features = Features::of(file);
    let (names, example): (Vec<_>, Vec<_>) =
        features.all().map(|feature| (feature.name.as_str(), feature.example.clone())).unzip();
    let environment = "python: 3.11\ndependencies:\n- -r requirements.txt\n";
    let texts = [
        (MLMODEL, mlmodel(file, MODEL, foreign, &created, &uuid::Uuid::now_v7().simple().to_string())),
        ("input_example.json", json!({"columns": names, "data": [example]}).to_string()),
        ("python_env.yaml", environment.to_owned()),
        ("requirements.txt", "mlflow\nnumpy\nonnx\nonnxruntime\npandas\n".to_owned()),
    ];
    let texts = texts.into_iter().map(|(path, text)| File { path: path.to_owned(), bytes: text.into() });
    texts.chain([File { path: MODEL.to_owned(), bytes: onnx }]).collect()
}

/// Every score, and mean and deviation over the folds.
pub fn metrics(judged: &Judged) -> BTreeMap<String, f64> {
    let mut metrics = BTreeMap::new();
    for (place, (name, score)) in judged.scores.by_name().into_iter().enumerate() {
        metrics.insert(name.to_owned(), score);
        if let Some((mean, sd)) = across(&judged.folds, place) {
            metrics.insert(format!("cv_{name}_mean"), mean);
            metrics.insert(format!("cv_{name}_std"), sd);
        }
    }
    metrics
}

/// As MLflow's Python client writes parameters.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    }
}

fn pretty(value: &Value) -> Bytes {
    format!("{value:#}\n").into()
}
