//! A pod: volumes that live as long as it does, and its containers as they are started.

use std::{
    cell::Cell,
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::{Command, Output},
};

use serde_yaml::Value;
use servers::{free_port, run};
use tests::manifests::{at, items, map, pod, text};

use super::{
    cluster::Cluster,
    network::Network,
    running::Running,
    volumes::{Volume, files, group, lay_out},
};
use crate::{
    container::{Identity, Image, Mount, postgres_in},
    program::done,
};

pub struct Pod<'c> {
    cluster: &'c Cluster,
    pub(super) namespace: &'c str,
    spec: &'c Value,
    volumes: BTreeMap<String, Volume>,
    /// What the manifests do not say: variables, and mounts.
    further: BTreeMap<String, String>,
    given: Vec<(PathBuf, &'static str)>,
    folder: PathBuf,
    started: Cell<u32>,
}

impl<'c> Pod<'c> {
    pub(super) fn new(cluster: &'c Cluster, workload: &'c Value, name: String, folder: PathBuf) -> Self {
        let (namespace, spec) = (text(workload, &["metadata", "namespace"]), pod(workload).unwrap());
        let volumes = lay_out(cluster, namespace, spec, &folder);
        // The kubelet says where `localhost` is, and the container runtime who the pod is.
        fs::write(folder.join("hosts"), "127.0.0.1 localhost\n").unwrap();
        fs::write(folder.join("resolv.conf"), "").unwrap();
        let given = vec![(folder.join("hosts"), "/etc/hosts"), (folder.join("resolv.conf"), "/etc/resolv.conf")];
        let further = [("HOSTNAME".to_owned(), name)].into();
        Self { cluster, namespace, spec, volumes, further, given, folder, started: Cell::new(0) }
    }

    /// Something that a test needs otherwise than the manifests say.
    pub fn with(mut self, variable: &str, value: &str) -> Self {
        self.further.insert(variable.to_owned(), value.to_owned());
        self
    }

    /// Files that somebody else mounts there, for the pod's group alone.
    pub(super) fn given(mut self, name: &str, texts: BTreeMap<String, String>, to: &'static str) -> Self {
        let folder = self.folder.join(name);
        files(&folder, texts, 0o640, group(self.spec));
        self.given.push((folder, to));
        self
    }

