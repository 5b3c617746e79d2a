//! What is no reason to be told: days on which all is well, the first deployment, rollouts, nights.

use super::scenario::Scenario;

const DAY: u32 = 24 * 60;

pub fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::long("all is well for four days", 4 * DAY).raises(10, &[]).raises(DAY, &[]).raises(4 * DAY, &[]),
        first_deployment(),
        first_day(),
        rollout(),
        quiet_night(),
        Scenario::new("failures that are few, at night", 180)
            .with(r#"http_requests_total{JOB,instance="a",method="POST",path="/predict",status="200"}"#, "0+0x180")
            .with(
                r#"http_requests_total{JOB,instance="a",method="POST",path="/predict",status="500"}"#,
                "_x60 0+1x8 8+0x111",
            )
            .raises(62, &[])
            .raises(69, &[])
            .raises(120, &[])
            .raises(180, &[]),
        Scenario::long("errors that the objective has room for", 3 * DAY)
            .with(
                r#"http_requests_total{JOB,instance="a",method="POST",path="/predict",status="503"}"#,
                "0+20x432",
            )
            .raises(60, &[])
            .raises(3 * DAY, &[]),
        Scenario::new("mistakes of clients", 120)
            .with(
                r#"http_requests_total{JOB,instance="a",method="POST",path="/predict",status="422"}"#,
                "0+600x120",
            )
            .raises(120, &[]),
        Scenario::new("slow scrapes are no slow predictions", 120)
            .with(r#"http_request_duration_seconds_count{JOB,instance="a",method="GET",path="/metrics"}"#, "0+600x120")
            .with(
                r#"http_request_duration_seconds_bucket{JOB,instance="a",method="GET",path="/metrics",le="0.1"}"#,
                "0+0x120",
            )
            .raises(120, &[]),
        Scenario::new("the registry is restarted", 60)
            .with(r#"registry_last_poll_timestamp_seconds{JOB,instance="a"}"#, "0+60x10 600+0x10 1260+60x38")
            .with(r#"registry_last_poll_timestamp_seconds{JOB,instance="b"}"#, "0+60x10 600+0x10 1260+60x38")
            .raises(20, &[])
            .raises(60, &[]),
        Scenario::long("a report a day, of too few rows at times", 2 * DAY)
            .with(r#"model_drift_report_timestamp_seconds{JOB,instance="a"}"#, "0+0x144 86400+0x143")
            .without("model_drift_detected")
            .raises(DAY - 10, &[])
            .raises(2 * DAY, &[]),
        Scenario::new("a peak", 60)
            .with(
                r#"kube_horizontalpodautoscaler_status_current_replicas{namespace="mlops",horizontalpodautoscaler="keda-hpa-iris-api"}"#,
                "2+0x10 4+0x10 2+0x38",
            )
            .raises(20, &[])
            .raises(60, &[]),
        Scenario::new("an autoscaler that has nothing to choose", 60)
            .with(
                r#"kube_horizontalpodautoscaler_spec_min_replicas{namespace="mlops",horizontalpodautoscaler="keda-hpa-iris-api"}"#,
                "2+0x60",
            )
            .with(
                r#"kube_horizontalpodautoscaler_spec_max_replicas{namespace="mlops",horizontalpodautoscaler="keda-hpa-iris-api"}"#,
                "2+0x60",
            )
            .raises(60, &[]),
        Scenario::long("a small claim that stays as it is", 12 * 60)
            .with(
                r#"kubelet_volume_stats_available_bytes{namespace="mlops",persistentvolumeclaim="postgres-data"}"#,
                "100+0x72",
            )
            .raises(720, &[]),
        failed_once(),
        Scenario::new("a Job that found drift", 60)
            .with(
                r#"kube_job_failed{namespace="churn-mlops",job_name="churn-drift-1",condition="true"}"#,
                "1+0x60",
            )
            .with(
                r#"kube_job_owner{namespace="churn-mlops",job_name="churn-drift-1",owner_kind="CronJob",owner_name="churn-drift",owner_is_controller="true"}"#,
                "1+0x60",
            )
            .raises(60, &[]),
        Scenario::new("what others have in their namespaces", 120)
            .with(r#"kube_job_failed{namespace="theirs",job_name="import",condition="true"}"#, "1+0x120")
            .with(r#"up{job="churn-api",namespace="theirs",instance="x"}"#, "0+0x120")
            .with(
                r#"kubelet_volume_stats_available_bytes{namespace="theirs",persistentvolumeclaim="data"}"#,
                "1+0x120",
            )
            .with(
                r#"kubelet_volume_stats_capacity_bytes{namespace="theirs",persistentvolumeclaim="data"}"#,
                "1000+0x120",
            )
            .raises(120, &[]),
    ]
}

/// Pods after two minutes, a registry after ten, a model after fifteen, the first request after an hour.
fn first_deployment() -> Scenario {
    let requests = r#"http_requests_total{JOB,instance="a",method="POST",path="/predict",status="200"}"#;
    young(Scenario::new("the first deployment", 120), ["_x2 1+0x118", "_x2 0+0x8 660+60x109", "_x15 1+0x105"])
        .with(requests, "_x60 1+60x60")
        .raises(4, &[])
        .raises(16, &[])
        .raises(60, &[])
        .raises(120, &[])
}

/// The first report and the first backup come when they are due.
fn first_day() -> Scenario {
    let report = r#"model_drift_report_timestamp_seconds{JOB,instance="a"}"#;
    let backup = r#"backup_last_success_timestamp_seconds{job="backups",namespace="mlops",database="mlflow"}"#;
    young(Scenario::long("the first day", 28 * 60), ["1+0x168", "0 600+600x167", "_x1 1+0x167"])
        .with(report, "_x144 86400+0x24")
        .with(backup, "_x144 86400+0x24")
        .raises(24 * 60, &[])
        .raises(28 * 60, &[])
}

/// With nothing but pods, their polls and their model.
fn young(scenario: Scenario, [up, polls, model]: [&str; 3]) -> Scenario {
    let old = ["up", "model_", "registry_last_poll", "http_request", "backup", "prediction_log"];
    let young = old
        .into_iter()
        .fold(scenario, Scenario::without)
        .with(r#"up{job="backups",namespace="mlops",instance="f"}"#, up);
    [("JOB", "a"), ("JOB", "b"), ("OTHER", "c")].into_iter().fold(young, |young, (job, instance)| {
        let of = |metric: &str| format!(r#"{metric}{{{job},instance="{instance}"}}"#);
        young
            .with(&of("up"), up)
            .with(&of("registry_last_poll_timestamp_seconds"), polls)
            .with(&format!(r#"model_info{{{job},instance="{instance}",model="m",version="1"}}"#), model)
    })
}

/// Each pod is replaced by another, which has no model at first; meanwhile the new version is loaded.
fn rollout() -> Scenario {
    Scenario::new("a rollout", 60)
        .with(r#"up{JOB,instance="a"}"#, "1+0x20 stale")
        .with(r#"up{JOB,instance="b"}"#, "1+0x24 0 stale")
        .with(r#"up{JOB,instance="d"}"#, "_x18 0 1+0x39")
        .with(r#"up{JOB,instance="e"}"#, "_x22 0 1+0x35")
        .with(r#"model_info{JOB,instance="a",model="churn-model",version="3"}"#, "1+0x20 stale")
        .with(r#"model_info{JOB,instance="b",model="churn-model",version="3"}"#, "1+0x24 stale")
        .with(r#"model_info{JOB,instance="d",model="churn-model",version="4"}"#, "_x20 1+0x38")
        .with(r#"model_info{JOB,instance="e",model="churn-model",version="4"}"#, "_x24 1+0x34")
        .with(r#"registry_last_poll_timestamp_seconds{JOB,instance="d"}"#, "_x19 0 1260+60x38")
        .with(r#"model_load_errors_total{JOB,instance="d"}"#, "_x19 0+0x39")
        .with(r#"http_requests_total{JOB,instance="d",method="POST",path="/predict",status="200"}"#, "_x21 0+600x38")
        .without("model_drift_report_timestamp_seconds")
        .raises(19, &[])
        .raises(23, &[])
        .raises(25, &[])
        .raises(60, &[])
}

/// Nobody asks any more, for longer than all but one of the windows.
fn quiet_night() -> Scenario {
    let flat = "0+600x120 72000+0x240";
    Scenario::new("hours without requests", 360)
        .with(r#"http_requests_total{JOB,instance="a",method="POST",path="/predict",status="200"}"#, flat)
        .with(r#"http_request_duration_seconds_count{JOB,instance="a",method="POST",path="/predict"}"#, flat)
        .with(r#"http_request_duration_seconds_bucket{JOB,instance="a",method="POST",path="/predict",le="0.1"}"#, flat)
        .with(r#"prediction_log_rows_total{JOB,instance="a",state="written"}"#, flat)
        .raises(121, &[])
        .raises(200, &[])
        .raises(360, &[])
}

/// The run after it was good.
fn failed_once() -> Scenario {
    Scenario::new("a failed backup, and a good one after it", 120)
        .with(r#"kube_job_failed{namespace="mlops",job_name="backups-1",condition="true"}"#, "1+0x120")
        .with(r#"kube_job_status_start_time{namespace="mlops",job_name="backups-1"}"#, "100+0x120")
        .with(
            r#"kube_job_owner{namespace="mlops",job_name="backups-1",owner_kind="CronJob",owner_name="backups",owner_is_controller="true"}"#,
            "1+0x120",
        )
        .with(r#"kube_cronjob_status_last_successful_time{namespace="mlops",cronjob="backups"}"#, "200+0x120")
        .raises(120, &[])
}
