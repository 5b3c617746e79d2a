//! What an environment must say beyond having the right form.

use std::collections::BTreeMap;

use builders::{Located, Name};
use documents::{Diagnostic, Document};

use super::ModelEntry;

/// Kubernetes lives in these, or everybody does: a closed door and a quota would break the cluster.
const TAKEN: [&str; 4] = ["default", "kube-system", "kube-public", "kube-node-lease"];

/// The longest name of a model: `-training-` and eight digits of a hash stand behind it.
const MODEL_NAME_MAX: usize = Name::MAX - "-training-00000000".len();

pub(super) fn namespace(namespace: &Located<Name>, document: &Document) -> Vec<Diagnostic> {
    let name = namespace.value.as_str();
    if !TAKEN.contains(&name) {
        return Vec::new();
    }
    let message = format!("the namespace {name} is not ours to close and to bound");
    vec![document.diagnostic(&namespace.path, message, "name a namespace of the stack's own, such as mlops")]
}

pub(super) fn length(name: &Located<Name>, document: &Document) -> Result<(), Vec<Diagnostic>> {
    if name.value.as_str().len() <= MODEL_NAME_MAX {
        return Ok(());
    }
    let message = format!("the model name {} is too long for the objects named after it", name.value);
    Err(vec![document.diagnostic(&name.path, message, format!("write at most {MODEL_NAME_MAX} characters"))])
}

/// Two files for one registered model would move each other's champion.
pub(super) fn registered(models: &[ModelEntry]) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<&str, &ModelEntry> = BTreeMap::new();
    let mut mistakes = Vec::new();
    for model in models {
        let registered = &model.file.registry.model;
        if let Some(first) = seen.insert(&registered.value, model) {
            let message =
                format!("the registered model {} belongs to {} and to {}", registered.value, first.name, model.name);
            let hint = "give each model file a registry.model of its own";
            let mut mistake = model.document.diagnostic(&registered.path, message, hint);
            mistake.places.push(first.document.place(&first.file.registry.model.path));
            mistakes.push(mistake);
        }
    }
    mistakes
}
