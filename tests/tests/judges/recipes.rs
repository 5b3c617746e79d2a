//! Recipes of the justfile, run by just in a folder like the repository's. kubectl, curl and the like are stand-ins that
//! write down what they are asked for.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;
use tests::{repository, texts::Texts};

use crate::tools::{files, run};

/// A project, and programs in front of the PATH.
pub struct Place {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Place {
    /// The justfile beside `out/local`, in which the API of diabetes lives in a namespace of its own.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("out/local");
        for path in [&out, &folder.path().join("bin"), &folder.path().join("environments")] {
            fs::create_dir_all(path).expect("a folder");
        }
        for part in ["models", "models/data"] {
            copy(&repository().join(part), &folder.path().join(part));
        }
        fs::copy(repository().join("justfile"), folder.path().join("justfile")).expect("the justfile");
        let local = fs::read(repository().join("environments/local.yaml")).expect("local");
        fs::write(folder.path().join("environments/local.yaml"), &local).expect("a file");
        for (name, text) in Texts::with(local).compile().expect("local is right").compiled.files {
            let alone = name.ends_with("-diabetes-api.yaml");
            let text = if alone { text.replace("namespace: mlops", "namespace: diabetes-mlops") } else { text };
            fs::write(out.join(name), text).expect("a file");
        }
        let place = Self { folder, variables: Vec::new() };
        for program in ["kubectl", "curl", "kind"] {
            // As the real curl, which is not answered before the port is forwarded in the background.
            let forwarded = format!("grep -qs 18000:8000 '{}/asked'", place.path().display());
            place.program(
                program,
                &format!(
                    "case \"$*\" in *custom-columns*) echo one api; echo two churn ;; *18000:8000*) exec sleep 5 ;; \
                     *18000/health*) for _ in {{1..200}}; do {forwarded} && break; sleep 0.05; done ;; esac"
                ),
            );
        }
        place
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A program that writes down its name and arguments, and its input if that is a file or a pipe, and then does `script`.
    pub fn program(&self, name: &str, script: &str) {
        let path = self.path().join("bin").join(name);
        let text = format!(
            "#!/bin/bash\nasked=\"{name} $*\"\nif [ \"${{*: -1}}\" = - ]; then asked+=\" $(cat)\"; fi\n\
             echo \"$asked\" >> '{}/asked'\n{script}\n",
            self.path().display()
        );
        fs::write(&path, text).expect("a program");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
    }

    pub fn with(mut self, variable: &str, value: &str) -> Self {
        self.variables.push((variable.to_owned(), value.to_owned()));
        self
    }

    pub fn just(&self, arguments: &[&str]) -> Output {
        let just: PathBuf = repository().join("target/tools/just/bin/just");
        assert!(just.is_file(), "just is missing: run `cargo xtask tools`");
        let path = format!("{}:{}", self.path().join("bin").display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new(just);
        for variable in ["CLUSTER", "ENVIRONMENT", "API_KEY"] {
            command.env_remove(variable);
        }
        let variables = self.variables.iter().map(|(name, value)| (name, value));
        run(command.args(arguments).env("PATH", path).envs(variables).current_dir(self.path()))
    }

    /// What the programs were asked for by a recipe that must succeed.
    fn asked(&self, arguments: &[&str]) -> Vec<String> {
        let _ = fs::remove_file(self.path().join("asked"));
        let done = self.just(arguments);
        assert!(done.status.success(), "just {arguments:?}\n{}", String::from_utf8_lossy(&done.stderr));
        let asked = fs::read_to_string(self.path().join("asked")).unwrap_or_default();
        asked.lines().map(str::to_owned).collect()
    }
}

/// Copies the files of a folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for file in files(from).iter().filter(|file| file.is_file()) {
        fs::copy(file, to.join(file.file_name().expect("a name"))).expect("a file");
    }
}

