//! A stack that has everything that can be watched, and what its rules and dashboards ask Prometheus.

pub mod exported;
pub mod promql;

use std::time::Duration;

use builders::{Url, name};
use components::monitoring::{
    BackupMetrics, Objective, Watched, WatchedApi, WatchedBackups, WatchedDrift, dashboards, rules,
};
use serde_json::Value;

/// Where the pages of the tests' alerts lie.
///
/// # Panics
/// Never: it is an address.
pub fn runbooks() -> Url {
    "https://example.com/runbooks".parse().expect("an address")
}

/// A stack of two APIs, one of which has everything, with this kind of backups.
///
/// # Panics
/// When what is written here is no bound or share.
pub fn stack(metrics: BackupMetrics) -> Watched {
    let everything = WatchedApi {
        model: name!("churn"),
        workload: name!("churn-api"),
        namespace: name!("churn-mlops"),
        objective: Objective::default(),
        first_model: Duration::from_mins(15),
        prediction_log: true,
        drift: Some(WatchedDrift { workload: name!("churn-drift"), max_age: Duration::from_hours(26) }),
    };
    let little = WatchedApi {
        model: name!("iris"),
        workload: name!("iris-api"),
        namespace: name!("mlops"),
        objective: Objective {
            availability: "99.9".parse().expect("a share"),
            latency: "10s".parse().expect("a bound"),
            latency_ratio: "99.9".parse().expect("a share"),
        },
        first_model: Duration::from_mins(15),
        prediction_log: false,
        drift: None,
    };
    let (workload, databases) = match metrics {
        BackupMetrics::Dump => (name!("backups"), vec![name!("mlflow")]),
        BackupMetrics::BarmanCloud => (name!("postgres"), Vec::new()),
    };
    let max_age = Duration::from_hours(26);
    let backups = Some(WatchedBackups { workload, namespace: name!("mlops"), metrics, databases, max_age });
    Watched { environment: "test".to_owned(), apis: vec![everything, little], backups, cluster: true }
}

/// Every way in which a stack can be watched.
pub fn stacks() -> [Watched; 2] {
    [BackupMetrics::Dump, BackupMetrics::BarmanCloud].map(stack)
}

/// Something that is asked of Prometheus, and who asks.
#[derive(Debug, Clone)]
pub struct Query {
    /// The rule, or dashboard and panel.
    pub asked_by: String,
    /// The expression, in which Grafana's variables have values.
    pub expr: String,
    /// The labels that whoever reads the answer is shown.
    pub shown: Vec<String>,
}

/// What rules ask.
pub fn of_rules(watched: &Watched) -> Vec<Query> {
    let rules = rules(watched, &runbooks()).into_iter().flat_map(|group| group.rules);
    let query = |rule: components::monitoring::Rule| {
        let says = rule.annotations.values().flat_map(|text| labels(text, "{{ $labels.", " }}")).collect();
        let asked_by = rule.alert.map_or_else(|| rule.record.unwrap_or_default(), str::to_owned);
        Query { asked_by, expr: rule.expr, shown: says }
    };
    rules.map(query).collect()
}

/// What dashboards ask: panels, and the choices on top.
///
/// # Panics
/// When a dashboard is no JSON.
pub fn of_dashboards(watched: &Watched) -> Vec<Query> {
    let dashboards = dashboards(watched).into_iter();
    dashboards
        .flat_map(|dashboard| {
            let json: Value = serde_json::from_str(&dashboard.json).expect("JSON");
            of_dashboard(&json)
        })
        .collect()
}

/// What one dashboard asks.
pub fn of_dashboard(dashboard: &Value) -> Vec<Query> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let title = text(&dashboard["title"]);
    let panels = list(&dashboard["panels"]).into_iter().flat_map(|panel| {
        let asked_by = format!("{title}: {}", text(&panel["title"]));
        list(&panel["targets"]).into_iter().map(move |target| Query {
            asked_by: asked_by.clone(),
            expr: with_values(&text(&target["expr"])),
            shown: labels(&text(&target["legendFormat"]), "{{", "}}"),
        })
    });
    let choices = list(&dashboard["templating"]["list"]).into_iter().filter(|choice| choice["type"] == "query");
    let choices = choices.filter_map(|choice| {
        let query = text(&choice["query"]);
        let (expr, label) = query.strip_prefix("label_values(")?.strip_suffix(')')?.rsplit_once(", ")?;
        let (asked_by, shown) = (format!("{title}: {}", text(&choice["name"])), vec![label.to_owned()]);
        Some(Query { asked_by, expr: expr.to_owned(), shown })
    });
    panels.chain(choices).collect()
}

/// Grafana's variables, as it fills them in.
pub fn with_values(expr: &str) -> String {
    expr.replace("$__rate_interval", "1m").replace("$job", "churn-api|iris-api")
}

/// The names between `begin` and `end`.
fn labels(text: &str, begin: &str, end: &str) -> Vec<String> {
    let names = text.split(begin).skip(1).filter_map(|rest| rest.split_once(end));
    names.map(|(name, _)| name.split(' ').next().unwrap_or_default().to_owned()).collect()
}
