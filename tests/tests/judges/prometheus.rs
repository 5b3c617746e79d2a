//! Debian's promtool reads the configuration of every Prometheus of a stack, with its rules and tokens where pods have them,
//! and Debian's Prometheus knows its flags: 2.42 here, so that whatever image an environment names does. The version that the
//! manifests name itself runs in `tests/serving/cases/contract/`.

use std::{fs, path::Path, process::Command};

use serde_yaml::Value;
use tests::{
    environments,
    manifests::{at, identity, items, map, objects, pod, text},
};

use crate::tools::{run, stdout, tool};

/// The pods' files, below a folder; gives back the folders that a path of theirs may begin with.
fn lay_out(folder: &Path, pod: &Value, objects: &[Value], namespace: &str) -> Vec<String> {
    let container = items(pod, &["containers"]).next().expect("a container");
    let mounts = items(container, &["volumeMounts"]).map(|mount| {
        let (name, path) = (text(mount, &["name"]), text(mount, &["mountPath"]));
        let place = folder.join(path.trim_start_matches('/'));
        fs::create_dir_all(&place).expect("a folder");
        let volume = items(pod, &["volumes"]).find(|volume| text(volume, &["name"]) == name).expect("a volume");
        let config = text(volume, &["configMap", "name"]);
        let config = objects.iter().find(|it| identity(it) == ("ConfigMap", namespace, config));
        for (file, content) in config.map(|config| map(config, &["data"])).unwrap_or_default() {
            // Files name each other by where they are in the pod.
            let content = content.replace(" /etc/", &format!(" {}/etc/", folder.display()));
            let content = content.replace(" /tokens/", &format!(" {}/tokens/", folder.display()));
            let content = content.replace(" /rules-", &format!(" {}/rules-", folder.display()));
            fs::write(place.join(file), content).expect("a file");
        }
        for key in items(volume, &["secret", "items"]) {
            fs::write(place.join(text(key, &["path"])), "t0ken").expect("a file");
        }
        path.to_owned()
    });
    mounts.collect()
}

fn check(config: &Path) -> Result<String, String> {
    let checked = run(Command::new(tool("promtool")).args(["check", "config"]).arg(config));
    let said = stdout(&checked) + &String::from_utf8_lossy(&checked.stderr);
    if checked.status.success() { Ok(said) } else { Err(said) }
}

#[test]
fn promtool_takes_every_configuration_and_an_older_prometheus_knows_every_flag() {
    let help = stdout(&run(Command::new(tool("prometheus")).arg("--help")));
    let mut checked = 0;
    for (name, artifacts) in environments::all() {
        let objects = objects(artifacts.compiled.files.values());
        let deployment = objects.iter().find(|it| (identity(it).0, identity(it).2) == ("Deployment", "prometheus"));
        let Some((deployment, pod)) = deployment.and_then(|it| Some((it, pod(it)?))) else { continue };
        let folder = tempfile::tempdir().expect("a folder");
        let mounts = lay_out(folder.path(), pod, &objects, identity(deployment).1);
        let container = items(pod, &["containers"]).next().expect("a container");
        let mut file = None;
        for argument in items(container, &["args"]).filter_map(Value::as_str) {
            let (flag, value) = argument.split_once('=').expect("a flag and its value");
            assert!(help.contains(&format!("{flag}=")), "{name}: {flag} is no flag of\n{help}");
            if value.starts_with('/') {
                assert!(mounts.iter().any(|mount| value.starts_with(mount)), "{name}: nothing is mounted at {value}");
            }
            file = (flag == "--config.file").then(|| folder.path().join(value.trim_start_matches('/'))).or(file);
        }
        let file = file.expect("a configuration");
        let said = check(&file).unwrap_or_else(|said| panic!("{name}: {said}"));
        // Rules were found, by the pattern that names them.
        assert!(said.contains("rules found"), "{name}: {said}");

        // It does look: at keys, at files of tokens, at rules.
        let right = fs::read_to_string(&file).expect("it was written");
        for (from, to) in [("job_name:", "jobname:"), ("type: A\n", "type: PTR\n"), ("replacement:", "replace:")] {
            assert!(right.contains(from), "{name}: {from}");
            fs::write(&file, right.replacen(from, to, 1)).expect("a file");
            assert!(check(&file).is_err(), "{name}: {from} → {to}");
        }
        checked += 1;
    }
    assert!(checked >= 2, "{checked}");
}