#[test]
fn a_component_is_found_in_its_own_namespace() {
    let place = Place::new();
    for (recipe, wanted) in [
        (
            vec!["logs", "diabetes-api", "--follow"],
            "kubectl --namespace diabetes-mlops logs --selector app.kubernetes.io/name=diabetes-api --all-containers --ignore-errors --tail 100 --prefix --follow",
        ),
        (
            vec!["logs", "mlflow"],
            "kubectl --namespace mlops logs --selector app.kubernetes.io/name=mlflow --all-containers --ignore-errors --tail 100 --prefix",
        ),
        (
            vec!["port-forward", "diabetes-api", "8000"],
            "kubectl --namespace diabetes-mlops port-forward service/diabetes-api 8000",
        ),
        (vec!["ui"], "kubectl --namespace mlops port-forward service/ui 8501"),
        (vec!["mlflow-ui"], "kubectl --namespace mlops port-forward service/mlflow 5000"),
        (vec!["grafana"], "kubectl --namespace mlops port-forward service/grafana 3000"),
        (vec!["prometheus"], "kubectl --namespace mlops port-forward service/prometheus 9090"),
    ] {
        assert_eq!(place.asked(&recipe), [wanted]);
    }
    assert_eq!(
        place.asked(&["train", "local", "diabetes"]),
        [
            "kubectl --namespace mlops delete jobs --selector app.kubernetes.io/name=diabetes-training",
            "kubectl apply --filename out/local"
        ]
    );
    let asked = place.asked(&["smoke"]);
    assert!(
        // It is asked in the background, before or after the first curl.
        asked
            .iter()
            .any(|asked| asked == "kubectl --namespace diabetes-mlops port-forward service/diabetes-api 18000:8000"),
        "{asked:?}"
    );
    assert!(
        asked
            .iter()
            .any(|asked| asked.contains("/predict") && asked.contains("Glucose") && !asked.contains("x-api-key")),
        "{asked:?}"
    );
    let asked = place.asked(&["stress", "diabetes", "30800", "400"]);
    assert!(
        asked.iter().any(|asked| asked == "kubectl --namespace diabetes-mlops get hpa diabetes-api --watch"),
        "{asked:?}"
    );
    let asked = Place::new().with("API_KEY", "a key").asked(&["smoke", "diabetes"]);
    assert!(asked.iter().any(|asked| asked.ends_with("--header x-api-key: a key")), "{asked:?}");

    for recipe in [
        vec!["logs", "nothing"],
        vec!["port-forward", "nothing", "1"],
        vec!["smoke", "nothing"],
        vec!["train", "local", "nothing"],
        vec!["retrain", "local", "nothing"],
        vec!["drift", "local", "nothing"],
        vec!["drift", "nowhere", "churn"],
        vec!["backup", "nowhere"],
        vec!["backups", "nowhere"],
        vec!["restore", "nowhere", "x.dump"],
    ] {
        let _ = fs::remove_file(place.path().join("asked"));
        assert!(!place.just(&recipe).status.success(), "{recipe:?}");
        assert!(!place.path().join("asked").exists(), "{recipe:?} asks in a namespace that nobody named");
    }
    // Another environment is in another folder.
    assert!(!Place::new().with("ENVIRONMENT", "staging").just(&["logs", "mlflow"]).status.success());
}

#[test]
fn what_concerns_everything_is_asked_in_every_namespace() {
    const EVERYWHERE: &str = "--all-namespaces --selector app.kubernetes.io/part-of=mlstack";
    let place = Place::new();
    let asked = place.asked(&["status"]);
    assert!(
        asked.iter().any(|asked| *asked == format!("kubectl get deployments,jobs,pods,hpa,pdb,pvc {EVERYWHERE}")),
        "{asked:?}"
    );
    let asked = place.asked(&["rollout", "60"]);
    assert!(asked[0].starts_with(&format!("kubectl get deployments {EVERYWHERE}")), "{asked:?}");
    assert_eq!(
        asked[1..],
        [
            "kubectl --namespace one rollout status deployment/api --timeout 60s",
            "kubectl --namespace two rollout status deployment/churn --timeout 60s"
        ]
    );
    place.program("kubectl", "case \"$*\" in *custom-columns*) echo one api; echo two churn ;; *api*) exit 1 ;; esac");
    assert!(!place.just(&["rollout"]).status.success(), "a rollout that fails is none that succeeds");
}

/// Answers as a cluster: what became of the Job, and with which code its container ended.
fn ends(place: &Place, condition: &str, code: &str) {
    let script = format!(
        "case \"$*\" in *'get pods'*) printf '3\\n{code}\\n' ;; *failed*) echo x ;; *'get job '*) printf '{condition}' ;; \
         *' logs '*) echo what it said ;; *dry-run*) echo 'kind: Job' ;; *'set env'*) cat ;; esac"
    );
    place.program("kubectl", &script);
}

