//! What somebody must be told, when, and until when. Two alerts at once only where both are needed.

use super::scenario::Scenario;

const DAY: u32 = 24 * 60;
const OK: &str = r#"http_requests_total{JOB,instance="a",method="POST",path="/predict",status="200"}"#;
const FAILED: &str = r#"http_requests_total{JOB,instance="a",method="POST",path="/predict",status="500"}"#;
const SOON: &str = r#"http_request_duration_seconds_bucket{JOB,instance="a",method="POST",path="/predict",le="0.1"}"#;
const LAST_POLL: &str = r#"registry_last_poll_timestamp_seconds{JOB,instance=""#;
const AVAILABLE: &str =
    r#"kubelet_volume_stats_available_bytes{namespace="mlops",persistentvolumeclaim="postgres-data"}"#;
const BACKUP: &str = r#"backup_last_success_timestamp_seconds{job="backups",namespace="mlops",database=""#;

pub fn scenarios() -> Vec<Scenario> {
    [there(), model(), errors(), slow(), backups(), cluster()].into_iter().flatten().collect()
}

fn there() -> Vec<Scenario> {
    vec![
        Scenario::new("every pod is gone, and comes back", 60)
            .with(r#"up{JOB,instance="a"}"#, "1+0x10 0+0x20 1+0x28")
            .with(r#"up{JOB,instance="b"}"#, "1+0x10 stale")
            .with(r#"model_info{JOB,instance="a",model="churn-model",version="3"}"#, "1+0x10 stale _x19 1+0x28")
            .with(r#"model_info{JOB,instance="b",model="churn-model",version="3"}"#, "1+0x10 stale")
            .raises(15, &[])
            .raises(16, &["ApiDown critical"])
            .raises(31, &["ApiDown critical"])
            .raises(32, &[])
            .raises(60, &[]),
        Scenario::new("there are no targets at all", 10)
            .without("up{JOB")
            .without("model_info{JOB")
            .raises(4, &[])
            .raises(5, &["ApiDown critical"]),
        Scenario::new("pods come back without a model", 60)
            .with(r#"model_info{JOB,instance="a",model="churn-model",version="3"}"#, "1+0x10 stale _x29 1+0x18")
            .with(r#"model_info{JOB,instance="b",model="churn-model",version="3"}"#, "1+0x10 stale")
            .raises(15, &[])
            .raises(16, &["NoModelLoaded critical lost"])
            .raises(30, &["NoModelLoaded critical lost"])
            .raises(42, &[]),
        Scenario::new("the first training never ends", 40)
            .without("model_info{JOB")
            .raises(19, &[])
            .raises(20, &["NoModelLoaded critical never"])
            .raises(40, &["NoModelLoaded critical never"]),
        Scenario::new("the same, and pods are restarted meanwhile", 40)
            .without("model_info{JOB")
            .with(r#"up{JOB,instance="a"}"#, "1+0x15 0 1+0x23")
            .with(r#"up{JOB,instance="b"}"#, "1+0x15 0 1+0x23")
            .raises(20, &["NoModelLoaded critical never"]),
    ]
}

fn model() -> Vec<Scenario> {
    let poll = |instance: &str| format!(r#"{LAST_POLL}{instance}"}}"#);
    vec![
        Scenario::new("the registry is gone", 90)
            .with(&poll("a"), "0+60x10 600+0x49 3660+60x29")
            .with(&poll("b"), "0+60x10 600+0x49 3660+60x29")
            .raises(27, &[])
            .raises(28, &["RegistryUnreachable warning"])
            .raises(62, &[]),
        Scenario::new("the registry was never there", 16)
            .with(&poll("a"), "0+0x16")
            .with(&poll("b"), "0+0x16")
            .raises(15, &[]),
        Scenario::new("a version that cannot be loaded", 60)
            .with(r#"model_load_errors_total{JOB,instance="a"}"#, "0+0x9 1+0x5 2+0x44")
            .raises(9, &[])
            .raises(10, &["ModelRefused warning"])
            .raises(20, &["ModelRefused warning"])
            .raises(40, &[]),
        Scenario::new("a feature drifts", 60)
            .with(r#"model_drift_detected{JOB,instance="a",feature="age"}"#, "0+0x20 1+0x38")
            .raises(20, &[])
            .raises(21, &["ModelDrift warning"]),
        Scenario::long("nobody looks for drift any more", 28 * 60)
            .with(r#"model_drift_report_timestamp_seconds{JOB,instance="a"}"#, "60+0x168")
            .raises(26 * 60, &[])
            .raises(26 * 60 + 10, &["DriftReportMissing warning old"]),
        Scenario::long("nobody looked for drift yet", 28 * 60)
            .without("model_drift_report_timestamp_seconds")
            .raises(26 * 60 - 10, &[])
            .raises(26 * 60, &["DriftReportMissing warning missing"]),
        Scenario::new("rows are lost", 60)
            .with(r#"prediction_log_rows_total{JOB,instance="a",state="dropped"}"#, "0+0x9 0+5x5 25+0x44")
            .raises(9, &[])
            .raises(12, &["PredictionLogDropping warning"])
            .raises(40, &[]),
    ]
}

/// The stack is an hour old where trouble begins, so the longer windows hold no more than the shortest: all of them ring, and the
/// short window of each ends it.
fn errors() -> Vec<Scenario> {
    vec![
        Scenario::new("everything fails, for ten minutes", 3 * 60)
            .with(FAILED, "0+0x60 0+600x9 5400+0x109")
            .with(OK, "0+600x60 36000+0x9 36600+600x109")
            .raises(60, &[])
            .raises(66, &["HighErrorRate critical 1h", "HighErrorRate critical 6h", "HighErrorRate warning 3d"])
            .raises(80, &["HighErrorRate critical 6h", "HighErrorRate warning 3d"])
            .raises(3 * 60, &["HighErrorRate warning 3d"]),
        // Seven times what 99.5 % leave room for.
        Scenario::long("some errors, for half a day", 12 * 60)
            .with(FAILED, "0+210x72")
            .with(OK, "0+5790x72")
            .raises(12 * 60, &["HighErrorRate critical 6h", "HighErrorRate warning 3d"]),
        // One and a half times.
        Scenario::long("a few errors, for days", 4 * DAY)
            .with(FAILED, "0+45x576")
            .with(OK, "0+5955x576")
            .raises(4 * DAY, &["HighErrorRate warning 3d"]),
    ]
}

fn slow() -> Vec<Scenario> {
    let all = ["HighLatency critical 1h", "HighLatency critical 6h", "HighLatency warning 3d"];
    vec![
        Scenario::new("everything is slow, for twenty minutes", 3 * 60)
            .with(SOON, "0+600x60 36000+0x19 36600+600x99")
            .raises(60, &[])
            .raises(70, &all)
            .raises(3 * 60, &all[2..]),
        // Seven times what 99 % leave room for.
        Scenario::long("some are slow, for half a day", 12 * 60).with(SOON, "0+5580x72").raises(12 * 60, &all[1..]),
        Scenario::long("a few are slow, for days", 4 * DAY).with(SOON, "0+5910x576").raises(4 * DAY, &all[2..]),
        Scenario::new("the other API is slow", 2 * 60)
            .with(
                r#"http_request_duration_seconds_bucket{OTHER,instance="c",method="POST",path="/predict",le="10.0"}"#,
                "0+60x60 3600+0x59",
            )
            .raises(60, &[])
            .raises(70, &all),
    ]
}

fn backups() -> Vec<Scenario> {
    let backup = |database: &str| format!(r#"{BACKUP}{database}"}}"#);
    vec![
        Scenario::long("no good backup of one of two databases", 30 * 60)
            .with(&backup("churn"), "60+0x180")
            .raises(26 * 60 + 10, &[])
            .raises(26 * 60 + 20, &["BackupTooOld warning old"]),
        Scenario::new("nobody tells of backups", 30)
            .without(r#"up{job="backups""#)
            .raises(14, &[])
            .raises(15, &["BackupTooOld warning unseen"]),
        Scenario::long("no backup ever", 27 * 60)
            .without("backup_last_success_timestamp_seconds")
            .raises(26 * 60 - 10, &[])
            .raises(26 * 60, &["BackupTooOld warning missing"]),
        Scenario::long("no good backup ever, and somebody who says so", 27 * 60)
            .with(&backup("mlflow"), "0+0x162")
            .raises(26 * 60 - 10, &[])
            .raises(26 * 60, &["BackupTooOld warning missing"]),
    ]
}

/// The same by the plugin of `CloudNativePG`, which says 0 before the first backup.
pub fn of_barman() -> Vec<Scenario> {
    let last =
        r#"barman_cloud_cloudnative_pg_io_last_available_backup_timestamp{job="postgres",namespace="mlops",instance=""#;
    let of = |instance: &str| format!(r#"{last}{instance}"}}"#);
    vec![
        Scenario::long("backups every day", 3 * DAY)
            .with(&of("postgres-1"), "_x1 0+0x143 86400+0x143 172800+0x143")
            .with(&of("postgres-2"), "0+0x432")
            .raises(DAY, &[])
            .raises(3 * DAY, &[]),
        Scenario::long("one backup, and no more", 3 * DAY)
            .with(&of("postgres-1"), "60+0x432")
            .raises(26 * 60 + 10, &[])
            .raises(26 * 60 + 20, &["BackupTooOld warning old"]),
        Scenario::long("none ever", 3 * DAY)
            .with(&of("postgres-1"), "0+0x432")
            .raises(26 * 60 - 10, &[])
            .raises(26 * 60, &["BackupTooOld warning missing"]),
    ]
}

fn cluster() -> Vec<Scenario> {
    let replicas = |metric: &str| {
        format!(
            r#"kube_horizontalpodautoscaler_{metric}{{namespace="mlops",horizontalpodautoscaler="keda-hpa-iris-api"}}"#
        )
    };
    let job = |metric: &str, labels: &str| format!(r#"{metric}{{namespace="mlops",{labels}}}"#);
    vec![
        Scenario::new("a claim is full", 30)
            .with(AVAILABLE, "500+0x9 20+0x20")
            .raises(10, &[])
            .raises(11, &["ClaimNearlyFull critical"]),
        Scenario::long("a claim fills, slowly", 12 * 60)
            .with(AVAILABLE, "160-1x72")
            .raises(12 * 60, &["ClaimNearlyFull warning"]),
        Scenario::new("no more pods", 60)
            .with(&replicas("status_current_replicas"), "2+0x9 4+0x50")
            .raises(24, &[])
            .raises(25, &["AutoscalerAtMaximum warning"]),
        Scenario::new("a training failed", 30)
            .with(&job("kube_job_failed", r#"job_name="iris-training-0a1b",condition="true""#), "0+0x9 1+0x20")
            .with(&job("kube_job_failed", r#"job_name="iris-training-0a1b",condition="false""#), "0+0x30")
            .raises(9, &[])
            .raises(10, &["JobFailed warning"]),
        Scenario::new("the last backup failed, the one before was good", 30)
            .with(&job("kube_job_failed", r#"job_name="backups-2",condition="true""#), "1+0x30")
            .with(&job("kube_job_status_start_time", r#"job_name="backups-2""#), "300+0x30")
            .with(
                &job(
                    "kube_job_owner",
                    r#"job_name="backups-2",owner_kind="CronJob",owner_name="backups",owner_is_controller="true""#,
                ),
                "1+0x30",
            )
            .with(&job("kube_cronjob_status_last_successful_time", r#"cronjob="backups""#), "200+0x30")
            .raises(10, &["JobFailed warning"]),
    ]
}
