//! A real API server judges every environment: defaulting, validation and admission as every cluster has them, of
//! other projects' kinds by the projects' own schemas.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use builders::{Model, Resources, SecretsFrom, name};
use serde_json::{Value, json};
use tests::{copy, environments, manifests::objects, repository};

use crate::{
    cluster::{Cluster, NAMESPACES},
    foreign,
    stored::other,
    tools::{files, folder, run, stdout},
};

#[test]
fn the_api_server_takes_every_environment_as_it_is_and_would_run_every_pod() {
    let cluster = Cluster::start();
    cluster.define_foreign();
    let _controllers = cluster.control(&[NAMESPACES]);
    for (name, artifacts) in environments::all() {
        let folder = folder(&artifacts.compiled.files);
        assert_eq!(cluster.apply(folder.path()), Ok(()), "{name}");
        let diff = cluster.kubectl(&["diff", "--filename", &folder.path().to_string_lossy()]);
        assert!(diff.status.success(), "another apply of {name} would change it:\n{}", stdout(&diff));
        assert_eq!(altered(&cluster, folder.path()), [""; 0], "{name}");
        let ours = repository().join(format!("environments/{name}.yaml")).is_file();
        if ours && artifacts.environment.values.secrets == SecretsFrom::Generated {
            takes_secrets(&cluster, &name);
        }
        admits_every_pod(&cluster, &read(folder.path()));
        cluster.remove(folder.path());
    }
}

/// The objects of a folder's files.
fn read(folder: &Path) -> Vec<Value> {
    let texts: Vec<String> = files(folder).iter().map(|file| fs::read_to_string(file).expect("a file")).collect();
    objects(&texts).into_iter().map(|object| serde_json::to_value(object).expect("JSON")).collect()
}

/// What the server keeps otherwise than the files of a folder say.
fn altered(cluster: &Cluster, folder: &Path) -> Vec<String> {
    let (written, stored, kinds) = (read(folder), cluster.stored(folder), foreign::kinds());
    assert_eq!(written.len(), stored.len());
    let differences = written.iter().zip(&stored).flat_map(|(written, stored)| {
        let identity = |object: &Value| format!("{} {}", text(object, "/kind"), text(object, "/metadata/name"));
        assert_eq!(identity(written), identity(stored), "kubectl gives what it has in the order of the files");
        let is_foreign = kinds.contains(&(text(written, "/apiVersion").into(), text(written, "/kind").into()));
        other(written, stored, is_foreign).into_iter().map(move |what| format!("{}{what}", identity(written)))
    });
    differences.collect()
}

fn text<'v>(object: &'v Value, pointer: &str) -> &'v str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// What `mlstack secrets` prints, drawn in a copy of the repository: values of a test stay out of it.
fn takes_secrets(cluster: &Cluster, environment: &str) {
    let project = tempfile::tempdir().expect("a folder");
    for part in ["environments", "models"] {
        copy(&repository().join(part), &project.path().join(part));
    }
    let mut mlstack = Command::new(env!("CARGO_BIN_EXE_mlstack-under-test"));
    let secrets = run(mlstack.args(["secrets", environment]).current_dir(project.path()));
    assert!(secrets.status.success(), "{}", String::from_utf8_lossy(&secrets.stderr));
    let file = project.path().join("secrets.yaml");
    fs::write(&file, secrets.stdout).expect("a file");
    assert_eq!(cluster.apply(&file), Ok(()), "{environment}");
}

