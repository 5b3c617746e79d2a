//! The dashboards, drawn: each panel of their own JSON, with what a real Prometheus answers.
//!
//! There is no Grafana here. `PICTURE_SECONDS=300 cargo test -p serving-tests --features judges -- monitoring::picture` takes its time and
//! writes the pictures of the docs; without the variable it takes seconds and the pictures are thrown away.

use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant, SystemTime},
};

use components::monitoring::{BackupMetrics, WatchedBackups, dashboards};
use serde_json::{Map, Value, json};
use servers::{repository, run};
use tests::monitoring::stack;

use super::prometheus::{Prometheus, target, teller};
use crate::{
    program::{Api, done, model_file, post, serving},
    project::{Project, rows},
    stub::Stub,
};

/// What others tell, at this moment: a backup of this night, half-full claims, an autoscaler half-way.
fn others() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let backups = [("mlflow", 7 * 3600, 48 << 20), ("predictions", 7 * 3600 - 40, 310 << 20)];
    let backups = backups.map(|(database, age, size)| {
        let of = format!(r#"{{job="backups",namespace="mlops",database="{database}"}}"#);
        let last = now - age;
        format!("backup_last_success_timestamp_seconds{of} {last}\nbackup_size_bytes{of} {size}\nbackup_files{of} 14\n")
    });
    let claims = [("postgres-data", 61), ("mlflow-artifacts", 83), ("backups", 34)].map(|(claim, free)| {
        let of = format!(r#"{{namespace="mlops",persistentvolumeclaim="{claim}"}}"#);
        format!("kubelet_volume_stats_available_bytes{of} {free}\nkubelet_volume_stats_capacity_bytes{of} 100\n")
    });
    let pods = ["status_current_replicas 3", "status_desired_replicas 3", "spec_min_replicas 2", "spec_max_replicas 6"];
    let pods = pods.map(|pods| {
        let (metric, count) = pods.split_once(' ').unwrap();
        let of = r#"{namespace="mlops",horizontalpodautoscaler="iris-api"}"#;
        format!("kube_horizontalpodautoscaler_{metric}{of} {count}\n")
    });
    // Whoever tells of backups is there.
    let up = r#"up{job="backups",namespace="mlops"} 1"#.to_owned() + "\n";
    backups.into_iter().chain([up]).chain(claims).chain(pods).collect()
}

/// Customers as `serving sample` makes them: the file, and each as clients write it.
fn customers(project: &Project, name: &str, arguments: &[&str]) -> (String, Vec<Value>) {
    let (text, _) = done(serving(&["sample", "churn"]).args(arguments));
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let row = |cells: Vec<&str>| {
        let cell = |cell: &str| cell.parse::<f64>().map_or_else(|_| json!(cell), |number| json!(number));
        let fields = names.iter().zip(cells).filter(|(name, _)| **name != "churned");
        Value::Object(fields.map(|(name, text)| ((*name).to_owned(), cell(text))).collect::<Map<_, _>>())
    };
    let rows = lines.map(row).collect();
    fs::write(project.path(name), text).unwrap();
    (project.text(name), rows)
}

#[test]
fn dashboards_can_be_drawn() {
    let seconds = std::env::var("PICTURE_SECONDS").ok().and_then(|text| text.parse::<u64>().ok());
    let docs = seconds.map(|_| repository().join("docs/dashboards"));
    let seconds = seconds.unwrap_or(12);
    let (iris, churn) = (Project::new(), Project::new());
    iris.train(&iris.registry(), 0);
    let (data, asked) = customers(&churn, "data.csv", &["--rows", "3000", "--seed", "1"]);
    let (drifted, _) =
        customers(&churn, "drifted.csv", &["--rows", "1000", "--seed", "2", "--drift", "monthly_charges=0.5"]);
    let (file, registry) = (model_file("churn"), churn.registry());
    done(&mut serving(&["train", "--model-file", &file, "--registry", &registry, "--data", &data]));
    let report = ["drift", "--model-file", &file, "--registry", &registry, "--window", &drifted, "--publish"];
    assert_eq!(run(&mut serving(&report)).status.code(), Some(1), "it drifts");

    let apis = [0, 1].map(|_| iris.serve(&iris.registry(), &[]).ready());
    fs::create_dir(churn.path("log")).unwrap();
    let log = churn.text("log");
    let leaving = Api::start(&file, &registry, &["--prediction-log", &log], &[("HOSTNAME", "pod")]).ready();
    let others = Stub::start(&others());
    let mut targets = vec![target("churn-api", "churn-mlops", &leaving.address())];
    let both = apis.each_ref().map(Api::address);
    targets
        .push(json!({"job_name": "iris-api", "static_configs": [{"targets": both, "labels": {"namespace": "mlops"}}]}));
    targets.push(teller("others", others.url("").trim_start_matches("http://"), "/ok"));
    let watched = stack(BackupMetrics::Dump);
    // Backups are as old as in our world, where hours are longer.
    let mut quick = watched.clone();
    quick.backups = quick.backups.map(|it| WatchedBackups { max_age: it.max_age * 60, ..it });
    let prometheus = Prometheus::start(&quick, 60, &targets);

    let (began, ends) = (Instant::now(), AtomicBool::new(false));
    thread::scope(|scope| {
        // Twice as much is asked in the middle as at the ends; each asks one row at a time, or a few.
        let pause = |at_most: f64| {
            let phase = began.elapsed().as_secs_f64() / Duration::from_secs(seconds).as_secs_f64();
            Duration::from_secs_f64(at_most * (1.0 - 0.6 * (std::f64::consts::PI * phase).sin()))
        };
        let (ends, apis, leaving, asked) = (&ends, &apis, &leaving, &asked);
        scope.spawn(move || {
            for (number, row) in rows().iter().cycle().enumerate() {
                if ends.load(Ordering::Relaxed) {
                    return;
                }
                let _ = post(&apis[number % 2].url("/predict"), &row.to_string(), &[]);
                thread::sleep(pause(0.012));
            }
        });
        scope.spawn(move || {
            for some in asked.chunks(3).cycle() {
                if ends.load(Ordering::Relaxed) {
                    return;
                }
                let _ = post(&leaving.url("/predict"), &json!(some).to_string(), &[]);
                thread::sleep(pause(0.02));
            }
        });
        thread::sleep(Duration::from_secs(seconds / 2));
        iris.train(&iris.registry(), 1);
        thread::sleep(Duration::from_secs(seconds.div_ceil(2)));
        ends.store(true, Ordering::Relaxed);
    });

    let folder = tempfile::tempdir().unwrap();
    let pictures = docs.unwrap_or_else(|| folder.path().to_owned());
    fs::create_dir_all(&pictures).unwrap();
    for dashboard in dashboards(&watched) {
        let json = folder.path().join("dashboard.json");
        fs::write(&json, dashboard.json.replace("mlstack test:", "mlstack production:")).unwrap();
        let picture: PathBuf = pictures.join(format!("{}.png", dashboard.name));
        let mut draw = Command::new(repository().join("target/tools/dashboards/bin/python"));
        draw.arg(repository().join("tests/serving/cases/monitoring/draw.py"))
            .arg(prometheus.url())
            .arg(&json)
            .arg(&picture);
        let drawn = run(draw.args([&seconds.to_string(), "5s"]));
        assert!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
        assert!(fs::metadata(&picture).unwrap().len() > 20_000);
    }
}
