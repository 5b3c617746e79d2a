//! Who scrapes what, and with which token: the cluster's own Prometheus, or one of the stack.

use builders::{Cluster, Compiled, Finding, Metrics, Model, Name, Resources, SecretsPlan, Unfinished, http, key, name};
use serde_yaml::Value;
use tests::{
    edges::one_sided,
    environments,
    manifests::{at, identity, items, map, objects, text},
    references::dangling,
};

/// In `team`, something that exports with a token; in `ops`, what scrapes it; then another exporter, if it has a name.
fn scraped(secrets: SecretsPlan, late: Option<Name>) -> Result<Compiled, Vec<Finding>> {
    let mut model = Model::new(Cluster { secrets, ..Cluster::named("shop") });
    let (image, port) = ("example/web:1".parse().expect("an image"), http(name!("http"), 8080));
    let exporter = |model: &mut Model, name: Name| {
        let mut team = model.namespace(&name!("team"));
        let secret = team.secret(name.clone());
        let (token, other) = (secret.key(key!("TOKEN")), secret.key(key!("OTHER")));
        let web = team.deployment(name, &image).resources(&Resources::new((100, 64), (500, 128)));
        let web = web.secret("TOKEN", &token).secret("OTHER", &other);
        let metrics = Metrics { path: "/metrics", requests: Some("requests_total"), token: Some(token) };
        web.exports(metrics).ready(port.get("/ready")).live(port.get("/health")).serve(&port);
    };
    exporter(&mut model, name!("web"));
    let mut ops = model.namespace(&name!("ops"));
    let exporters = ops.exporters();
    let scraper = ops.deployment(name!("scraper"), &image).resources(&Resources::new((100, 64), (500, 128)));
    let scraper = exporters.iter().fold(scraper, Unfinished::scrape);
    scraper.ready(port.get("/ready")).live(port.get("/health")).serve(&port);
    if let Some(name) = late {
        exporter(&mut model, name);
    }
    model.finish()
}

/// What makes Secrets in `out/`: by namespace and name, the keys.
fn made(compiled: &Compiled) -> Vec<(String, Vec<String>)> {
    let objects = objects(compiled.files.values());
    let keys = |object: &Value| match identity(object).0 {
        "SealedSecret" => Some(map(object, &["spec", "encryptedData"]).into_keys().collect()),
        "ExternalSecret" => {
            Some(items(object, &["spec", "data"]).map(|data| text(data, &["secretKey"]).to_owned()).collect())
        }
        _ => None,
    };
    let of = |object| Some((format!("{}/{}", identity(object).1, identity(object).2), keys(object)?));
    objects.iter().filter_map(of).collect()
}

#[test]
fn a_token_that_is_read_in_another_namespace_is_made_in_both_and_nothing_else_with_it() {
    let both = [("ops/web", vec!["TOKEN"]), ("team/web", vec!["OTHER", "TOKEN"])];
    let both = both.map(|(name, keys)| (name.to_owned(), keys.into_iter().map(str::to_owned).collect::<Vec<_>>()));
    let keys = |keys: &[_]| {
        let sealed = keys.iter().map(|key: &builders::KeyName| (key.clone(), "Ag".to_owned())).collect();
        [(name!("web"), sealed)].into()
    };
    let ciphertexts =
        [(name!("team"), keys(&[key!("OTHER"), key!("TOKEN")])), (name!("ops"), keys(&[key!("TOKEN")]))].into();
    let store = builders::Store {
        store: "vault".parse().expect("a name"),
        store_kind: builders::StoreKind::ClusterSecretStore,
        prefix: None,
        refresh_interval: "1h".parse().expect("an interval"),
    };
    for (plan, expected) in [
        (SecretsPlan::Elsewhere, &[][..]),
        (SecretsPlan::Sealed(ciphertexts), &both[..]),
        (SecretsPlan::ExternalSecrets(store), &both[..]),
    ] {
        let compiled = scraped(plan, None).expect("nothing clashes");
        assert_eq!(made(&compiled), expected);
        // What `mlstack secrets` prints, seals and asks for goes by this.
        let declared = compiled.inventory.secrets.iter().map(|((namespace, name), secret)| {
            (format!("{namespace}/{name}"), secret.keys.keys().map(ToString::to_string).collect::<Vec<_>>())
        });
        assert_eq!(declared.collect::<Vec<_>>(), both);
        let objects = objects(compiled.files.values());
        assert_eq!((dangling(&objects, &compiled.inventory), one_sided(&objects)), (Vec::new(), Vec::new()));
    }
}

