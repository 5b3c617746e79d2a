//! What every workload can be told, whatever kind of object carries its pods.

use std::{borrow::Cow, marker::PhantomData};

use k8s_openapi::api::core::v1::PodSpec;

use super::{Hatch, Kind, Opening, Priority, Program, Setting, Step, Workload};
use crate::{
    handles::{Config, DeclaredKey, Endpoint, Mount, Mountable, Protocol, TakesUrlOf, Variable},
    model::{Begun, Model, WorkloadId},
    peers::Peer,
    values::{Annotations, Exposure, ImageRef, Name, Origin, Resources},
};

/// User and group when nothing else is said: the usual "nonroot" of images without a distribution.
const NONROOT: i64 = 65_532;

/// A workload that still takes settings; `K` says what kind it is.
///
/// It is secure from the start (Pod Security `restricted`, read-only root file system, an account
/// of its own without a token) and a component states only what differs.
#[must_use = "an unfinished workload makes no object: end a Deployment with `.serve(&port)` and a Job with `.run()`"]
#[derive(Debug)]
pub struct Unfinished<'m, K> {
    pub(super) model: &'m mut Model,
    pub(super) spec: Workload,
    kind: PhantomData<K>,
}

impl<'m, K> Unfinished<'m, K> {
    #[track_caller]
    pub(crate) fn new(model: &'m mut Model, name: Name, namespace: Name, image: ImageRef, kind: Kind) -> Self {
        model.begun.push(Begun { name: name.clone(), origin: Origin::caller(), finished: false });
        let spec = Workload {
            name,
            namespace,
            kind,
            image,
            command: Vec::new(),
            args: Vec::new(),
            variables: Vec::new(),
            mounts: Vec::new(),
            resources: None,
            user: NONROOT,
            ports: Vec::new(),
            exposure: Exposure::ClusterIP,
            ready: None,
            live: None,
            started: None,
            replicas: None,
            own_seconds: 60,
            waits: 0,
            grace: 30,
            retries: 3,
            final_codes: Vec::new(),
            steps: Vec::new(),
            identity: Annotations::default(),
            priority: Priority::default(),
            metrics: None,
            scraped: false,
            edges: Vec::new(),
            openings: Vec::new(),
            callers: Vec::new(),
            depth: 1,
            hatch: None,
            origin: Origin::caller(),
        };
        Self { model, spec, kind: PhantomData }
    }

    /// What the container asks for and may use.
    pub fn resources(mut self, resources: &Resources) -> Self {
        self.spec.resources = Some(*resources);
        self
    }

    /// Replaces the image's entry point.
    pub fn command<const N: usize>(mut self, command: [&str; N]) -> Self {
        self.spec.command = command.map(str::to_owned).to_vec();
        self
    }

