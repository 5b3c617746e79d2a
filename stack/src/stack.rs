//! The product, as one function that reads like the architecture diagram.

use builders::{App, Located};
use components::{Registry, definition, mlflow, model_api, model_api::Needs, postgres, training, ui};

use crate::environment::Environment;

/// Declares the whole stack of an environment.
pub fn stack(app: &mut App, env: &Environment) {
    let postgres = postgres(app, &env.postgres);
    let mlflow = mlflow(app, &env.mlflow, &postgres.mlflow);
    let registry = Registry::Mlflow(mlflow.tracking);

    let apis: Vec<_> = env
        .models
        .iter()
        .map(|Located { value: model, .. }| {
            let definition = definition(app, &model.name, &model.file, &model.text);
            let trained = training(app, &env.serving, &model.training, &definition, &registry);
            let needs = Needs {
                environment: &env.name,
                image: &env.serving,
                model: &definition,
                registry: &registry,
                trained: &trained,
                predictions: &postgres.predictions,
            };
            model_api(app, &model.api, &needs)
        })
        .collect();

    ui(app, &env.serving, &env.ui, &apis);
}
