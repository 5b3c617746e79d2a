//! What happens, step by step, to a stack that is well otherwise, and which alerts that raises.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A stack that is well, changed at some places.
pub struct Scenario {
    name: &'static str,
    minutes: u32,
    /// Minutes between two values, and between two evaluations.
    pub step: u32,
    series: BTreeMap<String, String>,
    expected: Vec<(String, Vec<&'static str>)>,
}

/// The labels of the API that has everything, and of the other.
const SHORT: [(&str, &str); 2] =
    [("JOB", r#"job="churn-api",namespace="churn-mlops""#), ("OTHER", r#"job="iris-api",namespace="mlops""#)];

impl Scenario {
    /// So long, a value a minute, and nothing wrong yet. promtool's clock begins at 0, so a time that follows it is `0+60x…`.
    pub fn new(name: &'static str, minutes: u32) -> Self {
        Self::by(1, name, minutes)
    }

    /// The same with a value every ten minutes: promtool takes minutes for a few days of each.
    pub fn long(name: &'static str, minutes: u32) -> Self {
        Self::by(10, name, minutes)
    }

    fn by(step: u32, name: &'static str, minutes: u32) -> Self {
        let scenario = Self { name, minutes, step, series: BTreeMap::new(), expected: Vec::new() };
        let all = |each_minute: u32| format!("0+{}x{}", each_minute * step, minutes / step);
        let always = |value: u32| format!("{value}+0x{}", minutes / step);
        scenario
            .with(r#"up{JOB,instance="a"}"#, &always(1))
            .with(r#"up{JOB,instance="b"}"#, &always(1))
            .with(r#"up{OTHER,instance="c"}"#, &always(1))
            .with(r#"up{job="backups",namespace="mlops",instance="d"}"#, &always(1))
            .with(r#"up{job="postgres",namespace="mlops",instance="e"}"#, &always(1))
            .with(r#"model_info{JOB,instance="a",model="churn-model",version="3"}"#, &always(1))
            .with(r#"model_info{JOB,instance="b",model="churn-model",version="3"}"#, &always(1))
            .with(r#"model_info{OTHER,instance="c",model="iris-model",version="1"}"#, &always(1))
            .with(r#"registry_last_poll_timestamp_seconds{JOB,instance="a"}"#, &all(60))
            .with(r#"registry_last_poll_timestamp_seconds{JOB,instance="b"}"#, &all(60))
            .with(r#"registry_last_poll_timestamp_seconds{OTHER,instance="c"}"#, &all(60))
            .with(r#"model_load_errors_total{JOB,instance="a"}"#, &always(0))
            .with(r#"model_drift_report_timestamp_seconds{JOB,instance="a"}"#, &all(60))
            .with(r#"model_drift_detected{JOB,instance="a",feature="age"}"#, &always(0))
            .with(r#"prediction_log_rows_total{JOB,instance="a",state="dropped"}"#, &always(0))
            .with(r#"prediction_log_rows_total{JOB,instance="a",state="written"}"#, &all(600))
            .with(r#"http_requests_total{JOB,instance="a",method="POST",path="/predict",status="200"}"#, &all(600))
            .with(r#"http_request_duration_seconds_count{JOB,instance="a",method="POST",path="/predict"}"#, &all(600))
            .with(
                r#"http_request_duration_seconds_bucket{JOB,instance="a",method="POST",path="/predict",le="0.1"}"#,
                &all(600),
            )
            .with(r#"http_requests_total{OTHER,instance="c",method="POST",path="/predict",status="200"}"#, &all(60))
            .with(r#"http_request_duration_seconds_count{OTHER,instance="c",method="POST",path="/predict"}"#, &all(60))
            // As Prometheus 3 keeps it.
            .with(
                r#"http_request_duration_seconds_bucket{OTHER,instance="c",method="POST",path="/predict",le="10.0"}"#,
                &all(60),
            )
            .with(
                r#"backup_last_success_timestamp_seconds{job="backups",namespace="mlops",database="mlflow"}"#,
                &all(60),
            )
            .with(
                r#"kubelet_volume_stats_available_bytes{namespace="mlops",persistentvolumeclaim="postgres-data"}"#,
                &always(500),
            )
            .with(
                r#"kubelet_volume_stats_capacity_bytes{namespace="mlops",persistentvolumeclaim="postgres-data"}"#,
                &always(1000),
            )
            .autoscaler("status_current_replicas", &always(2))
            .autoscaler("spec_min_replicas", &always(2))
            .autoscaler("spec_max_replicas", &always(4))
    }

    fn autoscaler(self, metric: &str, values: &str) -> Self {
        let series = format!(
            r#"kube_horizontalpodautoscaler_{metric}{{namespace="mlops",horizontalpodautoscaler="keda-hpa-iris-api"}}"#
        );
        self.with(&series, values)
    }

    /// This series has these values, in promtool's notation, one a step.
    pub fn with(mut self, series: &str, values: &str) -> Self {
        let series = SHORT.iter().fold(series.to_owned(), |series, (short, long)| series.replace(short, long));
        self.series.insert(series, values.to_owned());
        self
    }

    /// Series whose name begins so are not there.
    pub fn without(mut self, beginning: &str) -> Self {
        let beginning = SHORT.iter().fold(beginning.to_owned(), |text, (short, long)| text.replace(short, long));
        let before = self.series.len();
        self.series.retain(|series, _| !series.starts_with(&beginning));
        assert!(self.series.len() < before, "{beginning} is not there");
        self
    }

    /// At this minute, these alerts are raised and no others: name, severity, and what tells rules for one alert apart.
    pub fn raises(mut self, minute: u32, alerts: &[&'static str]) -> Self {
        assert!(minute <= self.minutes && minute.is_multiple_of(self.step));
        self.expected.push((format!("{minute}m"), alerts.to_vec()));
        self
    }

    /// All alerts that are raised at some time.
    pub fn raised(&self) -> impl Iterator<Item = String> {
        self.expected.iter().flat_map(|(_, alerts)| alerts.iter().map(|alert| (*alert).to_owned()))
    }

    /// As promtool reads it.
    pub fn test(&self) -> Value {
        let series = self.series.iter().map(|(series, values)| json!({"series": series, "values": values}));
        let expected = self.expected.iter().map(|(time, alerts)| {
            let samples = alerts.iter().map(|alert| json!({"labels": labels(alert), "value": 1}));
            json!({
                "expr": r#"group by (alertname, severity, reason, window) (ALERTS{alertstate="firing"})"#,
                "eval_time": time,
                "exp_samples": samples.collect::<Vec<_>>(),
            })
        });
        json!({
            "name": self.name,
            "interval": format!("{}m", self.step),
            "input_series": series.collect::<Vec<_>>(),
            "promql_expr_test": expected.collect::<Vec<_>>(),
        })
    }
}

/// `ApiDown critical` and `NoModelLoaded critical lost` as labels.
fn labels(alert: &str) -> String {
    let mut words = alert.split(' ');
    let (name, severity) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let which = words.next().map(|which| {
        let label = if which.starts_with(|first: char| first.is_ascii_digit()) { "window" } else { "reason" };
        format!(r#", {label}="{which}""#)
    });
    format!(r#"{{alertname="{name}", severity="{severity}"{}}}"#, which.unwrap_or_default())
}