    /// Arguments of the image's entry point, behind those already there.
    pub fn args<T: Into<String>>(mut self, args: impl IntoIterator<Item = T>) -> Self {
        self.spec.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// The user and group the image expects, if not 65532; its volumes belong to the same group.
    pub fn run_as(mut self, user: u32) -> Self {
        self.spec.user = i64::from(user);
        self
    }

    /// A variable with a value that everybody may see.
    pub fn variable(self, name: &'static str, value: impl Into<String>) -> Self {
        self.set(name, Setting::Text(value.into()))
    }

    /// Several variables with values that everybody may see.
    pub fn variables<T: Into<String>>(self, all: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        all.into_iter().fold(self, |this, (name, value)| this.variable(name, value))
    }

    /// A variable whose value is in a Secret.
    pub fn secret(self, name: impl Into<String>, key: &(impl DeclaredKey + ?Sized)) -> Self {
        self.set(name, Setting::Secret(key.declared().clone()))
    }

    /// A variable for every key of a `ConfigMap`, of the key's name.
    pub fn configure(self, config: &Config) -> Self {
        config.variables().fold(self, |this, key| {
            let name = key.key.to_string();
            this.set(name, Setting::Config(key))
        })
    }

    /// A directory: a volume, the files of a configuration, or an empty one.
    pub fn mount(mut self, what: &(impl Mountable + ?Sized), path: impl Into<Cow<'static, str>>) -> Self {
        self.spec.mounts.push(Mount { path: path.into(), source: what.source().0 });
        self
    }

    /// An edge to a server: its URL in a variable, the login beside it, egress here, ingress there, DNS.
    pub fn connect<P: Protocol>(mut self, server: &Endpoint<P>, variable: &impl TakesUrlOf<P>) -> Self {
        let target = server.target.clone();
        self.spec.waits = self.spec.waits.max(target.starts_within);
        if let Some(server) = target.workload {
            self.spec.depth = self.spec.depth.max(self.model.workloads[server.0].depth + 1);
        }
        let login = target.login.clone();
        let mut this = self.set(variable.variable().name.to_string(), Setting::Text(server.url()));
        if let Some((user, password)) = login {
            this = this.set("PGUSER", Setting::Secret(user)).set("PGPASSWORD", Setting::Secret(password));
        }
        this.spec.edges.push(target);
        this
    }

    /// [`Self::connect`] for every server of a list.
    pub fn connect_each<'e, P: Protocol + 'e>(
        self,
        servers: impl IntoIterator<Item = (&'e Endpoint<P>, Variable<P>)>,
    ) -> Self {
        servers.into_iter().fold(self, |this, (server, variable)| this.connect(server, &variable))
    }

    /// A way out that is no edge: to `peer` on a TCP port, for a reason that reviewers read in the
    /// annotations of the policy.
    pub fn reach(mut self, peer: Peer, port: u16, reason: impl Into<String>) -> Self {
        self.spec.openings.push(Opening { peer, port, reason: reason.into() });
        self
    }

    /// A step before the program starts: the same image, mounts and resources with other arguments, run to its end.
    pub fn step<T: Into<String>>(mut self, name: Name, args: impl IntoIterator<Item = T>) -> Self {
        self.spec.steps.push(Step { name, program: None, args: args.into_iter().map(Into::into).collect() });
        self
    }

    /// A step in another image, with the same mounts, resources and variables.
    pub fn step_of<const N: usize, T: Into<String>>(
        mut self,
        name: Name,
        image: &ImageRef,
        command: [&str; N],
        args: impl IntoIterator<Item = T>,
    ) -> Self {
        let program = Program { image: image.clone(), command: command.map(str::to_owned).to_vec() };
        let args = args.into_iter().map(Into::into).collect();
        self.spec.steps.push(Step { name, program: Some(program), args });
        self
    }

    /// Annotations of its account, by which a cloud knows the pods as an identity of its own.
    pub fn identity(mut self, annotations: &Annotations) -> Self {
        self.spec.identity.0.extend(annotations.0.clone());
        self
    }

    /// Who goes first when room is short; [`Priority::Serving`] if nothing is said.
    pub fn priority(mut self, priority: Priority) -> Self {
        self.spec.priority = priority;
        self
    }

    /// The one way round the builders: changes the pod's specification as the last step.
    ///
    /// The reason is written into the manifest. If two components need the same patch, it wants to be
    /// a method here.
    pub fn escape_hatch(mut self, reason: &'static str, patch: fn(&mut PodSpec)) -> Self {
        self.spec.hatch = Some(Hatch { reason, patch });
        self
    }

    fn set(mut self, name: impl Into<String>, setting: Setting) -> Self {
        self.spec.variables.push((name.into(), setting));
        self
    }

    /// Puts the workload into the model.
    pub(super) fn finish(self) -> WorkloadId {
        let id = WorkloadId(self.model.workloads.len());
        // A builder holds the model until it is finished or dropped, so the last one begun is this one.
        if let Some(begun) = self.model.begun.last_mut() {
            begun.finished = true;
        }
        self.model.workloads.push(self.spec);
        id
    }
}