    /// Its account.
    pub(super) fn account(&self) -> &'c str {
        text(self.spec, &["serviceAccountName"])
    }

    /// Command, arguments and variables of a pod of another image.
    pub fn words(&self) -> (Vec<String>, BTreeMap<String, String>) {
        let container = items(self.spec, &["containers"]).next().expect("a container");
        let words = |key| items(container, &[key]).filter_map(Value::as_str).collect::<Vec<_>>();
        let words = [words("command"), words("args")].concat().into_iter();
        let variables = items(container, &["env"]);
        let variables = variables.map(|variable| (text(variable, &["name"]).to_owned(), self.value(variable)));
        (words.map(|word| self.cluster.here(word)).collect(), variables.collect())
    }

    /// Runs it to its end, which must be a good one; gives back what its containers said, one after the other.
    pub fn run(&self) -> Vec<String> {
        let containers = items(self.spec, &["initContainers"]).chain(items(self.spec, &["containers"]));
        let said = containers.map(|container| done(&mut self.command(container)));
        said.map(|(out, err)| out + &err).collect()
    }

    /// Runs it until a container fails, as one must; gives back what that said.
    pub fn fails(&self) -> String {
        let containers = items(self.spec, &["initContainers"]).chain(items(self.spec, &["containers"]));
        for container in containers {
            let Output { status, stdout, stderr } = run(&mut self.command(container));
            if !status.success() {
                return String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
            }
        }
        panic!("every container came to a good end")
    }

    /// Runs it to its end, whatever that is; gives back the exit code and what was said of the container that ended it.
    pub fn ends(&self) -> (i32, String) {
        let containers = items(self.spec, &["initContainers"]).chain(items(self.spec, &["containers"]));
        let mut ended = containers.map(|container| ended(&mut self.command(container)));
        let first = ended.next().expect("a container");
        if first.0 == 0 { ended.next().unwrap_or(first) } else { first }
    }

    /// Runs the program in it with these arguments, as `kubectl exec` would.
    pub fn exec(&self, arguments: &[&str]) -> (i32, String) {
        let mut container = items(self.spec, &["containers"]).next().expect("a container").clone();
        container["args"] = arguments.iter().copied().map(Value::from).collect();
        ended(&mut self.command(&container))
    }

    /// Starts it; again, it is a container that was restarted in the same pod.
    pub fn start(&self) -> Running {
        self.start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, free_port())))
    }

    /// The same, at an address that others are told.
    pub fn start_at(&self, address: SocketAddr) -> Running {
        for container in items(self.spec, &["initContainers"]) {
            done(&mut self.command(container));
        }
        let container = self.container();
        let mut command = self.command(container);
        command.env("LISTEN", address.to_string()).env("POLL_SECONDS", "0.2");
        Running::new(container, &mut command, address)
    }

    /// The same pod where others are known by name.
    pub fn on(self, network: &Network) -> Self {
        fs::write(self.folder.join("resolv.conf"), format!("nameserver {}\n", network.name_server)).unwrap();
        self
    }

    /// A program of another image, with one argument more.
    pub fn program(&self, further: &str) -> Command {
        let mut command = self.command(self.container());
        command.arg(further);
        command
    }

    fn container(&self) -> &'c Value {
        let mut containers = items(self.spec, &["containers"]);
        let container = containers.next().expect("a container");
        assert!(containers.next().is_none(), "the harness knows one container: {:?}", self.spec);
        container
    }

    /// A container of the pod, as it would be started.
    fn command(&self, container: &Value) -> Command {
        let known = [
            "name",
            "args",
            "command",
            "env",
            "image",
            "imagePullPolicy",
            "lifecycle",
            "livenessProbe",
            "ports",
            "readinessProbe",
            "resources",
            "securityContext",
            "startupProbe",
            "volumeMounts",
        ];
        assert_eq!(only(container, &known), [""; 0], "the harness does not know this of a container: {container:?}");
        let here = |word: &Value| self.cluster.here(word.as_str().expect("text"));
        let [entry, arguments] = ["command", "args"].map(|key| items(container, &[key]).map(here).collect::<Vec<_>>());
        let words: Vec<&str> = entry.iter().chain(&arguments).map(String::as_str).collect();
        let number = self.started.replace(self.started.get() + 1);
        let own = self.folder.join(format!("container-{number}"));
        fs::create_dir(&own).unwrap();
        let (user, groups) = self.identity(container);
        let identity = Identity { user: &user, groups: &groups };
        let (image, mounts) = (text(container, &["image"]), self.mounts(container));
        let ours = image.contains("serving");
        let mut command = if ours || image.contains("prometheus") {
            assert_eq!(entry, [""; 0], "the image's own entry point is what the harness knows: {container:?}");
            let image = if ours { Image::serving() } else { Image::prometheus() };
            image.container_in(&image.root_in(&own), &identity, &words, &mounts)
        } else {
            assert!(
                image.contains("postgres") && !entry.is_empty(),
                "an image that the harness does not know: {container:?}"
            );
            postgres_in(&own, &identity, &words, mounts)
        };
        command.envs(&self.further);
        for variable in items(container, &["env"]) {
            let name = text(variable, &["name"]);
            if !self.further.contains_key(name) {
                command.env(name, self.value(variable));
            }
        }
        command
    }

    fn mounts(&self, container: &Value) -> Vec<Mount> {
        let mount = |mount: &Value| {
            assert_eq!(only(mount, &["name", "mountPath", "readOnly"]), [""; 0], "{mount:?}");
            let (name, to) = (text(mount, &["name"]), text(mount, &["mountPath"]).to_owned());
            let volume = self.volumes.get(name).unwrap_or_else(|| panic!("volume {name} is mounted, and not there"));
            let read_only = at(mount, &["readOnly"]).as_bool().unwrap_or_default();
            Mount { from: volume.folder.clone(), to, writable: volume.writable && !read_only }
        };
        let given = self.given.iter();
        let given = given.map(|(from, to)| Mount { from: from.clone(), to: (*to).to_owned(), writable: false });
        let mut mounts: Vec<_> = items(container, &["volumeMounts"]).map(mount).chain(given).collect();
        // What is mounted in another mount comes after it.
        mounts.sort_by(|a, b| a.to.cmp(&b.to));
        mounts
    }

    /// Who the manifests say runs there; a container that could be more is none that this harness can make.
    fn identity(&self, container: &Value) -> (String, String) {
        let (of_pod, own) = (at(self.spec, &["securityContext"]), at(container, &["securityContext"]));
        assert_eq!(at(own, &["readOnlyRootFilesystem"]).as_bool(), Some(true), "{own:?}");
        assert_eq!(at(own, &["allowPrivilegeEscalation"]).as_bool(), Some(false), "{own:?}");
        assert_eq!(items(own, &["capabilities", "drop"]).filter_map(Value::as_str).collect::<Vec<_>>(), ["ALL"]);
        let number = |key: &str| at(own, &[key]).as_u64().or_else(|| at(of_pod, &[key]).as_u64());
        let stated = |key: &str| number(key).unwrap_or_else(|| panic!("{key} is not said: {of_pod:?}"));
        let group = group(self.spec).map(|group| group.to_string()).unwrap_or_default();
        (format!("{}:{}", stated("runAsUser"), stated("runAsGroup")), group)
    }

    fn value(&self, variable: &Value) -> String {
        let from = at(variable, &["valueFrom"]);
        let (source, reference) = match only(from, &[]).as_slice() {
            [] => return self.cluster.here(text(variable, &["value"])),
            [source] => (*source, at(from, &[source])),
            several => panic!("{several:?}"),
        };
        let (name, key) = (text(reference, &["name"]), text(reference, &["key"]));
        let values = match source {
            "configMapKeyRef" => map(self.cluster.object("ConfigMap", self.namespace, name), &["data"]),
            "secretKeyRef" => self.cluster.keys(self.namespace, name),
            other => panic!("the harness knows no {other}: {variable:?}"),
        };
        let value = values.get(key);
        let value = value.unwrap_or_else(|| panic!("{}/{name} has no key {key}, which a pod reads", self.namespace));
        self.cluster.here(value)
    }
}

fn ended(command: &mut Command) -> (i32, String) {
    let Output { status, stdout, stderr } = run(command);
    let said = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
    (status.code().unwrap_or_else(|| panic!("{status}: {said}")), said)
}

/// The keys of a map beside the known ones.
pub fn only<'v>(value: &'v Value, known: &[&str]) -> Vec<&'v str> {
    let keys = value.as_mapping().into_iter().flat_map(serde_yaml::Mapping::keys).filter_map(Value::as_str);
    keys.filter(|key| !known.contains(key)).collect()
}
