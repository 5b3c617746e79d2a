//! A cluster of one test: its manifests, the secrets that somebody made, the folders behind its claims.

use std::{cell::Cell, collections::BTreeMap, fs, path::PathBuf};

use serde_yaml::Value;
use servers::{S3, repository};
use tempfile::TempDir;
use tests::{
    manifests::{at, identity, items, objects, text},
    texts::Texts,
};

use super::{cloud::Cloud, pod::Pod};

pub struct Cluster {
    objects: Vec<Value>,
    /// By namespace, name and key.
    secrets: BTreeMap<[String; 3], String>,
    /// Addresses of services, and where they are here.
    services: BTreeMap<String, String>,
    /// Whether the other services are known by their names, as of a [`Network`](super::network::Network).
    named: bool,
    /// What a cloud gives to the pods of accounts that it knows.
    cloud: Option<Cloud>,
    folder: TempDir,
    pods: Cell<u32>,
}

impl Cluster {
    /// An environment as it is committed.
    pub fn committed(environment: &str) -> Self {
        let folder = repository().join("out").join(environment);
        let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let texts: Vec<String> = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
        Self::of(&texts)
    }

    /// An environment that nobody committed, with the models of the repository.
    pub fn compiled(environment: &str) -> Self {
        let compiled = Texts::with(environment).compile().unwrap_or_else(|mistakes| panic!("{mistakes}")).compiled;
        Self::of(&compiled.files.into_values().collect::<Vec<_>>())
    }

    /// Manifests as text.
    pub fn of(texts: &[String]) -> Self {
        // Beside the image, whose files are linked.
        let place = repository().join("target/tests/pods");
        fs::create_dir_all(&place).unwrap();
        let folder = tempfile::tempdir_in(place).unwrap();
        let (secrets, services) = (BTreeMap::new(), BTreeMap::new());
        Self { objects: objects(texts), secrets, services, named: false, cloud: None, folder, pods: Cell::new(0) }
    }

    /// What an operator, or `mlstack secrets`, would make.
    pub fn secret(mut self, namespace: &str, name: &str, key: &str, value: &str) -> Self {
        self.secrets.insert([namespace, name, key].map(str::to_owned), value.to_owned());
        self
    }

    /// Where the service of this address (`mlflow.mlops.svc.cluster.local:5000`) is here.
    pub fn service(mut self, address: &str, port: u16) -> Self {
        self.services.insert(address.to_owned(), format!("127.0.0.1:{port}"));
        self
    }

    /// Leaves services that are not here to a name server.
    pub fn named(mut self) -> Self {
        self.named = true;
        self
    }

    /// A cluster in Amazon's cloud: pods of an account with a role get a token.
    pub fn amazon(mut self, server: &S3) -> Self {
        self.cloud = Some(Cloud::of(server));
        self
    }

    /// A new pod of a Deployment or a Job (whose name carries a hash that need not be said).
    pub fn pod(&self, kind: &str, namespace: &str, name: &str) -> Pod<'_> {
        let number = self.pods.get();
        self.pods.set(number + 1);
        let workload = self.objects.iter().find(|object| {
            let (of_kind, in_namespace, called) = identity(object);
            let bare = called.rsplit_once('-').map(|(bare, _)| bare).filter(|_| kind == "Job");
            (of_kind, in_namespace) == (kind, namespace) && (called == name || bare == Some(name))
        });
        let workload = workload.unwrap_or_else(|| panic!("there is no {kind} {namespace}/{name}"));
        let own = self.folder.path().join(format!("pod-{number}"));
        fs::create_dir(&own).unwrap();
        let pod = Pod::new(self, workload, format!("{name}-{number}"), own);
        match &self.cloud {
            Some(cloud) => cloud.admit(pod, self),
            None => pod,
        }
    }

    /// Whether the Job of a `CronJob` is tried again after its container ended with this code.
    pub fn tries_again(&self, namespace: &str, name: &str, code: i32) -> bool {
        let job = at(self.object("CronJob", namespace, name), &["spec", "jobTemplate", "spec"]);
        let rules = items(job, &["podFailurePolicy", "rules"]);
        let mut ends = rules.map(|rule| {
            assert_eq!((text(rule, &["action"]), text(rule, &["onExitCodes", "operator"])), ("FailJob", "In"));
            assert_eq!(text(rule, &["onExitCodes", "containerName"]), name);
            items(rule, &["onExitCodes", "values"]).any(|value| value.as_i64() == Some(code.into()))
        });
        code != 0 && at(job, &["backoffLimit"]).as_u64() > Some(0) && !ends.any(|rule| rule)
    }

    /// The folder behind a claim, which has to be there.
    pub fn claim(&self, namespace: &str, name: &str) -> PathBuf {
        self.object("PersistentVolumeClaim", namespace, name);
        let folder = self.folder.path().join("claims").join(namespace).join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// An object, which has to be there.
    pub(super) fn object(&self, kind: &str, namespace: &str, name: &str) -> &Value {
        let found = self.objects.iter().find(|object| identity(object) == (kind, namespace, name));
        found.unwrap_or_else(|| panic!("{kind} {namespace}/{name} is named, and not there"))
    }

    /// The keys of a Secret.
    pub(super) fn keys(&self, namespace: &str, name: &str) -> BTreeMap<String, String> {
        let of = |[place, secret, _]: &[String; 3]| place == namespace && secret == name;
        let keys = self.secrets.iter().filter(|(path, _)| of(path));
        let keys: BTreeMap<_, _> = keys.map(|([_, _, key], value)| (key.clone(), value.clone())).collect();
        assert!(!keys.is_empty(), "Secret {namespace}/{name} is named, and nobody made it");
        keys
    }

    /// A text of the manifests, with services where they are here.
    pub(super) fn here(&self, text: &str) -> String {
        let replace = |text: String, (address, here): (&String, &String)| text.replace(address, here);
        let text = self.services.iter().fold(text.to_owned(), replace);
        let elsewhere = text.contains("://") && text.contains(".svc.cluster.local");
        assert!(self.named || !elsewhere, "no service of the test stands for {text}");
        text
    }
}
