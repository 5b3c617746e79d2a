//! `CronJob`s: the Job of each run, and when.

use k8s_openapi::{
    api::batch::v1::{CronJob, CronJobSpec, JobSpec, JobTemplateSpec},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use serde_json::Value;

use super::{
    Plan, job,
    meta::{labels, meta},
    names, value,
};
use crate::workload::{Recurrence, Workload};

/// A run that could not start in this time, in seconds, waits for the next one.
const STARTS_WITHIN: i64 = 3600;
/// Finished Jobs that are kept, to look at their logs; each kind.
const KEPT: i32 = 3;
/// After so many seconds a finished Job goes anyhow: those started by hand are in no history.
const KEPT_FOR: i32 = 7 * 24 * 3600;

pub(super) fn cron_job(plan: &Plan<'_>, workload: &Workload, recurrence: &Recurrence) -> Value {
    let (name, namespace) = names(workload);
    let job = JobSpec { ttl_seconds_after_finished: Some(KEPT_FOR), ..job::spec(plan, workload) };
    let template = ObjectMeta { labels: Some(labels(plan, &name)), ..ObjectMeta::default() };
    let spec = CronJobSpec {
        concurrency_policy: Some("Forbid".into()),
        failed_jobs_history_limit: Some(KEPT),
        job_template: JobTemplateSpec { metadata: Some(template), spec: Some(job) },
        schedule: recurrence.schedule.to_string(),
        starting_deadline_seconds: Some(STARTS_WITHIN),
        successful_jobs_history_limit: Some(KEPT),
        suspend: recurrence.by_hand.then_some(true),
        time_zone: Some("Etc/UTC".into()),
    };
    value(&CronJob { metadata: meta(plan, &name, &namespace, &name), spec: Some(spec), ..CronJob::default() })
}
