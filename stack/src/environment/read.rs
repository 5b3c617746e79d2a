//! From an environment file and its model files to an [`Environment`].

use std::collections::BTreeMap;

use builders::Name;
use documents::{Diagnostic, Document};
use model_file::ModelFile;

use super::{
    Environment, ModelEntry, checks,
    file::{EnvironmentFile, ModelInEnvironment},
    needs,
};
use crate::project::Sources;

/// Reads the environment `name`, and every model it names.
///
/// # Errors
/// The mistakes of the environment file, or else those of all its model files.
pub fn read(name: &str, sources: &impl Sources) -> Result<(Environment, Document), Vec<Diagnostic>> {
    let source = sources.environment(name)?;
    let (values, document) = documents::read::<EnvironmentFile>(&source.name, &source.bytes)?;
    let mut mistakes = checks::namespaces(&values, &document);
    mistakes.extend(needs::needs(&values, &document));
    let models = models(&values, &document, sources).unwrap_or_else(|more| {
        mistakes.extend(more);
        Vec::new()
    });
    mistakes.extend(checks::registered(&models));
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    Ok((Environment { name: name.to_owned(), values, models }, document))
}

fn models(
    values: &EnvironmentFile,
    document: &Document,
    sources: &impl Sources,
) -> Result<Vec<ModelEntry>, Vec<Diagnostic>> {
    let entries = &values.models;
    if entries.value.is_empty() {
        let hint = "write - name: diabetes for the file models/diabetes.yaml";
        return Err(vec![document.diagnostic(&entries.path, "an environment needs at least one model", hint)]);
    }
    let mut found = Vec::new();
    let mut diagnostics = Vec::new();
    let mut seen: BTreeMap<Name, documents::Path> = BTreeMap::new();
    for entry in &entries.value {
        let name = &entry.name;
        if let Some(first) = seen.insert(name.value.clone(), name.path.clone()) {
            let message = format!("the model {} is named twice", name.value);
            let mut twice = document.diagnostic(&name.path, message, "remove one of the two");
            twice.places.push(document.place(&first));
            diagnostics.push(twice);
            continue;
        }
        match model(entry, &values.namespace.value, document, sources) {
            Ok(model) => found.push(model),
            Err(mistakes) => diagnostics.extend(mistakes),
        }
    }
    if diagnostics.is_empty() { Ok(found) } else { Err(diagnostics) }
}

fn model(
    entry: &ModelInEnvironment,
    namespace: &Name,
    document: &Document,
    sources: &impl Sources,
) -> Result<ModelEntry, Vec<Diagnostic>> {
    let ModelInEnvironment { name, namespace: own, registry, api, training, objective, retraining, drift } = entry;
    checks::length(name, document)?;
    let source = sources
        .model(name.value.as_str())
        .map_err(|problem| vec![document.diagnostic(&name.path, problem.message, problem.hint)])?;
    let (file, its_document) = ModelFile::read(&source.name, &source.bytes)?;
    if let Some(often) = retraining {
        checks::of_retraining(&name.value, often, &file, document)?;
    }
    let data = checks::data(&file, &its_document, sources)?;
    Ok(ModelEntry {
        name: name.value.clone(),
        file,
        document: its_document,
        namespace: own.as_ref().map_or(namespace, |own| &own.value).clone(),
        registry: registry.value.clone(),
        data,
        api: api.clone(),
        training: training.clone(),
        objective: objective.clone(),
        retraining: retraining.as_ref().map(|often| often.value.clone()),
        drift: drift.as_ref().map(|often| often.value.clone()),
    })
}
