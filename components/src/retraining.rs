//! A training that runs again and again, on data that are fetched anew each time. Data that are still the same find their version
//! and train nothing; a new version becomes champion only if it is good enough, since nobody watches.

use builders::{App, Located, Schedule, name};
use deserr::Deserr;
use schemars::JsonSchema;

use crate::{
    Definition, Registry,
    serving::{self, Condition},
    training,
};

/// When it runs, and what it may promote; patience and size are those of the training.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", rename = "RetrainingValues")]
#[serde(rename_all = "camelCase")]
pub struct Values {
    /// When, in UTC.
    pub schedule: Schedule,
    /// What must hold of a new version before it takes the champion's place; all of it.
    #[deserr(default = default_conditions())]
    #[schemars(default = "default_conditions", length(min = 1))]
    pub promote_if: Located<Vec<Condition>>,
}

fn default_conditions() -> Located<Vec<Condition>> {
    Located::nowhere(vec![Condition::no_worse()])
}

/// Declares the `CronJob`.
pub fn retraining(
    app: &mut App,
    image: &serving::Values,
    values: &Values,
    training: &training::Values,
    model: &Definition,
    registry: &Registry,
) {
    let job = app.cron_job(model.name.with(&name!("retraining")), &image.image, &values.schedule);
    let conditions: Vec<String> = values.promote_if.value.iter().map(ToString::to_string).collect();
    training::equip(job, image, training, model, registry)
        .variable(serving::PROMOTE_IF, conditions.join(","))
        .fails_for_good_on([serving::BAD_INPUT])
        .run();
}
