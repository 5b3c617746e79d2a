//! JSON schemas of the files that people write, for their editors.

use model_file::ModelFile;
use schemars::{JsonSchema, generate::SchemaSettings};

use crate::environment::EnvironmentFile;

/// Path in the project and text of every schema.
pub fn schemas() -> [(&'static str, String); 2] {
    [
        ("environments/environment.schema.json", text::<EnvironmentFile>()),
        ("models/model.schema.json", text::<ModelFile>()),
    ]
}

fn text<T: JsonSchema>() -> String {
    // Draft 7 is what the YAML language server knows best.
    let schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<T>();
    // `{:#}` on a tree of JSON values cannot fail and is pretty-printed.
    format!("{:#}\n", sorted(schema.to_value()))
}

/// Keys by the alphabet: the dependencies decide how `serde_json` orders them.
fn sorted(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            entries.into_iter().collect()
        }
        serde_json::Value::Array(items) => items.into_iter().map(sorted).collect(),
        scalar => scalar,
    }
}
