//! A Job that trains a model, registers it and names it champion. Run again with the same
//! specification it finds the registered version and does nothing.

use builders::{App, AtMost, Done, Ends, Peer, Priority, Quantity, Resources, Scratch, Seconds, Unfinished, name};
use deserr::Deserr;
use schemars::JsonSchema;

use crate::{Definition, Registry, definition::Data, registry::Role, serving};

/// Patience and size of a training.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", default, rename = "TrainingValues")]
#[serde(rename_all = "camelCase")]
pub struct Values {
    /// Seconds for all tries together; waiting for the registry to start comes on top.
    #[deserr(default = Values::default().deadline_seconds)]
    pub deadline_seconds: Seconds,
    /// Tries after the first.
    #[deserr(default = Values::default().retries)]
    pub retries: AtMost<100>,
    /// What a try asks for and may use.
    #[deserr(default = Values::default().resources)]
    pub resources: Resources,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            deadline_seconds: Seconds::new(900),
            retries: AtMost::new(3),
            resources: Resources::new((250, 128), (1000, 512)),
        }
    }
}

/// Declares the Job.
pub fn training(
    app: &mut App,
    image: &serving::Values,
    values: &Values,
    model: &Definition,
    registry: &Registry,
) -> Done {
    let job = app.job(model.name.with(&name!("training")), &image.image);
    equip(job, image, values, model, registry).run()
}

/// Gives a Job what a training needs, whenever it runs: the model file, its rows, and the registry to write to.
pub(crate) fn equip<'m, K: Ends>(
    job: Unfinished<'m, K>,
    image: &serving::Values,
    values: &Values,
    model: &Definition,
    registry: &Registry,
) -> Unfinished<'m, K> {
    let job = job
        .args([serving::TRAIN])
        .resources(&values.resources)
        .deadline(values.deadline_seconds.get())
        .retries(values.retries.get())
        .variable(serving::MODEL_FILE, serving::MODEL_PATH)
        .variable("MODEL_ALIAS", serving::CHAMPION)
        .variable("LOG_LEVEL", image.log_level.as_str())
        .priority(Priority::Batch)
        .mount(&model.file.files(), serving::MODEL_DIR)
        .mount(&Scratch::disk(Quantity::mebibytes(256)), "/tmp");
    let job = match &model.data {
        Data::Elsewhere => {
            job.reach(Peer::internet(), 443, "the data set is a public file, and no policy can name a host")
        }
        Data::Bundled(data) => job.mount(&data.files(), serving::DATA_DIR).variable(serving::DATA, serving::DATA_PATH),
        Data::Sample(sample) => job
            .step(name!("sample"), serving::sample(sample))
            .mount(&Scratch::disk(Quantity::mebibytes(256)), serving::SAMPLE_DIR)
            .variable(serving::DATA, serving::SAMPLE_PATH),
    };

    registry.attach(job, Role::Writer)
}
