//! What parts of an environment need of each other: a registry its server, artifacts their store.

use components::{backups, mlflow::Artifacts, postgres, prediction_log, registry};
use documents::{Diagnostic, Document};

use super::file::{EnvironmentFile, ModelInEnvironment};

/// Everything that is asked for and not there.
pub(super) fn needs(values: &EnvironmentFile, document: &Document) -> Vec<Diagnostic> {
    let mut missing = Vec::new();
    if let Some(mlflow) = &values.mlflow {
        if values.postgres.is_none() {
            let message = "MLflow keeps its runs in PostgreSQL, but the environment has none";
            missing.push(document.diagnostic(&mlflow.path, message, "add postgres: {type: Server}, or remove mlflow:"));
        }
        if matches!(mlflow.value.artifacts, Artifacts::ObjectStore) && values.object_store.is_none() {
            missing.push(document.diagnostic(&mlflow.path, "MLflow's artifacts have no bucket", BUCKET));
        }
    }
    missing.extend(of_backups(values, document));
    missing.extend(of_recovery(values, document));
    missing.extend(values.models.value.iter().flat_map(|model| of_model(model, values, document)));
    missing
}

const BUCKET: &str = "add objectStore: {bucket: \"s3://…\", access: {type: Secret}}";

fn of_backups(values: &EnvironmentFile, document: &Document) -> Option<Diagnostic> {
    let backups = values.backups.as_ref()?;
    let (message, hint) = match &values.postgres {
        None => (
            "there are to be backups, but the environment has no PostgreSQL",
            "add postgres: {type: Server}, or remove backups:",
        ),
        Some(_) if matches!(backups.value.to, backups::To::ObjectStore) && values.object_store.is_none() => {
            ("backups have no bucket", BUCKET)
        }
        Some(postgres::Values::CloudNativePG(_)) if !matches!(backups.value.to, backups::To::ObjectStore) => {
            ("CloudNativePG archives to an object store, not to a claim", "write to: {type: ObjectStore}")
        }
        // Tools of another version than the server's dump what it does not take back.
        Some(postgres::Values::External(_)) if backups.value.image.is_none() => (
            "backups of a server that somebody else runs need its tools",
            "add image: postgres:17, of the server's major version",
        ),
        Some(_) => return None,
    };
    Some(document.diagnostic(&backups.path, message, hint))
}

/// A cluster that is made from an archive reads one and writes another.
fn of_recovery(values: &EnvironmentFile, document: &Document) -> Option<Diagnostic> {
    let Some(postgres::Values::CloudNativePG(cluster)) = &values.postgres else { return None };
    let recover = cluster.recover.as_ref()?;
    let (message, hint) = if values.backups.is_none() {
        (
            "nothing says where the backups are that PostgreSQL is to be made from".into(),
            "add backups: {to: {type: ObjectStore}}".into(),
        )
    } else if recover.value.archive == cluster.archive {
        let archive = &cluster.archive;
        let message = format!("PostgreSQL would be made from the archive {archive} and write into it");
        (message, format!("say where it writes from now on, such as archive: {archive}-2"))
    } else {
        return None;
    };
    Some(document.diagnostic(&recover.path, message, hint))
}

fn of_model(model: &ModelInEnvironment, values: &EnvironmentFile, document: &Document) -> Vec<Diagnostic> {
    let name = &model.name.value;
    let mut missing = Vec::new();
    let registry = match model.registry.value {
        registry::Values::Mlflow if values.mlflow.is_none() => Some((
            format!("the registry of {name} is MLflow, but the environment has none"),
            "add mlflow: {} and postgres: {type: Server}, or write registry: {type: Directory, size: 1Gi}",
        )),
        registry::Values::ObjectStore if values.object_store.is_none() => {
            Some((format!("the registry of {name} has no bucket"), BUCKET))
        }
        _ => None,
    };
    if let Some((message, hint)) = registry {
        // A registry that nobody wrote is MLflow by default: the model stands for it.
        let written = model.registry.path != documents::Path::default();
        let path = if written { &model.registry.path } else { &model.name.path };
        missing.push(document.diagnostic(path, message, hint));
    }
    if matches!(model.api.prediction_log, prediction_log::Values::Postgres) && values.postgres.is_none() {
        let message = format!("the predictions of {name} are to be kept in PostgreSQL, but the environment has none");
        let hint = "add postgres: {type: Server}, or write predictionLog: {type: Volume, size: 1Gi}";
        missing.push(document.diagnostic(&model.name.path, message, hint));
    }
    if let Some(drift) = &model.drift
        && matches!(model.api.prediction_log, prediction_log::Values::Off)
    {
        let message = format!("drift of {name} is looked for in its predictions, and they are kept nowhere");
        let hint = "add predictionLog: {type: Postgres} or {type: Volume, size: 1Gi} under api:, or remove drift:";
        missing.push(document.diagnostic(&drift.path, message, hint));
    }
    missing
}
