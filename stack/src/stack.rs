//! The product, as one function that reads like the architecture diagram.

use builders::App;
use components::{Registry, definition, mlflow, model_api, model_api::Needs, postgres, training, ui};

use crate::environment::Environment;

/// Declares the whole stack of an environment.
pub fn stack(app: &mut App, env: &Environment) {
    let values = &env.values;
    let postgres = postgres(app, &values.postgres);
    let mlflow = mlflow(app, &values.mlflow, &postgres.mlflow);
    let registry = Registry::Mlflow(mlflow.tracking);

    let mut apis = Vec::new();
    for model in &env.models {
        let data = model.data.as_deref();
        let definition = definition(app, &model.name, &model.file, model.document.text(), data);
        let trained = training(app, &values.serving, &model.training, &definition, &registry);
        let needs = Needs {
            environment: &env.name,
            image: &values.serving,
            model: &definition,
            registry: &registry,
            trained: &trained,
            predictions: &postgres.predictions,
        };
        apis.push(model_api(app, &model.api, &needs));
    }

    ui(app, &values.serving, &values.ui, &apis);
}
