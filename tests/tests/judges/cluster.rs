//! A real API server on a real etcd, and what is asked of it.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use servers::{Server, free_port};
use tempfile::TempDir;

use crate::{
    foreign,
    tools::{files, run, stdout, tool},
};

/// What removes the objects of a namespace with it; a Job with a policy about failures waits for pods to be told failed.
pub const NAMESPACES: &str = "namespace-controller,pod-garbage-collector-controller";
/// What makes pods of workloads and counts what quotas hold.
pub const WORKLOADS: &str =
    "deployment-controller,replicaset-controller,job-controller,resourcequota-controller,serviceaccount-controller";

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
            // It would keep claims until a controller says that no pod uses them.
            "--disable-admission-plugins=StorageObjectInUseProtection",
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

    /// Starts some of Kubernetes' own controllers.
    pub fn control(&self, controllers: &[&str]) -> Server {
        let path = |name: &str| self.folder.path().join(name);
        let mut command = Command::new(tool("kube-controller-manager"));
        command
            .arg("--kubeconfig")
            .arg(path("kubeconfig"))
            .arg("--service-account-private-key-file")
            .arg(path("accounts.key"));
        command.args(["--leader-elect=false", "--bind-address=127.0.0.1", "--secure-port", &free_port().to_string()]);
        command.arg("--controllers").arg(controllers.join(","));
        command.arg("--cert-dir").arg(path("certificates"));
        Server::start(&mut command, &path("controllers.log"))
    }

    /// Tells the server of other projects' kinds, as the projects define them.
    pub fn define_foreign(&self) {
        let files: Vec<String> =
            foreign::schemas().iter().flat_map(|file| ["--filename".into(), file.to_string_lossy().into()]).collect();
        // By the server: some are larger than the annotation that the client would keep.
        let arguments = ["apply", "--server-side"].into_iter().chain(files.iter().map(String::as_str));
        let defined = self.kubectl(&arguments.collect::<Vec<_>>());
        assert!(defined.status.success(), "{}", String::from_utf8_lossy(&defined.stderr));
        let served = self.kubectl(&[
            "wait",
            "customresourcedefinitions",
            "--all",
            "--for=condition=Established",
            "--timeout=60s",
        ]);
        assert!(served.status.success(), "{}", String::from_utf8_lossy(&served.stderr));
    }

    /// Runs kubectl against the server.
    pub fn kubectl(&self, arguments: &[&str]) -> Output {
        kubectl(&self.folder.path().join("kubeconfig"), arguments)
    }

    /// Applies files as people do. A warning is something that would not run: Pod Security only warns of a workload.
    pub fn apply(&self, path: &Path) -> Result<(), String> {
        let applied = self.kubectl(&["apply", "--filename", &path.to_string_lossy()]);
        let said = String::from_utf8_lossy(&applied.stderr).into_owned();
        if applied.status.success() && said.is_empty() { Ok(()) } else { Err(said) }
    }

    /// The object as the server keeps it.
    pub fn stored(&self, path: &Path) -> Vec<Value> {
        let got = self.kubectl(&["get", "--output=json", "--filename", &path.to_string_lossy()]);
        let got: Value = serde_json::from_str(&stdout(&got)).expect("JSON");
        got["items"].as_array().cloned().unwrap_or_else(|| vec![got])
    }

    /// Has the server judge and complete an object, or each of a list, without keeping it, and gives back what it
    /// would keep.
    pub fn create(&self, object: &Value) -> Result<Vec<Value>, String> {
        let file = self.folder.path().join("object.json");
        fs::write(&file, object.to_string()).expect("a file");
        let done =
            self.kubectl(&["create", "--dry-run=server", "--output=json", "--filename", &file.to_string_lossy()]);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        if !done.status.success() || !said.is_empty() {
            return Err(said);
        }
        // One JSON document behind the other.
        Ok(serde_json::Deserializer::from_str(&stdout(&done)).into_iter().map(|it| it.expect("JSON")).collect())
    }

    /// Removes an environment as `just clean` does: what belongs to the cluster, and namespaces with all that is in
    /// them, which [`NAMESPACES`] does.
    pub fn remove(&self, folder: &Path) {
        let whole = files(folder).into_iter().filter(|file| file.to_string_lossy().contains("/000-"));
        let whole: Vec<String> =
            whole.flat_map(|file| ["--filename".into(), file.to_string_lossy().into_owned()]).collect();
        let arguments = ["delete", "--timeout=120s"].into_iter().chain(whole.iter().map(String::as_str));
        let removed = self.kubectl(&arguments.collect::<Vec<_>>());
        assert!(removed.status.success(), "{}", String::from_utf8_lossy(&removed.stderr));
    }
}

fn kubectl(config: &Path, arguments: &[&str]) -> Output {
    // Its own cache: another server had this port before.
    let cache = config.with_file_name("cache");
    let mut kubectl = Command::new(tool("kubectl"));
    run(kubectl.arg("--kubeconfig").arg(config).arg("--cache-dir").arg(cache).args(arguments).stdin(Stdio::null()))
}

fn kubeconfig(port: u16) -> String {
    format!(
        "{{apiVersion: v1, kind: Config, current-context: judge, contexts: [{{name: judge, context: {{cluster: judge, user: judge}}}}], \
         clusters: [{{name: judge, cluster: {{server: \"https://127.0.0.1:{port}\", insecure-skip-tls-verify: true}}}}], \
         users: [{{name: judge, user: {{token: judge}}}}]}}"
    )
}
