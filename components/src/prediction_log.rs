//! Where an API keeps its predictions.

use builders::{App, Endpoint, Located, Name, SharedVolume, Sql, Storage, Unfinished, choice, name};
use deserr::Deserr;
use schemars::JsonSchema;

use crate::{registry::Role, serving};

/// Where predictions are kept.
#[derive(Debug, Clone, Default, JsonSchema, serde::Serialize)]
#[schemars(tag = "type", rename = "PredictionLogValues")]
#[serde(tag = "type")]
pub enum Values {
    /// Nowhere.
    #[default]
    Off,
    /// In the stack's database.
    Postgres,
    /// In files, one for each pod, on a claim of their own.
    Volume(Files),
}

choice!(Values { Off, Postgres, Volume(Files) });

/// A claim for files of predictions.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Files {
    /// Room for the files.
    pub size: Located<Storage>,
}

/// A log of predictions.
#[derive(Debug, Clone)]
pub enum PredictionLog {
    /// None.
    Off,
    /// A database.
    Database(Box<Endpoint<Sql>>),
    /// A claim.
    Files(SharedVolume),
}

impl PredictionLog {
    /// Declares the log of the model `name`; nothing where the environment lacks its database, which is refused before a
    /// stack is declared.
    pub fn of(app: &mut App, name: &Name, values: &Values, database: Option<&Endpoint<Sql>>) -> Option<Self> {
        Some(match values {
            Values::Off => Self::Off,
            Values::Postgres => Self::Database(Box::new(database?.clone())),
            Values::Volume(files) => Self::Files(app.shared_volume(name.with(&name!("predictions")), &files.size)),
        })
    }

    /// Gives a program of the serving image its way to the log.
    pub fn attach<'m, K>(&self, client: Unfinished<'m, K>, role: Role) -> Unfinished<'m, K> {
        match self {
            Self::Off => client,
            Self::Database(database) => client.connect(&**database, &serving::DATABASE_URL),
            Self::Files(volume) => {
                let mount = if role == Role::Writer { volume.writer() } else { volume.reader() };
                client
                    .mount(&mount, serving::PREDICTIONS_DIR)
                    .variable(serving::PREDICTION_LOG, serving::PREDICTIONS_DIR)
            }
        }
    }
}
