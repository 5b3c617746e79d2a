//! A real API server on a real etcd: defaulting, validation and admission as every cluster has them.

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;
use tests::repository;

use crate::tools::{manifests, run, stdout, tool};
use servers::{Server, free_port};

/// An API server without nodes: it takes, keeps and judges objects; nothing runs.
pub struct Cluster {
    // In the order in which they must end.
    _apiserver: Server,
    _etcd: Server,
    folder: TempDir,
}

impl Cluster {
    /// Starts etcd and the API server on loopback.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let [client, peer, secure] = [free_port(), free_port(), free_port()];
        let url = format!("http://127.0.0.1:{client}");
        let peers = format!("http://127.0.0.1:{peer}");
        let mut command = Command::new(tool("etcd"));
        command.arg("--data-dir").arg(path("etcd")).args([
            "--listen-client-urls",
            &url,
            "--advertise-client-urls",
            &url,
        ]);
        command.args([
            "--listen-peer-urls",
            &peers,
            "--initial-advertise-peer-urls",
            &peers,
            "--initial-cluster",
            &format!("default={peers}"),
        ]);
        let etcd = Server::start(&mut command, &path("etcd.log"));

        let key = path("accounts.key");
        assert!(run(Command::new(tool("openssl")).args(["genrsa", "-out"]).arg(&key).arg("2048")).status.success());
        fs::write(path("tokens.csv"), "judge,judge,judge,system:masters\n").expect("a file");
        let mut command = Command::new(tool("kube-apiserver"));
        command.args(["--etcd-servers", &url, "--bind-address=127.0.0.1", "--secure-port", &secure.to_string()]);
        command.args([
            "--service-cluster-ip-range=10.96.0.0/16",
            "--service-account-issuer=https://judge",
            "--authorization-mode=RBAC",
        ]);
        command.arg("--cert-dir").arg(path("certificates")).arg("--token-auth-file").arg(path("tokens.csv"));
        command.arg("--service-account-key-file").arg(&key).arg("--service-account-signing-key-file").arg(&key);
        let mut apiserver = Server::start(&mut command, &path("apiserver.log"));

        fs::write(path("kubeconfig"), kubeconfig(secure)).expect("a file");
        let log = path("apiserver.log");
        let cluster = || kubectl(&path("kubeconfig"), &["get", "--raw", "/readyz"]).status.success();
        apiserver.wait("kube-apiserver", &log, 120, cluster);
        Self { _apiserver: apiserver, _etcd: etcd, folder }
    }

    /// Starts the controllers that make pods of workloads and count what quotas hold.
    pub fn control(&self) -> Server {
        let path = |name: &str| self.folder.path().join(name);
        let mut command = Command::new(tool("kube-controller-manager"));
        command
            .arg("--kubeconfig")
            .arg(path("kubeconfig"))
            .arg("--service-account-private-key-file")
            .arg(path("accounts.key"));
        command.args(["--leader-elect=false", "--bind-address=127.0.0.1", "--secure-port", &free_port().to_string()]);
        command.arg("--controllers=deployment-controller,replicaset-controller,job-controller,resourcequota-controller,serviceaccount-controller");
        command.arg("--cert-dir").arg(path("certificates"));
        Server::start(&mut command, &path("controllers.log"))
    }

    /// Runs kubectl against the server.
    pub fn kubectl(&self, arguments: &[&str]) -> Output {
        kubectl(&self.folder.path().join("kubeconfig"), arguments)
    }

    /// Has the server judge and complete an object without keeping it, and gives back what it would keep.
    pub fn create(&self, object: &str) -> String {
        let file = self.folder.path().join("object.json");
        fs::File::create(&file).and_then(|mut open| open.write_all(object.as_bytes())).expect("a file");
        let file = file.to_string_lossy().into_owned();
        let done = self.kubectl(&["create", "--dry-run=server", "--output=json", "--filename", &file]);
        assert!(done.status.success() && done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
        stdout(&done)
    }
}

