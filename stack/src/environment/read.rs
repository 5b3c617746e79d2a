//! From an environment file and its model files to an [`Environment`].

use std::collections::BTreeMap;

use builders::{Located, Name};
use documents::{Diagnostic, Document};
use model_file::ModelFile;

use super::{
    Environment, ModelEntry,
    file::{EnvironmentFile, ModelInEnvironment},
};
use crate::project::Sources;

/// Reads the environment `name`, and every model it names.
///
/// # Errors
/// The mistakes of the environment file, or else those of all its model files.
pub fn read(name: &str, sources: &impl Sources) -> Result<(Environment, Document), Vec<Diagnostic>> {
    let source = sources.environment(name)?;
    let (file, document) = documents::read::<EnvironmentFile>(&source.name, &source.bytes)?;
    let models = models(file.models, &document, sources)?;
    let environment = Environment {
        name: name.to_owned(),
        kubernetes: file.kubernetes,
        namespace: file.namespace,
        pod_cidr: file.pod_cidr,
        secrets: file.secrets,
        serving: file.serving,
        postgres: file.postgres,
        mlflow: file.mlflow,
        models,
        ui: file.ui,
    };
    Ok((environment, document))
}

fn models(
    entries: Located<Vec<Located<ModelInEnvironment>>>,
    document: &Document,
    sources: &impl Sources,
) -> Result<Vec<Located<ModelEntry>>, Vec<Diagnostic>> {
    if entries.value.is_empty() {
        let hint = "write - name: diabetes for the file models/diabetes.yaml";
        return Err(vec![document.diagnostic(&entries.path, "an environment needs at least one model", hint)]);
    }
    let mut found = Vec::new();
    let mut diagnostics = Vec::new();
    let mut seen: BTreeMap<Name, documents::Path> = BTreeMap::new();
    for Located { value: entry, path } in entries.value {
        let name = &entry.name;
        if let Some(first) = seen.insert(name.value.clone(), name.path.clone()) {
            let message = format!("the model {} is named twice", name.value);
            let mut twice = document.diagnostic(&name.path, message, "remove one of the two");
            twice.places.push(document.place(&first));
            diagnostics.push(twice);
            continue;
        }
        match model(entry, document, sources) {
            Ok(value) => found.push(Located { value, path }),
            Err(mistakes) => diagnostics.extend(mistakes),
        }
    }
    if diagnostics.is_empty() { Ok(found) } else { Err(diagnostics) }
}

fn model(
    entry: ModelInEnvironment,
    document: &Document,
    sources: &impl Sources,
) -> Result<ModelEntry, Vec<Diagnostic>> {
    let ModelInEnvironment { name, api, training } = entry;
    let source = sources
        .model(name.value.as_str())
        .map_err(|problem| vec![document.diagnostic(&name.path, problem.message, problem.hint)])?;
    let (file, text) = ModelFile::read(&source.name, &source.bytes)?;
    Ok(ModelEntry { name: name.value, file, text: text.text().to_owned(), api, training })
}
