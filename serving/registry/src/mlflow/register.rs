//! From a trained model to a version: experiment, run, parameters, metrics, files, version.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use super::{
    Mlflow,
    artifacts::DIGEST,
    wire::{Empty, ExperimentId, OneExperiment, OneRun, OneVersion, RunInfo},
};
use crate::{
    Error, Submission, Version, digest,
    number::{Number, milliseconds},
};

/// MLflow takes no more of them in one `runs/log-batch`, which must stay under a megabyte.
const PARAMS_AT_ONCE: usize = 100;
const METRICS_AT_ONCE: usize = 1000;

const EXISTS: &str = "RESOURCE_ALREADY_EXISTS";
const MISSING: &str = "RESOURCE_DOES_NOT_EXIST";

impl Mlflow {
    pub(crate) async fn register(&self, submission: Submission) -> Result<Version, Error> {
        let experiment = self.experiment(&submission.experiment).await?;
        let tags: Vec<Value> = submission.tags.iter().map(pair).collect();
        let body = json!({
            "experiment_id": experiment, "run_name": submission.run_name,
            "start_time": milliseconds(submission.started), "tags": tags,
        });
        let created: OneRun = self.0.post("runs/create", &body).await?;
        let run = created.run.info;
        let filled = self.fill(&run, &submission).await;
        if filled.is_err() {
            // So that no run seems to go on for ever; the first error is the one to report.
            let _ = self.end(&run.run_id, "FAILED").await;
        }
        filled
    }

    /// The run ends before the version is made, so that nobody meets a version of a run that goes on.
    async fn fill(&self, run: &RunInfo, submission: &Submission) -> Result<Version, Error> {
        let root = self.proxied(&run.artifact_uri)?;
        self.log(&run.run_id, submission).await?;
        for (folder, files) in [("model/", &submission.model_files), ("", &submission.run_files)] {
            for file in files {
                self.0.upload(&format!("{root}/{folder}{}", file.path), file.bytes.clone()).await?;
            }
        }
        self.end(&run.run_id, "FINISHED").await?;
        match self.0.post::<Value>("registered-models/create", &json!({"name": submission.model})).await {
            Err(error) if code(&error) != EXISTS => return Err(error),
            _ => {}
        }
        let mut tags: Vec<Value> =
            submission.tags.iter().filter(|(key, _)| !key.starts_with("mlflow.")).map(pair).collect();
        tags.push(pair((&DIGEST.to_owned(), &digest::all(&submission.model_files))));
        let body = json!({
            "name": submission.model, "source": format!("{}/model", run.artifact_uri),
            "run_id": run.run_id, "tags": tags,
        });
        let made: OneVersion = self.0.post("model-versions/create", &body).await?;
        Ok(made.model_version.into())
    }

    async fn log(&self, run: &str, submission: &Submission) -> Result<(), Error> {
        let time = milliseconds(SystemTime::now());
        // Numbers would be accepted here, and stored as empty texts.
        let params: Vec<Value> = submission.params.iter().map(pair).collect();
        let metric =
            |(key, value): (&String, &f64)| json!({"key": key, "value": Number(*value), "timestamp": time, "step": 0});
        let metrics: Vec<Value> = submission.metrics.iter().map(metric).collect();
        let history = history(run, submission).map(|tag| json!({"run_id": run, "tags": [tag]}));
        let batches = params.chunks(PARAMS_AT_ONCE).map(|params| json!({"run_id": run, "params": params}));
        let batches =
            batches.chain(metrics.chunks(METRICS_AT_ONCE).map(|some| json!({"run_id": run, "metrics": some})));
        for batch in batches.chain(history) {
            self.0.post::<Empty>("runs/log-batch", &batch).await?;
        }
        Ok(())
    }

    async fn end(&self, run: &str, status: &str) -> Result<(), Error> {
        let body = json!({"run_id": run, "status": status, "end_time": milliseconds(SystemTime::now())});
        self.0.post::<Value>("runs/update", &body).await.map(drop)
    }

    /// The identifier of an experiment, which is made if there is none.
    async fn experiment(&self, name: &str) -> Result<String, Error> {
        match self.named(name).await {
            Err(error) if code(&error) == MISSING => {}
            other => return other,
        }
        match self.0.post::<ExperimentId>("experiments/create", &json!({"name": name})).await {
            // Another training was faster.
            Err(error) if code(&error) == EXISTS => self.named(name).await,
            other => other.map(|made| made.experiment_id),
        }
    }

    async fn named(&self, name: &str) -> Result<String, Error> {
        let answer: OneExperiment = self.0.get("experiments/get-by-name", &[("experiment_name", name)]).await?;
        if answer.experiment.lifecycle_stage == "deleted" {
            let hint = "restore it with `mlflow experiments restore`, or choose another name";
            return Err(self.0.refused("take a run", format!("the experiment {name:?} was deleted"), hint));
        }
        Ok(answer.experiment.experiment_id)
    }
}

fn pair((key, value): (&String, &String)) -> Value {
    json!({"key": key, "value": value})
}

fn code(error: &Error) -> &str {
    if let Error::Refused { code, .. } = error { code } else { "" }
}

/// The tag by which the page shows that the run has a model, as the Python client writes it: parts of the `MLmodel` file.
fn history(run: &str, submission: &Submission) -> Option<Value> {
    let file = submission.model_files.iter().find(|file| file.path == "MLmodel")?;
    let (read, _) = documents::read::<Value>("MLmodel", &file.bytes).ok()?;
    let mut model: Map<String, Value> = read.as_object()?.clone();
    model.retain(|key, _| ["flavors", "model_uuid", "utc_time_created"].contains(&key.as_str()));
    model.insert("run_id".to_owned(), run.into());
    model.insert("artifact_path".to_owned(), "model".into());
    Some(json!({"key": "mlflow.log-model.history", "value": json!([model]).to_string()}))
}
