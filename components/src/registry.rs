//! Where a model's versions and aliases live, as its clients see it.

use builders::{Endpoint, Http, Unfinished};

use crate::serving;

/// A model registry.
#[derive(Debug, Clone)]
pub enum Registry {
    /// MLflow's server.
    Mlflow(Endpoint<Http>),
}

impl Registry {
    /// Gives a program of the serving image its way to the registry.
    pub fn attach<'m, K>(&self, client: Unfinished<'m, K>) -> Unfinished<'m, K> {
        match self {
            Self::Mlflow(tracking) => client.connect(tracking, &serving::MLFLOW_TRACKING_URI),
        }
    }
}