#[test]
fn grafana_is_given_what_its_provisioning_takes() {
    // The keys by https://grafana.com/docs/grafana/latest/administration/provisioning/: there is no Grafana here to ask.
    const SOURCE: &[&str] =
        &["name", "uid", "type", "access", "url", "isDefault", "editable", "jsonData", "orgId", "version"];
    const PROVIDER: &[&str] = &[
        "name",
        "orgId",
        "folder",
        "folderUid",
        "type",
        "disableDeletion",
        "updateIntervalSeconds",
        "allowUiUpdates",
        "options",
    ];
    let mut checked = 0;
    for (name, artifacts) in environments::all() {
        let objects = objects(artifacts.compiled.files.values());
        let Some(deployment) = objects.iter().find(|it| (identity(it).0, identity(it).2) == ("Deployment", "grafana"))
        else {
            continue;
        };
        let (folder, pod) = (tempfile::tempdir().expect("a folder"), pod(deployment).expect("pods"));
        lay_out(folder.path(), pod, &objects, identity(deployment).1);
        let container = items(pod, &["containers"]).next().expect("a container");
        let variable = |name: &str| items(container, &["env"]).find(|it| text(it, &["name"]) == name);
        let read = |path: &str| -> Value {
            let file = folder.path().join("etc/grafana/provisioning").join(path);
            serde_yaml::from_str(&fs::read_to_string(file).expect(path)).expect("YAML")
        };
        let known = |map: &Value, known: &[&str]| {
            let keys = map.as_mapping().into_iter().flat_map(serde_yaml::Mapping::keys).filter_map(Value::as_str);
            assert_eq!(keys.filter(|key| !known.contains(key)).collect::<Vec<_>>(), [""; 0], "{name}: {map:?}");
        };

        let sources = read("datasources/prometheus.yaml");
        let source = items(&sources, &["datasources"]).next().expect("a source");
        known(source, SOURCE);
        assert_eq!(at(&sources, &["apiVersion"]).as_u64(), Some(1));
        assert_eq!((text(source, &["type"]), text(source, &["access"])), ("prometheus", "proxy"));
        let asked = text(source, &["url"]).strip_prefix('$').expect("a variable");
        let address = text(variable(asked).expect(asked), &["value"]);
        assert!(address.starts_with("http://prometheus.") && address.ends_with(":9090"), "{name}: {address}");

        let providers = read("dashboards/dashboards.yaml");
        let provider = items(&providers, &["providers"]).next().expect("a provider");
        known(provider, PROVIDER);
        let shown = text(provider, &["options", "path"]).replace(&folder.path().display().to_string(), "");
        let boards = fs::read_dir(folder.path().join(shown.trim_start_matches('/'))).expect("dashboards").flatten();
        let mut files = 0;
        for board in boards.flat_map(|folder| fs::read_dir(folder.path()).expect("a folder").flatten()) {
            let text = fs::read_to_string(board.path()).expect("a dashboard");
            let board: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            assert!(board["uid"].is_string() && board["title"].is_string(), "{name}: {board}");
            files += 1;
        }
        assert!(files >= 2, "{name}: {files}");

        // The file of the password is where Grafana is told to look.
        let password = text(variable("GF_SECURITY_ADMIN_PASSWORD__FILE").expect("a password"), &["value"]);
        assert!(folder.path().join(password.trim_start_matches('/')).is_file(), "{name}: {password}");
        checked += 1;
    }
    assert!(checked >= 2, "{checked}");
}