fn admits_every_pod(cluster: &Cluster, objects: &[Value]) {
    let pods: Vec<Value> = objects.iter().filter_map(pod_of).collect();
    assert!(!pods.is_empty());
    let admitted = cluster.create(&json!({"apiVersion": "v1", "kind": "List", "items": pods}));
    assert_eq!(admitted.map(|admitted| admitted.len()), Ok(pods.len()));
    // The same door is closed to what is not restricted.
    let mut pod = pods[0].clone();
    pod["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = true.into();
    assert!(cluster.create(&pod).is_err_and(|said| said.contains("violates PodSecurity")));
}

/// The pod that a controller would make of a workload; nothing for other objects.
fn pod_of(workload: &Value) -> Option<Value> {
    let mut pod = match text(workload, "/kind") {
        "Deployment" | "Job" => workload["spec"]["template"].clone(),
        "CronJob" => workload["spec"]["jobTemplate"]["spec"]["template"].clone(),
        _ => return None,
    };
    pod["apiVersion"] = "v1".into();
    pod["kind"] = "Pod".into();
    pod["metadata"]["namespace"] = workload["metadata"]["namespace"].clone();
    pod["metadata"]["name"] = workload["metadata"]["name"].clone();
    Some(pod)
}

#[test]
fn an_object_of_another_project_must_fit_the_projects_own_schema() {
    let cluster = Cluster::start();
    cluster.define_foreign();
    let folder = folder([(&"foreign.yaml".to_owned(), &include_str!("samples/foreign.yaml").to_owned())]);
    assert_eq!(cluster.apply(folder.path()), Ok(()));
    assert_eq!(altered(&cluster, folder.path()), [""; 0]);

    let samples: Vec<Value> = read(folder.path()).into_iter().skip(1).collect();
    let kinds: BTreeSet<_> =
        samples.iter().map(|it| (text(it, "/apiVersion").to_owned(), text(it, "/kind").to_owned())).collect();
    let defined: BTreeSet<String> = foreign::kinds().into_iter().map(|(_, kind)| kind).collect();
    assert_eq!(kinds.into_iter().map(|(_, kind)| kind).collect::<BTreeSet<_>>(), defined, "a sample of each");
    for mut sample in samples {
        let what = text(&sample, "/kind").to_owned();
        sample["metadata"]["name"] = "wrong".into();
        assert!(cluster.create(&sample).is_ok(), "{what}");
        let refused = |wrong: &Value, because: &str| match cluster.create(wrong) {
            Err(said) => assert!(said.contains(because), "{what}: {said}"),
            Ok(_) => panic!("{what} was taken: {wrong}"),
        };
        let mut wrong = sample.clone();
        wrong["spec"]["unheardOf"] = "x".into();
        refused(&wrong, "unknown field \"spec.unheardOf\"");
        for (key, right) in sample["spec"].as_object().expect("a specification") {
            let mut wrong = sample.clone();
            wrong["spec"][key] = if right.is_string() { json!({"not": "text"}) } else { "text".into() };
            refused(&wrong, key);
        }
    }
}

#[test]
fn the_api_server_takes_every_schedule_that_we_take() {
    let cluster = Cluster::start();
    for (index, text) in [
        "* * * * *",
        "*/15 0-6,22 * * *",
        "0  2 1-31/2 JAN-mar,dec mon-Fri",
        "0 0 29 2 *",
        "5 4 * * sun,6",
        "@hourly",
        "@daily",
        "@midnight",
        "@weekly",
        "@monthly",
        "@yearly",
        "@annually",
    ]
    .into_iter()
    .enumerate()
    {
        let mut model = Model::new(builders::Cluster::named("clock"));
        let mut app = model.namespace(&name!("default"));
        let image = "example/clock:1".parse().expect("an image");
        let job = app.cron_job(name!("clock"), &image, &text.parse().expect("a schedule"));
        job.resources(&Resources::new((10, 16), (100, 16))).fails_for_good_on([2, 1, 2]).run();
        let files = model.finish().expect("nothing clashes").files;
        let objects: Vec<Value> =
            objects(files.values()).into_iter().map(|it| serde_json::to_value(it).unwrap()).collect();
        let mut cron_job = objects.into_iter().find(|it| it["kind"] == "CronJob").expect("a CronJob");
        cron_job["metadata"]["name"] = format!("clock-{index}").into();
        assert_eq!(cluster.create(&cron_job).map(|made| made.len()), Ok(1), "{text}");
    }
}
