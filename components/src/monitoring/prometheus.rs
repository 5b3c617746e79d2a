//! A Prometheus of the stack's own.
//!
//! It finds pods by DNS: a name for each workload has the addresses of its pods. To ask Kubernetes for them, it would need a
//! token, a role in each namespace, and a way to the API server; this way it needs none of the three.

use askama::Template;
use builders::{App, Config, Endpoint, Exporter, Exposure, Http, Unfinished, http, key, name, to_yaml};
use serde_json::json;

use super::{Group, Server};

/// The user of the official image.
const USER: u32 = 65_534;

/// Between two scrapes, and between two looks at the rules: four to a rate over two minutes.
pub(super) const INTERVAL: &str = "30s";

/// Of the claim, in percent; the rest is for the log of what is not yet in a block, and for joining blocks.
const BLOCKS: u64 = 80;

/// By <https://prometheus.io/docs/prometheus/latest/configuration/configuration/>. The labels `job` and `namespace` are those
/// that the operator's Prometheus would give.
#[derive(Template)]
#[template(path = "prometheus.yml", escape = "none")]
struct Configuration<'a> {
    interval: &'static str,
    exporters: &'a [Exporter],
    rules: &'a [Config],
}

/// Declares the server, which scrapes all exporters that are declared before it and goes by the `groups` of rules.
pub(super) fn prometheus(app: &mut App, values: &Server, groups: &[Group]) -> Endpoint<Http> {
    let web = http(name!("http"), 9090);
    let exporters = app.exporters();
    let rules: Vec<Config> = groups.iter().map(|group| file(app, group)).collect();
    let settings = Configuration { interval: INTERVAL, exporters: &exporters, rules: &rules }.to_string();
    let settings = app.config(name!("prometheus"), [(key!("prometheus.yml"), settings)]);
    let data = app.volume(name!("prometheus-data"), &values.storage);
    let size = (values.storage.mebibytes() * BLOCKS / 100).max(1);

    let server = app
        .deployment(name!("prometheus"), &values.image)
        .run_as(USER)
        .expose(&values.exposure)
        .resources(&values.resources)
        .args(["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"])
        // Flags, which every version takes: the same settings in the file stop a version before 3.8.
        .args([
            format!("--storage.tsdb.retention.time={}", values.retention),
            format!("--storage.tsdb.retention.size={size}MB"),
        ])
        .args(external_url(&values.exposure))
        .mount(&settings.files(), "/etc/prometheus")
        .mount(&data, "/prometheus")
        .live(web.get("/-/healthy"))
        .ready(web.get("/-/ready"))
        // It reads its log before it answers.
        .starts_within(300)
        .drains_within(60);

    let server = rules.iter().fold(server, |server, files| server.mount(&files.files(), format!("/{}", files.name())));
    exporters.iter().fold(server, Unfinished::scrape).serve(&web)
}

/// The rules of a group in a `ConfigMap` of its own: kubectl refuses one of more than 256 KiB, which is twenty models.
fn file(app: &mut App, group: &Group) -> Config {
    let name = name!("rules").with(&group.watches);
    app.config(name, [(key!("rules.yml"), to_yaml(&json!({"groups": [group]})))])
}

/// Links in alerts lead where people can open them.
fn external_url(exposure: &Exposure) -> Option<String> {
    exposure.host().map(|host| format!("--web.external-url=https://{}/", host.value))
}
