//! What an environment must say beyond having the right form.

use std::collections::BTreeMap;

use builders::{Gateway, Located, Name};
use components::{postgres, retraining};
use documents::{Diagnostic, Document};
use model_file::{ModelFile, Source};
use sha2::{Digest, Sha256};

use super::{ModelEntry, file::EnvironmentFile};
use crate::project::Sources;

/// Kubernetes lives in these, or everybody does: a closed door and a quota would break the cluster, as in those of its
/// controllers.
const TAKEN: [&str; 4] = ["default", "kube-system", "kube-public", "kube-node-lease"];

/// The longest name of a model: a `CronJob` has a name of at most 52 characters, and the longest is `<model>-retraining`.
const MODEL_NAME_MAX: usize = 52 - "-retraining".len();

pub(super) fn namespaces(values: &EnvironmentFile, document: &Document) -> Vec<Diagnostic> {
    let of_models = values.models.value.iter().filter_map(|model| model.namespace.as_ref());
    let others = of_others(values);
    let taken = std::iter::once(&values.namespace)
        .chain(of_models)
        .filter(|it| TAKEN.contains(&it.value.as_str()) || others.contains(&&it.value));
    let mistake = |namespace: &Located<Name>| {
        let message = format!("the namespace {} is not ours to close and to bound", namespace.value);
        document.diagnostic(&namespace.path, message, "name a namespace of the stack's own, such as mlops")
    };
    taken.map(mistake).collect()
}

/// Where pods are that serve the whole cluster, as the environment says itself.
fn of_others(values: &EnvironmentFile) -> Vec<&Name> {
    let gateway = values.gateway.as_ref();
    let shared = gateway.and_then(|gateway| match gateway {
        Gateway::Shared(shared) => Some(&shared.namespace),
        Gateway::Own(_) => None,
    });
    let operator = values.postgres.as_ref().and_then(|postgres| match postgres {
        postgres::Values::CloudNativePG(cluster) => Some(&cluster.operator),
        postgres::Values::Server(_) | postgres::Values::External(_) => None,
    });
    let all = [
        values.ingress.as_ref().map(|ingress| &ingress.controller),
        gateway.map(Gateway::controller),
        shared,
        values.prometheus.as_ref().and_then(|prometheus| Some(&prometheus.operator()?.namespace)),
        operator,
    ];
    all.into_iter().flatten().collect()
}

pub(super) fn length(name: &Located<Name>, document: &Document) -> Result<(), Vec<Diagnostic>> {
    if name.value.as_str().len() <= MODEL_NAME_MAX {
        return Ok(());
    }
    let message = format!("the model name {} is too long for the objects named after it", name.value);
    Err(vec![document.diagnostic(&name.path, message, format!("write at most {MODEL_NAME_MAX} characters"))])
}

/// Bytes of a bundled data set: a `ConfigMap` holds 1 MiB, and every change of one is kept by etcd for a while.
const DATA_MAX: usize = 512 * 1024;

/// The bundled data set of a model, if it has one, as the model file describes it.
pub(super) fn data(
    file: &ModelFile,
    document: &Document,
    sources: &impl Sources,
) -> Result<Option<String>, Vec<Diagnostic>> {
    let Some(path) = &file.data.file else { return Ok(None) };
    let wrong = |path: &documents::Path, message: String, hint: &str| vec![document.diagnostic(path, message, hint)];
    let bytes = sources
        .data(&path.value)
        .map_err(|problem| vec![document.diagnostic(&path.path, problem.message, problem.hint)])?;
    if bytes.len() > DATA_MAX {
        let message = format!("{} has {} bytes; manifests carry at most {DATA_MAX}", path.value, bytes.len());
        return Err(wrong(&path.path, message, "put it where https reaches it, and write url: instead of file:"));
    }
    if let Some(sum) = &file.data.sha256 {
        let found: String = Sha256::digest(&bytes).iter().fold(String::new(), |sum, byte| format!("{sum}{byte:02x}"));
        if found != sum.value {
            let message = format!("{} has another SHA-256: {found}", path.value);
            return Err(wrong(&sum.path, message, "if these are the right data, write this one"));
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        wrong(&path.path, format!("{} is not UTF-8", path.value), "save it as UTF-8; a ConfigMap holds text")
    })?;
    Ok(Some(text))
}

/// A model whose rows never change finds its own version each time.
pub(super) fn of_retraining(
    name: &Name,
    often: &Located<retraining::Values>,
    file: &ModelFile,
    document: &Document,
) -> Result<(), Vec<Diagnostic>> {
    if often.value.promote_if.value.is_empty() {
        let message =
            format!("nobody watches a retraining of {name}, and nothing keeps a worse version from taking over");
        let hint = "write promoteIf: [auc_roc>=champion], or leave promoteIf out, which is the same";
        return Err(vec![document.diagnostic(&often.value.promote_if.path, message, hint)]);
    }
    let why = match file.data.source() {
        Source::File(_) => "they travel with the manifests, and a change of them starts a training by itself",
        Source::Sample(_) => "a seed makes them, and it makes the same ones each time",
        Source::Url(_) if file.data.sha256.is_some() => "data.sha256 in the model file lets no others in",
        Source::Url(_) => return Ok(()),
    };
    let message = format!("the rows of {name} never change, so there is nothing to train it on again: {why}");
    Err(vec![document.diagnostic(
        &often.path,
        message,
        "remove retraining:, or let the model file name a data.url without data.sha256",
    )])
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