#[test]
fn what_runs_by_hand_runs_as_by_its_schedule_and_ends_as_it_did() {
    let place = Place::new();
    ends(&place, "SuccessCriteriaMet Complete", "");
    for (recipe, namespace, name) in [
        (["drift", "local", "churn"], "churn-mlops", "churn-drift"),
        (["retrain", "local", "diabetes"], "mlops", "diabetes-retraining"),
        (["backup", "local", ""], "mlops", "backup"),
    ] {
        let asked = place.asked(&recipe[..recipe.iter().filter(|word| !word.is_empty()).count()]);
        let (of, job) = (format!("kubectl --namespace {namespace}"), asked[0].split(' ').nth(5).unwrap_or_default());
        assert!(job.starts_with(&format!("{name}-")) && job.len() == name.len() + 11, "{job}");
        assert_eq!(asked[0], format!("{of} create job {job} --from=cronjob/{name}"));
        assert!(asked[1].starts_with(&format!("{of} get job {job} --output ")), "{asked:?}");
        let logs = format!(
            "{of} logs --selector batch.kubernetes.io/job-name={job} --all-containers --ignore-errors --tail=-1"
        );
        assert_eq!(asked[2..], [logs]);
    }
    assert!(String::from_utf8_lossy(&place.just(&["drift", "local", "churn"]).stdout).contains("what it said"));
    // Something that one run alone is told.
    let asked = place.asked(&["_run-by-hand", "local", "churn-drift", "DRIFT_LAST=30d", "DRIFT_PSI=0.1"]);
    for wanted in [
        "--from=cronjob/churn-drift --dry-run=client --output yaml",
        "kubectl set env --local --filename - --output yaml DRIFT_LAST=30d DRIFT_PSI=0.1",
        "kubectl --namespace churn-mlops create --filename - kind: Job",
    ] {
        assert!(asked.iter().any(|asked| asked.ends_with(wanted)), "{wanted}: {asked:?}");
    }
    let asked = place.asked(&["restore", "local", "a%20b-20261121T023000Z.dump"]);
    for wanted in [
        "--from=cronjob/restore --dry-run=client --output yaml",
        "kubectl set env --local --filename - --output yaml BACKUP_FILE=a%20b-20261121T023000Z.dump",
        "kubectl --namespace mlops create --filename - kind: Job",
    ] {
        assert!(asked.iter().any(|asked| asked.ends_with(wanted)), "{wanted}: {asked:?}");
    }
    let listed = "kubectl --namespace mlops exec deployment/backups -- /serving backup list";
    assert_eq!(place.asked(&["backups", "local"]), [listed]);
    // Drift is an answer, bad input another; a Job that was ended for its time gives none.
    for (code, wanted) in [("1", 1), ("2", 2), ("", 1)] {
        ends(&place, "FailureTarget Failed", code);
        assert_eq!(place.just(&["drift", "local", "churn"]).status.code(), Some(wanted), "{code:?}");
    }
    assert_eq!(place.just(&["drift", "local", "diabetis"]).status.code(), Some(2));
}

#[test]
fn clean_deletes_namespaces_and_what_is_in_none() {
    let place = Place::new();
    fs::write(place.path().join("out/local/000-cluster.yaml"), "").expect("a file");
    let wanted = "kubectl delete --ignore-not-found --filename out/local/000-cluster.yaml --filename out/local/000-namespace-churn-mlops.yaml --filename out/local/000-namespace-mlops.yaml";
    assert_eq!(place.asked(&["clean", "local"]), [wanted]);
}

#[test]
fn setup_makes_a_cluster_of_kind_that_shows_the_node_ports() {
    let asked = Place::new().with("CLUSTER", "kind").asked(&["setup"]);
    assert!(asked[0].starts_with("kind create cluster --config - {kind: Cluster,"), "{asked:?}");
    for port in [30080, 30300, 30500, 30800, 30851] {
        assert!(asked[0].contains(&format!("{{containerPort: {port}, hostPort: {port}}}")), "{port}: {asked:?}");
    }
    assert!(serde_yaml::from_str::<serde_yaml::Value>(asked[0].split_once(" - ").expect("a configuration").1).is_ok());
}
