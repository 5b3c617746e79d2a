//! Where a component declares what it is made of.

use std::{collections::BTreeMap, rc::Rc};

use serde_json::Value;

use crate::{
    handles::{
        Config, DeclaredKey, Endpoint, Exporter, OperatorSecret, Protocol, Secret, SharedVolume, Sql, Target, Volume,
        VolumeId,
    },
    model::{Claim, Model, Read, Rules, WorkloadId},
    peers::Peer,
    values::{Host, ImageRef, KeyName, Located, Name, Origin, Schedule, Storage},
    workload::{CronJob, Deployment, Job, Kind, Recurrence, Unfinished},
};

/// A stack, seen from one namespace.
#[derive(Debug)]
pub struct App<'m> {
    model: &'m mut Model,
    namespace: Name,
}

impl Model {
    /// Declares into a namespace, and makes it if it is new.
    pub fn namespace(&mut self, name: &Name) -> App<'_> {
        if !self.namespaces.contains(name) {
            self.namespaces.push(name.clone());
        }
        App::new(self, name.clone())
    }
}

impl<'m> App<'m> {
    pub(crate) const fn new(model: &'m mut Model, namespace: Name) -> Self {
        Self { model, namespace }
    }

    /// The same stack, seen from another namespace; edges cross namespaces as they are.
    pub fn namespace(&mut self, name: &Name) -> App<'_> {
        self.model.namespace(name)
    }

    /// The namespace that it is seen from.
    pub const fn own_namespace(&self) -> &Name {
        &self.namespace
    }

    /// A program that runs until it is replaced. Finish it with [`Unfinished::serve`].
    #[track_caller]
    pub fn deployment(&mut self, name: Name, image: &ImageRef) -> Unfinished<'_, Deployment> {
        self.unfinished(name, image, Kind::Deployment)
    }

    /// A program that runs to its end, once per version of its specification. Finish it with
    /// [`Unfinished::run`].
    ///
    /// A Job's template cannot be changed, so its name carries a hash of its specification: the same
    /// specification is the same Job, another is a new one. It has no time to live after its end,
    /// since the next apply would make it again. What it does must be safe to repeat.
    #[track_caller]
    pub fn job(&mut self, name: Name, image: &ImageRef) -> Unfinished<'_, Job> {
        self.unfinished(name, image, Kind::Job)
    }

    /// A program that runs to its end, each time that `schedule` says so and never twice at once. Finish it with
    /// [`Unfinished::run`]; `kubectl create job NAME --from=cronjob/X` runs it at any other time.
    #[track_caller]
    pub fn cron_job(&mut self, name: Name, image: &ImageRef, schedule: &Schedule) -> Unfinished<'_, CronJob> {
        let recurrence = Recurrence { schedule: schedule.clone(), by_hand: false };
        self.unfinished(name, image, Kind::CronJob(recurrence))
    }

    /// A Secret that the environment brings to be; ask it for keys to declare them.
    ///
    /// It has one owner, who hands out its keys; a pod of another namespace that gets a key has the
    /// Secret made there, too.
    #[track_caller]
    pub fn secret(&mut self, name: Name) -> Secret {
        self.model.secrets.push((name.clone(), Origin::caller()));
        Secret::new(name)
    }

    /// A Secret that the operator `by` makes in this namespace, beside an object of its own. Its keys can
    /// be read in this namespace alone, and nobody is asked for their values.
    #[track_caller]
    pub fn operator_secret(&mut self, name: Name, by: &'static str) -> OperatorSecret {
        self.model.secrets.push((name.clone(), Origin::caller()));
        OperatorSecret { name, namespace: self.namespace.clone(), by }
    }

    /// `reader`, an object of this namespace that is no workload, reads a key: an operator's object that
    /// names a Secret.
    #[track_caller]
    pub fn reads(&mut self, reader: &Name, key: &(impl DeclaredKey + ?Sized)) {
        let (reader, namespace, key) = (reader.clone(), self.namespace.clone(), key.declared().clone());
        self.model.reads.push(Read { reader, namespace, key, origin: Origin::caller() });
    }

    /// A PostgreSQL server that is no workload of the stack, at `host` and somewhere among `peer`.
    pub fn outside_sql(&self, host: &Host, port: u16, peer: &Peer) -> Endpoint<Sql> {
        Endpoint::new(Target {
            workload: None,
            peer: peer.clone(),
            host: host.to_string(),
            port,
            scheme: Sql::SCHEME,
            path: String::new(),
            login: None,
            starts_within: 0,
        })
    }

    /// Every name under which pods can call the Service `name` of this namespace, shortest first.
    pub fn names_of(&self, name: &Name) -> [String; 4] {
        let namespace = &self.namespace;
        [
            name.to_string(),
            format!("{name}.{namespace}"),
            format!("{name}.{namespace}.svc"),
            format!("{name}.{namespace}.svc.cluster.local"),
        ]
    }

    /// A claim of `size` bytes for one writer.
    #[track_caller]
    #[must_use = "a claim that nobody mounts is refused: mount it with `.mount(&volume, \"/path\")`"]
    pub fn volume(&mut self, name: Name, size: &Storage) -> Volume {
        Volume { id: self.claim(&name, *size, false, Origin::caller()), name }
    }

    /// A claim of `size` bytes for several pods; [`SharedVolume::writer`] and [`SharedVolume::reader`] are mounted.
    #[track_caller]
    #[must_use = "a claim that nobody mounts is refused: mount `volume.writer()` and `volume.reader()`"]
    pub fn shared_volume(&mut self, name: Name, size: &Located<Storage>) -> SharedVolume {
        SharedVolume { id: self.claim(&name, size.value, true, Origin::of(size)), name }
    }

    fn claim(&mut self, name: &Name, size: Storage, shared: bool, origin: Origin) -> VolumeId {
        let id = VolumeId(self.model.claims.len());
        let namespace = self.namespace.clone();
        self.model.claims.push(Claim { name: name.clone(), namespace, size, shared, origin });
        id
    }

    /// A `ConfigMap` of variables or files.
    #[track_caller]
    pub fn config<const N: usize>(&mut self, name: Name, data: [(KeyName, String); N]) -> Config {
        let (namespace, origin) = (self.namespace.clone(), Origin::caller());
        let content = crate::handles::Content { name, namespace, data: BTreeMap::from(data), origin };
        let config = Config(Rc::new(content));
        self.model.configs.push(config.clone());
        config
    }

    /// Everything so far that exports metrics, for a Prometheus of the stack's own, which is declared last.
    pub fn exporters(&self) -> Vec<Exporter> {
        let all = self.model.workloads.iter().enumerate();
        all.filter_map(|(index, workload)| Exporter::of(WorkloadId(index), workload)).collect()
    }

    /// Rules for the operator's Prometheus, in groups as a rule file has them; nothing where the cluster has none.
    #[track_caller]
    pub fn rules(&mut self, name: Name, groups: &Value) {
        let (namespace, groups, origin) = (self.namespace.clone(), groups.clone(), Origin::caller());
        self.model.rules.push(Rules { name, namespace, groups, origin });
    }

    /// A `ConfigMap` whose files are dashboards for the Grafana beside the operator's Prometheus; nothing where the cluster
    /// has none. It puts them all into one folder: their names are unique in the cluster.
    pub fn dashboard(&mut self, files: &Config) {
        self.model.dashboards.push(files.clone());
    }

    #[track_caller]
    pub(crate) fn unfinished<K>(&mut self, name: Name, image: &ImageRef, kind: Kind) -> Unfinished<'_, K> {
        Unfinished::new(self.model, name, self.namespace.clone(), image.clone(), kind)
    }
}