#[test]
fn the_pods_of_what_is_scraped_have_a_name_of_their_own_whether_they_are_ready_or_not() {
    let compiled = scraped(SecretsPlan::Elsewhere, None).expect("nothing clashes");
    let objects = objects(compiled.files.values());
    let service = objects.iter().find(|it| identity(it) == ("Service", "team", "web-pods")).expect("a Service");
    assert_eq!(text(service, &["spec", "clusterIP"]), "None");
    assert_eq!(at(service, &["spec", "publishNotReadyAddresses"]).as_bool(), Some(true));
    assert!(!objects.iter().any(|it| identity(it) == ("Service", "ops", "scraper-pods")), "nobody scrapes the scraper");
}

#[test]
fn what_is_declared_after_the_prometheus_is_not_left_out_in_silence() {
    let findings = scraped(SecretsPlan::Elsewhere, Some(name!("late"))).expect_err("late is not scraped");
    let told: Vec<_> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(told, ["late exports metrics, but the Prometheus of the stack does not scrape them"]);
}

/// Rules and dashboards select by `job` and `namespace`. The operator's Prometheus takes the Service's name for `job`, the
/// stack's own is told it.
#[test]
fn series_have_the_name_of_the_workload_wherever_they_are() {
    let (mut operators, mut own) = (0, 0);
    for (environment, artifacts) in environments::all() {
        let objects = objects(artifacts.compiled.files.values());
        for monitor in objects.iter().filter(|it| identity(it).0 == "ServiceMonitor") {
            let (_, namespace, name) = identity(monitor);
            let labels = map(monitor, &["spec", "selector", "matchLabels"]);
            let services = objects.iter().filter(|it| {
                let has = map(it, &["metadata", "labels"]);
                identity(it).0 == "Service"
                    && identity(it).1 == namespace
                    && labels.iter().all(|(label, value)| has.get(label) == Some(value))
            });
            assert_eq!(services.map(|it| identity(it).2).collect::<Vec<_>>(), [name], "{environment}");
            assert!(at(monitor, &["spec", "jobLabel"]).is_null(), "{environment}: {name}");
            operators += 1;
        }
        for config in objects.iter().filter(|it| !text(it, &["data", "prometheus.yml"]).is_empty()) {
            let config: Value = serde_yaml::from_str(text(config, &["data", "prometheus.yml"])).expect("YAML");
            for job in items(&config, &["scrape_configs"]) {
                let name = text(job, &["job_name"]);
                let relabel = items(job, &["relabel_configs"]).next().expect("a label");
                assert_eq!(text(relabel, &["target_label"]), "namespace");
                let namespace = text(relabel, &["replacement"]);
                let is_there = |kind| objects.iter().any(|it| identity(it) == (kind, namespace, name));
                assert!(is_there("Deployment") || is_there("Cluster"), "{environment}: {name}");
                let pods = items(job, &["dns_sd_configs"]).next().expect("a name");
                let host = items(pods, &["names"]).next().and_then(Value::as_str).unwrap_or_default();
                let mut parts = host.split('.');
                let (service, place) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
                let service = objects.iter().find(|it| identity(it) == ("Service", place, service)).expect(host);
                let selector: Vec<String> = map(service, &["spec", "selector"]).into_values().collect();
                assert_eq!(selector, [name], "{environment}");
                let port = items(service, &["spec", "ports"]).find_map(|port| port.get("port")?.as_u64());
                assert_eq!(at(pods, &["port"]).as_u64(), port, "{environment}: {name}");
                own += 1;
            }
        }
    }
    assert!(operators >= 8 && own >= 5, "{operators} by operators, {own} of stacks");
}
