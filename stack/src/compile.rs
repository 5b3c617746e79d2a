//! From an environment to its manifests: a pure function of the files' text.

use std::{collections::BTreeMap, rc::Rc};

use builders::{Cluster, Compiled, Finding, Model, Origin, SecretsFrom, SecretsPlan};
use documents::{Diagnostic, Document, Place};

use crate::{
    environment::{self, Environment},
    project::Sources,
    sealed::Sealed,
    stack::stack,
};

/// What an environment compiles to.
#[derive(Debug)]
pub struct Artifacts {
    /// The environment as it was read.
    pub environment: Environment,
    /// The manifests and their inventory.
    pub compiled: Compiled,
    /// Files outside `out/`, by their path in the project: the recipes of images that versions imply.
    pub images: BTreeMap<String, String>,
}

/// Compiles the environment `name`.
///
/// # Errors
/// Every mistake, with the places it comes from.
pub fn compile(name: &str, sources: &impl Sources) -> Result<Artifacts, Vec<Diagnostic>> {
    let (environment, document) = environment::read(name, sources)?;
    let plan = match &environment.values.secrets {
        SecretsFrom::Generated | SecretsFrom::External => SecretsPlan::Elsewhere,
        SecretsFrom::ExternalSecrets(store) => SecretsPlan::ExternalSecrets(store.clone()),
        SecretsFrom::Sealed => {
            let sealed = Sealed::read(name, sources)?;
            let artifacts = build(environment, &document, SecretsPlan::Sealed(sealed.ciphertexts()))?;
            sealed.check(&artifacts.compiled.inventory)?;
            return Ok(artifacts);
        }
    };
    build(environment, &document, plan)
}

/// Compiles the environment `name` as if its Secrets came from elsewhere: what is declared, for whoever is about to make
/// them.
///
/// # Errors
/// Every mistake but those in the file of its ciphertexts, which is not read.
#[cfg(feature = "seal")]
pub(crate) fn declared(name: &str, sources: &impl Sources) -> Result<Artifacts, Vec<Diagnostic>> {
    let (environment, document) = environment::read(name, sources)?;
    build(environment, &document, SecretsPlan::Elsewhere)
}

fn build(environment: Environment, document: &Document, secrets: SecretsPlan) -> Result<Artifacts, Vec<Diagnostic>> {
    let mut model = Model::new(cluster(&environment, secrets));
    stack(&mut model.namespace(&environment.values.namespace.value), &environment);
    let compiled = model
        .finish()
        .map_err(|findings| findings.iter().map(|finding| diagnostic(finding, document)).collect::<Vec<_>>())?;
    let version = environment.values.mlflow.as_ref().map(|mlflow| &mlflow.value.version);
    let recipe = |version| (format!("images/mlflow/{version}/Dockerfile"), components::mlflow::dockerfile(version));
    let images = version.map(recipe).into_iter().collect();
    Ok(Artifacts { environment, compiled, images })
}

/// What the environment says of its cluster.
fn cluster(environment: &Environment, secrets: SecretsPlan) -> Cluster {
    let values = &environment.values;
    Cluster {
        stack: values.stack.clone(),
        source: format!("environments/{}.yaml", environment.name),
        pod_cidr: values.pod_cidr,
        name_server: values.name_server.clone(),
        secrets,
        topology: values.topology,
        storage_classes: values.storage_classes.clone(),
        ingress: values.ingress.clone(),
        gateway: values.gateway.clone(),
        prometheus: values.prometheus.as_ref().and_then(|prometheus| prometheus.operator().cloned()),
        priority_classes: values.priority_classes,
        quotas: values.quotas.clone(),
    }
}

fn diagnostic(finding: &Finding, document: &Document) -> Diagnostic {
    let place = |origin: &Origin| match origin {
        Origin::Value(path) => document.place(path),
        Origin::Code(at) => Place::Line {
            // Forward slashes, so that the text is the same on every system.
            file: Rc::from(at.file().replace('\\', "/")),
            line: at.line() as usize,
            column: at.column() as usize,
        },
    };
    Diagnostic {
        message: finding.message.clone(),
        places: finding.origins.iter().map(place).collect(),
        hint: Some(finding.hint.clone()),
    }
}
