//! `MLmodel`, by which MLflow's clients load a version
//! (<https://mlflow.org/docs/latest/ml/model/#mlmodel-file-format>).

use deserr::Deserr;
use model_file::{FeatureType, ModelFile};
use serde::Deserialize;
use serde_json::json;

use super::Broken;

/// What a version says of its inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The columns by name; empty where inputs are a tensor without names.
    pub columns: Vec<String>,
}

#[derive(Deserr)]
struct MlModel {
    #[deserr(default)]
    flavors: Flavors,
    #[deserr(default)]
    signature: Option<Inputs>,
}

#[derive(Deserr, Default)]
struct Flavors {
    #[deserr(default)]
    onnx: Option<Onnx>,
}

#[derive(Deserr)]
struct Onnx {
    #[deserr(default)]
    data: Option<String>,
}

#[derive(Deserr)]
struct Inputs {
    #[deserr(default)]
    inputs: Option<String>,
}

#[derive(Deserialize)]
struct Column {
    name: Option<String>,
    #[serde(rename = "type")]
    kind: String,
}

impl Signature {
    /// Reads `MLmodel`: the path of the ONNX file, and the signature.
    ///
    /// # Errors
    /// When it is not what MLflow writes.
    pub fn read(bytes: &[u8]) -> Result<(Option<String>, Option<Self>), Broken> {
        let broken = |error: String| Broken::Files(format!("MLmodel cannot be read: {error}"));
        let (read, _) = documents::read::<MlModel>("MLmodel", bytes).map_err(|mistakes| {
            broken(mistakes.into_iter().map(|mistake| mistake.message).collect::<Vec<_>>().join("; "))
        })?;
        let inputs = read.signature.and_then(|signature| signature.inputs);
        let columns = inputs.map(|inputs| serde_json::from_str::<Vec<Column>>(&inputs)).transpose();
        let columns = columns.map_err(|error| broken(error.to_string()))?;
        let named = |columns: Vec<Column>| {
            let of_columns = columns.into_iter().filter(|column| column.kind != "tensor");
            Self { columns: of_columns.filter_map(|column| column.name).collect() }
        };
        Ok((read.flavors.onnx.and_then(|onnx| onnx.data), columns.map(named)))
    }
}

/// Writes `MLmodel` for the ONNX file `path`. Integers are `long`, as `pandas.read_csv` makes them: MLflow refuses an
/// `int64` where a `double` is due, since the largest ones lose digits. How the outputs of a `foreign` file are called is
/// not said.
pub fn mlmodel(file: &ModelFile, path: &str, foreign: bool, created: &str, uuid: &str) -> String {
    let column = |feature: &model_file::Feature| {
        let kind = match feature.kind {
            FeatureType::Category => "string",
            FeatureType::Integer => "long",
            FeatureType::Number => "double",
        };
        json!({"type": kind, "name": feature.name.value, "required": true})
    };
    let inputs: Vec<_> = file.features.value.iter().map(column).collect();
    let whole = |text: &String| text.parse().is_ok_and(|number: i64| number.to_string() == *text);
    let whole = file.classes.value.iter().all(|class| whole(&class.value.value));
    let outputs = json!([
        {"type": if whole { "long" } else { "string" }, "name": "label", "required": true},
        {"type": "map", "values": {"type": "float"}, "name": "probabilities", "required": true},
    ]);
    // JSON is YAML, and quotes what YAML might misread.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let part = |key: &str, schema: &serde_json::Value| format!("  {key}: {}\n", quoted(&schema.to_string()));
    let signature = part("inputs", &json!(inputs));
    let signature = if foreign { signature } else { signature + &part("outputs", &outputs) };
    let path = quoted(path);
    format!(
        "flavors:\n  onnx:\n    data: {path}\n    onnx_version: '1.17.0'\n    providers:\n    - CPUExecutionProvider\n  \
         python_function:\n    data: {path}\n    env:\n      virtualenv: python_env.yaml\n    \
         loader_module: mlflow.onnx\n    python_version: 3.11.0\nmlflow_version: 2.17.2\nmodel_uuid: {uuid}\n\
         saved_input_example_info:\n  artifact_path: input_example.json\n  pandas_orient: split\n  type: dataframe\n\
         signature:\n{signature}  params: null\nutc_time_created: {}\n",
        quoted(created)
    )
}
