//! From an environment to its manifests: a pure function of the files' text.

use std::{collections::BTreeMap, rc::Rc};

use builders::{Cluster, Compiled, Finding, Model, Origin, SecretsFrom, SecretsPlan, name};
use documents::{Diagnostic, Document, Place};

use crate::{
    environment::{self, Environment},
    project::Sources,
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
    let mut model = Model::new(Cluster {
        stack: name!("mlstack"),
        source: format!("environments/{name}.yaml"),
        pod_cidr: environment.values.pod_cidr,
        secrets: match &environment.values.secrets {
            SecretsFrom::ExternalSecrets(store) => SecretsPlan::ExternalSecrets(store.clone()),
            _ => SecretsPlan::Elsewhere,
        },
    });
    stack(&mut model.namespace(&environment.values.namespace.value), &environment);
    let compiled = model
        .finish()
        .map_err(|findings| findings.iter().map(|finding| diagnostic(finding, &document)).collect::<Vec<_>>())?;
    let version = &environment.values.mlflow.version;
    let images = [(format!("images/mlflow/{version}/Dockerfile"), components::mlflow::dockerfile(version))].into();
    Ok(Artifacts { environment, compiled, images })
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
