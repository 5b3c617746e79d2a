//! The product, as one function that reads like the architecture diagram.

use builders::App;
use components::{
    PredictionLog, backups, definition, drift, mlflow, model_api, model_api::Needs, monitoring, monitoring::Watched,
    object_store, postgres, registry, retraining, training, ui,
};

use crate::environment::Environment;

/// Declares the whole stack of an environment.
pub fn stack(app: &mut App, env: &Environment) {
    let values = &env.values;
    let store = values.object_store.as_ref().map(|values| object_store(app, values));
    let plan = values.backups.as_ref().map(|backups| &backups.value);
    let postgres = values.postgres.as_ref().map(|values| postgres(app, values, plan, store.as_ref()));
    let mlflow = values.mlflow.as_ref().zip(postgres.as_ref());
    let mlflow =
        mlflow.and_then(|(values, postgres)| mlflow::mlflow(app, &values.value, &postgres.mlflow, store.as_ref()));
    let backups = plan.zip(postgres.as_ref());
    let backups =
        backups.and_then(|(plan, postgres)| backups::backups(app, &values.serving, plan, postgres, store.as_ref()));
    let database = postgres.as_ref().map(|postgres| &postgres.predictions);

    let mut apis = Vec::new();
    for model in &env.models {
        let app = &mut app.namespace(&model.namespace);
        // What a model needs is there: the checks of an environment have seen to it.
        let Some(registry) = registry(app, &model.name, &model.registry, mlflow.as_ref(), store.as_ref()) else {
            continue;
        };
        let Some(predictions) = PredictionLog::of(app, &model.name, &model.api.prediction_log, database) else {
            continue;
        };
        let definition = definition(app, &model.name, &model.file, model.document.text(), model.data.as_deref());
        let trained = training(app, &values.serving, &model.training, &definition, &registry);
        if let Some(often) = &model.retraining {
            retraining(app, &values.serving, often, &model.training, &definition, &registry);
        }
        let needs = Needs {
            environment: &env.name,
            image: &values.serving,
            model: &definition,
            registry: &registry,
            trained: &trained,
            predictions: &predictions,
            objective: &model.objective,
        };
        let mut api = model_api(app, &model.api, &needs);
        if let Some(often) = &model.drift {
            api.watched.drift = Some(drift(app, &values.serving, often, &definition, &registry, &predictions));
        }
        apis.push(api);
    }

    if let Some(page) = &values.ui {
        ui(app, &values.serving, page, &apis);
    }

    if let Some(prometheus) = &values.prometheus {
        let apis = apis.into_iter().map(|api| api.watched).collect();
        let watched = Watched { environment: env.name.clone(), apis, backups, cluster: prometheus.knows_cluster() };
        monitoring::monitoring(app, prometheus, &watched, &values.runbooks);
    }
}