fn kubectl(config: &PathBuf, arguments: &[&str]) -> Output {
    run(Command::new(tool("kubectl")).arg("--kubeconfig").arg(config).args(arguments).stdin(Stdio::null()))
}

fn kubeconfig(port: u16) -> String {
    format!(
        "{{apiVersion: v1, kind: Config, current-context: judge, contexts: [{{name: judge, context: {{cluster: judge, user: judge}}}}], \
         clusters: [{{name: judge, cluster: {{server: \"https://127.0.0.1:{port}\", insecure-skip-tls-verify: true}}}}], \
         users: [{{name: judge, user: {{token: judge}}}}]}}"
    )
}

#[test]
fn the_api_server_takes_everything_as_it_is_and_would_run_every_pod() {
    let cluster = Cluster::start();
    let out = repository().join("out/local").to_string_lossy().into_owned();
    let applied = cluster.kubectl(&["apply", "--filename", &out]);
    let warned = String::from_utf8_lossy(&applied.stderr).into_owned();
    assert!(applied.status.success(), "{warned}");
    // Pod Security only warns of a workload; a warning is a pod that would not run.
    assert_eq!(warned, "");

    let diff = cluster.kubectl(&["diff", "--filename", &out]);
    assert!(diff.status.success(), "stored otherwise than written:\n{}", stdout(&diff));

    let secrets = run(Command::new(env!("CARGO_BIN_EXE_mlstack-under-test"))
        .args(["secrets", "local"])
        .current_dir(project().path()));
    let file = cluster.folder.path().join("secrets.yaml");
    fs::write(&file, secrets.stdout).expect("a file");
    let applied = cluster.kubectl(&["apply", "--filename", &file.to_string_lossy()]);
    assert!(applied.status.success() && applied.stderr.is_empty(), "{applied:?}");

    let workloads = cluster.kubectl(&["get", "deployments,jobs", "--namespace=mlops", "--output=json"]);
    let workloads: Value = serde_json::from_str(&stdout(&workloads)).expect("JSON");
    let items = workloads["items"].as_array().expect("a list");
    assert_eq!(items.len(), 5);
    for workload in items {
        let pod = pod_of(workload);
        let admitted: Value = serde_json::from_str(&cluster.create(&pod.to_string())).expect("JSON");
        assert_eq!(admitted["spec"]["containers"][0]["image"], pod["spec"]["containers"][0]["image"]);
    }
    // The same door is closed to what is not restricted.
    let mut pod = pod_of(&items[0]);
    pod["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = true.into();
    fs::write(cluster.folder.path().join("bad.json"), pod.to_string()).expect("a file");
    let bad = cluster.folder.path().join("bad.json").to_string_lossy().into_owned();
    let refused = cluster.kubectl(&["create", "--dry-run=server", "--filename", &bad]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("violates PodSecurity"), "{refused:?}");
}

/// A project of its own, so that values drawn for a test stay out of the repository.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for part in ["environments/local.yaml", "models/diabetes.yaml"] {
        let target = folder.path().join(part);
        fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        fs::copy(repository().join(part), target).expect("a file");
    }
    folder
}

/// The pod that a controller would make of a workload.
fn pod_of(workload: &Value) -> Value {
    let mut pod = workload["spec"]["template"].clone();
    pod["apiVersion"] = "v1".into();
    pod["kind"] = "Pod".into();
    pod["metadata"]["namespace"] = "mlops".into();
    pod["metadata"]["name"] = workload["metadata"]["name"].clone();
    pod
}

#[test]
fn other_environments_are_taken_too() {
    let cluster = Cluster::start();
    for (name, folder) in manifests().into_iter().skip(1) {
        let path = folder.path().to_string_lossy().into_owned();
        let applied = cluster.kubectl(&["apply", "--filename", &path]);
        assert_eq!(String::from_utf8_lossy(&applied.stderr), "", "{name}");
        assert!(cluster.kubectl(&["diff", "--filename", &path]).status.success(), "{name}");
    }
}
