//! What a model is asked, beside what it was trained on: a report every so often, left beside the version for its API to show.

mod values;

use std::time::Duration;

use builders::{App, Priority, name};
pub use values::{Index, Level, Values, Window};

use crate::{Definition, PredictionLog, Registry, monitoring::WatchedDrift, registry::Role, serving};

/// Seconds for a report, all tries together; a log of millions of rows is read in minutes.
const DEADLINE: u32 = 1800;

/// Declares the `CronJob`, and gives back what there is to watch of it. An alarm is an answer and is not asked for again; a
/// registry or a log that is away is.
pub fn drift(
    app: &mut App,
    image: &serving::Values,
    values: &Values,
    model: &Definition,
    registry: &Registry,
    predictions: &PredictionLog,
) -> WatchedDrift {
    let workload = model.name.with(&name!("drift"));
    let job = app
        .cron_job(workload.clone(), &image.image, &values.schedule)
        .args([serving::DRIFT, serving::PUBLISH])
        .resources(&values.resources)
        .deadline(DEADLINE)
        .fails_for_good_on([serving::DRIFTED, serving::BAD_INPUT])
        .variable(serving::MODEL_FILE, serving::MODEL_PATH)
        .variable("MODEL_ALIAS", serving::CHAMPION)
        .variable(serving::DRIFT_LAST, values.window.to_string())
        .variable(serving::DRIFT_LEVEL, values.level.to_string())
        .variable(serving::DRIFT_PSI, values.psi.to_string())
        .variable(serving::DRIFT_MIN_ROWS, values.min_rows.get().to_string())
        .priority(Priority::Batch)
        .mount(&model.file.files(), serving::MODEL_DIR);
    // The report lies in the registry.
    registry.attach(predictions.attach(job, Role::Reader), Role::Writer).run();
    let run = Duration::from_secs(DEADLINE.into());
    WatchedDrift { workload, max_age: values.schedule.longest_pause() + run }
}
